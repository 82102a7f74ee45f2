#include "tests/sim/accounts/mailbox.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t remembered = 64;

std::string key(std::string_view tag, std::string_view id, std::string_view chat,
                std::string_view participant) {
    return fmt::format("{} {} {} {}", tag, id, chat, participant);
}

std::string key_of_inbound(const Stanza& stanza) {
    return key(stanza.tag, text_of(stanza, "id"), text_of(stanza, "from"),
               text_of(stanza, "participant"));
}

std::string key_of_answer(std::string_view tag, const Stanza& answer) {
    return key(tag, text_of(answer, "id"), text_of(answer, "to"), text_of(answer, "participant"));
}

bool is_sealed(const Stanza& message) { return child(message, "enc") != nullptr; }

// A bare ack clears these; of the rest it is not proven (wire/10-connection.md section 11.4).
bool is_cleared_by_any_ack(const Stanza& message) {
    const std::string from = text_of(message, "from");
    return !is_sealed(message) || from.ends_with("@broadcast") || from.ends_with("@newsletter") ||
           from.ends_with("@bot");
}

} // namespace

void Mailbox::put(Stanza stanza) {
    parcels_.push_back({.number = ++numbered_,
                        .stanza = std::move(stanza),
                        .connection = 0,
                        .deliveries = 0,
                        .delivered_at = {},
                        .retry_asked = false});
}

Parcel* Mailbox::next(std::uint64_t connection) {
    const auto found = std::ranges::find_if(
        parcels_, [connection](const Parcel& p) { return p.connection != connection; });
    return found == parcels_.end() ? nullptr : &*found;
}

void Mailbox::delivered(Parcel& parcel, std::uint64_t connection, Instant now) {
    parcel.connection = connection;
    parcel.delivered_at = now;
    ++parcel.deliveries;
    seen_[key_of_inbound(parcel.stanza)] = text_of(parcel.stanza, "type");
}

bool Mailbox::reorder(std::uint64_t connection) {
    const auto first = std::ranges::find_if(
        parcels_, [connection](const Parcel& p) { return p.connection != connection; });
    if (first == parcels_.end() || std::next(first) == parcels_.end()) {
        return false;
    }
    const auto second = std::next(first);
    const auto author = [](const Parcel& p) {
        return text_of(p.stanza, "from") + ' ' + text_of(p.stanza, "participant");
    };
    if (second->connection == connection || author(*first) == author(*second)) {
        return false;
    }
    std::swap(first->number, second->number);
    std::iter_swap(first, second);
    return true;
}

Mailbox::Cleared Mailbox::ack(const Stanza& ack, bool plain_acks_clear) {
    const std::string wanted = key_of_answer(text_of(ack, "class"), ack);
    const auto found = std::ranges::find_if(parcels_, [&](const Parcel& p) {
        return p.deliveries > 0 && key_of_inbound(p.stanza) == wanted;
    });
    if (found == parcels_.end()) {
        return Cleared::no_such;
    }
    const Stanza& stanza = found->stanza;
    const bool own = has(stanza, "recipient");
    const bool enough = stanza.tag != "message" || has(ack, "error") || found->retry_asked ||
                        is_cleared_by_any_ack(stanza) || (plain_acks_clear && !own);
    if (!enough) {
        return Cleared::not_by_this;
    }
    clear(found);
    return Cleared::yes;
}

Mailbox::Cleared Mailbox::receipt(const Stanza& receipt) {
    const std::string type = text_of(receipt, "type");
    const std::string id = text_of(receipt, "id");
    const std::string wanted = key_of_answer("message", receipt);
    const bool peer = type == "peer_msg";
    const auto found = std::ranges::find_if(parcels_, [&](const Parcel& p) {
        if (p.deliveries == 0 || p.stanza.tag != "message") {
            return false;
        }
        return peer ? text_of(p.stanza, "category") == "peer" && text_of(p.stanza, "id") == id
                    : key_of_inbound(p.stanza) == wanted;
    });
    if (found == parcels_.end()) {
        return Cleared::no_such;
    }
    if (type == "retry") {
        found->retry_asked = true;
        return Cleared::not_by_this;
    }
    if (type == "hist_sync" || type == "server-error") {
        return Cleared::not_by_this;
    }
    clear(found);
    return Cleared::yes;
}

void Mailbox::clear(Place parcel) {
    lately_.push_back(std::move(parcel->stanza));
    if (lately_.size() > remembered) {
        lately_.pop_front();
    }
    parcels_.erase(parcel);
}

std::size_t Mailbox::revive() {
    const std::size_t count = lately_.size();
    while (!lately_.empty()) {
        parcels_.push_front({.number = 0,
                             .stanza = std::move(lately_.back()),
                             .connection = 0,
                             .deliveries = 1,
                             .delivered_at = {},
                             .retry_asked = false});
        lately_.pop_back();
    }
    return count;
}

std::optional<std::string> Mailbox::delivered_type(std::string_view tag,
                                                   const Stanza& answer) const {
    const auto found = seen_.find(key_of_answer(tag, answer));
    return found == seen_.end() ? std::nullopt : std::optional{found->second};
}

std::size_t Mailbox::undelivered() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(parcels_, [](const Parcel& p) { return p.deliveries == 0; }));
}

std::size_t Mailbox::uncleared() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(parcels_, [](const Parcel& p) { return p.deliveries > 0; }));
}

const Parcel* Mailbox::overdue(Instant before) const {
    const auto found = std::ranges::find_if(parcels_, [before](const Parcel& p) {
        return p.deliveries > 0 && p.connection != 0 && p.delivered_at < before;
    });
    return found == parcels_.end() ? nullptr : &*found;
}

} // namespace vestari::sim
