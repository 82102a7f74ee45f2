#include "ingest/pipeline/ledger/ledger.hpp"

#include <algorithm>
#include <tuple>

#include "vestari/base/check.hpp"
#include "vestari/crypto/fingerprint.hpp"

namespace vestari::ingest {
namespace {

crypto::Digest fingerprint_of(const State& state, const parser::Deal& facts,
                              std::chrono::sys_days date) {
    crypto::DealIdentity identity{.brand = facts.brand,
                                  .reference = facts.reference,
                                  .model = facts.model,
                                  .price = std::nullopt,
                                  .side = to_string(facts.side),
                                  .date = date};
    if (facts.price) {
        const parser::PriceKind kind = facts.price_kind.value_or(parser::PriceKind::ask);
        identity.price =
            crypto::DealPrice{to_string(kind), facts.price->minor, facts.price->currency.code()};
    }
    return crypto::fingerprint(state.keys.newest<crypto::FingerprintKey>(), identity);
}

// What tells the revisions of a message apart: the edit's id, and behind it the number of a later reading.
Bytes revision_key(const RevisionRow& revision) {
    Bytes key;
    if (revision.edit) {
        key.assign(revision.edit->begin(), revision.edit->end());
    }
    for (int shift = 24; revision.rereading != 0 && shift >= 0; shift -= 8) {
        key.push_back(static_cast<std::byte>(revision.rereading >> shift & 0xffU));
    }
    return key;
}

// A duplicate has no row among the deals; its id only tells it apart from others.
DealId duplicate_id(const State& state, const MessageRow& message, const RevisionRow& revision,
                    int ordinal) {
    const auto position = static_cast<std::byte>(ordinal & 0xff);
    const auto page = static_cast<std::byte>((ordinal >> 8) & 0xff);
    const std::array<std::byte, 2> place{page, position};
    const crypto::Digest digest =
        state.blind.of("record", {BytesView{message.name}, BytesView{message.author},
                                  revision_key(revision), BytesView{place}});
    return DealId{read_be<8>(digest)};
}

StoredDeal as_stored(const Record& record, ReadDeal read, const Source& source) {
    StoredDeal deal;
    deal.facts = std::move(read.facts);
    deal.facts.location = std::move(read.details.location);
    deal.facts.notes = std::move(read.details.notes);
    deal.facts.alt_prices = std::move(read.details.alt_prices);
    deal.provenance = std::move(read.details.provenance);
    deal.deal_date = record.deal_date;
    deal.status = record.state;
    deal.first_seen = record.seen_at;
    deal.last_seen = record.seen_at;
    deal.source = source;
    deal.parser_version = std::string{parser::parser_version};
    return deal;
}

} // namespace

std::vector<StoredDeal> Ledger::add(const MessageRow& message, const RevisionRow& revision,
                                    const Key16& chat, const Key16& sender, Reading reading) {
    if (message.revoked_at) {
        reading.source.text.clear();
        reading.source.quoted.clear();
    }
    const std::int64_t id = insert_revision(message, revision, reading);
    RecordState state = message.revoked_at ? RecordState::revoked : RecordState::active;
    if (revision.edit || revision.rereading != 0) {
        settle(message);
        refresh_changed();
        if (newest_revision(message.id) != id) {
            state = RecordState::edited;
        }
    }
    std::vector<StoredDeal> deals;
    for (ReadDeal& read : reading.deals) {
        if (message.revoked_at) {
            read.details.notes.clear();
        }
        const Record record{.id = state_.next_id(),
                            .message = message.id,
                            .revision = id,
                            .ordinal = static_cast<int>(deals.size()),
                            .state = state,
                            .chat = chat,
                            .sender = sender,
                            .seen_at = message.sent_at,
                            .said_at = revision.said_at,
                            .deal_date = std::chrono::floor<std::chrono::days>(message.sent_at)};
        deals.push_back(add_record(record, revision, message, std::move(read), reading.source));
    }
    refresh_changed();
    return deals;
}

StoredDeal Ledger::add_record(Record record, const RevisionRow& revision, const MessageRow& message,
                              ReadDeal read, const Source& source) {
    const crypto::Digest print = fingerprint_of(state_, read.facts, record.deal_date);
    std::optional<DealStatus> before;
    {
        Use known = state_.db.use("SELECT id, status FROM deal WHERE fingerprint = ?");
        known.bind(print);
        if (known.step()) {
            record.deal = known.integer(0);
            before = read_state(known.integer(1));
        }
    }
    const bool sell = read.facts.side == parser::Side::sell;
    if (record.state == RecordState::active && sell && is_closed(record, read.facts)) {
        record.state = RecordState::closed;
    }
    if (!before) {
        record.deal = state_.next_id();
        state_.db.use("INSERT INTO deal VALUES(?, ?, ?, ?, 1, ?, ?)")
            .bind(record.deal, print, static_cast<int>(record.state), record.id,
                  to_number(record.seen_at), to_number(record.seen_at))
            .run();
        announce(record.deal, print, false);
    }
    insert(state_, record, read.facts, read.details);
    if (before) {
        const bool plain = stands(*before) && record.state == RecordState::active &&
                           read.facts.side != parser::Side::sold && !changed_.contains(record.deal);
        if (plain && joins_plainly(record, message.name)) {
            announce(record.deal, print, false);
        } else {
            changed_.insert(record.deal);
        }
    }
    if (record.state == RecordState::active && read.facts.side == parser::Side::sold) {
        close_offers({record.sender, read.facts.reference, read.facts.model});
    }
    StoredDeal deal = as_stored(record, std::move(read), source);
    deal.id = DealId{read_be<8>(print)};
    if (before && stands(*before)) {
        deal.duplicate_of = deal.id;
        deal.id = duplicate_id(state_, message, revision, record.ordinal);
    }
    return deal;
}

std::int64_t Ledger::insert_revision(const MessageRow& message, const RevisionRow& revision,
                                     const Reading& reading) {
    const std::int64_t id = state_.next_id();
    std::optional<Bytes> source;
    if (!reading.deals.empty() || revision.rereading != 0) { // a next reading needs the words
        source = state_.seal("revision", "sealed_source", id, encode(reading.source));
    }
    state_.db.use("INSERT INTO revision VALUES(?, ?, ?, ?, ?, ?)")
        .bind(id, message.id, to_number(revision.said_at), revision_key(revision), reading.quotes,
              source)
        .run();
    return id;
}

std::int64_t Ledger::newest_revision(std::int64_t message) {
    Use query = state_.db.use("SELECT id FROM revision WHERE message = ? "
                              "ORDER BY length(edit) >= 16 DESC, said_at DESC, edit DESC LIMIT 1");
    query.bind(message);
    return query.step() ? query.integer(0) : 0;
}

// Gives every record of the message the state that its revision and a revoke ask for.
void Ledger::settle(const MessageRow& message) {
    struct Row {
        std::int64_t id, deal;
        RecordState state, wanted;
        bool sold;
        Watch watch;
    };
    const std::int64_t newest = newest_revision(message.id);
    std::vector<Row> rows;
    {
        Use query =
            state_.db.use("SELECT id, deal, revision, state, side = 'sold', sender, reference, "
                          "model FROM sighting WHERE message = ?");
        query.bind(message.id);
        while (query.step()) {
            const RecordState now = read_state(query.integer(3));
            RecordState wanted = stands(now) ? now : RecordState::active;
            if (query.integer(2) != newest) {
                wanted = RecordState::edited;
            } else if (message.revoked_at) {
                wanted = RecordState::revoked;
            }
            rows.push_back({query.integer(0), query.integer(1), now, wanted, query.integer(4) != 0,
                            read_watch(query, 5)});
        }
    }
    for (const Row& row : rows) {
        if (row.state == row.wanted) {
            continue;
        }
        state_.db.use("UPDATE sighting SET state = ? WHERE id = ?")
            .bind(static_cast<int>(row.wanted), row.id)
            .run();
        changed_.insert(row.deal);
        if (row.sold) {
            close_offers(row.watch);
        }
    }
}

void Ledger::withdraw(const MessageRow& message) {
    wipe_words(message);
    settle(message);
    {
        Use rows = state_.db.use("SELECT deal FROM sighting WHERE message = ?");
        rows.bind(message.id);
        while (rows.step()) {
            changed_.insert(rows.integer(0));
        }
    }
    refresh_changed();
}

} // namespace vestari::ingest
