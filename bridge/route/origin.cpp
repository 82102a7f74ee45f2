#include "bridge/route/origin.hpp"

#include "vestari/base/check.hpp"

namespace vestari::route {

namespace {

// The sender's name in the other namespace: ours is known, another's is in a hint of that stanza.
std::optional<Jid> other_name(const Jid& sender, const std::optional<wire::JidView>& hint,
                              const Own& me) {
    const Jid::Family wanted =
        sender.family() == Jid::Family::lid ? Jid::Family::phone : Jid::Family::lid;
    if (me.is(sender)) {
        const std::optional<Jid> own = wanted == Jid::Family::phone ? std::optional{me.pn} : me.lid;
        return own ? std::optional{own->with_device(sender.device())} : std::nullopt;
    }
    if (!hint) {
        return std::nullopt;
    }
    const Result<Jid> jid = hint->to_jid();
    if (!jid || !jid->is_user() || jid->family() != wanted) {
        return std::nullopt;
    }
    return jid->with_device(sender.device());
}

} // namespace

Result<Origin> origin_of(const StanzaHeader& header, const Own& me) {
    VESTARI_CHECK(header.from.has_value());
    const bool in_group = header.from->server == server::group;
    VESTARI_CHECK(!in_group || header.participant.has_value());
    const Result<Jid> from = header.from->to_jid();
    if (!from) {
        return from.error();
    }
    const Result<Jid> sender = in_group ? header.participant->to_jid() : from;
    if (!sender) {
        return sender.error();
    }
    const bool by_lid = sender->family() == Jid::Family::lid;
    const std::optional<wire::JidView>& hint =
        in_group ? (by_lid ? header.participant_pn : header.participant_lid)
                 : (by_lid ? header.sender_pn : header.sender_lid);
    return Origin{from->bare(), *sender, other_name(*sender, hint, me), me.is(*sender)};
}

} // namespace vestari::route
