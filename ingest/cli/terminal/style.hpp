// What a stream can show, and how words are set off on it.
//
// Invariants  colours only on a terminal, and not with NO_COLOR or TERM=dumb; only the terminal's own colours that read on
//             light and dark grounds; nothing is told by colour alone.
// Threads     values.
// Source      DESIGN 3.1; https://no-color.org.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vestari/config/locate.hpp"

namespace vestari::terminal {

enum class Role : std::uint8_t { plain, strong, faint, good, warning, bad, accent };

struct Look {
    bool colour = false;
    bool unicode = true;
    bool terminal = false;
    std::size_t width = 0; // columns; 0: no limit

    static Look of(int descriptor, const config::Environment& environment);

    std::string paint(Role role, std::string_view text) const;
    std::string_view ellipsis() const { return unicode ? "…" : ".."; }
    std::string_view rule() const { return unicode ? "─" : "-"; }
    std::string_view dot() const { return unicode ? "·" : "-"; }
    std::string_view dash() const { return unicode ? "–" : "-"; }
    std::string_view tick() const { return unicode ? "✓" : "ok"; }
    std::string_view cross() const { return unicode ? "✗" : "x"; }
    // Columns to draw in when something needs a number: the width, or 80.
    std::size_t columns() const { return width == 0 ? 80 : width; }
};

std::string repeated(std::string_view what, std::size_t times);

} // namespace vestari::terminal
