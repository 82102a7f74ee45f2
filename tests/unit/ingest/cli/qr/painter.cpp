// qr_painter ORDER…: an order is a text to show as a code, `-NUMBER` for a countdown, or `.` to take the code away. Test data only:
// a real code's text never stands on a command line.
#include <charconv>
#include <string_view>

#include <unistd.h>

#include "ingest/cli/qr/display.hpp"

using namespace vestari;

int main(int argc, char** argv) {
    const config::Environment environment = config::Environment::of_process();
    cli::qr::Display display{stdout, cli::qr::Screen::of(STDOUT_FILENO, environment)};
    std::puts("before the code");
    for (int i = 1; i < argc; ++i) {
        const std::string_view order = argv[i];
        if (order == ".") {
            display.finish();
        } else if (order.starts_with('-')) {
            int seconds = 0;
            std::from_chars(order.data() + 1, order.data() + order.size(), seconds);
            display.count_down(std::chrono::seconds{seconds});
        } else if (const auto obstacle =
                       display.show(cli::qr::Code::of(order).value(), std::chrono::seconds{20})) {
            std::printf("%s\n%s\n", obstacle->problem.c_str(), obstacle->next.c_str());
        }
    }
    std::puts(""); // ends the countdown's line
    std::puts("after the code");
    std::fflush(stdout);
    if (!isatty(STDOUT_FILENO)) {
        return 0;
    }
    for (char ignored = 0; ::read(STDIN_FILENO, &ignored, 1) > 0;) {
    }
    return 0;
}
