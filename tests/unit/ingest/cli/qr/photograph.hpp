// A terminal's screen as a picture, and pictures read back by zbarimg.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "vestari/base/bytes.hpp"

namespace vestari::test {

struct Ran {
    std::string output;
    int status = -1;
};

// Through the shell; what is passed in here are words of the test's own.
inline Ran run(const std::string& command) {
    Ran ran;
    std::FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r"); // NOLINT(cert-env33-c)
    std::array<char, 4096> buffer;
    for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        ran.output.append(buffer.data(), size);
    }
    const int status = ::pclose(pipe);
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return ran;
}

inline bool installed(const std::string& program) {
    return run("command -v " + program).status == 0;
}

class Folder {
public:
    Folder() {
        static int number = 0;
        path_ = std::filesystem::temp_directory_path() /
                fmt::format("vestari-qr-{}-{}", ::getpid(), ++number);
        std::filesystem::remove_all(path_);
        std::filesystem::create_directories(path_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string operator/(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

inline std::string read_back(const std::string& picture) {
    std::string text = run("zbarimg --quiet --raw --nodbus " + picture).output;
    while (text.ends_with('\n')) {
        text.pop_back();
    }
    return text;
}

struct Theme {
    unsigned char ground; // what the terminal shows where no colour was asked for
    unsigned char letters;
};
inline constexpr Theme dark_theme{30, 220};
inline constexpr Theme light_theme{250, 40};

// The output of `tmux capture-pane -e -N` as grey pixels, a cell 8 by 16. Of the drawing characters it knows the half blocks; letters
// are left out. Colours outside of the QR code's two are an error.
class Photograph {
public:
    static constexpr std::size_t cell_width = 8;
    static constexpr std::size_t cell_height = 16;

    Photograph(std::string_view screen, Theme theme) : theme_{theme} {
        while (!screen.empty()) {
            const std::size_t end = std::min(screen.find('\n'), screen.size());
            add_line(screen.substr(0, end));
            screen.remove_prefix(std::min(end + 1, screen.size()));
        }
    }

    bool only_known_colours() const noexcept { return known_; }
    // Of the upper left pixel of a cell's upper half.
    unsigned char at(std::size_t column, std::size_t line) const {
        return column < cells_.at(line).size() ? cells_[line][column].upper : theme_.ground;
    }

    void save(const std::string& path) const {
        std::size_t columns = 0;
        for (const auto& line : cells_) {
            columns = std::max(columns, line.size());
        }
        std::ofstream file{path, std::ios::binary};
        file << "P5\n" << columns * cell_width << ' ' << cells_.size() * cell_height << "\n255\n";
        for (const auto& line : cells_) {
            for (std::size_t y = 0; y < cell_height; ++y) {
                for (std::size_t x = 0; x < columns; ++x) {
                    const Cell cell =
                        x < line.size() ? line[x] : Cell{theme_.ground, theme_.ground};
                    file << std::string(
                        cell_width,
                        static_cast<char>(y < cell_height / 2 ? cell.upper : cell.lower));
                }
            }
        }
    }

private:
    struct Cell {
        unsigned char upper;
        unsigned char lower;
    };

    void add_line(std::string_view line) {
        cells_.emplace_back();
        while (!line.empty()) {
            if (line.starts_with("\x1b[")) {
                const std::size_t end = line.find('m');
                set_colours(line.substr(2, end - 2));
                line.remove_prefix(end + 1);
                continue;
            }
            const auto lead = static_cast<unsigned char>(line.front());
            const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
            const std::string_view glyph = line.substr(0, size);
            const bool upper = glyph == "▀" || glyph == "█";
            const bool lower = glyph == "▄" || glyph == "█";
            cells_.back().push_back({upper ? letters_ : ground_, lower ? letters_ : ground_});
            line.remove_prefix(std::min(size, line.size()));
        }
    }

    void set_colours(std::string_view numbers) {
        std::vector<std::string_view> parts;
        for (std::size_t at = 0; at <= numbers.size();) {
            const std::size_t end = std::min(numbers.find(';', at), numbers.size());
            parts.push_back(numbers.substr(at, end - at));
            at = end + 1;
        }
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (parts[i].empty() || parts[i] == "0") {
                letters_ = theme_.letters;
                ground_ = theme_.ground;
            } else if (parts[i] == "39") {
                letters_ = theme_.letters;
            } else if (parts[i] == "49") {
                ground_ = theme_.ground;
            } else if ((parts[i] == "38" || parts[i] == "48") && i + 2 < parts.size()) {
                (parts[i] == "38" ? letters_ : ground_) = palette(parts[i + 2]);
                i += 2;
            } else {
                known_ = false;
            }
        }
    }
    unsigned char palette(std::string_view number) {
        known_ = known_ && (number == "16" || number == "231");
        return number == "16" ? 0 : 255;
    }

    Theme theme_;
    unsigned char letters_ = theme_.letters;
    unsigned char ground_ = theme_.ground;
    bool known_ = true;
    std::vector<std::vector<Cell>> cells_;
};

} // namespace vestari::test
