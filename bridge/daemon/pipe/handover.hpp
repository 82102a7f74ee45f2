// Hands an account's spool over to ingest: as fast as it takes it, again from the beginning when it comes back.
//
// Invariants  as window.hpp says. Acknowledged envelopes are erased soon, many at a time.
// Threads     the account's strand.
// Errors      a line that breaks or misbehaves is let go and told to `lost`; a spool that cannot be read or erased likewise, and the
//             next attempt comes with ingest's next connection.
// Source      DESIGN 3.4.
#pragma once

#include <functional>
#include <memory>

#include "bridge/daemon/pipe/line.hpp"
#include "bridge/store/session_database.hpp"

namespace vestari::daemon {

class Window;

struct HandoverHooks {
    std::function<void(const event::Group&)> group;      // the include-list changed
    std::function<void(std::uint64_t envelopes)> shrank; // the spool did
    std::function<void(ErrorCode)> lost;
};

class Handover {
public:
    Handover(const boost::asio::any_io_executor& strand, Window& window, HandoverHooks hooks);
    Handover(const Handover&) = delete;
    Handover& operator=(const Handover&) = delete;
    ~Handover();

    void connect(Line::Parts line); // in the place of one before it
    bool connected() const noexcept;
    void send(const event::Frame& frame);
    void pump(); // something new may be in the spool; never inside an open batch
    void stop(); // erases what was acknowledged and closes

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

} // namespace vestari::daemon
