#include "bridge/daemon/control/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "vestari/base/utf8.hpp"
#include "vestari/service/time.hpp"

namespace vestari::daemon {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;
using service::rfc3339;

template <class... Kinds> struct Match : Kinds... {
    using Kinds::operator()...;
};

value time_or_null(const std::optional<TimePoint>& at) {
    return at ? value(rfc3339(*at)) : value(nullptr);
}

value jid_or_null(const std::optional<Jid>& jid) {
    return jid ? value(jid->to_string()) : value(nullptr);
}

object warning_object(const live::Warning& warning) {
    return {{"code", warning.code},
            {"text", warning.text},
            {"cause", warning.cause},
            {"next", warning.next},
            {"since", rfc3339(warning.since)}};
}

} // namespace

std::string state_event(std::string_view account, const live::StateChange& change) {
    object event{{"type", "state"}, {"account", account}};
    put_state(event, change);
    return boost::json::serialize(event);
}

std::string warning_event(std::string_view account, const live::Warning& warning) {
    object event = warning_object(warning);
    event["type"] = "warning";
    event["account"] = account;
    return boost::json::serialize(event);
}

std::string refused_event(std::string_view what) {
    return boost::json::serialize(object{{"type", "refused"}, {"what", to_valid_utf8(what)}});
}

std::string link_event(const link::LinkEvent& event) {
    const auto shown = [](std::string_view type, const link::SecretText& text, TimePoint expires) {
        return boost::json::serialize(
            object{{"type", type}, {"text", text.expose()}, {"expires", rfc3339(expires)}});
    };
    return std::visit(
        Match{[&shown](const link::QrShown& qr) { return shown("qr", qr.text, qr.expires); },
              [&shown](const link::CodeShown& code) {
                  return shown("code", code.text, code.expires);
              },
              [](const link::LinkedAs& linked) {
                  return boost::json::serialize(object{{"type", "linked"},
                                                       {"me", linked.me.to_string()},
                                                       {"name", to_valid_utf8(linked.name)}});
              },
              [](const link::LinkFailed& failed) {
                  return link_failed(link::state_of(failed.why), {}, link::next_of(failed.why));
              }},
        event);
}

std::string link_failed(std::string_view state, std::string_view error, std::string_view next) {
    object failed{{"type", "failed"}, {"state", state}, {"next", next}};
    if (!error.empty()) {
        failed["error"] = error;
    }
    return boost::json::serialize(failed);
}

void put_state(object& into, const live::StateChange& change) {
    into["state"] = live::to_string(change.state);
    into["why"] = change.why.text;
    into["code"] = change.why.code;
    into["next"] = change.why.next;
    into["since"] = rfc3339(change.since);
    if (change.until) {
        into["until"] = rfc3339(*change.until);
    }
}

void put_status(object& into, const live::Status& status) {
    put_state(into, status.state);
    into["linked"] = status.me_pn.has_value();
    into["me"] = object{{"pn", jid_or_null(status.me_pn)}, {"lid", jid_or_null(status.me_lid)}};
    into["linked_since"] = time_or_null(status.linked_since);
    into["phone_last_seen"] = time_or_null(status.phone_last_seen);
    into["clock_offset_ms"] = status.clock_offset.count();
    array groups;
    for (const live::GroupFreshness& group : status.groups) {
        groups.push_back(object{{"jid", group.jid},
                                {"last_message_at", time_or_null(group.last_message_at)},
                                {"fresh", group.fresh},
                                {"usual_interval_s", group.usual_interval.count()}});
    }
    into["groups"] = std::move(groups);
    array warnings;
    for (const live::Warning& warning : status.warnings) {
        warnings.push_back(warning_object(warning));
    }
    into["warnings"] = std::move(warnings);
}

} // namespace vestari::daemon
