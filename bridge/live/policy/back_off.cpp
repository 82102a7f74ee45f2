#include "bridge/live/policy/back_off.hpp"

#include <algorithm>
#include <utility>

namespace vestari::live {

namespace {

constexpr std::uint32_t last_step = 20;     // far above 900 s; keeps the sum small
constexpr std::uint32_t logged_in_step = 8; // 34 s: connections that fall soon do not make a loop
constexpr std::uint32_t free_refusals = 5;
constexpr std::chrono::seconds refused_wait{60};

} // namespace

std::chrono::seconds BackOff::at(std::uint32_t step) noexcept {
    std::chrono::seconds before{0};
    std::chrono::seconds wait{1};
    for (std::uint32_t i = 0; i < std::min(step, last_step); ++i) {
        before = std::exchange(wait, wait + before);
    }
    return std::min(wait, longest);
}

std::chrono::milliseconds BackOff::next(Cause cause, Random& random) {
    const std::chrono::milliseconds wait =
        cause == Cause::network ? std::min(at(step_), longest_unanswered) : at(step_);
    skip(1);
    refusals_ = cause == Cause::refusal ? refusals_ + 1 : 0;
    const auto tenth = static_cast<std::uint64_t>(wait.count()) / 10;
    const auto jitter = static_cast<std::int64_t>(random.next() % (2 * tenth + 1)) -
                        static_cast<std::int64_t>(tenth);
    const std::chrono::milliseconds jittered = wait + std::chrono::milliseconds{jitter};
    const std::chrono::milliseconds least{refusals_ >= free_refusals ? refused_wait
                                                                     : std::chrono::seconds{0}};
    return std::max(jittered, least);
}

void BackOff::skip(std::uint32_t steps) noexcept { step_ = std::min(step_ + steps, last_step); }

void BackOff::logged_in() noexcept {
    step_ = std::min(step_, logged_in_step);
    refusals_ = 0;
}

void BackOff::reset() noexcept {
    step_ = 0;
    refusals_ = 0;
}

} // namespace vestari::live
