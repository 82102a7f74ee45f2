#include "bridge/receive/receiver.hpp"

#include "bridge/content/extract.hpp"
#include "bridge/content/names.hpp"
#include "bridge/wire/decoder.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace {

using route::usable_id;

// The largest of its <enc>: which retry receipt the stanza answers; 0 if it was not asked for.
std::uint64_t resend_count(const wire::Node& stanza) {
    std::uint64_t count = 0;
    for (const wire::Node& child : stanza.children()) {
        if (child.tag == "enc" && child.find("count") != nullptr) {
            count = std::max({count, child.number_of("count").value_or(0), std::uint64_t{1}});
        }
    }
    return count;
}

bool is_hidden(const wire::Node& stanza) {
    return std::ranges::any_of(stanza.children(), [](const wire::Node& child) {
        return child.tag == "enc" && child.text_of("decrypt-fail") == "hide";
    });
}

Handled::What what_of(Deciphered::State state) noexcept {
    using What = Handled::What;
    switch (state) {
    case Deciphered::State::read:
    case Deciphered::State::unreadable:
    case Deciphered::State::duplicate: return What::read;
    case Deciphered::State::used_up: return What::lost;
    case Deciphered::State::key_missing:
    case Deciphered::State::failed: return What::failed;
    case Deciphered::State::unsupported: return What::unsupported;
    }
    return What::unsupported;
}

} // namespace

// The time of arrival where the server's own is missing or no time at all.
TimePoint event_time(const route::StanzaHeader& header, TimePoint otherwise) {
    constexpr auto last =
        std::chrono::floor<std::chrono::seconds>(event::last_time).time_since_epoch().count();
    return header.t && *header.t <= static_cast<std::uint64_t>(last)
               ? TimePoint{std::chrono::seconds{static_cast<std::int64_t>(*header.t)}}
               : otherwise;
}

Receiver::Receiver(store::SessionDatabase& database, Account account, route::IncludeList include)
    : database_{database}, account_{std::move(account)}, include_{std::move(include)},
      decryptor_{database, clock_}, decipherer_{decryptor_, database},
      publisher_{database, account_.name, tally_}, group_changes_{database, publisher_},
      counters_{database}, seen_chats_{database}, dedupe_{database}, authors_{database},
      pending_{database}, kept_{database}, quarantine_{database} {
    if (account_.own.lid) { // resolving stores that the two are one person
        signal::resolve(database_, decryptor_, *account_.own.lid, account_.own.pn, clock_.now());
    }
}

Outcome Receiver::stanza(BytesView frame, TimePoint at) {
    store::Savepoint savepoint{database_};
    Outcome outcome = Outcome::other; // of what cannot be decoded
    if (const Result<const wire::Node*> root = roots_.read(frame)) {
        outcome = handle(route::header_of(**root), frame, at).outcome;
    } else {
        tally_.count(outcome);
    }
    savepoint.release();
    return outcome;
}

Handled Receiver::handle(const route::StanzaHeader& header, BytesView frame, TimePoint at) {
    clock_.set(at);
    now_ = {};
    running_kept_ = false; // an exception may have left them
    reading_ = nullptr;
    by_route(header, frame, at);
    tally_.count(now_.outcome);
    return std::move(now_);
}

void Receiver::became(Handled::What what, Outcome outcome) noexcept {
    now_.what = what;
    now_.outcome = outcome;
}

void Receiver::by_route(const route::StanzaHeader& header, BytesView frame, TimePoint at) {
    const route::Decision decision = route::decide(header, include_, account_.own);
    if (decision.route == route::Route::drop) {
        drop(header, decision.reason, at);
        return;
    }
    const bool is_message = decision.route != route::Route::not_message;
    if (!is_message && !is_group_notification(header)) {
        return;
    }
    const Result<const wire::Node*> stanza = decoder_.decode(frame);
    if (!stanza) {
        became(is_message ? Handled::What::unparsable : Handled::What::notification,
               Outcome::other);
    } else if (!is_message) {
        group_notification(**stanza, at);
    } else if (decision.route == route::Route::own_peer) {
        own_peer(**stanza, at);
    } else {
        group_message(**stanza, frame, at);
    }
}

