#include "bridge/receive/receiver.hpp"

#include "bridge/content/extract.hpp"
#include "bridge/content/names.hpp"
#include "bridge/content/own_control.hpp"
#include "bridge/wire/decoder.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace {

using route::usable_id;

// A text is at most 64 KiB, the rest is a preview: what is longer is left to a resend.
constexpr std::size_t max_kept_frame = 256U << 10U;
constexpr std::string_view group_itself =
    "group"; // as an author in the dedupe store: no user's name

// The time of arrival where the server's own is missing or no time at all.
TimePoint server_time(const route::StanzaHeader& header, TimePoint otherwise) {
    constexpr auto last =
        std::chrono::floor<std::chrono::seconds>(event::last_time).time_since_epoch().count();
    return header.t && *header.t <= static_cast<std::uint64_t>(last)
               ? TimePoint{std::chrono::seconds{static_cast<std::int64_t>(*header.t)}}
               : otherwise;
}

} // namespace

Receiver::Receiver(store::SessionDatabase& database, Account account, route::IncludeList include)
    : database_{database}, account_{std::move(account)}, include_{std::move(include)},
      decryptor_{database, clock_}, decipherer_{decryptor_, database},
      publisher_{database, account_.name, tally_}, group_changes_{database, publisher_},
      counters_{database}, seen_chats_{database}, dedupe_{database}, pending_{database},
      kept_{database}, quarantine_{database} {
    if (account_.own.lid) { // resolving stores that the two are one person
        signal::resolve(database_, decryptor_, *account_.own.lid, account_.own.pn, clock_.now());
    }
}

Outcome Receiver::stanza(BytesView frame, TimePoint at) {
    clock_.set(at);
    store::Savepoint savepoint{database_};
    const Outcome outcome = by_route(frame, at);
    savepoint.release();
    tally_.count(outcome);
    return outcome;
}

Outcome Receiver::by_route(BytesView frame, TimePoint at) {
    const Result<const wire::Node*> root = roots_.read(frame);
    if (!root) {
        return Outcome::other; // what cannot be decoded
    }
    const route::StanzaHeader header = route::header_of(**root);
    const route::Decision decision = route::decide(header, include_, account_.own);
    if (decision.route == route::Route::drop) {
        return drop(header, decision.reason, at);
    }
    const bool of_interest =
        decision.route != route::Route::not_message || is_group_notification(header);
    const Result<const wire::Node*> stanza =
        of_interest ? decoder_.decode(frame) : Result<const wire::Node*>{wire::WireErrc::truncated};
    if (!stanza) {
        return Outcome::other;
    }
    if (decision.route == route::Route::not_message) {
        group_notification(**stanza, at);
        return Outcome::other;
    }
    return decision.route == route::Route::own_peer ? own_peer(**stanza, at)
                                                    : group_message(**stanza, frame, at);
}

Outcome Receiver::drop(const route::StanzaHeader& header, route::DropReason reason, TimePoint at) {
    count_drop(reason, at);
    if (reason == route::DropReason::not_included && header.from) {
        seen_chats_.seen(header.from->to_string(), at);
    }
    return Outcome::dropped;
}

void Receiver::count_drop(route::DropReason reason, TimePoint at) {
    const std::string_view word = route::word(reason);
    tally_.dropped_for(word);
    counters_.add(word, at);
}

bool Receiver::is_group_notification(const route::StanzaHeader& header) const {
    return header.tag == "notification" && header.type == "w:gp2" && header.from &&
           include_.contains(*header.from);
}

void Receiver::group_notification(const wire::Node& stanza, TimePoint at) {
    const route::StanzaHeader header = route::header_of(stanza);
    const Result<content::GroupChange> change = content::read_group_change(stanza);
    if (!change || !usable_id(header.id)) {
        return;
    }
    const TimePoint sent_at = server_time(header, at);
    const std::string group = change->chat.to_string();
    if (!dedupe_.insert(dedupe_.content_key(group, group_itself, header.id), sent_at)) {
        return; // delivered again, it says what may no longer be so
    }
    learn_names(change->members, at);
    if (change->group) {
        learn_names(change->group->members, at);
    }
    group_changes_.apply(*change, header.id, sent_at);
}

