// HTTP/1.1 as far as control sockets speak it: one request, one response, then the connection closes. For
// include/vestari/service/control only; Beast's parser stands behind it.
//
// Invariants  a request of more than max_request_bytes, header and body, is refused before it is held.
// Threads     one owner.
// Errors      in `Progress` and ResponseReader's Result.
// Source      RFC 9112; SETTLED section 5.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/service/control/request.hpp"

namespace vestari::service {

inline constexpr std::size_t max_request_bytes = 64U << 10U;
inline constexpr std::string_view json_type = "application/json";

std::string whole_response(unsigned status, std::string_view content_type, std::string_view body);
std::string stream_header(); // of JSON lines, chunked
std::string whole_request(Method method, std::string_view target, std::string_view body);

class RequestReader {
public:
    enum class Progress : std::uint8_t { more, ready, bad, too_large };
    RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    ~RequestReader();

    Progress feed(std::string_view bytes);
    bool wants_continue(); // once, when the client waits for "100 Continue"
    Request take();        // after `ready`; the peer is the connection's to set

private:
    struct State;
    std::unique_ptr<State> state_;
};

class ResponseReader {
public:
    enum class Progress : std::uint8_t { more, ready, bad };
    ResponseReader();
    ResponseReader(const ResponseReader&) = delete;
    ResponseReader& operator=(const ResponseReader&) = delete;
    ~ResponseReader();

    Progress feed(std::string_view bytes);
    Progress finish();       // the other side has closed
    unsigned status() const; // 0 until the header is there
    std::string take_body(); // what has arrived of it since the last call

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::service
