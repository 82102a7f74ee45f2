// One request on a control socket, read and checked, and the way to answer it.
//
// Invariants  exactly one answer: whole (`json`, `text`), or a stream of lines closed by `end` or by letting go of the Answer.
//             An Answer that is let go unanswered says 500. What a client does not fetch is bounded: `line` says false, and the
//             client is cut off.
// Threads     an Answer may be used from any thread and be handed on; on_gone's function runs on the server's thread.
// Errors      none: a client that is gone takes nothing.
// Source      DESIGN 3.5, SETTLED sections 5 and 8.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "vestari/service/process/unix_socket.hpp"

namespace vestari::service {

enum class Method : std::uint8_t { get, post, del, other };
std::string_view to_string(Method method) noexcept; // "GET"

struct Request {
    Method method = Method::other;
    std::string path;                                      // "/v1/status", without the query
    std::map<std::string, std::string, std::less<>> query; // percent signs decoded
    std::string body; // at most max_request_bytes with the header
    Peer peer;        // by SO_PEERCRED

    std::string_view parameter(std::string_view name) const noexcept {
        const auto found = query.find(name);
        return found == query.end() ? std::string_view{} : std::string_view{found->second};
    }
};

class Exchange; // what the server and the answer share

class Responder {
public:
    explicit Responder(std::shared_ptr<Exchange> exchange) noexcept;
    Responder(const Responder&) = delete;
    Responder& operator=(const Responder&) = delete;
    ~Responder();

    void json(unsigned status, std::string_view body);
    void text(unsigned status, std::string_view content_type, std::string_view body);
    void error(unsigned status, std::string_view word); // {"error":"word"}

    // One JSON object of a stream; no line end in it. False: the client is gone or too slow.
    bool line(std::string_view json);
    void start(); // of a stream whose first line may take its time
    void end();

    bool gone() const;
    void on_gone(std::function<void()> what); // at once if it is gone already; not after the end

private:
    std::shared_ptr<Exchange> exchange_;
};
using Answer = std::shared_ptr<Responder>;

} // namespace vestari::service
