// For tests of the control server: one on a socket in a folder of its own, and raw clients that behave badly.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include "tests/support/temporary_folder.hpp"
#include "vestari/service/control/client.hpp"
#include "vestari/service/control/server.hpp"

namespace vestari::test {

// Waits for what other threads bring about.
template <class Condition> bool eventually(Condition&& holds) {
    for (int i = 0; i < 20'000; ++i) {
        if (holds()) {
            return true;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return false;
}

struct Serving {
    TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "control.sock";
    std::atomic<int> refused = 0;
    std::atomic<int> failed = 0;
    std::mutex mutex;
    std::vector<service::Answer> kept; // of /v1/keep
    std::unique_ptr<service::ControlServer> server;

    explicit Serving(service::ControlOptions options = {}) {
        using service::Answer;
        using service::Method;
        using service::Request;
        using service::Route;
        options.listen.path = path;
        options.refused = [this](const Request& request) {
            ++refused;
            if (request.path == "/v1/unwritable") {
                throw std::runtime_error{"the disk is full"};
            }
        };
        options.failed = [this] { ++failed; };
        options.routes = {
            {Method::get, "/v1/status", Route::Kind::whole,
             [](const Request& request, const Answer& answer) {
                 answer->json(200, "{\"q\":\"" + std::string{request.parameter("q")} + "\"}");
             }},
            {Method::post, "/v1/echo", Route::Kind::whole,
             [](const Request& request, const Answer& answer) {
                 answer->text(200, "text/plain", request.body);
             }},
            {Method::get, "/v1/lines", Route::Kind::stream,
             [](const Request&, const Answer& answer) {
                 answer->line("{\"n\":1}");
                 answer->line("{\"n\":2}");
                 answer->end();
             }},
            {Method::get, "/v1/keep", Route::Kind::stream,
             [this](const Request&, const Answer& answer) {
                 const std::scoped_lock lock{mutex};
                 answer->line("{}");
                 kept.push_back(answer);
             }},
            {Method::get, "/v1/peer", Route::Kind::whole,
             [](const Request& request, const Answer& answer) {
                 answer->json(200, std::to_string(request.peer.uid));
             }},
            {Method::get, "/v1/throw", Route::Kind::whole,
             [](const Request&, const Answer&) { throw std::runtime_error{"no"}; }},
            {Method::get, "/v1/forget", Route::Kind::whole, [](const Request&, const Answer&) {}},
        };
        server = service::ControlServer::open(std::move(options)).value();
    }
    ~Serving() { server.reset(); }

    service::Response get(const std::string& target) const {
        return service::ask(path, {service::Method::get, target, {}}).value();
    }
};

// A client of its own making.
class RawClient {
public:
    explicit RawClient(const std::filesystem::path& path)
        : socket_{service::connect_unix(path).value()} {}
    void say(std::string_view text) {
        while (!text.empty()) {
            const ssize_t put = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
            if (put <= 0) {
                return; // cut off: what is read tells
            }
            text.remove_prefix(static_cast<std::size_t>(put));
        }
    }
    void stop_writing() { ::shutdown(socket_.get(), SHUT_WR); }
    std::string all() { // until the server closes
        std::string text;
        char block[4096];
        for (;;) {
            pollfd polled{socket_.get(), POLLIN, 0};
            if (::poll(&polled, 1, 20'000) <= 0) {
                return text + "(silence)";
            }
            const ssize_t got = ::recv(socket_.get(), block, sizeof block, 0);
            if (got <= 0) {
                return text;
            }
            text.append(block, static_cast<std::size_t>(got));
        }
    }

private:
    Descriptor socket_;
};

} // namespace vestari::test
