#include "bridge/receive/publisher.hpp"

#include "vestari/event/codec.hpp"

namespace vestari::receive {

namespace {

Bytes body_of(const event::Envelope& envelope) { return event::encode(event::Frame{envelope}); }

std::optional<event::Envelope> envelope_from(BytesView encoded) {
    Result<event::Frame> frame =
        event::decode(encoded.subspan(4)); // its own length stands in front
    if (!frame || !std::holds_alternative<event::Envelope>(*frame)) {
        return std::nullopt;
    }
    return std::get<event::Envelope>(std::move(*frame));
}

std::string name_or_empty(const std::optional<Jid>& jid) {
    return jid ? jid->to_string() : std::string{};
}

// The same user under either name.
bool same_person(const event::Person& left, const event::Person& right) noexcept {
    return (!left.lid.empty() && left.lid == right.lid) ||
           (!left.pn.empty() && left.pn == right.pn);
}

} // namespace

event::Person person_of(const signal::Sender& sender) {
    return {name_or_empty(sender.lid), name_or_empty(sender.phone)};
}

Publisher::Publisher(store::SessionDatabase& database, std::string account, Tally& tally)
    : account_{std::move(account)}, dedupe_{database}, authors_{database}, pending_{database},
      spool_{database}, admins_{database}, lids_{database}, tally_{tally} {}

bool Publisher::sent(std::string_view chat, const event::Person& author,
                     std::string_view id) const {
    const auto known = [&](const std::string& name) {
        return !name.empty() && authors_.wrote(chat, name, id);
    };
    return known(author.lid) || known(author.pn);
}

void Publisher::remember_sent(const Origin& origin) {
    authors_.insert(origin.chat, origin.sender.canonical.to_string(), origin.id, origin.sent_at);
}

void Publisher::publish(const Origin& origin, const content::Message& message) {
    switch (message.kind) {
    case content::Kind::text:
    case content::Kind::media:
    case content::Kind::album: {
        using Role = content::Association::Role;
        const Role role = message.association ? message.association->role : Role::none;
        const bool adds_nothing = role == Role::skip || (role == Role::better_rendition &&
                                                         sent(origin.chat, person_of(origin.sender),
                                                              message.association->parent_id));
        if (!adds_nothing && content::event_kind(message) != event::Kind::other) {
            spool(envelope_of(origin, message));
        }
        release_waiting(origin);
        break;
    }
    case content::Kind::edit:
    case content::Kind::revoke: control(envelope_of(origin, message)); break;
    case content::Kind::history_sync_notification:
    case content::Kind::app_state_sync_key_share:
    case content::Kind::lid_migration_mapping_sync:
        tally_.refuse(Refusal::control_from_others);
        break;
    case content::Kind::ephemeral_setting:
    case content::Kind::protocol_other:
    case content::Kind::secret_encrypted:
    case content::Kind::ignored:
    case content::Kind::key_distribution_only:
    case content::Kind::unknown: break; // nothing to learn
    }
}

event::Envelope Publisher::gap_of(const Origin& origin) const {
    event::Envelope envelope = envelope_of(origin, {});
    envelope.kind = event::Kind::gap;
    return envelope;
}

bool Publisher::gap(event::Envelope gap) {
    const std::string_view author = gap.sender.lid.empty() ? gap.sender.pn : gap.sender.lid;
    const store::RowKey told = dedupe_.ciphertext_key(as_bytes(gap.id), "gap", gap.chat, author);
    if (sent(gap.chat, gap.sender, gap.id) || !dedupe_.insert(told, gap.sent_at)) {
        return false;
    }
    spool(std::move(gap));
    return true;
}

void Publisher::renamed(std::string_view chat, std::string_view name, std::string_view id,
                        TimePoint at) {
    event::Envelope envelope;
    envelope.account = account_;
    envelope.chat = chat;
    envelope.id = id;
    envelope.sent_at = at;
    envelope.kind = event::Kind::group;
    envelope.text = name;
    spool(std::move(envelope));
}

event::Envelope Publisher::envelope_of(const Origin& origin,
                                       const content::Message& message) const {
    event::Envelope envelope;
    envelope.account = account_;
    envelope.chat = origin.chat;
    envelope.sender = person_of(origin.sender);
    envelope.push_name = origin.push_name;
    envelope.id = origin.id;
    envelope.sent_at = origin.sent_at;
    envelope.kind = content::event_kind(message);
    envelope.text = message.text;
    if (message.kind == content::Kind::edit || message.kind == content::Kind::revoke) {
        envelope.target = message.target ? message.target->id : std::string{};
    }
    if (message.kind == content::Kind::edit && message.edited_at_ms > 0) {
        envelope.edited_at = TimePoint{std::chrono::milliseconds{message.edited_at_ms}};
    }
    envelope.quote = content::quote_of(message);
    if (message.association &&
        message.association->role == content::Association::Role::album_child) {
        envelope.album_parent = message.association->parent_id;
    }
    envelope.photo = content::photo_of(message);
    envelope.forwarded = message.forwarded;
    envelope.sender_is_admin = is_admin_revoke(envelope, message);
    envelope.from_me = origin.from_me;
    return envelope;
}

// An admin's revoke names the author of the message in its key; one that claims the message for its sender is no admin's.
bool Publisher::is_admin_revoke(const event::Envelope& envelope,
                                const content::Message& message) const {
    if (message.kind != content::Kind::revoke || !message.target || message.target->from_me) {
        return false;
    }
    const Result<Jid> author = Jid::parse(message.target->participant);
    const bool admin = admins_.contains(envelope.chat, envelope.sender.lid) ||
                       admins_.contains(envelope.chat, envelope.sender.pn);
    if (!author || !author->is_user() || !admin) {
        return false;
    }
    const bool unknown = !authors_.anybody_wrote(envelope.chat, message.target->id);
    return unknown || sent(envelope.chat, both_names(*author), message.target->id);
}

event::Person Publisher::both_names(const Jid& user) const {
    const bool by_lid = user.family() == Jid::Family::lid;
    const auto other = by_lid ? lids_.phone_of(user.user()) : lids_.lid_of(user.user());
    const std::string own = user.user() + '@' + std::string{by_lid ? server::lid : server::phone};
    const std::string found =
        other ? *other + '@' + std::string{by_lid ? server::phone : server::lid} : std::string{};
    return by_lid ? event::Person{own, found} : event::Person{found, own};
}

Publisher::Right Publisher::right_to(const event::Envelope& control) const {
    if (!authors_.anybody_wrote(control.chat, control.target)) {
        return Right::unknown_original;
    }
    const bool may = control.sender_is_admin || sent(control.chat, control.sender, control.target);
    return may ? Right::granted : Right::refused;
}

void Publisher::control(event::Envelope envelope) {
    switch (right_to(envelope)) {
    case Right::granted: spool(std::move(envelope)); break;
    case Right::refused: refuse(envelope); break;
    case Right::unknown_original:
        pending_.put(envelope.chat, envelope.target, body_of(envelope), envelope.sent_at);
        break;
    }
}

void Publisher::refuse(const event::Envelope& control) {
    tally_.refuse(control.kind == event::Kind::edit ? Refusal::edit_by_another
                                                    : Refusal::revoke_by_another);
}

void Publisher::release_waiting(const Origin& origin) {
    const event::Person author = person_of(origin.sender);
    for (const store::WaitingRow& row : pending_.of(origin.chat, origin.id)) {
        std::optional<event::Envelope> waiting = envelope_from(row.payload);
        if (!waiting) {
            pending_.erase(row.row); // written by a version that this one does not read
            continue;
        }
        if (waiting->sender_is_admin || same_person(waiting->sender, author)) {
            pending_.erase(row.row);
            spool(std::move(*waiting));
        } // else: ids are unique per sender only; this one may still wait for its own original
    }
}

void Publisher::spool(event::Envelope envelope) {
    envelope.sequence = spool_.next_sequence();
    spool_.append(envelope.sequence, body_of(envelope));
}

} // namespace vestari::receive
