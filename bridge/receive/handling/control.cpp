// The Receiver's part for what is no message: notifications about included groups, and control traffic of the own phone.
#include "bridge/content/own_control.hpp"
#include "bridge/receive/receiver.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace {

// As authors in the dedupe store: no user's names.
constexpr std::string_view group_itself = "group";
constexpr std::string_view own_control_itself = "own control";
constexpr std::string_view history_itself = "own history";

} // namespace

bool Receiver::is_group_notification(const route::StanzaHeader& header) const {
    return header.tag == "notification" && header.type == "w:gp2" && header.from &&
           include_.contains(*header.from);
}

void Receiver::group_notification(const wire::Node& stanza, TimePoint at) {
    const route::StanzaHeader header = route::header_of(stanza);
    Result<content::GroupChange> change = content::read_group_change(stanza);
    if (!change || !route::usable_id(header.id)) {
        return;
    }
    const TimePoint sent_at = event_time(header, at);
    const std::string group = change->chat.to_string();
    if (!dedupe_.insert(dedupe_.content_key(group, group_itself, header.id), sent_at)) {
        return; // delivered again, it says what may no longer be so
    }
    learn_names(change->members, at);
    if (change->group) {
        learn_names(change->group->members, at);
    }
    group_changes_.apply(*change, header.id, sent_at);
    now_.change = std::move(*change);
}

// Members by both their names: from a message on that names one alone it is the same person, with the same keys.
void Receiver::learn_names(const std::vector<content::GroupMember>& members, TimePoint at) {
    for (const content::GroupMember& member : members) {
        if (member.other) {
            const auto sender =
                signal::resolve(database_, decryptor_, member.jid, member.other, at);
            if (sender && sender->learnt) {
                learnt(*sender);
            }
        }
    }
}

void Receiver::own_peer(const wire::Node& stanza, TimePoint at) {
    now_.origin = origin_of(stanza, at);
    if (!now_.origin) {
        became(Handled::What::unparsable, Outcome::other);
        return;
    }
    const Origin& origin = *now_.origin;
    const std::string author = origin.sender.canonical.to_string();
    const store::RowKey offered = dedupe_.content_key(author, history_itself, origin.id);
    became(Handled::What::own_control, Outcome::other);
    if (dedupe_.contains(dedupe_.content_key(author, own_control_itself, origin.id))) {
        now_.history = dedupe_.contains(offered);
        return;
    }
    Result<Bytes> plain = decipherer_.own_control(stanza, origin.sender.address);
    if (!plain &&
        plain.error().category() == make_error_code(signal::SignalErrc::duplicate).category()) {
        now_.what = plain.error() == signal::SignalErrc::duplicate ? Handled::What::lost
                                                                   : Handled::What::failed;
        now_.error = plain.error();
        return;
    }
    dedupe_.insert(dedupe_.content_key(author, own_control_itself, origin.id), origin.sent_at);
    if (!plain) { // decrypted, and badly padded: a resend would be the same
        return;
    }
    Result<content::OwnControl> control = content::read_own_control(*plain);
    crypto::wipe(*plain); // it may share keys
    if (!control) {
        return;
    }
    if (auto* const history = std::get_if<content::HistoryNotification>(&*control)) {
        dedupe_.insert(offered, origin.sent_at);
        now_.history = true;
        now_.offered = std::move(*history);
    }
    own_control(*control, at);
}

void Receiver::own_control(const content::OwnControl& control, TimePoint at) {
    const auto* const migration = std::get_if<content::LidMigration>(&control);
    if (migration == nullptr) {
        return;
    }
    for (const content::LidMapping& mapping : migration->mappings) {
        const Result<Jid> pn = Jid::make(std::to_string(mapping.pn), server::phone);
        const Result<Jid> lid = Jid::make(std::to_string(mapping.lid), server::lid);
        if (!pn || !lid) {
            continue;
        }
        // Resolving stores the mapping and moves the records.
        const auto sender = signal::resolve(database_, decryptor_, *lid, *pn, at);
        if (sender && sender->learnt) {
            learnt(*sender);
        }
    }
}

} // namespace vestari::receive
