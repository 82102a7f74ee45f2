#include "ingest/cli/qr/display.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <sys/ioctl.h>

#include "ingest/cli/terminal/width.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::cli::qr {

namespace {

constexpr std::string_view black_on_white = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view black = "\x1b[48;5;16m";
constexpr std::string_view white = "\x1b[48;5;231m";
constexpr std::string_view plain = "\x1b[0m";
constexpr std::string_view all_away = "\x1b[H\x1b[2J";
constexpr std::string_view otherwise =
    "link with --phone NUMBER (a code to type), --qr png=FILE (a picture) or --qr text";

// Columns and lines of the drawing.
struct Extent {
    std::size_t columns;
    std::size_t lines;
};
Extent extent_of(const Code& code, bool half_blocks) noexcept {
    return half_blocks ? Extent{code.side(), (code.side() + 1) / 2}
                       : Extent{2 * code.side(), code.side()};
}

std::string_view half_block(bool upper, bool lower) noexcept {
    if (upper) {
        return lower ? "█" : "▀";
    }
    return lower ? "▄" : " ";
}

void draw_halves(std::string& out, const Code& code) {
    for (std::size_t y = 0; y < code.side(); y += 2) {
        out += black_on_white;
        for (std::size_t x = 0; x < code.side(); ++x) {
            out += half_block(code.dark(x, y), code.dark(x, y + 1));
        }
        out.append(plain).append("\n");
    }
}

void draw_blanks(std::string& out, const Code& code) {
    for (std::size_t y = 0; y < code.side(); ++y) {
        for (std::size_t x = 0; x < code.side(); ++x) {
            if (x == 0 || code.dark(x, y) != code.dark(x - 1, y)) {
                out += code.dark(x, y) ? black : white;
            }
            out += "  ";
        }
        out.append(plain).append("\n");
    }
}

} // namespace

Screen Screen::of(int descriptor, const config::Environment& environment) {
    Screen screen{terminal::Look::of(descriptor, environment), 0};
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0) {
        screen.rows = size.ws_row;
    }
    return screen;
}

std::optional<Obstacle> obstacle(const Code& code, const Screen& screen) {
    if (!screen.look.terminal) {
        return Obstacle{"a QR code can be drawn on a terminal only, and not with TERM=dumb",
                        std::string{otherwise}};
    }
    if (!screen.look.colour) {
        return Obstacle{
            "a QR code has to be black on white, and NO_COLOR switches colours off",
            fmt::format(
                "set NO_COLOR to nothing for this one command (NO_COLOR= vestari link), or {}",
                otherwise)};
    }
    const Extent need = extent_of(code, screen.look.unicode);
    if (screen.look.width != 0 && screen.look.width < need.columns) {
        return Obstacle{
            fmt::format(
                "the terminal is too narrow for the QR code: it has {} columns, {} are needed",
                screen.look.width, need.columns),
            fmt::format("make the window wider or its letters smaller, {}{}",
                        screen.look.unicode
                            ? "or "
                            : "set LC_ALL=C.UTF-8 for a code of half the width, or ",
                        otherwise)};
    }
    const std::size_t lines = need.lines + 2; // the countdown, and the cursor's line
    if (screen.rows != 0 && screen.rows < lines) {
        return Obstacle{
            fmt::format("the terminal is too low for the QR code: it has {} lines, {} are "
                        "needed",
                        screen.rows, lines),
            fmt::format("make the window higher or its letters smaller, or {}", otherwise)};
    }
    return std::nullopt;
}

std::string drawing(const Code& code, bool half_blocks) {
    std::string out;
    out.reserve(code.side() * (code.side() * 14 + 32)); // never moved
    if (half_blocks) {
        draw_halves(out, code);
    } else {
        draw_blanks(out, code);
    }
    return out;
}

std::optional<Obstacle> Display::show(const Code& code, std::chrono::seconds left) {
    if (auto in_the_way = obstacle(code, screen_)) {
        finish();
        return in_the_way;
    }
    finish();
    draw(code, left);
    return std::nullopt;
}

void Display::draw(const Code& code, std::chrono::seconds left) {
    std::string drawn = drawing(code, screen_.look.unicode);
    write(drawn);
    crypto::wipe(drawn);
    lines_ = extent_of(code, screen_.look.unicode).lines;
    count_down(left);
}

void Display::fit(const Code& code, const Screen& screen, std::chrono::seconds left) {
    if (screen.look.width == screen_.look.width && screen.rows == screen_.rows) {
        count_down(left);
        return;
    }
    screen_ = screen;
    lines_ = 0; // terminals break lines anew as they like: nothing can be erased in its place
    write(all_away);
    if (const auto in_the_way = obstacle(code, screen_)) {
        write(fmt::format("{}\n   next: {}\n", in_the_way->problem, in_the_way->next));
    } else {
        draw(code, left);
    }
}

void Display::count_down(std::chrono::seconds left) {
    if (lines_ == 0) {
        return;
    }
    const std::string line =
        fmt::format("On the phone: WhatsApp, Linked devices, Link a device. New code in {} s",
                    std::max<std::int64_t>(left.count(), 0));
    const std::size_t width = screen_.look.columns() - 1; // the last column would break the line
    write("\r\x1b[2K" + terminal::fit(line, width, screen_.look.ellipsis()));
}

void Display::finish() {
    if (lines_ != 0) {
        write(fmt::format("\r\x1b[{}A\x1b[J", lines_));
        lines_ = 0;
    }
}

void Display::write(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), to_);
    std::fflush(to_);
}

} // namespace vestari::cli::qr
