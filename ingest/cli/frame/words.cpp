#include "ingest/cli/frame/words.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/terminal/width.hpp"

namespace vestari::cli {
namespace {

using namespace std::chrono;

[[noreturn]] void wrong(std::string_view option, std::string_view text, std::string_view wanted) {
    throw Failure{ExitCode::usage, fmt::format("{} cannot be \"{}\"", option, text),
                  fmt::format("give {}", wanted)};
}

template <class Number> std::optional<Number> whole(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

// "2026", "2026-03" or "2026-03-05", exactly so.
std::optional<sys_days> read_date(std::string_view text, Edge edge) {
    const auto y = text.size() >= 4 ? whole<unsigned>(text.substr(0, 4)) : std::nullopt;
    if (!y || *y < 1900 || (text.size() > 4 && text[4] != '-') ||
        (text.size() > 7 && text[7] != '-')) {
        return std::nullopt;
    }
    const year in{static_cast<int>(*y)};
    if (text.size() == 4) {
        return edge == Edge::first_day ? sys_days{in / January / 1} : sys_days{in / December / 31};
    }
    const auto m = text.size() >= 7 ? whole<unsigned>(text.substr(5, 2)) : std::nullopt;
    if (!m || !month{*m}.ok()) {
        return std::nullopt;
    }
    if (text.size() == 7) {
        return edge == Edge::first_day ? sys_days{in / month{*m} / 1}
                                       : sys_days{in / month{*m} / last};
    }
    const auto d = text.size() == 10 ? whole<unsigned>(text.substr(8, 2)) : std::nullopt;
    const year_month_day date{in, month{*m}, day{d.value_or(0)}};
    return date.ok() ? std::optional{sys_days{date}} : std::nullopt;
}

// "30d", "6w", "3m", "1y" before `today`.
std::optional<sys_days> read_ago(std::string_view text, sys_days today) {
    const auto number =
        text.empty() ? std::nullopt : whole<unsigned>(text.substr(0, text.size() - 1));
    if (!number || *number > 36'500) {
        return std::nullopt;
    }
    switch (text.back()) {
    case 'd': return today - days{*number};
    case 'w': return today - weeks{*number};
    case 'm':
    case 'y': {
        const int back = static_cast<int>(*number) * (text.back() == 'y' ? 12 : 1);
        const year_month_day then = year_month_day{today} - months{std::min(back, 12 * 200)};
        return then.ok() ? sys_days{then} : sys_days{then.year() / then.month() / last};
    }
    default: return std::nullopt;
    }
}

} // namespace

std::chrono::sys_days read_day(std::string_view option, std::string_view text, Edge edge,
                               TimePoint now) {
    const sys_days today = floor<days>(now);
    if (text == "today") {
        return today;
    }
    if (text == "yesterday") {
        return today - days{1};
    }
    if (const auto date = read_date(text, edge)) {
        return *date;
    }
    if (const auto ago = read_ago(text, today)) {
        return *ago;
    }
    wrong(option, text,
          "a day such as 2026-03-05, a month such as 2026-03, or how long ago: 30d, 6w, 3m, 1y");
}

std::int64_t read_amount(std::string_view option, std::string_view text) {
    constexpr std::string_view wanted =
        "an amount in whole units of money, such as 12000, 12,000 or 12.5k";
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c != ',' && c != '_' && c != '\''; });
    std::int64_t unit = 1;
    if (!digits.empty() && (digits.back() == 'k' || digits.back() == 'K')) {
        unit = 1000;
    } else if (!digits.empty() && (digits.back() == 'm' || digits.back() == 'M')) {
        unit = 1'000'000;
    }
    if (unit != 1) {
        digits.pop_back();
    }
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const auto major = whole<std::uint32_t>(std::string_view{digits}.substr(0, point));
    if (!major) {
        wrong(option, text, wanted);
    }
    std::int64_t amount = std::int64_t{*major} * unit;
    for (std::size_t i = point + 1; i < digits.size(); ++i) {
        unit /= 10;
        if (unit == 0 || digits[i] < '0' || digits[i] > '9') {
            wrong(option, text, wanted);
        }
        amount += (digits[i] - '0') * unit;
    }
    return amount;
}

std::size_t read_count(std::string_view option, std::string_view text) {
    const auto number = whole<std::uint32_t>(text);
    if (!number || *number == 0) {
        wrong(option, text, "a whole number from 1");
    }
    return *number;
}

Currency read_currency(std::string_view option, std::string_view text) {
    std::string code{text};
    std::transform(code.begin(), code.end(), code.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    const auto currency = Currency::parse(code);
    if (!currency) {
        wrong(option, text, "an ISO 4217 code such as USD, EUR, HKD");
    }
    return *currency;
}

std::string show_amount(std::int64_t minor, Currency currency) {
    const std::int64_t unit = currency.minor_per_major();
    const std::int64_t rest = minor % unit < 0 ? -(minor % unit) : minor % unit;
    std::string text =
        (minor < 0 && minor / unit == 0 ? "-" : "") + terminal::grouped(minor / unit);
    return rest == 0 ? text : text + fmt::format(".{:0{}}", rest, currency.exponent());
}

std::string show_money(std::int64_t minor, Currency currency) {
    return fmt::format("{} {}", show_amount(minor, currency), currency.code());
}

} // namespace vestari::cli
