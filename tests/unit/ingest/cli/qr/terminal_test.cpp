// Draws into a real terminal emulator and photographs it. Without tmux and zbarimg it says that it did not run.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "tests/unit/ingest/cli/qr/photograph.hpp"

using namespace vestari;

namespace {

// As long as a real one: a reference of 90 bytes.
const std::string& text_of(char which) {
    static std::map<char, std::string> texts;
    std::string& text = texts[which];
    if (text.empty()) {
        const std::string key(43, which);
        text = "https://wa.me/settings/linked_devices#2@" + std::string(88, which) + "," + key +
               "=," + key + "=," + key + "=,1";
    }
    return text;
}

bool possible() {
    static const bool both = test::installed("tmux") && test::installed("zbarimg");
    if (!both) {
        MESSAGE("NOT RUN: tmux and zbar-tools are needed (./dev test installs them)");
    }
    return both;
}

class Terminal {
public:
    Terminal(int columns, int lines, const std::string& orders, const std::string& environment = "")
        : tmux_{"env -u TMUX tmux -u -f /dev/null -S " + folder_ / "socket" + " "} {
        const auto started = test::run(
            fmt::format("{}new-session -d -x {} -y {} \"env -i TERM=screen LANG=C.UTF-8 {} {} {}\"",
                        tmux_, columns, lines, environment, QR_PAINTER, orders));
        REQUIRE_MESSAGE(started.status == 0, started.output);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    ~Terminal() { test::run(tmux_ + "kill-server"); }

    // The screen once everything is drawn.
    std::string screen() const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        std::string seen;
        do {
            seen = test::run(tmux_ + "capture-pane -p -e -N").output;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        } while (seen.find("after the code") == std::string::npos &&
                 std::chrono::steady_clock::now() < deadline);
        return seen;
    }

private:
    test::Folder folder_;
    std::string tmux_;
};

std::string read_from(const std::string& screen, test::Theme theme) {
    const test::Folder folder;
    const test::Photograph photograph{screen, theme};
    CHECK(photograph.only_known_colours());
    photograph.save(folder / "screen.pgm");
    return test::read_back(folder / "screen.pgm");
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

} // namespace

TEST_CASE("terminal: a drawn code is read back, whatever the theme") {
    if (!possible()) {
        return;
    }
    const Terminal terminal{80, 45, quoted(text_of('a'))};
    const std::string screen = terminal.screen();
    for (const test::Theme theme : {test::dark_theme, test::light_theme}) {
        CHECK(read_from(screen, theme) == text_of('a'));
        const test::Photograph photograph{screen, theme};
        CHECK(photograph.at(0, 1) ==
              255); // the quiet zone's corner is white, not the theme's ground
        CHECK(photograph.at(79, 1) == theme.ground);
    }
    CHECK(screen.find("New code in 20 s") != std::string::npos);
}

TEST_CASE("terminal: without half blocks the code is wider, and read back as well") {
    if (!possible()) {
        return;
    }
    const Terminal terminal{150, 80, quoted(text_of('a')), "LANG=C LC_ALL=C"};
    const std::string screen = terminal.screen();
    CHECK(read_from(screen, test::dark_theme) == text_of('a'));
    CHECK(screen.find("▀") == std::string::npos);
}

TEST_CASE("terminal: a new code takes the place of the old one, the countdown its own line") {
    if (!possible()) {
        return;
    }
    const Terminal terminal{80, 45, quoted(text_of('a')) + " -7 " + quoted(text_of('b')) + " -12"};
    const std::string screen = terminal.screen();
    CHECK(read_from(screen, test::light_theme) == text_of('b'));
    CHECK(screen.starts_with("before the code"));
    CHECK(screen.find("New code in 12 s") != std::string::npos);
    CHECK(screen.find("New code in 20 s") == std::string::npos);
    CHECK(screen.find("New code in") == screen.rfind("New code in"));
}

TEST_CASE("terminal: a code that has done its work is gone from the screen") {
    if (!possible()) {
        return;
    }
    const Terminal terminal{80, 45, quoted(text_of('a')) + " ."};
    const std::string screen = terminal.screen();
    CHECK(read_from(screen, test::dark_theme).empty());
    CHECK(screen.find("▀") == std::string::npos);
    CHECK(screen.find("New code in") == std::string::npos);
    CHECK(screen.starts_with("before the code"));
}

TEST_CASE("terminal: what cannot be scanned is not drawn, and the way out is named") {
    if (!possible()) {
        return;
    }
    struct Row {
        int columns;
        int lines;
        std::string environment;
        std::string_view problem;
    };
    const Row rows[] = {{60, 50, "", "too narrow for the QR code: it has 60 columns"},
                        {120, 24, "", "too low for the QR code: it has 24 lines"},
                        {120, 50, "NO_COLOR=1", "NO_COLOR"},
                        {120, 50, "TERM=dumb", "TERM=dumb"}};
    for (const Row& row : rows) {
        CAPTURE(row.problem);
        const Terminal terminal{row.columns, row.lines, quoted(text_of('a')), row.environment};
        std::string screen = terminal.screen();
        std::erase(screen, '\n');
        CHECK(screen.find(row.problem) != std::string::npos);
        CHECK(screen.find("--qr png=FILE") != std::string::npos);
        CHECK(screen.find("▀") == std::string::npos);
    }
}
