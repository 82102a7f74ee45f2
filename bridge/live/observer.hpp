// Who is told what an account does.
//
// Threads     called on the account's strand, from inside a call to it: must not call back, and must not throw.
#pragma once

#include <string_view>

#include "bridge/link/link_event.hpp"
#include "bridge/live/state.hpp"
#include "vestari/base/result.hpp"

namespace vestari::live {

// For the audit file: what was refused or defended against. Both are words of our own code.
struct AuditEntry {
    std::string_view what; // "guard_mismatch"
    ErrorCode error;
};

class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;
    virtual void state_changed(const StateChange& change) = 0;
    virtual void link_event(const link::LinkEvent& event) = 0; // holds a secret while it is a QR
    virtual void warning(const Warning& warning) = 0;          // raised anew; not repeated
    virtual void warning_ended(std::string_view code) = 0;
    virtual void spooled() = 0;        // the pipe has something to hand over
    virtual void groups_changed() = 0; // Account::groups() has other names or members
    virtual void version_wanted() = 0; // look it up and call Account::version_found
    virtual void audit(const AuditEntry& entry) = 0;
};

} // namespace vestari::live
