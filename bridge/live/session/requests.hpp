// The requests of one connection: their ids, what they asked, and until when an answer is waited for.
//
// Invariants  an id is never given twice and never comes from outside. An answer counts only if its id is pending and it comes from
//             the addressee; then it is not pending any more.
// Threads     one owner.
// Errors      none: an answer that nobody asked for is ignored.
// Source      wire/10-connection.md section 9.2.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bridge/live/outside.hpp"
#include "bridge/outbound/values.hpp"
#include "bridge/wire/node.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::live {

enum class Ask : std::uint8_t {
    pre_key_count,
    pre_key_upload,
    pre_key_digest,
    key_rotation,
    delivery,
    ping,
    clean,
    group_list,
    group_query,
    companion_hello,
    companion_finish,
    unlink,
};

struct Answer {
    enum class Kind : std::uint8_t { result, error, none }; // none: timed out
    Ask what = Ask::ping;
    Kind kind = Kind::none;
    std::uint64_t error_code = 0; // of error; 0 if it names none
    std::string about;            // the addressee
    Instant asked_at;
};

class Requests {
public:
    static constexpr std::chrono::seconds patience{60};

    explicit Requests(Random& random);

    outbound::out::IqId open(Ask what, std::string_view addressee, Instant now,
                             std::chrono::milliseconds wait = patience);

    // `iq`: of type result or error. Empty: nobody asked, or it comes from somebody else.
    std::optional<Answer> answered(const wire::Node& iq);
    std::vector<Answer> timed_out(Instant now); // oldest first

    bool pending(Ask what) const noexcept;
    Instant wake_at() const noexcept; // Instant::max() if nothing is pending

private:
    struct Pending {
        Ask what;
        std::string addressee;
        Instant asked_at;
        Instant until;
    };

    std::uint8_t first_, second_;
    std::uint32_t count_ = 0;
    std::map<std::string, Pending, std::less<>> pending_; // by id
};

} // namespace vestari::live
