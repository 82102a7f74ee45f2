#include "vestari/ingest/reparse.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/pipeline/ledger/ledger.hpp"
#include "ingest/pipeline/masked.hpp"

namespace vestari::ingest {
namespace {

constexpr std::size_t edit_key_bytes = std::tuple_size_v<Key16>;

// A message as it stands: its newest revision and that revision's records.
struct Kept {
    MessageRow message;
    std::int64_t revision = 0;
    RevisionRow row;
    std::optional<Key16> quotes;
    Source source;
    Key16 chat{}, sender{};
    std::vector<StoredDeal> deals;
};

bool load_revision(State& state, Kept& kept) {
    Use query = state.db.use("SELECT id, said_at, edit, quotes, sealed_source FROM revision "
                             "WHERE message = ? ORDER BY length(edit) >= 16 DESC, said_at DESC, "
                             "edit DESC LIMIT 1");
    query.bind(kept.message.id);
    if (!query.step() || query.is_null(4)) {
        return false;
    }
    kept.revision = query.integer(0);
    kept.row.said_at = to_time(query.integer(1));
    BytesView edit = query.blob(2);
    if (edit.size() >= edit_key_bytes) {
        Key16 key{};
        std::ranges::copy(edit.first(key.size()), key.begin());
        kept.row.edit = key;
        edit = edit.subspan(key.size());
    }
    kept.row.rereading = edit.size() == 4 ? static_cast<std::uint32_t>(read_be<4>(edit)) : 0U;
    if (!query.is_null(3)) {
        kept.quotes = query.key(3);
    }
    Result<Source> source =
        decode_source(state.open("revision", "sealed_source", kept.revision, query.blob(4)));
    if (!source) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    kept.source = *std::move(source);
    return true;
}

std::optional<Kept> load(State& state, std::int64_t message) {
    Kept kept;
    {
        Use query =
            state.db.use("SELECT name, author, sent_at, revoked_at FROM message WHERE id = ?");
        query.bind(message);
        if (!query.step() || !query.is_null(3)) {
            return std::nullopt;
        }
        kept.message = {message, query.key(0), query.key(1), to_time(query.integer(2)), {}};
    }
    if (!load_revision(state, kept)) {
        return std::nullopt;
    }
    {
        Use query = state.db.use("SELECT chat, sender FROM sighting WHERE message = ? "
                                 "ORDER BY id DESC LIMIT 1");
        query.bind(message);
        if (!query.step()) {
            return std::nullopt;
        }
        kept.chat = query.key(0);
        kept.sender = query.key(1);
    }
    const std::string sql = fmt::format("SELECT {} FROM sighting s JOIN deal d ON d.id = s.deal "
                                        "JOIN revision r ON r.id = s.revision "
                                        "WHERE s.revision = ? ORDER BY s.ordinal",
                                        deal_columns);
    Use rows = state.db.use(sql.c_str());
    rows.bind(kept.revision);
    while (rows.step()) {
        kept.deals.push_back(read_deal(state, rows, Content::opened));
    }
    const bool quote_gone =
        kept.source.quoted.empty() && std::ranges::any_of(kept.deals, [](const StoredDeal& deal) {
            return std::ranges::any_of(deal.provenance,
                                       [](const Provenance& one) { return one.span.in_quote; });
        });
    return kept.source.text.empty() || quote_gone ? std::nullopt : std::optional{std::move(kept)};
}

bool quote_is_kept(State& state, const std::optional<Key16>& quotes) {
    if (!quotes) {
        return false;
    }
    Use query = state.db.use("SELECT 1 FROM message m JOIN revision r ON r.message = m.id "
                             "WHERE m.name = ? AND r.sealed_source IS NOT NULL LIMIT 1");
    query.bind(*quotes);
    return query.step();
}

std::string minor(const std::optional<Money>& money) {
    return money ? fmt::format("{} {}", money->minor, money->currency.code()) : std::string{};
}

// A deal's fields as words, in the order of deals/LABELS.md.
std::vector<std::pair<std::string_view, std::string>> words_of(const parser::Deal& deal) {
    const auto word = [](const auto& value) {
        return value ? std::string{parser::to_string(*value)} : std::string{};
    };
    const auto number = [](const auto& value) {
        return value ? fmt::format("{}", *value) : std::string{};
    };
    std::string others;
    for (const Money& other : deal.alt_prices) {
        others += (others.empty() ? "" : ", ") + minor(other);
    }
    return {{"side", std::string{parser::to_string(deal.side)}},
            {"brand", deal.brand},
            {"reference", deal.reference.value_or("")},
            {"model", deal.model.value_or("")},
            {"price_minor", minor(deal.price)},
            {"price_kind", word(deal.price_kind)},
            {"price_max_minor", number(deal.price_max_minor)},
            {"price_prev_minor", number(deal.price_prev_minor)},
            {"list_pct", number(deal.list_pct)},
            {"settlement", word(deal.settlement)},
            {"alt_prices", others},
            {"condition", word(deal.condition)},
            {"set", word(deal.set)},
            {"year", number(deal.year)},
            {"month", number(deal.month)},
            {"dial", deal.dial.value_or("")},
            {"bracelet", word(deal.bracelet)},
            {"metal", word(deal.metal)},
            {"qty", fmt::format("{}", deal.qty)},
            {"location", deal.location.value_or("")},
            {"availability", word(deal.availability)},
            {"notes", deal.notes},
            {"confidence", fmt::format("{:.3f}", deal.confidence)}};
}

parser::Deal whole(const ReadDeal& read) {
    parser::Deal deal = read.facts;
    deal.location = read.details.location;
    deal.notes = read.details.notes;
    deal.alt_prices = read.details.alt_prices;
    return deal;
}

std::string watch_of(const parser::Deal& deal) {
    const std::string name = deal.reference ? *deal.reference : deal.model.value_or("");
    return deal.brand.empty() ? name : deal.brand + " " + name;
}

DealChange compare(const StoredDeal& before, const parser::Deal& after) {
    DealChange change;
    change.id = before.id;
    change.watch = watch_of(before.facts);
    const auto old_words = words_of(before.facts);
    const auto new_words = words_of(after);
    for (std::size_t i = 0; i < old_words.size(); ++i) {
        if (old_words[i].second != new_words[i].second) {
            change.fields.push_back(
                {std::string{old_words[i].first}, old_words[i].second, new_words[i].second});
        }
    }
    return change;
}

// Deals of one watch belong together, else those that are left in their order.
std::vector<DealChange> differences(const Kept& kept, const std::vector<ReadDeal>& now) {
    std::vector<const StoredDeal*> before;
    before.reserve(kept.deals.size());
    for (const StoredDeal& deal : kept.deals) {
        before.push_back(&deal);
    }
    std::vector<DealChange> changes;
    std::vector<parser::Deal> left;
    const auto note = [&](DealChange change) {
        if (!change.fields.empty()) {
            changes.push_back(std::move(change));
        }
    };
    for (const ReadDeal& read : now) {
        parser::Deal deal = whole(read);
        const auto same = std::ranges::find_if(before, [&](const StoredDeal* one) {
            return one->facts.reference == deal.reference && one->facts.model == deal.model;
        });
        if (same == before.end()) {
            left.push_back(std::move(deal));
            continue;
        }
        note(compare(**same, deal));
        before.erase(same);
    }
    const std::size_t pairs = std::min(left.size(), before.size());
    for (std::size_t i = 0; i < pairs; ++i) {
        note(compare(*before[i], left[i]));
    }
    for (std::size_t i = pairs; i < left.size(); ++i) {
        changes.push_back({std::nullopt, watch_of(left[i]), DealChange::What::added, {}});
    }
    for (std::size_t i = pairs; i < before.size(); ++i) {
        changes.push_back(
            {before[i]->id, watch_of(before[i]->facts), DealChange::What::removed, {}});
    }
    return changes;
}

class Rereader {
public:
    Rereader(Archive& archive, Currency currency)
        : archive_{archive}, state_{archive.state()}, currency_{currency}, ledger_{state_} {}

