#include "ingest/cli/terminal/style.hpp"

#include <algorithm>
#include <charconv>

#include <sys/ioctl.h>
#include <unistd.h>

namespace vestari::terminal {
namespace {

constexpr std::size_t narrowest = 20;

std::size_t width_of_terminal(int descriptor, const config::Environment& environment) {
    if (const auto columns = environment.get("COLUMNS")) {
        std::size_t width = 0;
        const auto [end, error] =
            std::from_chars(columns->data(), columns->data() + columns->size(), width);
        if (error == std::errc{} && end == columns->data() + columns->size() && width > 0) {
            return std::clamp<std::size_t>(width, narrowest, 1000);
        }
    }
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return std::max<std::size_t>(size.ws_col, narrowest);
    }
    return 0;
}

// A locale that is named and is not UTF-8 cannot show the drawing characters; one that is not named says nothing.
bool shows_unicode(const config::Environment& environment) {
    for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (auto locale = environment.get(variable)) {
            std::transform(locale->begin(), locale->end(), locale->begin(), [](char c) {
                return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            });
            return locale->find("UTF-8") != std::string::npos ||
                   locale->find("UTF8") != std::string::npos;
        }
    }
    return true;
}

std::string_view code(Role role) {
    switch (role) {
    case Role::plain: return "";
    case Role::strong: return "\x1b[1m";
    case Role::faint: return "\x1b[2m";
    case Role::good: return "\x1b[32m";
    case Role::warning: return "\x1b[35m"; // yellow cannot be read on a light ground
    case Role::bad: return "\x1b[31m";
    case Role::accent: return "\x1b[36m";
    }
    return "";
}

} // namespace

Look Look::of(int descriptor, const config::Environment& environment) {
    const bool terminal = isatty(descriptor) == 1;
    const bool dumb = environment.get("TERM").value_or("dumb") == "dumb";
    Look look;
    look.terminal = terminal && !dumb;
    look.colour = look.terminal && !environment.get("NO_COLOR");
    look.unicode = shows_unicode(environment) && !(terminal && dumb);
    look.width = width_of_terminal(descriptor, environment);
    return look;
}

std::string Look::paint(Role role, std::string_view text) const {
    if (!colour || role == Role::plain || text.empty()) {
        return std::string{text};
    }
    return std::string{code(role)}.append(text).append("\x1b[0m");
}

std::string repeated(std::string_view what, std::size_t times) {
    std::string text;
    text.reserve(what.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        text += what;
    }
    return text;
}

} // namespace vestari::terminal
