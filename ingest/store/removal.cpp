// Deletion: the last part of query.hpp. What is gone is overwritten in the file (secure_delete) and the log is emptied.
#include <set>

#include "ingest/store/row/record.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest {
namespace {

std::vector<std::int64_t> numbers(Use rows) {
    std::vector<std::int64_t> values;
    while (rows.step()) {
        values.push_back(rows.integer(0));
    }
    return values;
}

// A message's words go with the last of its deals.
void drop_revisions_without_deals(Database& db, std::int64_t message) {
    Use left = db.use("SELECT 1 FROM sighting WHERE message = ? LIMIT 1");
    left.bind(message);
    if (!left.step()) {
        db.use("UPDATE revision SET sealed_source = NULL, quotes = NULL WHERE message = ?")
            .bind(message)
            .run();
    }
}

void remove(State& state, std::int64_t deal) {
    Use messages = state.db.use("SELECT DISTINCT message FROM sighting WHERE deal = ?");
    messages.bind(deal);
    const std::vector<std::int64_t> sources = numbers(std::move(messages));
    state.db
        .use("INSERT OR REPLACE INTO outbox(deal, version, deleted, fingerprint) "
             "SELECT id, ?, 1, fingerprint FROM deal WHERE id = ?")
        .bind(state.next_id(), deal)
        .run();
    state.db.use("DELETE FROM sighting WHERE deal = ?").bind(deal).run();
    state.db.use("DELETE FROM deal WHERE id = ?").bind(deal).run();
    for (const std::int64_t message : sources) {
        drop_revisions_without_deals(state.db, message);
    }
}

void empty_log(Database& db) {
    Use checkpoint = db.use("PRAGMA wal_checkpoint(TRUNCATE)");
    while (checkpoint.step()) {
    }
}

} // namespace

std::size_t delete_deals(Archive& archive, std::span<const DealId> ids) {
    State& state = archive.state();
    std::set<std::int64_t> deals;
    for (const DealId id : ids) {
        Bytes first;
        append_be64(first, id.value());
        Bytes last = first;
        first.resize(32, std::byte{0});
        last.resize(32, std::byte{0xff});
        Use found = state.db.use("SELECT id FROM deal WHERE fingerprint BETWEEN ? AND ?");
        found.bind(first, last);
        for (const std::int64_t deal : numbers(std::move(found))) {
            deals.insert(deal);
        }
    }
    in_transaction(state, [&] {
        for (const std::int64_t deal : deals) {
            remove(state, deal);
        }
    });
    empty_log(state.db);
    return deals.size();
}

std::size_t purge(Archive& archive) {
    State& state = archive.state();
    const std::vector<std::int64_t> deals = numbers(state.db.use("SELECT id FROM deal"));
    in_transaction(state, [&] {
        for (const std::int64_t deal : deals) {
            state.db
                .use("INSERT OR REPLACE INTO outbox(deal, version, deleted, fingerprint) "
                     "SELECT id, ?, 1, fingerprint FROM deal WHERE id = ?")
                .bind(state.next_id(), deal)
                .run();
        }
        state.db.script("DELETE FROM sighting; DELETE FROM deal; DELETE FROM held; "
                        "UPDATE revision SET sealed_source = NULL, quotes = NULL;");
    });
    empty_log(state.db);
    state.db.script("VACUUM");
    empty_log(state.db);
    return deals.size();
}

} // namespace vestari::ingest
