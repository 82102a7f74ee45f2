#include "vestari/service/control/server.hpp"

#include <algorithm>
#include <atomic>
#include <list>
#include <thread>

#include <poll.h>
#include <sys/socket.h>

#include "vestari/service/control/connection.hpp"

namespace vestari::service {

class ControlServer::Loop {
public:
    Loop(UnixListener listener, ControlOptions options)
        : options_{std::move(options)}, listener_{std::move(listener)},
          waker_{std::make_shared<Waker>()}, thread_{[this] { run(); }} {}
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    ~Loop() {
        stopping_ = true;
        waker_->wake();
        thread_.join();
    }

private:
    using Time = Connection::Time;
    using Clients = std::list<std::unique_ptr<Connection>>;

    void run();
    void serve(Connection& client, short events, Time now);
    void accept_all(Time now);
    bool make_room();
    void admit(Descriptor socket, Time now);
    void dispatch(Connection& client, Time now);
    const Route* route_for(const Request& request) const;
    int wait_for(Time now) const;

    ControlOptions options_;
    UnixListener listener_;
    std::shared_ptr<Waker> waker_;
    Clients clients_; // oldest first
    std::atomic<bool> stopping_ = false;
    std::thread thread_; // last: it uses all of the above
};

void ControlServer::Loop::run() {
    std::vector<pollfd> polled;
    while (!stopping_) {
        polled.assign({{listener_.descriptor(), POLLIN, 0}, {waker_->descriptor(), POLLIN, 0}});
        for (const auto& client : clients_) {
            polled.push_back({client->descriptor(), client->wanted(), 0});
        }
        static_cast<void>(
            ::poll(polled.data(), polled.size(), wait_for(std::chrono::steady_clock::now())));
        const Time now = std::chrono::steady_clock::now();
        waker_->clear();
        std::size_t i = 2;
        for (const auto& client : clients_) {
            serve(*client, polled[i++].revents, now);
        }
        std::erase_if(clients_, [](const auto& client) {
            return client->stage() == Connection::Stage::over;
        });
        if (polled[0].revents != 0) {
            accept_all(now);
        }
        options_.alive();
    }
    clients_.clear();
}

void ControlServer::Loop::serve(Connection& client, short events, Time now) {
    if (client.stage() == Connection::Stage::reading && (events & (POLLIN | POLLHUP)) != 0 &&
        client.readable(now) == Connection::Next::request) {
        dispatch(client, now);
    } else if ((events & (POLLHUP | POLLERR)) != 0) {
        client.hang_up();
    }
    client.pump(now);
    if (client.stage() != Connection::Stage::over && client.deadline() <= now) {
        client.expire(now);
    }
}

void ControlServer::Loop::accept_all(Time now) {
    for (int i = 0; i < 256; ++i) { // then the clients have their turn again
        Descriptor socket = listener_.accept();
        if (!socket) {
            return;
        }
        admit(std::move(socket), now);
    }
}

// The oldest client that has not said what it wants makes room: an honest one says it at once.
bool ControlServer::Loop::make_room() {
    if (clients_.size() < options_.max_clients) {
        return true;
    }
    const auto slow = std::ranges::find_if(
        clients_, [](const auto& client) { return client->stage() == Connection::Stage::reading; });
    if (slow == clients_.end()) {
        return false;
    }
    clients_.erase(slow);
    return true;
}

void ControlServer::Loop::admit(Descriptor socket, Time now) {
    const Result<Peer> peer = peer_of(socket.get());
    if (!peer) {
        return;
    }
    if (!make_room()) {
        const std::string no = whole_response(503, json_type, R"({"error":"busy"})");
        static_cast<void>(::send(socket.get(), no.data(), no.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
        return;
    }
    const bool heard = listener_.admits(socket.get());
    Connection& client = *clients_.emplace_back(
        std::make_unique<Connection>(std::move(socket), *peer, waker_, now, options_));
    if (!heard) {
        client.ignore();
    }
    serve(client, POLLIN, now); // most requests are there already
    if (client.stage() == Connection::Stage::over) {
        clients_.pop_back();
    }
}

void ControlServer::Loop::dispatch(Connection& client, Time now) {
    if (client.ignored()) {
        client.refuse(403, "not_allowed", now);
        return;
    }
    const Request request = client.take_request();
    const Route* route = route_for(request);
    if (route == nullptr) {
        client.refuse(403, "read_only", now);
        try {
            options_.refused(request);
        } catch (const std::exception&) { // on a full disk nothing is noted, and nothing was done
            options_.failed();
        }
        return;
    }
    const auto streams = static_cast<std::size_t>(
        std::ranges::count_if(clients_, [](const auto& other) { return other->streams(); }));
    if (route->kind == Route::Kind::stream && streams >= options_.max_streams) {
        client.refuse(503, "busy", now);
        return;
    }
    const Answer answer = client.handling(route->kind, now);
    try {
        route->handle(request, answer);
    } catch (const std::exception&) { // one request's failure stays its own
        answer->error(500, "internal");
        options_.failed();
    }
}

const Route* ControlServer::Loop::route_for(const Request& request) const {
    const auto found = std::ranges::find_if(options_.routes, [&request](const Route& route) {
        return route.method == request.method && route.path == request.path;
    });
    return found == options_.routes.end() ? nullptr : &*found;
}

int ControlServer::Loop::wait_for(Time now) const {
    Time until = now + options_.turn;
    for (const auto& client : clients_) {
        until = std::min(until, client->deadline());
    }
    return static_cast<int>(std::max<std::int64_t>(
        0, std::chrono::ceil<std::chrono::milliseconds>(until - now).count()));
}

ControlServer::ControlServer(std::unique_ptr<Loop> loop) : loop_{std::move(loop)} {}
ControlServer::~ControlServer() = default;

Result<std::unique_ptr<ControlServer>> ControlServer::open(ControlOptions options) {
    Result<UnixListener> listener = UnixListener::open(options.listen);
    if (!listener) {
        return listener.error();
    }
    return std::unique_ptr<ControlServer>{
        new ControlServer{std::make_unique<Loop>(std::move(*listener), std::move(options))}};
}

} // namespace vestari::service
