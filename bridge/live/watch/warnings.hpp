// The warnings that stand, each told once when it is raised and once when it ends.
//
// Threads     one owner; the observer is told from inside.
#pragma once

#include <vector>

#include "bridge/live/observer.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::live {

class Warnings {
public:
    Warnings(const Clock& clock, Observer& observer) : clock_{clock}, observer_{observer} {}

    void raise(Warning warning); // `since` is set here
    void end(std::string_view code);
    void
    forget_events(TimePoint before); // those that tell of something that happened, raised before
    bool stands(std::string_view code) const noexcept;
    const std::vector<Warning>& standing() const noexcept { return standing_; }

private:
    const Clock& clock_;
    Observer& observer_;
    std::vector<Warning> standing_;
};

namespace warn {
extern const Warning clock_offset;
extern const Warning wrong_clock;
extern const Warning handshake;
extern const Warning network;
extern const Warning disk_full;
extern const Warning storage;
extern const Warning spool_full;
extern const Warning guard_mismatch;
extern const Warning poison;
extern const Warning key_upload;
extern const Warning key_mismatch;
extern const Warning clearing;
extern const Warning receipts;
extern const Warning lost_messages;
extern const Warning protocol_moved;
extern const Warning not_a_member;
extern const Warning own_devices;
extern const Warning unlink_failed;
extern const Warning invalid_stanza;
} // namespace warn

} // namespace vestari::live
