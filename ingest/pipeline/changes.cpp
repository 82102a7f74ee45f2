// Edits and revokes: the second half of intake.hpp.
#include "ingest/pipeline/intake.hpp"

#include <algorithm>

#include "vestari/event/codec.hpp"

namespace vestari::ingest {
namespace {

constexpr std::size_t frame_length_bytes = 4;

// Without its place in the spool: the same message delivered anew seals the same words.
Bytes encode_envelope(event::Envelope envelope) {
    envelope.sequence = 0;
    Bytes frame = event::encode(event::Frame{std::move(envelope)});
    frame.erase(frame.begin(), frame.begin() + frame_length_bytes);
    return frame;
}

event::Envelope decode_envelope(BytesView plain) {
    Result<event::Frame> frame = event::decode(plain);
    if (!frame || !std::holds_alternative<event::Envelope>(*frame)) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return std::get<event::Envelope>(std::move(*frame));
}

} // namespace

Accepted Intake::take_change(const event::Envelope& envelope, const MessageRow& own,
                             const Author& author) {
    std::vector<Known> targets = known_as(state_.message_name(envelope.chat, envelope.target));
    std::erase_if(targets, [&](const Known& known) {
        return known.outcome == Outcome::gap || known.row.id == own.id;
    });
    if (targets.empty()) {
        hold(envelope, own, author);
        return {Outcome::held, {}};
    }
    const auto theirs = std::ranges::find_if(targets, [&](const Known& known) {
        return wrote(author, envelope, envelope.target, known.row.author);
    });
    Accepted accepted{Outcome::flagged, {}};
    if (theirs != targets.end()) {
        accepted = apply(envelope, theirs->row, author);
    } else if (envelope.kind == event::Kind::revoke && envelope.sender_is_admin) {
        for (const Known& target : targets) {
            accepted = apply(envelope, target.row, author);
        }
    }
    set_outcome(own.id, accepted.outcome);
    return accepted;
}

Accepted Intake::apply(const event::Envelope& change, MessageRow target, const Author& author) {
    if (change.kind == event::Kind::edit) {
        return apply_edit(change, target, author);
    }
    apply_revoke(change, target);
    return {Outcome::revoked, {}};
}

Accepted Intake::apply_edit(const event::Envelope& edit, const MessageRow& target,
                            const Author& author) {
    const TimePoint at = edit.edited_at.value_or(edit.sent_at);
    if (target.revoked_at && at > *target.revoked_at) {
        return {Outcome::edited, {}}; // a revoke ends all later edits
    }
    Reading reading = read(edit, author, edit.target, target.sent_at, parser::MessageEvent::edit);
    if (!reading.deals.empty()) {
        set_outcome(target.id, Outcome::deals);
    }
    return {Outcome::edited, ledger_.add(target, {at, state_.message_name(edit.chat, edit.id)},
                                         state_.chat_key(edit.chat), state_.sender_key(author.name),
                                         std::move(reading))};
}

void Intake::apply_revoke(const event::Envelope& revoke, MessageRow target) {
    target.revoked_at = std::min(revoke.sent_at, target.revoked_at.value_or(revoke.sent_at));
    state_.db.use("UPDATE message SET revoked_at = ? WHERE id = ?")
        .bind(to_number(*target.revoked_at), target.id)
        .run();
    ledger_.withdraw(target);
}

void Intake::hold(const event::Envelope& change, const MessageRow& own, const Author& author) {
    const std::int64_t id = state_.next_id();
    const auto tag = [&](const std::string& name) {
        return state_.author_tag(change.chat, change.target, name);
    };
    const Bytes sealed = state_.seal("held", "sealed_envelope", id, encode_envelope(change));
    state_.db.use("INSERT INTO held VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id, state_.message_name(change.chat, change.target), tag(author.name),
              tag(author.pn.empty() ? author.name : author.pn), own.id,
              to_number(change.edited_at.value_or(change.sent_at)),
              to_number(clock_.now() + options_.held_for), sealed)
        .run();
    set_outcome(own.id, Outcome::held);
    held_ = true;
}

// What came before its message is applied now, in the order in which it was said. What somebody else sent stays: the message
// that it is about may still come.
void Intake::apply_held(const MessageRow& row, Accepted& accepted) {
    struct Held {
        std::int64_t id;
        std::int64_t message;
        bool same_author;
        Bytes sealed;
    };
    std::vector<Held> waiting;
    {
        Use rows = state_.db.use("SELECT id, message, author, author_pn, sealed_envelope FROM held "
                                 "WHERE target = ? ORDER BY said_at, id");
        rows.bind(row.name);
        while (rows.step()) {
            waiting.push_back({rows.integer(0), rows.integer(1),
                               rows.key(2) == row.author || rows.key(3) == row.author,
                               to_bytes(rows.blob(4))});
        }
    }
    for (const Held& held : waiting) {
        const event::Envelope change =
            decode_envelope(state_.open("held", "sealed_envelope", held.id, held.sealed));
        if (!held.same_author && !(change.kind == event::Kind::revoke && change.sender_is_admin)) {
            continue;
        }
        const std::vector<Known> now = known_as(row.name); // an earlier one may have changed it
        const auto target =
            std::ranges::find_if(now, [&](const Known& k) { return k.row.id == row.id; });
        Accepted applied = apply(change, target->row, author_of(change.sender));
        std::ranges::move(applied.deals, std::back_inserter(accepted.deals));
        set_outcome(held.message, applied.outcome);
        state_.db.use("DELETE FROM held WHERE id = ?").bind(held.id).run();
    }
}

void Intake::drop_held(TimePoint now) {
    state_.db.use("DELETE FROM held WHERE until <= ?").bind(to_number(now)).run();
}

} // namespace vestari::ingest
