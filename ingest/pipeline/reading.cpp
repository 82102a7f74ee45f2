#include "ingest/pipeline/reading.hpp"

#include <algorithm>

#include "ingest/pipeline/masked.hpp"

namespace vestari::ingest {
namespace {

struct Quoted {
    std::string text;
    bool verified = true;
    bool withdrawn = false; // by a revoke: read, and not kept
    std::optional<Key16> name;
};

// The newest words of a message with deals that is kept; empty when there are none.
std::string kept_words(State& state, std::int64_t message) {
    Use query = state.db.use("SELECT id, sealed_source FROM revision WHERE message = ? "
                             "ORDER BY length(edit) >= 16 DESC, said_at DESC, edit DESC LIMIT 1");
    query.bind(message);
    if (!query.step() || query.is_null(1)) {
        return {};
    }
    const Result<Source> source =
        decode_source(state.open("revision", "sealed_source", query.integer(0), query.blob(1)));
    if (!source) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return source->text;
}

// By id among the kept sources of this chat; the claimed author only chooses where several people used one id.
void find_quoted(State& state, const event::Envelope& envelope, Quoted& quoted) {
    const Key16 claimed =
        state.author_tag(envelope.chat, envelope.quote->id, envelope.quote->author);
    std::vector<std::int64_t> candidates;
    {
        Use rows = state.db.use("SELECT id, author, revoked_at FROM message WHERE name = ?");
        rows.bind(*quoted.name);
        while (rows.step()) {
            const bool first = rows.key(1) == claimed;
            candidates.insert(first ? candidates.begin() : candidates.end(), rows.integer(0));
            quoted.withdrawn = quoted.withdrawn || !rows.is_null(2);
        }
    }
    for (const std::int64_t message : candidates) {
        quoted.text = kept_words(state, message);
        if (!quoted.text.empty()) {
            return;
        }
    }
}

Quoted quoted_by(State& state, const event::Envelope& envelope) {
    Quoted quoted;
    if (!envelope.quote) {
        return quoted;
    }
    if (!envelope.quote->id.empty()) {
        quoted.name = state.message_name(envelope.chat, envelope.quote->id);
        find_quoted(state, envelope, quoted);
    }
    if (quoted.text.empty()) {
        quoted.text = envelope.quote->text;
        quoted.verified = false;
    }
    return quoted;
}

Details take_details(parser::Deal& deal, const Masked& text, const Masked& quoted) {
    Details details;
    details.location = std::exchange(deal.location, std::nullopt);
    details.notes = parser::mask_sensitive(deal.notes);
    details.alt_prices = std::exchange(deal.alt_prices, {});
    for (const parser::Evidence& one : deal.evidence) {
        const Masked& where = one.span.in_quote ? quoted : text;
        details.provenance.push_back(
            {std::string{one.field},
             std::string{one.rule},
             {where.at(one.span.from), where.at(one.span.to), one.span.in_quote}});
    }
    deal.notes.clear();
    deal.evidence.clear();
    return details;
}

bool uses_quote(const Reading& reading) {
    return std::ranges::any_of(reading.deals, [](const ReadDeal& deal) {
        return std::ranges::any_of(deal.details.provenance,
                                   [](const Provenance& one) { return one.span.in_quote; });
    });
}

} // namespace

std::vector<ReadDeal> read_deals(std::string_view text, const parser::Context& context) {
    std::vector<parser::Deal> deals = parser::parse(text, context);
    std::erase_if(deals, [](const parser::Deal& d) { return d.confidence < parser::store_from; });
    std::vector<ReadDeal> read;
    if (deals.empty()) {
        return read;
    }
    const Masked masked{text};
    const Masked quoted{context.quoted};
    for (parser::Deal& deal : deals) {
        Details details = take_details(deal, masked, quoted);
        read.push_back({std::move(deal), std::move(details)});
    }
    return read;
}

Reading read_message(State& state, const event::Envelope& envelope, const ReadingContext& context) {
    Reading reading;
    if (envelope.text.empty()) {
        return reading;
    }
    const Quoted quoted = quoted_by(state, envelope);
    reading.deals = read_deals(
        envelope.text,
        {.group_currency = context.group != nullptr ? context.group->currency : std::nullopt,
         .account_currency = context.account_currency,
         .sent_at = std::chrono::floor<std::chrono::days>(context.sent_at),
         .event = context.event,
         .origin = parser::TextOrigin::chat,
         .quoted = quoted.text,
         .quote_verified = quoted.verified});
    if (reading.deals.empty()) {
        return reading;
    }
    reading.source = {.group = envelope.chat,
                      .group_name = context.group != nullptr ? context.group->name : "",
                      .sender = context.sender,
                      .sender_lid = context.sender_lid,
                      .sender_name = envelope.push_name,
                      .message_id = context.message_id,
                      .text = Masked{envelope.text}.text(),
                      .quoted = {}};
    if (uses_quote(reading) && !quoted.withdrawn) {
        reading.source.quoted = Masked{quoted.text}.text();
        reading.quotes = quoted.name;
    }
    return reading;
}

} // namespace vestari::ingest
