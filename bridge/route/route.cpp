#include "bridge/route/route.hpp"

namespace vestari::route {

namespace {

constexpr Decision drop(DropReason reason) noexcept { return {Route::drop, reason}; }

Decision decide_group(const StanzaHeader& header, const wire::JidView& chat,
                      const IncludeList& included) noexcept {
    if (!included.contains(chat)) {
        return drop(chat.user.empty() ? DropReason::malformed : DropReason::not_included);
    }
    if (header.broken || !header.participant || !usable_id(header.id)) {
        return drop(DropReason::malformed);
    }
    const wire::JidView& sender = *header.participant;
    if (sender.server == server::bot) {
        return drop(DropReason::bot);
    }
    const bool is_user = !sender.user.empty() && sender.unknown_domain == 0 &&
                         Jid::family_of(sender.server) != Jid::Family::other &&
                         JidParts{sender.user, sender.server, sender.device}.checked();
    return is_user ? Decision{Route::decrypt} : drop(DropReason::malformed);
}

// An own device: only the phone's control traffic is for us, and the phone is device 0.
Decision decide_own(const StanzaHeader& header, const wire::JidView& device) noexcept {
    if (header.recipient || !header.is_peer()) {
        return drop(DropReason::own_chat);
    }
    if (device.device != 0) {
        return drop(DropReason::peer_forged);
    }
    return usable_id(header.id) ? Decision{Route::own_peer} : drop(DropReason::malformed);
}

DropReason reason_of_server(std::string_view name) noexcept {
    if (name == server::broadcast) {
        return DropReason::broadcast;
    }
    if (name == server::newsletter) {
        return DropReason::newsletter;
    }
    if (name == server::bot) {
        return DropReason::bot;
    }
    const bool foreign =
        name == server::messenger || name == server::interop || name == server::call;
    return foreign ? DropReason::foreign : DropReason::unknown;
}

} // namespace

Decision decide(const StanzaHeader& header, const IncludeList& included, const Own& me) noexcept {
    if (header.tag != "message") {
        return {Route::not_message};
    }
    if (!header.from || header.from->unknown_domain != 0) {
        return drop(DropReason::malformed);
    }
    const wire::JidView& from = *header.from;
    if (from.server == server::group) {
        return decide_group(header, from, included);
    }
    if (Jid::family_of(from.server) == Jid::Family::other) {
        return drop(reason_of_server(from.server));
    }
    if (header.broken || from.user.empty()) {
        return drop(DropReason::malformed);
    }
    if (me.is(from)) {
        return decide_own(header, from);
    }
    return drop(header.is_peer() ? DropReason::peer_forged : DropReason::direct);
}

Route route_of_decoded(const wire::Node& root) noexcept {
    return root.child("unavailable") != nullptr && root.child("enc") == nullptr ? Route::unavailable
                                                                                : Route::decrypt;
}

std::string_view word(Route route) noexcept {
    switch (route) {
    case Route::decrypt: return "decrypt";
    case Route::own_peer: return "own_peer";
    case Route::drop: return "drop";
    case Route::unavailable: return "unavailable";
    case Route::not_message: return "not_message";
    }
    return "unknown";
}

std::string_view word(DropReason reason) noexcept {
    switch (reason) {
    case DropReason::none: return "none";
    case DropReason::not_included: return "not_included";
    case DropReason::direct: return "direct";
    case DropReason::own_chat: return "own_chat";
    case DropReason::broadcast: return "broadcast";
    case DropReason::newsletter: return "newsletter";
    case DropReason::bot: return "bot";
    case DropReason::foreign: return "foreign";
    case DropReason::peer_forged: return "peer_forged";
    case DropReason::malformed: return "malformed";
    case DropReason::unknown: return "unknown";
    }
    return "unknown";
}

} // namespace vestari::route
