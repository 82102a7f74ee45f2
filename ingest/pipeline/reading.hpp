// What one message says: its deals as the parser reads them in their context, and the source that is kept beside them.
//
// Invariants  every free text in a Reading is masked; spans point into the masked texts.
// Threads     the pipeline's.
// Errors      StorageFailure.
// Source      SETTLED section 4 (quotes), deals/DOMAIN.md section 7 (what is never kept).
#pragma once

#include <vector>

#include "ingest/store/row/record.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::ingest {

struct ReadDeal {
    parser::Deal
        facts; // without location, notes, alternative prices and evidence: those are in `details`
    Details details;
};

struct Reading {
    std::vector<ReadDeal> deals;
    Source source;
    std::optional<Key16> quotes; // blinded id of the message whose words are in source.quoted
};

struct ReadingContext {
    const GroupEntry* group = nullptr; // from the include-list; may be null
    Currency account_currency;
    std::string sender; // as it is shown
    std::string sender_lid;
    std::string message_id; // the original's
    TimePoint sent_at;      // the original's
    parser::MessageEvent event;
};

// The deals in a text that are worth keeping, with what is kept of their provenance.
std::vector<ReadDeal> read_deals(std::string_view text, const parser::Context& context);

Reading read_message(State& state, const event::Envelope& envelope, const ReadingContext& context);

} // namespace vestari::ingest
