// Reads every kept message again with this program's parser, and tells what it now says of each deal.
//
// Invariants  a message is read as it is kept: masked. What is applied becomes the message's newest revision; the records of the
//             earlier reading stay as history (status edited). One transaction a message: stopped in the middle, what was done
//             stands, and the next run finds only the rest. Withdrawn messages, and answers whose quoted words are gone, are left.
// Threads     the archive's owner. The callback must not write to the archive.
// Errors      StorageFailure; the message at hand is as it was.
// Source      SETTLED section 4.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vestari/ingest/archive.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest {

struct FieldChange {
    std::string field;
    std::string before, after; // empty: not said
    bool operator==(const FieldChange&) const = default;
};

struct DealChange {
    std::optional<DealId> id; // of the deal before; none: it is new
    std::string watch;        // "Rolex 126610LN"
    enum class What : std::uint8_t { changed, added, removed } what = What::changed;
    std::vector<FieldChange> fields;
};

struct MessageChange {
    Source source;
    TimePoint sent_at{};
    std::vector<DealChange> deals; // never empty
};

enum class Reparse : std::uint8_t { show, apply };

struct ReparseCounts {
    std::size_t messages = 0; // read again
    std::size_t left = 0;     // cannot be read again: their words are gone
    std::size_t changed_messages = 0;
    std::size_t changed = 0, added = 0, removed = 0; // deals
    bool stopped = false;
};

// Calls `each` for every message that reads differently, before anything is written of it; Next::stop leaves it as it is.
ReparseCounts reparse(Archive& archive, Currency account_currency, Reparse what,
                      const std::function<Next(const MessageChange&)>& each);

} // namespace vestari::ingest
