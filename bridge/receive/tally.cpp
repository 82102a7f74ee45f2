#include "bridge/receive/tally.hpp"

namespace vestari::receive {

std::string_view to_string(Refusal refusal) noexcept {
    switch (refusal) {
    case Refusal::edit_by_another: return "edit_by_another";
    case Refusal::revoke_by_another: return "revoke_by_another";
    case Refusal::control_from_others: return "control_from_others";
    case Refusal::device_sent_by_another: return "device_sent_by_another";
    }
    return "unknown";
}

void Tally::count(Outcome outcome) noexcept {
    ++counts_.stanzas;
    switch (outcome) {
    case Outcome::dropped: ++counts_.dropped; break;
    case Outcome::decrypted: ++counts_.decrypted; break;
    case Outcome::failed: ++counts_.failed; break;
    case Outcome::duplicate: ++counts_.duplicates; break;
    case Outcome::other: ++counts_.other; break;
    }
}

std::uint64_t Tally::refused() const noexcept {
    std::uint64_t all = 0;
    for (const auto& [refusal, times] : refused_) {
        all += times;
    }
    return all;
}

event::Summary Tally::summary() const {
    event::Summary summary{counts_, refused(), {}};
    summary.dropped_by_reason.assign(dropped_by_reason_.begin(), dropped_by_reason_.end());
    return summary;
}

} // namespace vestari::receive
