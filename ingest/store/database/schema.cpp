#include "ingest/store/database/schema.hpp"

#include <fmt/format.h>

namespace vestari::ingest {
namespace {

constexpr const char* version_1 = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES('next_id', 1);

CREATE TABLE account(
    id BLOB PRIMARY KEY, name TEXT NOT NULL, salt BLOB NOT NULL, master_id TEXT NOT NULL,
    created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE account_key(
    purpose INTEGER NOT NULL, version INTEGER NOT NULL, wrapped BLOB NOT NULL,
    PRIMARY KEY(purpose, version)) WITHOUT ROWID;
CREATE TABLE seal_count(
    purpose INTEGER NOT NULL, version INTEGER NOT NULL, reserved INTEGER NOT NULL,
    PRIMARY KEY(purpose, version)) WITHOUT ROWID;

CREATE TABLE include_list(
    chat BLOB PRIMARY KEY, sealed_jid BLOB NOT NULL, sealed_name BLOB NOT NULL,
    sealed_currency BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE alias(pn BLOB PRIMARY KEY, sealed_lid BLOB NOT NULL) WITHOUT ROWID;

CREATE TABLE message(
    id INTEGER PRIMARY KEY, name BLOB NOT NULL, author BLOB NOT NULL, sent_at INTEGER NOT NULL,
    outcome INTEGER NOT NULL, revoked_at INTEGER, UNIQUE(name, author));

CREATE TABLE revision(
    id INTEGER PRIMARY KEY, message INTEGER NOT NULL, said_at INTEGER NOT NULL, edit BLOB NOT NULL,
    quotes BLOB, sealed_source BLOB);
CREATE INDEX revision_message ON revision(message);
CREATE INDEX revision_quotes ON revision(quotes) WHERE quotes IS NOT NULL;

CREATE TABLE sighting(
    id INTEGER PRIMARY KEY, deal INTEGER NOT NULL, message INTEGER NOT NULL,
    revision INTEGER NOT NULL, ordinal INTEGER NOT NULL, state INTEGER NOT NULL,
    chat BLOB NOT NULL, sender BLOB NOT NULL, seen_at INTEGER NOT NULL, said_at INTEGER NOT NULL,
    deal_date TEXT NOT NULL, parser TEXT NOT NULL, confidence REAL NOT NULL,
    side TEXT NOT NULL, brand TEXT NOT NULL COLLATE NOCASE, reference TEXT COLLATE NOCASE,
    model TEXT, price_minor INTEGER, currency TEXT, price_kind TEXT, price_max_minor INTEGER,
    price_prev_minor INTEGER, list_pct REAL, settlement TEXT, condition TEXT, completeness TEXT,
    year INTEGER, month INTEGER, dial TEXT, bracelet TEXT, metal TEXT, qty INTEGER NOT NULL,
    availability TEXT, sealed_details BLOB NOT NULL);
CREATE INDEX sighting_deal ON sighting(deal);
CREATE INDEX sighting_message ON sighting(message);
CREATE INDEX sighting_reference ON sighting(reference);
CREATE INDEX sighting_offers ON sighting(sender, reference, model) WHERE side = 'sell';
CREATE INDEX sighting_sold ON sighting(sender, reference, model) WHERE side = 'sold';

CREATE TABLE deal(
    id INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL UNIQUE, status INTEGER NOT NULL,
    shown INTEGER NOT NULL, sightings INTEGER NOT NULL, first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL);
CREATE INDEX deal_last_seen ON deal(last_seen);

CREATE TABLE held(
    id INTEGER PRIMARY KEY, target BLOB NOT NULL, author BLOB NOT NULL, author_pn BLOB NOT NULL,
    message INTEGER NOT NULL, said_at INTEGER NOT NULL, until INTEGER NOT NULL,
    sealed_envelope BLOB NOT NULL);
CREATE INDEX held_target ON held(target);

CREATE TABLE outbox(
    deal INTEGER PRIMARY KEY, version INTEGER NOT NULL, deleted INTEGER NOT NULL,
    fingerprint BLOB NOT NULL);
)";

// Step i brings schema i to schema i + 1.
constexpr const char* steps[] = {version_1};
static_assert(std::size(steps) == newest_schema);

} // namespace

Result<SchemaState> inspect(Database& db) {
    const std::int64_t version = db.number("PRAGMA user_version");
    const std::int64_t application = db.number("PRAGMA application_id");
    if (application != application_id) {
        const bool nothing_in_it = application == 0 && version == 0 &&
                                   db.number("SELECT count(*) FROM sqlite_schema") == 0;
        if (!nothing_in_it) {
            return ArchiveErrc::not_an_archive;
        }
        return SchemaState::empty;
    }
    if (version > newest_schema) {
        return ArchiveErrc::newer_schema;
    }
    return SchemaState::ours;
}

void migrate(Database& db) {
    const std::int64_t from = db.number("PRAGMA user_version");
    if (from == newest_schema) {
        return;
    }
    for (std::int64_t version = from; version < newest_schema; ++version) {
        db.script(steps[version]);
    }
    db.script(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id,
                          newest_schema)
                  .c_str());
}

} // namespace vestari::ingest