void Receiver::drop(const route::StanzaHeader& header, route::DropReason reason, TimePoint at) {
    count_drop(reason, at);
    if (reason == route::DropReason::not_included && header.from) {
        seen_chats_.seen(header.from->to_string(), at);
    }
    now_.reason = reason;
    became(Handled::What::dropped, Outcome::dropped);
}

void Receiver::count_drop(route::DropReason reason, TimePoint at) {
    const std::string_view word = route::word(reason);
    tally_.dropped_for(word);
    counters_.add(word, at);
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
    if (sender->learnt) {
        learnt(*sender);
    }
    return Origin{from->chat.to_string(),
                  std::move(*sender),
                  std::string{header.id},
                  event_time(header, at),
                  content::push_name(header.notify),
                  from->from_me};
}

void Receiver::group_message(const wire::Node& stanza, BytesView frame, TimePoint at) {
    now_.origin = origin_of(stanza, at);
    if (!now_.origin) {
        became(Handled::What::nobody, Outcome::failed); // nobody to attribute it to
        return;
    }
    const Origin origin = *now_.origin;
    now_.resend = resend_count(stanza);
    now_.hidden = is_hidden(stanza);
    const bool known = publisher_.sent(origin.chat, person_of(origin.sender), origin.id);
    if (known && now_.resend == 0) {
        became(Handled::What::read, Outcome::duplicate);
    } else if (route::route_of_decoded(stanza) == route::Route::unavailable) {
        if (!known) {
            publisher_.gap(publisher_.gap_of(origin));
        }
        became(known ? Handled::What::read : Handled::What::unavailable,
               known ? Outcome::duplicate : Outcome::failed);
    } else {
        encrypted(stanza, frame, origin, known, at);
    }
}

void Receiver::encrypted(const wire::Node& stanza, BytesView frame, const Origin& origin,
                         bool known, TimePoint at) {
    reading_ = &origin;
    const Deciphered deciphered = decipherer_.group_stanza(
        stanza, origin.chat, origin.sender.address, own_devices(), origin.sent_at);
    reading_ = nullptr;
    if (deciphered.state == Deciphered::State::key_missing) {
        keep(origin, frame, at);
    }
    now_.error = deciphered.error;
    now_.foreign_version = deciphered.foreign_version;
    // Content that is stored already is not stored again; the resend was read for its key.
    became(known ? Handled::What::read : what_of(deciphered.state),
           known ? Outcome::duplicate : settle(origin, deciphered));
    if (deciphered.brought_key) {
        run_kept(origin.chat, origin.sender);
    }
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
        now_.read.push_back(origin);
    }
    return Outcome::decrypted;
}

Outcome Receiver::decoded(const DecodedMessage& message, TimePoint at) {
    clock_.set(at);
    now_ = {};
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

void Receiver::forget_group(std::string_view group) {
    decryptor_.forget_group(group);
    group_changes_.forget_group(group);
}

void Receiver::set_observer(std::function<void(const Origin&, BytesView)> observer) {
    observer_ = std::move(observer);
    decipherer_.set_observer(observer_ ? [this](BytesView plain) {
        if (reading_ != nullptr) {
            observer_(*reading_, plain);
        }
    } : std::function<void(BytesView)>{});
}

void Receiver::forget_kept(TimePoint now) {
    kept_.erase_before(now - store::kept_ciphertext_lifetime);
}

void Receiver::forget_old(TimePoint now) {
    forget_kept(now);
    dedupe_.erase_before(now - store::dedupe_lifetime);
    authors_.erase_before(now - store::author_lifetime);
    pending_.erase_before(now - store::pending_lifetime);
    quarantine_.erase_before(now - store::quarantine_lifetime);
}

} // namespace vestari::receive
