#include "ingest/pipeline/intake.hpp"

#include <algorithm>

namespace vestari::ingest {
namespace {

bool carries_words(event::Kind kind) {
    return kind == event::Kind::text || kind == event::Kind::image || kind == event::Kind::video ||
           kind == event::Kind::document;
}

bool changes_another(event::Kind kind) {
    return kind == event::Kind::edit || kind == event::Kind::revoke;
}

} // namespace

Intake::Intake(Archive& archive, const Clock& clock, PipelineOptions options)
    : archive_{archive}, state_{archive.state()}, clock_{clock}, options_{options},
      ledger_{archive.state()} {}

Accepted Intake::take(const event::Envelope& envelope) {
    if (options_.chats == Chats::included && !group(envelope.chat)) {
        return {Outcome::excluded, {}};
    }
    const Author author = author_of(envelope.sender);
    const Key16 name = state_.message_name(envelope.chat, envelope.id);
    const bool gap = envelope.kind == event::Kind::gap;
    bool read_at_last = false;
    for (const Known& known : known_as(name)) {
        const bool unread = known.outcome == Outcome::gap;
        read_at_last = read_at_last || unread;
        if (gap || (!unread && wrote(author, envelope, envelope.id, known.row.author))) {
            return {Outcome::duplicate, {}};
        }
    }
    if (read_at_last) {
        state_.db.use("DELETE FROM message WHERE name = ? AND outcome = ?")
            .bind(name, static_cast<int>(Outcome::gap))
            .run();
    }
    if (gap) {
        remember(envelope, name, author, Outcome::gap);
        return {Outcome::gap, {}};
    }
    if (changes_another(envelope.kind)) {
        return take_change(envelope, remember(envelope, name, author, Outcome::service), author);
    }
    return take_words(envelope, name, author);
}

Accepted Intake::take_words(const event::Envelope& envelope, const Key16& name,
                            const Author& author) {
    Reading reading;
    Accepted accepted{Outcome::service, {}};
    if (carries_words(envelope.kind)) {
        reading =
            read(envelope, author, envelope.id, envelope.sent_at, parser::MessageEvent::fresh);
        accepted.outcome = reading.deals.empty() ? Outcome::chatter : Outcome::deals;
    }
    const MessageRow row = remember(envelope, name, author, accepted.outcome);
    if (!reading.deals.empty()) {
        accepted.deals =
            ledger_.add(row, {envelope.sent_at, std::nullopt}, state_.chat_key(envelope.chat),
                        state_.sender_key(author.name), std::move(reading));
    }
    if (something_held()) {
        apply_held(row, accepted);
    }
    return accepted;
}

Reading Intake::read(const event::Envelope& envelope, const Author& author, const std::string& id,
                     TimePoint sent_at, parser::MessageEvent event) {
    const std::optional<GroupEntry>& known = group(envelope.chat);
    return read_message(state_, envelope,
                        {.group = known ? &*known : nullptr,
                         .account_currency = options_.default_currency,
                         .sender = author.pn.empty() ? author.lid : author.pn,
                         .sender_lid = author.lid,
                         .message_id = id,
                         .sent_at = sent_at,
                         .event = event});
}

Intake::Author Intake::author_of(const event::Person& person) {
    Author author{.name = {}, .pn = person.pn, .lid = person.lid};
    if (!author.pn.empty() && author.lid.empty()) {
        author.lid = state_.lid_of(author.pn);
    } else if (!author.pn.empty() && state_.lid_of(author.pn) != author.lid) {
        state_.remember_lid(author.pn, author.lid);
        ledger_.rename_sender(state_.sender_key(author.pn), state_.sender_key(author.lid));
    }
    author.name = author.lid.empty() ? author.pn : author.lid;
    return author;
}

bool Intake::wrote(const Author& author, const event::Envelope& envelope, std::string_view id,
                   const Key16& tag) const {
    const auto is = [&](const std::string& name) {
        return state_.author_tag(envelope.chat, id, name) == tag;
    };
    // Nobody's name is a name here too: what the group itself says, such as its new subject, has no author and comes again.
    return is(author.name) || (!author.pn.empty() && author.pn != author.name && is(author.pn));
}

std::vector<Intake::Known> Intake::known_as(const Key16& name) {
    std::vector<Known> rows;
    Use query = state_.db.use(
        "SELECT id, author, sent_at, outcome, revoked_at FROM message WHERE name = ?");
    query.bind(name);
    while (query.step()) {
        MessageRow row{query.integer(0), name, query.key(1), to_time(query.integer(2)), {}};
        if (!query.is_null(4)) {
            row.revoked_at = to_time(query.integer(4));
        }
        rows.push_back({row, static_cast<Outcome>(query.integer(3))});
    }
    return rows;
}

MessageRow Intake::remember(const event::Envelope& envelope, const Key16& name,
                            const Author& author, Outcome outcome) {
    const MessageRow row{state_.next_id(), name,
                         state_.author_tag(envelope.chat, envelope.id, author.name),
                         envelope.sent_at, std::nullopt};
    state_.db.use("INSERT INTO message VALUES(?, ?, ?, ?, ?, NULL)")
        .bind(row.id, row.name, row.author, to_number(row.sent_at), static_cast<int>(outcome))
        .run();
    return row;
}

void Intake::set_outcome(std::int64_t message, Outcome outcome) {
    state_.db.use("UPDATE message SET outcome = ? WHERE id = ?")
        .bind(static_cast<int>(outcome), message)
        .run();
}

const std::optional<GroupEntry>& Intake::group(const std::string& jid) {
    const auto known = groups_.find(jid);
    return known != groups_.end() ? known->second
                                  : groups_.emplace(jid, archive_.group(jid)).first->second;
}

void Intake::take(const event::Group& group_seen) {
    const std::optional<GroupEntry> before = archive_.group(group_seen.jid);
    if (!before && (options_.groups == GroupsFromStream::refresh || !group_seen.included)) {
        return;
    }
    GroupEntry entry = before.value_or(GroupEntry{group_seen.jid, {}, std::nullopt});
    if (!group_seen.name.empty()) {
        entry.name = group_seen.name;
    }
    const std::optional<Currency> told = Currency::parse(group_seen.currency);
    if (!entry.currency) { // what the operator gave stays
        entry.currency = told;
    }
    if (entry != before) {
        archive_.include(entry);
    }
    if (told && options_.groups == GroupsFromStream::adopt) {
        entry.currency =
            told; // a fixture's words are read as its own header says, whatever another one said before
    }
    groups_.insert_or_assign(group_seen.jid, entry);
}

bool Intake::something_held() {
    if (!held_) {
        held_ = state_.db.number("SELECT EXISTS(SELECT 1 FROM held)") != 0;
    }
    return *held_;
}

void Intake::forget() noexcept {
    held_.reset();
    groups_.clear();
    ledger_.forget();
}

} // namespace vestari::ingest
