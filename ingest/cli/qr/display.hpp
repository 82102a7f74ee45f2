// Shows a QR code on a terminal, with a countdown below, redrawn in place when the code changes.
//
//     Display display{stdout, Screen::of(STDOUT_FILENO, environment)};
//     if (auto obstacle = display.show(code, seconds)) …say so…      a new code; then every second:
//     display.fit(code, Screen::of(…), seconds);                     the window may have another size by now
//     display.finish();                                              the code is gone from the screen
//
// Invariants  black on white in fixed colours (256-colour palette, 16 and 231: no theme changes those), quiet zone included, two rows
//             of modules a line with half blocks; where the locale has no half blocks, two blanks a module. Nothing is drawn that
//             could not be scanned: what stands in the way is an Obstacle with the next step.
// Threads     one owner.
// Errors      Obstacle. A stream that cannot be written is the caller's to notice (ferror).
// Source      DESIGN 3.1 (`link`); https://no-color.org; ECMA-48 for the sequences.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

#include "ingest/cli/qr/code.hpp"
#include "ingest/cli/terminal/style.hpp"

namespace vestari::cli::qr {

struct Screen {
    terminal::Look look;  // width 0: not known, taken as wide enough
    std::size_t rows = 0; // 0: not known, taken as high enough

    static Screen of(int descriptor, const config::Environment& environment);
};

struct Obstacle {
    std::string problem; // "the terminal is too narrow for the QR code: 60 of 65 columns"
    std::string next;    // "make it wider, …"
};

// Why this code cannot be shown there; none if it can.
std::optional<Obstacle> obstacle(const Code& code, const Screen& screen);

// The drawn code: lines with their line breaks. Secret as the code's text is.
std::string drawing(const Code& code, bool half_blocks);

class Display {
public:
    Display(std::FILE* to, const Screen& screen) noexcept : to_{to}, screen_{screen} {}
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;
    ~Display() { finish(); }

    // In the place of the code before it, if there was one.
    [[nodiscard]] std::optional<Obstacle> show(const Code& code, std::chrono::seconds left);
    void count_down(std::chrono::seconds left); // redraws the line below the code
    // The same where the window has kept its size; else all of it is drawn again, or what stands in the way is said until it is gone.
    void fit(const Code& code, const Screen& screen, std::chrono::seconds left);
    void finish(); // erases both

private:
    void draw(const Code& code, std::chrono::seconds left);
    void write(std::string_view text);

    std::FILE* to_;
    Screen screen_;
    std::size_t lines_ = 0; // of the code on the screen, without the countdown; 0: none
};

} // namespace vestari::cli::qr
