#include "bridge/live/policy/failures.hpp"

#include <algorithm>
#include <array>

namespace vestari::live {

namespace {

constexpr std::string_view link_again = "link the account again: vestari link";
constexpr std::string_view by_itself = "nothing: the bridge tries again by itself";
constexpr std::string_view look_at_phone =
    "open WhatsApp on the phone and see what it says; then: vestari link";
constexpr std::string_view report = "restart the bridge; if it happens again, report it";
constexpr std::string_view update =
    "update Vestari, or set whatsapp.version; the link stays, do not link again";

struct Row {
    std::uint64_t code;
    Failure failure;
};

constexpr Failure logged_out(std::string_view code) {
    return {State::logged_out,
            {code, "the phone removed this device from its linked devices", link_again},
            Retry::never_unlinked};
}
constexpr Failure refused(std::string_view code, std::string_view text) {
    return {State::refused, {code, text, report}, Retry::never};
}
constexpr Failure server_trouble(std::string_view code) {
    return {State::offline, {code, "WhatsApp has trouble of its own", by_itself}, Retry::back_off};
}

// By the `reason` of <failure>.
const std::array failures{
    Row{400, refused("failure_400", "WhatsApp refuses the login as a bad request")},
    Row{401, logged_out("failure_401")},
    Row{402,
        {State::banned,
         {"failure_402", "WhatsApp banned the account for a time", "wait until the ban ends"},
         Retry::until_expiry}},
    Row{403,
        {State::banned,
         {"failure_403", "WhatsApp locked the account, or its phone is gone", look_at_phone},
         Retry::never_unlinked}},
    Row{405,
        {State::outdated,
         {"failure_405", "WhatsApp does not accept this client version any more", update},
         Retry::new_version}},
    Row{406,
        {State::banned,
         {"failure_406", "WhatsApp banned the account", look_at_phone},
         Retry::never_unlinked}},
    Row{409, refused("failure_409", "WhatsApp refuses how this client describes itself")},
    Row{411, refused("failure_411", "the account cannot have linked devices")},
    Row{413, refused("failure_413", "WhatsApp says that an authorisation expired")},
    Row{414, refused("failure_414", "WhatsApp says that an authorisation is not valid")},
    Row{415, refused("failure_415", "WhatsApp does not find what was asked for")},
    Row{418, refused("failure_418", "WhatsApp does not know this client")},
    Row{419, logged_out("failure_419")},
    Row{500, server_trouble("failure_500")},
    Row{501, refused("failure_501", "WhatsApp refuses this client as experimental")},
    Row{503, server_trouble("failure_503")},
};

const Failure other_failure{
    State::offline,
    {"failure_other", "WhatsApp refuses the login for a reason nobody documented", by_itself},
    Retry::a_few_times};

// By the `code` of <stream:error>.
const std::array stream_errors{
    Row{401, logged_out("stream_401")},
    Row{409,
        {State::replaced,
         {"replaced", "another process is logged in with this device's credentials",
          "stop the other one, then: vestari doctor --reconnect, or restart the bridge"},
         Retry::never}},
    Row{429,
        {State::offline,
         {"stream_429", "WhatsApp asks to connect less often", by_itself},
         Retry::back_off_more}},
    Row{500, server_trouble("stream_500")},
    Row{503, server_trouble("stream_503")},
    Row{515,
        {State::connecting,
         {"stream_515", "WhatsApp asks for a new connection", ""},
         Retry::at_once}},
    Row{516, logged_out("stream_516")},
};

const Failure device_removed = logged_out("device_removed");
const Failure malformed{
    State::offline,
    {"not_well_formed", "WhatsApp could not read something that was sent", by_itself},
    Retry::once};
const Failure unacknowledged{
    State::offline,
    {"not_cleared", "WhatsApp waited too long for an acknowledgement", by_itself},
    Retry::back_off};
const Failure other_stream_error{
    State::offline,
    {"stream_other", "WhatsApp closed the stream for a reason nobody documented", by_itself},
    Retry::back_off};

template <class Rows>
const Failure* find_row(const Rows& rows, std::optional<std::uint64_t> code) noexcept {
    const auto found = code ? std::ranges::find(rows, *code, &Row::code) : std::ranges::end(rows);
    return found == rows.end() ? nullptr : &found->failure;
}

// 401 while the phone is gone etc. come as text too; a code that is no number is "other".
constexpr std::chrono::seconds shortest_ban{60};
constexpr std::chrono::hours unknown_ban{24};

std::chrono::seconds ban_of(const wire::Node& node) {
    const std::optional<std::uint64_t> seconds = node.number_of("expire");
    if (!seconds) {
        return unknown_ban;
    }
    const std::uint64_t most = std::chrono::seconds{longest_ban}.count();
    return std::max(shortest_ban, std::chrono::seconds{std::min(*seconds, most)});
}

constexpr Failure network(std::string_view code, std::string_view text, std::string_view next) {
    return {State::offline, {code, text, next}, Retry::back_off};
}

Failure stream_error_row(const wire::Node& node) {
    if (const wire::Node* conflict = node.child("conflict"); conflict != nullptr) {
        const std::string_view type = conflict->text_of("type").value_or("");
        if (type == "device_removed") {
            return device_removed;
        }
        return *find_row(stream_errors, 409); // replaced, and whatever else two sessions make
    }
    if (const Failure* row = find_row(stream_errors, node.number_of("code")); row != nullptr) {
        return *row;
    }
    if (node.child("xml-not-well-formed") != nullptr || node.child("bad-format") != nullptr) {
        return malformed;
    }
    return node.child("ack") != nullptr ? unacknowledged : other_stream_error;
}

} // namespace

Failure of_failure(const wire::Node& node) {
    const Failure* const row = find_row(failures, node.number_of("reason"));
    Failure failure = row != nullptr ? *row : other_failure;
    failure.cause = BackOff::Cause::refusal;
    if (failure.retry == Retry::until_expiry) {
        failure.expires = ban_of(node);
    }
    return failure;
}

Failure of_stream_error(const wire::Node& node) {
    Failure failure = stream_error_row(node);
    failure.cause = BackOff::Cause::refusal;
    return failure;
}

Failure of_close(const CloseInfo& close) noexcept {
    switch (close.why) {
    case Closed::name_not_found:
        return network("dns", "the name of WhatsApp's server is not found",
                       "check the network and its name servers");
    case Closed::refused:
        return network("network", "WhatsApp's server is not reachable", "check the network");
    case Closed::timed_out:
        return network("timeout", "WhatsApp's server does not answer in time", "check the network");
    case Closed::tls_certificate:
        return network("tls_certificate", "the server's TLS certificate is not WhatsApp's",
                       "a proxy or somebody else answers: check the network");
    case Closed::tls_protocol:
        return network("tls", "the server does not speak TLS 1.3",
                       "a proxy may answer: check the network");
    case Closed::http_status:
        return network("http_status", "something that is not WhatsApp answers, or it is overloaded",
                       "a proxy may answer: check the network");
    case Closed::by_peer:
    case Closed::lost:
    case Closed::by_us: break;
    }
    return network("connection_lost", "the connection was lost", by_itself);
}

std::optional<Failure> failure_named(std::string_view code) {
    for (const auto* rows : {&failures[0], &stream_errors[0]}) {
        const std::size_t size = rows == &failures[0] ? failures.size() : stream_errors.size();
        for (const Row& row : std::span{rows, size}) {
            if (row.failure.why.code == code) {
                return row.failure;
            }
        }
    }
    return code == device_removed.why.code ? std::optional{device_removed} : std::nullopt;
}

link::Failure link_failure(State state) noexcept {
    switch (state) {
    case State::outdated: return link::Failure::outdated;
    case State::logged_out: return link::Failure::logged_out;
    case State::banned: return link::Failure::banned;
    case State::replaced: return link::Failure::replaced;
    case State::passkey_wanted: return link::Failure::passkey_wanted;
    case State::refused: return link::Failure::refused;
    case State::unlinked:
    case State::linking:
    case State::connecting:
    case State::connected:
    case State::degraded:
    case State::offline:
    case State::waiting_for_keys: break;
    }
    return link::Failure::refused;
}

namespace failure {
const Failure stream_end = network("stream_end", "WhatsApp closed the stream", by_itself);
const Failure silence =
    network("silence", "the connection was dead: nothing arrived any more", by_itself);
const Failure handshake = network("handshake", "the server could not prove to be WhatsApp's",
                                  "if it lasts, somebody may listen in: check the network");
const Failure interception{State::refused,
                           {"interception",
                            "three servers in a row could not prove to be WhatsApp's",
                            "somebody may listen in: check the network, then restart the bridge"},
                           Retry::never};
const Failure wrong_clock = network("clock", "WhatsApp's certificate is not valid at this time",
                                    "set this machine's clock");
const Failure integrity =
    network("protocol_error", "the server sent something that breaks the protocol", by_itself);
const Failure repeated_integrity{State::offline,
                                 {"poison", "the same stanza breaks the connection again and again",
                                  "update Vestari; then restart the bridge"},
                                 Retry::never};
const Failure downgraded = refused("downgrade", "the account cannot have linked devices any more");
const Failure still_outdated{
    State::outdated,
    {"failure_405", "WhatsApp does not accept this client version any more", update},
    Retry::never};
const Failure guard{State::offline,
                    {"guard_mismatch",
                     "the guard refused something that the bridge would have sent",
                     "nothing was sent; restart the bridge and report it"},
                    Retry::never};
const Failure malformed_twice{
    State::offline,
    {"not_well_formed", "WhatsApp could twice not read what was sent: a defect", report},
    Retry::never};
const Failure unknown_for_good =
    refused("failure_other", "WhatsApp refuses the login for a reason nobody documented");
const Failure storage =
    network("storage", "received data cannot be stored, so nothing is acknowledged",
            "make room on the disk, or repair it: the bridge goes on by itself");
const Failure damaged{State::refused,
                      {"damaged", "the stored keys of this device are damaged",
                       "restore the session database from a backup, or unlink and link again"},
                      Retry::never};
const Failure no_lease = network("lease", "another machine holds this account's lease", by_itself);
const Failure stalled = network(
    "stalled", "groups that usually speak are silent: a new connection is tried", by_itself);
} // namespace failure

} // namespace vestari::live
