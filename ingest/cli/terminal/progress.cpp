#include "ingest/cli/terminal/progress.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"

namespace vestari::terminal {
namespace {

using namespace std::chrono_literals;

constexpr auto between_draws = 80ms;
constexpr auto before_first_draw = 250ms; // short work shows no bar
constexpr std::size_t longest_bar = 32;
constexpr std::size_t shortest_bar = 6;

} // namespace

Progress::Progress(std::FILE* to, const Look& look, std::string_view label, std::uint64_t total,
                   Time start)
    : to_{to}, look_{look}, label_{one_line(label)}, total_{total}, start_{start},
      next_draw_{start + before_first_draw} {}

void Progress::update(std::uint64_t done, Time now) {
    if (!look_.terminal || now < next_draw_) {
        return;
    }
    next_draw_ = now + between_draws;
    fmt::print(to_, "\r\x1b[K{}", render(done, now));
    std::fflush(to_);
    drawn_ = true;
}

void Progress::finish() {
    if (drawn_) {
        fmt::print(to_, "\r\x1b[K");
        std::fflush(to_);
        drawn_ = false;
    }
}

std::string Progress::render(std::uint64_t done, Time now) const {
    const std::size_t columns = look_.columns() - 1; // the last column would wrap on some terminals
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - start_).count();
    const std::uint64_t rate = elapsed <= 0 ? 0 : done * 1000 / static_cast<std::uint64_t>(elapsed);
    const std::uint64_t shown = total_ == 0 ? done : std::min(done, total_);
    std::string facts = grouped(static_cast<long long>(shown));
    if (total_ != 0) {
        facts += fmt::format(" of {}", grouped(static_cast<long long>(total_)));
    }
    const std::string speed = fmt::format("  {}/s", grouped(static_cast<long long>(rate)));
    const std::string label = fit(label_, columns / 3, look_.ellipsis());
    const std::size_t taken = width_of(label) + 4 + width_of(facts);
    if (total_ == 0 || taken + shortest_bar > columns) {
        return fit(label + "  " + facts + speed, columns, look_.ellipsis());
    }
    const bool with_speed = taken + width_of(speed) + shortest_bar <= columns;
    const std::size_t length =
        std::min(longest_bar, columns - taken - (with_speed ? width_of(speed) : 0));
    const auto filled = static_cast<std::size_t>(length * shown / total_);
    return label + "  " + look_.paint(Role::accent, repeated(look_.unicode ? "━" : "#", filled)) +
           look_.paint(Role::faint, repeated(look_.unicode ? "─" : ".", length - filled)) + "  " +
           facts + (with_speed ? look_.paint(Role::faint, speed) : std::string{});
}

} // namespace vestari::terminal