    std::vector<ReadDeal> read(const Kept& kept) {
        const std::optional<GroupEntry> group = archive_.group(kept.source.group);
        return read_deals(
            kept.source.text,
            {.group_currency = group ? group->currency : std::nullopt,
             .account_currency = currency_,
             .sent_at = std::chrono::floor<std::chrono::days>(kept.message.sent_at),
             .event = kept.row.edit ? parser::MessageEvent::edit : parser::MessageEvent::fresh,
             .origin = parser::TextOrigin::chat,
             .quoted = kept.source.quoted,
             .quote_verified = quote_is_kept(state_, kept.quotes)});
    }

    void apply(const Kept& kept, std::vector<ReadDeal> deals) {
        RevisionRow row = kept.row;
        ++row.rereading;
        Reading reading{std::move(deals), kept.source, kept.quotes};
        try {
            in_transaction(state_, [&] {
                ledger_.add(kept.message, row, kept.chat, kept.sender, std::move(reading));
            });
        } catch (...) {
            ledger_.forget();
            throw;
        }
    }

private:
    Archive& archive_;
    State& state_;
    Currency currency_;
    Ledger ledger_;
};

void count(ReparseCounts& counts, const std::vector<DealChange>& changes) {
    ++counts.changed_messages;
    for (const DealChange& change : changes) {
        ++(change.what == DealChange::What::changed ? counts.changed
           : change.what == DealChange::What::added ? counts.added
                                                    : counts.removed);
    }
}

} // namespace

ReparseCounts reparse(Archive& archive, Currency account_currency, Reparse what,
                      const std::function<Next(const MessageChange&)>& each) {
    State& state = archive.state();
    std::vector<std::int64_t> messages;
    {
        Use rows = state.db.use("SELECT DISTINCT message FROM sighting ORDER BY message");
        while (rows.step()) {
            messages.push_back(rows.integer(0));
        }
    }
    Rereader rereader{archive, account_currency};
    ReparseCounts counts;
    for (const std::int64_t message : messages) {
        const std::optional<Kept> kept = load(state, message);
        if (!kept) {
            ++counts.left;
            continue;
        }
        ++counts.messages;
        std::vector<ReadDeal> now = rereader.read(*kept);
        MessageChange change{kept->source, kept->message.sent_at, differences(*kept, now)};
        if (change.deals.empty()) {
            continue;
        }
        if (each(change) == Next::stop) {
            counts.stopped = true;
            break;
        }
        if (what == Reparse::apply) {
            rereader.apply(*kept, std::move(now));
        }
        count(counts, change.deals);
    }
    return counts;
}

} // namespace vestari::ingest
