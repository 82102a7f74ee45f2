// What an archive says, as one digest: the same messages give the same digest, in whatever order and however often they came.
//
// Row ids, sealed bytes, the outbox's versions and deadlines are not part of it. Everything else is opened and sorted.
#include <algorithm>

#include <fmt/format.h>

#include "ingest/store/row/record.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::ingest {
namespace {

class Lines {
public:
    explicit Lines(State& state) : state_{state} {}

    // Every row of a query; its blobs are taken as they are, unless `open` says how to read one.
    template <class Open> void add(std::string_view kind, const char* sql, Open&& open) {
        Use rows = state_.db.use(sql);
        while (rows.step()) {
            std::string line{kind};
            for (int i = 0; i < rows.columns(); ++i) {
                const std::string name = rows.name(i);
                if (name.starts_with("row_")) {
                    continue; // only there to open the others
                }
                line += fmt::format("|{}={}", name,
                                    name.starts_with("sealed_") && !rows.is_null(i)
                                        ? to_hex(open(rows, i, name))
                                        : rows.printable(i));
            }
            lines_.push_back(std::move(line));
        }
    }

    std::string digest() {
        std::ranges::sort(lines_);
        crypto::Sha256 hash;
        for (const std::string& line : lines_) {
            hash.update(as_bytes(line));
            hash.update(as_bytes("\n"));
        }
        return to_hex(hash.finish());
    }

private:
    State& state_;
    std::vector<std::string> lines_;
};

} // namespace

std::string Archive::logical_hash() const {
    State& state = *state_;
    Lines lines{state};
    const auto by_row = [&state](const char* table) {
        return [&state, table](const Use& row, int column, const std::string& name) {
            return state.open(table, name.c_str(), row.integer(0), row.blob(column));
        };
    };
    const auto by_key = [&state](const char* table) {
        return [&state, table](const Use& row, int column, const std::string& name) {
            return to_bytes(state.open(table, name.c_str(), row.key(0), row.blob(column)));
        };
    };
    lines.add("include", "SELECT chat, sealed_jid, sealed_name, sealed_currency FROM include_list",
              by_key("include_list"));
    lines.add("alias", "SELECT pn, sealed_lid FROM alias", by_key("alias"));
    // An edit or revoke by somebody who may not is `held` (5) before its message comes and `flagged` (6) after it.
    lines.add("message",
              "SELECT name, author, sent_at, iif(outcome = 5, 6, outcome) AS outcome, revoked_at "
              "FROM message",
              by_row("message"));
    lines.add(
        "revision",
        "SELECT r.id AS row_id, m.name, m.author, r.said_at, r.edit, r.quotes, r.sealed_source "
        "FROM revision r JOIN message m ON m.id = r.message",
        by_row("revision"));
    lines.add(
        "sighting",
        "SELECT s.id AS row_id, m.name, m.author, r.edit, d.fingerprint, s.ordinal, s.state, "
        "s.chat, s.sender, s.seen_at, s.said_at, s.deal_date, s.parser, s.confidence, s.side, "
        "s.brand, s.reference, s.model, s.price_minor, s.currency, s.price_kind, "
        "s.price_max_minor, s.price_prev_minor, s.list_pct, s.settlement, s.condition, "
        "s.completeness, s.year, s.month, s.dial, s.bracelet, s.metal, s.qty, s.availability, "
        "s.sealed_details FROM sighting s JOIN message m ON m.id = s.message JOIN revision r ON "
        "r.id = s.revision JOIN deal d ON d.id = s.deal",
        by_row("sighting"));
    lines.add(
        "deal",
        "SELECT d.fingerprint, d.status, d.sightings, d.first_seen, d.last_seen, m.name, s.ordinal "
        "FROM deal d JOIN sighting s ON s.id = d.shown JOIN message m ON m.id = s.message",
        by_row("deal"));
    lines.add("held",
              "SELECT h.id AS row_id, h.target, h.author, h.said_at, h.sealed_envelope FROM held h "
              "WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.name = h.target)",
              by_row("held"));
    lines.add("outbox", "SELECT fingerprint, deleted FROM outbox", by_row("outbox"));
    return lines.digest();
}

} // namespace vestari::ingest
