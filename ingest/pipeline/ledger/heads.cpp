// What a deal's row says of its records: the third part of ledger.hpp.
#include "ingest/pipeline/ledger/ledger.hpp"

#include <algorithm>
#include <tuple>

#include "vestari/base/check.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::ingest {

// What a deal's row says.
struct DealHead {
    DealStatus status;
    std::int64_t shown;
    std::int64_t sightings;
    std::int64_t first_seen;
    std::int64_t last_seen;
};

namespace {

// What decides which record stands for a deal.
struct Candidate {
    std::int64_t id;
    std::int64_t message;
    std::int64_t seen_at;
    RecordState state;
    bool sold;
    Key16 name;
    std::int64_t ordinal;
    auto order() const { return std::tie(seen_at, name, ordinal); }
};

DealStatus status_of(const std::vector<Candidate>& records) {
    const auto any = [&](auto test) { return std::ranges::any_of(records, test); };
    if (any([](const Candidate& r) { return r.state == RecordState::active && !r.sold; })) {
        return DealStatus::active;
    }
    if (any([](const Candidate& r) { return r.state == RecordState::closed; })) {
        return DealStatus::closed;
    }
    return records.front().state;
}

// Of all records the standing ones, else the withdrawn ones, else the superseded ones.
DealHead head_of(std::vector<Candidate> records) {
    const auto keep = [&records](auto test) {
        if (std::ranges::any_of(records, test)) {
            std::erase_if(records, [test](const Candidate& r) { return !test(r); });
            return true;
        }
        return false;
    };
    if (!keep([](const Candidate& r) { return stands(r.state); })) {
        keep([](const Candidate& r) { return r.state == RecordState::revoked; });
    }
    const Candidate& shown =
        *std::ranges::min_element(records, {}, [](const Candidate& r) { return r.order(); });
    std::set<std::int64_t> messages;
    DealHead head{status_of(records), shown.id, 0, shown.seen_at, shown.seen_at};
    for (const Candidate& record : records) {
        messages.insert(record.message);
        head.last_seen = std::max(head.last_seen, record.seen_at);
    }
    head.sightings = static_cast<std::int64_t>(messages.size());
    return head;
}

std::vector<Candidate> records_of(Database& db, std::int64_t deal) {
    std::vector<Candidate> records;
    Use rows =
        db.use("SELECT s.id, s.message, s.seen_at, s.state, s.side = 'sold', m.name, s.ordinal "
               "FROM sighting s JOIN message m ON m.id = s.message WHERE s.deal = ?");
    rows.bind(deal);
    while (rows.step()) {
        records.push_back({rows.integer(0), rows.integer(1), rows.integer(2),
                           read_state(rows.integer(3)), rows.integer(4) != 0, rows.key(5),
                           rows.integer(6)});
    }
    return records;
}

} // namespace

void Ledger::refresh_changed() {
    for (const std::int64_t deal : std::exchange(changed_, {})) {
        refresh(deal);
    }
}

void Ledger::refresh(std::int64_t deal) {
    crypto::Digest print{};
    {
        Use query = state_.db.use("SELECT fingerprint FROM deal WHERE id = ?");
        query.bind(deal);
        VESTARI_CHECK(query.step());
        std::ranges::copy(query.blob(0).first(print.size()), print.begin());
    }
    std::vector<Candidate> records = records_of(state_.db, deal);
    if (records.empty()) {
        state_.db.use("DELETE FROM deal WHERE id = ?").bind(deal).run();
        announce(deal, print, true);
        return;
    }
    write(deal, head_of(std::move(records)));
    announce(deal, print, false);
}

void Ledger::write(std::int64_t deal, const DealHead& head) {
    state_.db
        .use("UPDATE deal SET status = ?, shown = ?, sightings = ?, first_seen = ?, last_seen = ? "
             "WHERE id = ?")
        .bind(static_cast<int>(head.status), head.shown, head.sightings, head.first_seen,
              head.last_seen, deal)
        .run();
}

bool Ledger::joins_plainly(const Record& record, const Key16& message_name) {
    DealHead head{};
    Candidate shown{};
    {
        Use query = state_.db.use(
            "SELECT d.shown, d.sightings, d.first_seen, d.last_seen, s.seen_at, m.name, s.ordinal, "
            "(SELECT count(*) FROM sighting WHERE message = ? AND deal = d.id) "
            "FROM deal d JOIN sighting s ON s.id = d.shown JOIN message m ON m.id = s.message "
            "WHERE d.id = ?");
        query.bind(record.message, record.deal);
        VESTARI_CHECK(query.step());
        if (query.integer(7) != 1) {
            return false; // the same message names it twice
        }
        head = {DealStatus::active, query.integer(0), query.integer(1), query.integer(2),
                query.integer(3)};
        shown = {head.shown, 0, query.integer(4), {}, false, query.key(5), query.integer(6)};
    }
    const Candidate added{record.id,     record.message, to_number(record.seen_at),
                          record.state,  false,          message_name,
                          record.ordinal};
    if (added.order() < shown.order()) {
        head.shown = added.id;
        head.first_seen = added.seen_at;
    }
    head.last_seen = std::max(head.last_seen, added.seen_at);
    ++head.sightings;
    write(record.deal, head);
    return true;
}

void Ledger::announce(std::int64_t deal, BytesView fingerprint, bool deleted) {
    state_.db
        .use(
            "INSERT OR REPLACE INTO outbox(deal, version, deleted, fingerprint) VALUES(?, ?, ?, ?)")
        .bind(deal, state_.next_id(), deleted ? 1 : 0, fingerprint)
        .run();
}

} // namespace vestari::ingest