// Members by both their names: from a message on that names one alone it is the same person, with the same keys.
void Receiver::learn_names(const std::vector<content::GroupMember>& members, TimePoint at) {
    for (const content::GroupMember& member : members) {
        if (member.other) {
            signal::resolve(database_, decryptor_, member.jid, member.other, at);
        }
    }
}

Outcome Receiver::own_peer(const wire::Node& stanza, TimePoint at) {
    const auto origin = origin_of(stanza, at);
    if (!origin) {
        return Outcome::other;
    }
    auto plain = decipherer_.own_control(stanza, origin->sender.address);
    const Result<content::OwnControl> control =
        plain ? content::read_own_control(*plain)
              : Result<content::OwnControl>{content::NoAction{}};
    if (plain) {
        crypto::wipe(*plain); // it may share keys
    }
    if (!control || !std::holds_alternative<content::LidMigration>(*control)) {
        return Outcome::other;
    }
    for (const content::LidMapping& mapping : std::get<content::LidMigration>(*control).mappings) {
        const Result<Jid> pn = Jid::make(std::to_string(mapping.pn), server::phone);
        const Result<Jid> lid = Jid::make(std::to_string(mapping.lid), server::lid);
        if (pn && lid) { // resolving stores the mapping and moves the records
            signal::resolve(database_, decryptor_, *lid, *pn, at);
        }
    }
    return Outcome::other;
}

std::vector<Jid> Receiver::own_devices() const {
    std::vector<Jid> devices{account_.own.pn};
    if (account_.own.lid) {
        devices.push_back(*account_.own.lid);
    }
    return devices;
}

std::optional<Origin> Receiver::origin_of(const wire::Node& stanza, TimePoint at) {
    const route::StanzaHeader header = route::header_of(stanza);
    const Result<route::Origin> from = route::origin_of(header, account_.own);
    if (!from || !usable_id(header.id)) {
        return std::nullopt;
    }
    auto sender = signal::resolve(database_, decryptor_, from->sender, from->other, at);
    if (!sender) {
        return std::nullopt;
    }
    return Origin{from->chat.to_string(),
                  std::move(*sender),
                  std::string{header.id},
                  server_time(header, at),
                  content::push_name(header.notify),
                  from->from_me};
}

Outcome Receiver::group_message(const wire::Node& stanza, BytesView frame, TimePoint at) {
    const auto origin = origin_of(stanza, at);
    if (!origin) {
        return Outcome::failed; // nobody to attribute it to
    }
    const bool known = publisher_.sent(origin->chat, person_of(origin->sender), origin->id);
    const bool resent = std::ranges::any_of(stanza.children(), [](const wire::Node& child) {
        return child.tag == "enc" && child.find("count") != nullptr;
    });
    if (known && !resent) {
        return Outcome::duplicate;
    }
    if (route::route_of_decoded(stanza) == route::Route::unavailable) {
        return known ? Outcome::duplicate : unavailable(*origin);
    }
    const Deciphered deciphered = decipherer_.group_stanza(
        stanza, origin->chat, origin->sender.address, own_devices(), origin->sent_at);
    if (deciphered.state == Deciphered::State::key_missing) {
        keep(*origin, frame, at);
    }
    // Content that is stored already is not stored again; the resend was read for its key.
    const Outcome outcome = known ? Outcome::duplicate : settle(*origin, deciphered);
    if (deciphered.brought_key) {
        run_kept(*origin);
    }
    return outcome;
}

Outcome Receiver::unavailable(const Origin& origin) {
    // A gap is told once; the message itself may still come under this id.
    const store::RowKey told = dedupe_.ciphertext_key(
        as_bytes(origin.id), "unavailable", origin.chat, origin.sender.address.to_string());
    if (dedupe_.insert(told, origin.sent_at)) {
        publisher_.gap(origin);
    }
    return Outcome::failed;
}

