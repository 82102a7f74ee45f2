#include "tests/sim/faults/fault.hpp"

namespace vestari::sim {

namespace {

constexpr std::array<std::string_view, fault_kinds> names{
    "delay",      "duplicate",  "reorder",       "half_close",   "one_byte",         "malformed",
    "bad_frame",  "zlib_bomb",  "flood",         "server_error", "restart",          "stall",
    "clock_jump", "redelivery", "pre_keys_gone", "refuse",       "login_unavailable"};

} // namespace

std::string_view name_of(Fault fault) { return names[static_cast<std::size_t>(fault)]; }

std::optional<Fault> fault_named(std::string_view name) {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt
                                : std::optional{static_cast<Fault>(found - names.begin())};
}

void Faults::calm() {
    armed_ = {};
    chance_ = {};
}

bool Faults::any_armed() const {
    const auto set = [](std::uint32_t n) { return n != 0; };
    return std::ranges::any_of(armed_, set) || std::ranges::any_of(chance_, set);
}

bool Faults::fires(Fault fault) {
    const std::size_t i = index(fault);
    if (armed_[i] > 0) {
        --armed_[i];
    } else if (chance_[i] == 0 || random_.below(1000) >= chance_[i]) {
        return false;
    }
    ++fired_[i];
    return true;
}

} // namespace vestari::sim
