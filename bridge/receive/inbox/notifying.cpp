// The Inbox's way of a notification: every one with an id is acknowledged, some are acted on.
#include "bridge/receive/inbox/parts.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"

namespace vestari::receive {

namespace out = outbound::out;

namespace {

using What = notice::GroupChanged::What;

What what_of(const content::GroupChange& change, const route::Own& me) {
    switch (content::own_membership(change, me.pn, me.lid)) {
    case content::Membership::joined: return What::joined;
    case content::Membership::left: return What::left;
    case content::Membership::unchanged: break;
    }
    switch (change.what) {
    case content::GroupChange::What::subject: return What::name;
    case content::GroupChange::What::create:
    case content::GroupChange::What::add:
    case content::GroupChange::What::remove:
    case content::GroupChange::What::promote:
    case content::GroupChange::What::demote:
    case content::GroupChange::What::modify: return What::members;
    case content::GroupChange::What::deleted: return What::left;
    case content::GroupChange::What::flags:
    case content::GroupChange::What::other: break;
    }
    return What::settings;
}

// A Signal name of every form that this user can have.
std::vector<std::string> names_of(store::SessionDatabase& database, const Jid& user) {
    const store::LidMap map{database};
    const bool by_lid = user.family() == Jid::Family::lid;
    const auto lid = by_lid ? std::optional{user.user()} : map.lid_of(user.user());
    const auto phone = by_lid ? map.phone_of(user.user()) : std::optional{user.user()};
    std::vector<std::string> names;
    if (lid) {
        names.push_back(*lid + "_1");
        names.push_back(*lid + "_129");
    }
    if (phone) {
        names.push_back(*phone);
        names.push_back(*phone + "_128");
    }
    return names;
}

} // namespace

void Inbox::Parts::acknowledge(const route::StanzaHeader& header, out::AckedTag tag,
                               std::string_view type) {
    auto stanza = addressed(header);
    if (!stanza) {
        return;
    }
    const Result<out::Text> text = out::Text::of(type);
    send(out::Ack{std::move(*stanza), tag, text ? std::optional{*text} : std::nullopt});
}

void Inbox::Parts::notification(const route::StanzaHeader& header, BytesView frame, TimePoint at) {
    bool identity = false;
    if (header.type == "w:gp2") {
        group_notification(header, frame, at);
    } else if (worth_reading(header)) {
        if (const Result<const wire::Node*> stanza = decoder.decode(frame)) {
            const News news = read_notification(**stanza, header, options.own);
            identity = news.identity;
            act(news, at);
        }
    }
    acknowledge(header, out::AckedTag::notification, identity ? std::string_view{} : header.type);
}

void Inbox::Parts::group_notification(const route::StanzaHeader& header, BytesView frame,
                                      TimePoint at) {
    if (!receiver) {
        return;
    }
    if (header.from && header.from->server == server::group &&
        !options.included.contains(*header.from)) {
        tell(notice::GroupHeard{header.from->to_string()});
    }
    const Handled handled = receiver->handle(header, frame, at);
    for (const Origin& read : handled.read) { // what waited under another name
        resends.read({read.chat, read.sender.address.to_string(), read.id});
        batch->message(read.chat, read.sent_at);
    }
    if (handled.learnt > 0) {
        tell(notice::MappingsLearnt{handled.learnt});
    }
    if (handled.change) {
        tell(notice::GroupChanged{handled.change->chat.to_string(),
                                  what_of(*handled.change, *options.own)});
    }
}

void Inbox::Parts::act(const News& news, TimePoint at) {
    for (const Notice& notice : news.notices) {
        tell(notice);
    }
    if (!receiver) {
        return;
    }
    if (news.reset) {
        reset_identity(*news.reset);
    }
    for (const auto& [lid, phone] : news.mappings) {
        // Of people whose messages are not read here nothing is kept.
        const store::Identities known{database};
        if (options.own->is(lid) || options.own->is(phone) ||
            !known.of_user(lid.user() + "_1").empty() || !known.of_user(phone.user()).empty()) {
            learn(lid, phone, at);
        }
    }
}

void Inbox::Parts::learn(const Jid& lid, const Jid& phone, TimePoint at) {
    const Handled handled = receiver->learn(lid, phone, at);
    for (const Origin& read : handled.read) { // what waited under the other name
        resends.read({read.chat, read.sender.address.to_string(), read.id});
        batch->message(read.chat, read.sent_at);
    }
    if (handled.learnt > 0) {
        tell(notice::MappingsLearnt{handled.learnt});
    }
}

void Inbox::Parts::reset_identity(const Jid& user) {
    bool known = false;
    for (const std::string& name : names_of(database, user)) {
        known = known || !store::Identities{database}.of_user(name).empty();
        receiver->decryptor().forget_user(name);
    }
    if (known) {
        tell(notice::IdentityReset{});
    }
}

} // namespace vestari::receive
