// Which offers a sold record closes, and what a revoke takes away: the second part of ledger.hpp.
#include "ingest/pipeline/ledger/ledger.hpp"

namespace vestari::ingest {
namespace {

// What tells two watches of one reference apart, where a message says it.
struct Attributes {
    std::optional<std::int64_t> year;
    std::optional<std::string> dial;
    std::optional<std::string> bracelet;
    std::optional<std::string> metal;

    bool could_be(const Attributes& other) const {
        const auto agree = [](const auto& a, const auto& b) { return !a || !b || *a == *b; };
        return agree(year, other.year) && agree(dial, other.dial) &&
               agree(bracelet, other.bracelet) && agree(metal, other.metal);
    }
};

std::optional<std::string> text_or_none(const Use& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.text(column)};
}

Attributes read_attributes(const Use& row, int first) {
    return {.year = row.is_null(first) ? std::nullopt : std::optional{row.integer(first)},
            .dial = text_or_none(row, first + 1),
            .bracelet = text_or_none(row, first + 2),
            .metal = text_or_none(row, first + 3)};
}

} // namespace

struct Ledger::Sold {
    std::int64_t message;
    std::int64_t said_at;
    Attributes attributes;

    // A list's own sold line says nothing about its other lines.
    bool closes(std::int64_t offer_message, std::int64_t seen_at, const Attributes& offer) const {
        return message != offer_message && said_at >= seen_at && attributes.could_be(offer);
    }
};

Watch read_watch(const Use& row, int first) {
    return {row.key(first), text_or_none(row, first + 1), text_or_none(row, first + 2)};
}

std::vector<Ledger::Sold> Ledger::sold_records(const Watch& watch) {
    std::vector<Sold> sold;
    Use rows = state_.db.use("SELECT message, said_at, year, dial, bracelet, metal FROM sighting "
                             "INDEXED BY sighting_sold WHERE side = 'sold' AND sender = ? AND "
                             "reference IS ? AND model IS ? AND state = 0");
    rows.bind(watch.sender, watch.reference, watch.model);
    while (rows.step()) {
        sold.push_back({rows.integer(0), rows.integer(1), read_attributes(rows, 2)});
    }
    return sold;
}

bool Ledger::is_closed(const Record& offer, const parser::Deal& facts) {
    const std::vector<Sold> sold = sold_records({offer.sender, facts.reference, facts.model});
    if (sold.empty()) {
        return false;
    }
    const auto word = [](const auto& value) {
        return value ? std::optional{std::string{to_string(*value)}} : std::nullopt;
    };
    const Attributes attributes{facts.year, facts.dial, word(facts.bracelet), word(facts.metal)};
    return std::ranges::any_of(sold, [&](const Sold& one) {
        return one.closes(offer.message, to_number(offer.seen_at), attributes);
    });
}

void Ledger::close_offers(const Watch& watch) {
    const std::vector<Sold> sold = sold_records(watch);
    std::vector<std::pair<std::int64_t, RecordState>> wanted;
    {
        Use rows = state_.db.use(
            "SELECT id, deal, message, seen_at, state, year, dial, bracelet, metal FROM sighting "
            "INDEXED BY sighting_offers WHERE side = 'sell' AND sender = ? AND reference IS ? AND "
            "model IS ? AND state IN (0, 2)");
        rows.bind(watch.sender, watch.reference, watch.model);
        while (rows.step()) {
            const Attributes offer = read_attributes(rows, 5);
            const bool closed = std::ranges::any_of(sold, [&](const Sold& one) {
                return one.closes(rows.integer(2), rows.integer(3), offer);
            });
            const RecordState state = closed ? RecordState::closed : RecordState::active;
            if (state != read_state(rows.integer(4))) {
                wanted.emplace_back(rows.integer(0), state);
                changed_.insert(rows.integer(1));
            }
        }
    }
    for (const auto& [record, state] : wanted) {
        state_.db.use("UPDATE sighting SET state = ? WHERE id = ?")
            .bind(static_cast<int>(state), record)
            .run();
    }
}

void Ledger::rename_sender(const Key16& from, const Key16& to) {
    state_.db
        .use("UPDATE sighting INDEXED BY sighting_offers SET sender = ? "
             "WHERE sender = ? AND side = 'sell'")
        .bind(to, from)
        .run();
    state_.db
        .use("UPDATE sighting INDEXED BY sighting_sold SET sender = ? "
             "WHERE sender = ? AND side = 'sold'")
        .bind(to, from)
        .run();
}

void Ledger::wipe_words(const MessageRow& message) {
    struct Sealed {
        std::int64_t row;
        bool own; // of the message itself; else of an answer that repeats its words
        Bytes value;
    };
    const auto collect = [this](const char* sql, const auto& key, bool own) {
        std::vector<Sealed> values;
        Use rows = state_.db.use(sql);
        rows.bind(key);
        while (rows.step()) {
            values.push_back({rows.integer(0), own, to_bytes(rows.blob(1))});
        }
        return values;
    };
    std::vector<Sealed> sources =
        collect("SELECT id, sealed_source FROM revision WHERE message = ? "
                "AND sealed_source IS NOT NULL",
                message.id, true);
    std::vector<Sealed> answers = collect("SELECT id, sealed_source FROM revision WHERE quotes = ? "
                                          "AND sealed_source IS NOT NULL",
                                          message.name, false);
    sources.insert(sources.end(), answers.begin(), answers.end());
    for (const Sealed& one : sources) {
        Result<Source> source =
            decode_source(state_.open("revision", "sealed_source", one.row, one.value));
        if (!source) {
            throw StorageFailure{ArchiveErrc::corrupt};
        }
        if (one.own) {
            source->text.clear();
        }
        source->quoted.clear();
        const Bytes sealed = state_.seal("revision", "sealed_source", one.row, encode(*source));
        state_.db.use("UPDATE revision SET sealed_source = ? WHERE id = ?")
            .bind(sealed, one.row)
            .run();
    }
    for (const Sealed& one :
         collect("SELECT id, sealed_details FROM sighting WHERE message = ?", message.id, true)) {
        Result<Details> details =
            decode_details(state_.open("sighting", "sealed_details", one.row, one.value));
        if (!details) {
            throw StorageFailure{ArchiveErrc::corrupt};
        }
        details->notes.clear();
        const Bytes sealed = state_.seal("sighting", "sealed_details", one.row, encode(*details));
        state_.db.use("UPDATE sighting SET sealed_details = ? WHERE id = ?")
            .bind(sealed, one.row)
            .run();
    }
}

} // namespace vestari::ingest