Outcome Receiver::settle(const Origin& origin, const Deciphered& deciphered) {
    switch (deciphered.state) {
    case Deciphered::State::read: break;
    case Deciphered::State::unreadable:
        quarantine_.put(deciphered.plaintext, origin.sent_at);
        return Outcome::other;
    case Deciphered::State::duplicate: return Outcome::duplicate;
    case Deciphered::State::used_up:
    case Deciphered::State::key_missing:
    case Deciphered::State::failed:
    case Deciphered::State::unsupported: return Outcome::failed;
    }
    if (deciphered.device_sent_wrapper && !origin.from_me) {
        tally_.refuse(Refusal::device_sent_by_another);
        return Outcome::decrypted;
    }
    // A key alone is no message: the message may still follow under the same id.
    if (deciphered.message.kind != content::Kind::key_distribution_only) {
        publisher_.remember_sent(origin);
        publisher_.publish(origin, deciphered.message);
    }
    return Outcome::decrypted;
}

void Receiver::keep(const Origin& origin, BytesView frame, TimePoint at) {
    if (frame.size() > max_kept_frame) {
        return;
    }
    const store::RowKey kept =
        dedupe_.ciphertext_key(frame, "kept", origin.chat, origin.sender.address.to_string());
    if (dedupe_.insert(kept, origin.sent_at)) { // once, however often it is delivered
        // It waits from now on: what was said hours ago may have come from the server's queue only now.
        kept_.put(origin.chat, origin.sender.address.name, frame, at);
    }
}

void Receiver::run_kept(const Origin& origin) {
    std::vector<store::WaitingRow> rows = kept_.of(origin.chat, origin.sender.address.name);
    if (origin.sender.lid && origin.sender.phone) { // kept before the two were known to be one
        std::ranges::move(kept_.of(origin.chat, origin.sender.phone->user()),
                          std::back_inserter(rows));
    }
    for (const store::WaitingRow& row : rows) {
        const Result<wire::Document> document = wire::decode(row.payload);
        const auto kept = document ? origin_of(document->root(), row.at) : std::nullopt;
        if (!kept) {
            kept_.erase(row.row);
            continue;
        }
        if (publisher_.sent(kept->chat, person_of(kept->sender), kept->id)) {
            kept_.erase(row.row); // a resend was faster
            continue;
        }
        const Deciphered deciphered = decipherer_.group_stanza(
            document->root(), kept->chat, kept->sender.address, own_devices(), kept->sent_at);
        if (deciphered.state == Deciphered::State::read) {
            settle(*kept, deciphered);
            kept_.erase(row.row);
        } // else: its key may come with the next distribution
    }
}

Outcome Receiver::decoded(const DecodedMessage& message, TimePoint at) {
    clock_.set(at);
    store::Savepoint savepoint{database_};
    const Outcome outcome = decoded_message(message, at);
    savepoint.release();
    tally_.count(outcome);
    return outcome;
}

Outcome Receiver::decoded_message(const DecodedMessage& message, TimePoint at) {
    if (!include_.contains(message.chat)) {
        count_drop(route::DropReason::not_included, at);
        return Outcome::dropped;
    }
    const Result<Jid> author = Jid::parse(message.sender);
    if (!author || !usable_id(message.id)) {
        return Outcome::other;
    }
    auto sender = signal::resolve(database_, decryptor_, *author, std::nullopt, at);
    if (!sender) {
        return Outcome::other;
    }
    const Origin origin{
        std::string{message.chat}, std::move(*sender), std::string{message.id}, at, {},
        account_.own.is(*author)};
    if (publisher_.sent(origin.chat, person_of(origin.sender), origin.id)) {
        return Outcome::duplicate;
    }
    Result<content::Message> content = content::extract(message.message);
    Deciphered read;
    if (content) {
        read.state = Deciphered::State::read;
        read.device_sent_wrapper = content->device_sent_to.has_value();
        read.message = std::move(*content);
    } else {
        read.state = Deciphered::State::unreadable;
        read.plaintext = to_bytes(message.message);
    }
    return settle(origin, read);
}

void Receiver::forget_kept(TimePoint now) {
    kept_.erase_before(now - store::kept_ciphertext_lifetime);
}

void Receiver::forget_old(TimePoint now) {
    forget_kept(now);
    dedupe_.erase_before(now - store::dedupe_lifetime);
    pending_.erase_before(now - store::pending_lifetime);
    quarantine_.erase_before(now - store::quarantine_lifetime);
}

} // namespace vestari::receive
