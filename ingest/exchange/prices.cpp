#include <algorithm>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/reader.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::ingest::exchange {
namespace {

void append_stats(std::string& json, const PriceStats& stats) {
    json += fmt::format(
        R"("count":{},"lowest":{},"lower_quartile":{},"median":{},"upper_quartile":{},"highest":{})",
        stats.count, stats.lowest, stats.lower_quartile, stats.median, stats.upper_quartile,
        stats.highest);
}

PriceStats read_stats(Reader& from) {
    return {.count = from.number<std::size_t>("count"),
            .lowest = from.number<std::int64_t>("lowest"),
            .lower_quartile = from.number<std::int64_t>("lower_quartile"),
            .median = from.number<std::int64_t>("median"),
            .upper_quartile = from.number<std::int64_t>("upper_quartile"),
            .highest = from.number<std::int64_t>("highest")};
}

std::optional<std::chrono::year_month> read_month(const std::string& text) {
    const auto day = read_iso_date(text + "-01");
    if (!day) {
        return std::nullopt;
    }
    const std::chrono::year_month_day date{*day};
    return date.year() / date.month();
}

} // namespace

std::string month_text(std::chrono::year_month month) {
    return fmt::format("{:04}-{:02}", static_cast<int>(month.year()),
                       static_cast<unsigned>(month.month()));
}

std::optional<Trend> trend_of(const PriceHistory& history) {
    const auto counts = [](const MonthlyPrices& month) {
        return month.stats.count >= enough_in_a_month && month.stats.median > 0;
    };
    const auto first = std::find_if(history.months.begin(), history.months.end(), counts);
    const auto last = std::find_if(history.months.rbegin(), history.months.rend(), counts);
    if (first == history.months.end() || first->month == last->month) {
        return std::nullopt;
    }
    const std::int64_t base = first->stats.median;
    const std::int64_t change = (last->stats.median - base) * 1000;
    return Trend{first->month, last->month, (change + (change < 0 ? -base : base) / 2) / base};
}

void append_json(std::string& json, const PriceHistory& history) {
    json += "{\"reference\":";
    append_json_string(json, history.reference);
    json += ",\"brand\":";
    if (history.brand.empty()) {
        json += "null";
    } else {
        append_json_string(json, history.brand);
    }
    json += history.currency ? fmt::format(",\"currency\":\"{}\",", history.currency->code())
                             : std::string{",\"currency\":null,"};
    append_stats(json, history.all);
    json += fmt::format(",\"enough\":{},\"unsure\":{}", history.all.count >= enough_prices,
                        history.unsure);
    const auto trend = trend_of(history);
    json += trend ? fmt::format(R"(,"trend":{{"from":"{}","to":"{}","permille":{}}})",
                                month_text(trend->from), month_text(trend->to), trend->permille)
                  : std::string{",\"trend\":null"};
    json += ",\"months\":[";
    for (const MonthlyPrices& month : history.months) {
        json +=
            fmt::format("{}{{\"month\":\"{}\",", &month == &history.months.front() ? "\n" : ",\n",
                        month_text(month.month));
        append_stats(json, month.stats);
        json += '}';
    }
    json += "],\"currencies\":[";
    for (const CurrencyCount& other : history.currencies) {
        json += fmt::format("{}{{\"currency\":\"{}\",\"count\":{}}}",
                            &other == &history.currencies.front() ? "" : ",", other.currency.code(),
                            other.count);
    }
    json += "]}\n";
}

Result<PriceHistory> read_prices(std::string_view json) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    bool broken = wrong.failed();
    Reader from{value, broken};
    const auto currency = [](const std::string& code) { return Currency::parse(code); };
    PriceHistory history;
    history.reference = from.text("reference");
    history.brand = from.text("brand");
    history.currency = from.word("currency", currency);
    history.all = read_stats(from);
    history.unsure = from.number<std::size_t>("unsure");
    from.list("months", [&](const boost::json::value& item) {
        Reader month{item, broken};
        if (const auto when = month.word("month", read_month)) {
            history.months.push_back({*when, read_stats(month)});
        }
    });
    from.list("currencies", [&](const boost::json::value& item) {
        Reader other{item, broken};
        if (const auto unit = other.word("currency", currency)) {
            history.currencies.push_back({*unit, other.number<std::size_t>("count")});
        }
    });
    if (broken) {
        return ExchangeErrc::malformed;
    }
    return history;
}

} // namespace vestari::ingest::exchange
