// Asks a control server: what the command line uses. Synchronous.
//
// Invariants  at most `max_answer_bytes` of a whole answer and max_line_bytes of a line are held.
// Threads     free functions; each call has its own connection.
// Errors      SocketErrc when nobody answers the door; ClientErrc later. A status other than 200 is no error here.
// Source      DESIGN 3.5.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "vestari/service/control/request.hpp"

namespace vestari::service {

enum class ClientErrc { timed_out = 1, cut_off, not_http, too_large, interrupted };
std::string_view describe(ClientErrc error) noexcept;
inline ErrorCode make_error_code(ClientErrc e) noexcept {
    return make_code(e, category_of<ClientErrc>("control"));
}

inline constexpr std::size_t max_answer_bytes = 256U << 20U; // an export of everything
inline constexpr std::size_t max_line_bytes = 4U << 20U;

struct Response {
    unsigned status = 0;
    std::string body;
};

// What is asked. `target`: path and query, percent-encoded (`encoded`).
struct Question {
    Method method = Method::get;
    std::string target;
    std::string body; // JSON, or empty
};
std::string encoded(std::string_view value); // for a query

[[nodiscard]] Result<Response> ask(const std::filesystem::path& socket, const Question& question,
                                   std::chrono::milliseconds within = std::chrono::seconds{130});

// Gives each line of a stream to `take` until it says stop or the stream ends; the status, and of one other than 200 the body.
// A signal that interrupts the wait (a handler without SA_RESTART) ends it with `interrupted`. `silence`: how long nothing may
// come; zero: for ever.
enum class Go : std::uint8_t { on, stop };
[[nodiscard]] Result<Response> follow(const std::filesystem::path& socket, const Question& question,
                                      const std::function<Go(std::string_view line)>& take,
                                      std::chrono::milliseconds silence = {});

} // namespace vestari::service

template <>
struct boost::system::is_error_code_enum<vestari::service::ClientErrc> : std::true_type {};
