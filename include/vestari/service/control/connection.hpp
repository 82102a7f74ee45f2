// One client of a control server: reads a request, waits for the answer, writes it, closes. For
// include/vestari/service/control only.
//
// Threads     the server's.
// Errors      none: whatever goes wrong ends the connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "vestari/base/descriptor.hpp"
#include "vestari/service/control/exchange.hpp"
#include "vestari/service/control/http.hpp"
#include "vestari/service/control/server.hpp"

namespace vestari::service {

class Connection {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class Stage : std::uint8_t { reading, handling, over };

    Connection(Descriptor socket, const Peer& peer, std::shared_ptr<Waker> waker, Time now,
               const ControlOptions& options);
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    int descriptor() const noexcept { return socket_.get(); }
    Stage stage() const noexcept { return stage_; }
    bool streams() const { return route_kind_ == Route::Kind::stream; }
    short wanted() const; // events for poll
    Time deadline() const noexcept { return deadline_; }
    Time since() const noexcept { return since_; }

    // Ready: a request is whole; ask `take_request`.
    enum class Next : std::uint8_t { nothing, request };
    Next readable(Time now);
    Request take_request();
    Answer handling(Route::Kind kind, Time now);
    void refuse(unsigned status, std::string_view word, Time now);
    void pump(Time now); // moves what there is to the client
    void hang_up();
    void ignore() noexcept { hearing_ = Hearing::refused; } // a peer that may not ask
    bool ignored() const noexcept { return hearing_ == Hearing::refused; }
    void expire(Time now); // its deadline has passed

private:
    const ControlOptions& options_;
    Descriptor socket_;
    Peer peer_;
    std::shared_ptr<Exchange> exchange_;
    RequestReader reader_;
    Route::Kind route_kind_ = Route::Kind::whole;
    Stage stage_ = Stage::reading;
    enum class Hearing : std::uint8_t { granted, refused } hearing_ = Hearing::granted;
    std::string output_;
    std::size_t sent_ = 0;
    Time since_;
    Time deadline_;
};

} // namespace vestari::service
