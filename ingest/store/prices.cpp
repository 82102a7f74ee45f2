// Price history: the second half of query.hpp.
#include <algorithm>
#include <map>

#include "ingest/store/row/record.hpp"
#include "ingest/store/row/time_text.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest {
namespace {

struct Price {
    Money money;
    std::chrono::sys_days day;
};

bool is_price(const StoredDeal& deal) {
    const bool asked_or_paid = deal.facts.price_kind == parser::PriceKind::ask ||
                               deal.facts.price_kind == parser::PriceKind::sold;
    return deal.facts.price && asked_or_paid &&
           (deal.status == DealStatus::active || deal.status == DealStatus::closed);
}

// q quarters of the way from the lowest to the highest of sorted prices.
std::int64_t quartile(std::span<const std::int64_t> sorted, std::size_t q) {
    const std::size_t position = (sorted.size() - 1) * q;
    const std::size_t below = position / 4;
    const auto quarters = static_cast<std::int64_t>(position % 4);
    if (quarters == 0) {
        return sorted[below];
    }
    const std::int64_t step = sorted[below + 1] - sorted[below];
    return sorted[below] + step / 4 * quarters + step % 4 * quarters / 4;
}

Currency commonest(const std::vector<CurrencyCount>& counts) { return counts.front().currency; }

std::vector<CurrencyCount> count_currencies(const std::vector<Price>& prices) {
    std::map<Currency, std::size_t> counted;
    for (const Price& price : prices) {
        ++counted[price.money.currency];
    }
    std::vector<CurrencyCount> counts;
    counts.reserve(counted.size());
    for (const auto& [currency, number] : counted) {
        counts.push_back({currency, number});
    }
    std::ranges::sort(counts, [](const CurrencyCount& a, const CurrencyCount& b) {
        return a.count != b.count ? a.count > b.count : a.currency < b.currency;
    });
    return counts;
}

void add_statistics(PriceHistory& history, const std::vector<Price>& prices) {
    std::map<std::chrono::year_month, std::vector<std::int64_t>> by_month;
    std::vector<std::int64_t> all;
    for (const Price& price : prices) {
        if (price.money.currency == history.currency) {
            const std::chrono::year_month_day date{price.day};
            by_month[date.year() / date.month()].push_back(price.money.minor);
            all.push_back(price.money.minor);
        }
    }
    history.all = price_stats(all);
    for (auto& [month, values] : by_month) {
        history.months.push_back({month, price_stats(values)});
    }
}

} // namespace

PriceStats price_stats(std::span<std::int64_t> prices) {
    if (prices.empty()) {
        return {};
    }
    std::ranges::sort(prices);
    return {.count = prices.size(),
            .lowest = prices.front(),
            .lower_quartile = quartile(prices, 1),
            .median = quartile(prices, 2),
            .upper_quartile = quartile(prices, 3),
            .highest = prices.back()};
}

PriceHistory price_history(const Archive& archive, const PriceQuery& query) {
    PriceHistory history;
    history.reference = query.reference;
    DealFilter filter;
    filter.reference = query.reference;
    filter.since = query.since;
    filter.until = query.until;
    filter.content = Content::facts_only;
    std::vector<Price> prices;
    for_each_deal(archive, filter, [&](const StoredDeal& deal) {
        history.brand = deal.facts.brand;
        history.reference = deal.facts.reference.value_or(query.reference);
        if (is_price(deal) && deal.facts.confidence < query.min_confidence) {
            ++history.unsure;
        } else if (is_price(deal)) {
            prices.push_back({*deal.facts.price, deal.deal_date});
        }
        return Next::go_on;
    });
    history.currencies = count_currencies(prices);
    history.currency = query.currency;
    if (!history.currency && !history.currencies.empty()) {
        history.currency = commonest(history.currencies);
    }
    if (history.currency) {
        add_statistics(history, prices);
    }
    return history;
}

} // namespace vestari::ingest
