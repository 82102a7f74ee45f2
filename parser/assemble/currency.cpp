#include "parser/assemble/currency.hpp"

namespace vestari::parser {

namespace {

Currency by_code(std::string_view code) {
    return Currency::parse(code).value_or(Currency::of("USD"));
}

Currency dollar(std::optional<Currency> group) {
    if (group) {
        for (const std::string_view code : {"HKD", "SGD", "AUD", "CAD", "TWD", "NZD"}) {
            if (group->code() == code) {
                return *group;
            }
        }
    }
    return Currency::of("USD");
}

Currency open_sign(std::int16_t sign, std::optional<Currency> group) {
    if (sign == dollar_sign) {
        return dollar(group);
    }
    if (sign == yen_sign) {
        return group && (group->code() == "CNY" || group->code() == "JPY") ? *group
               : group && group->code() == "HKD"                           ? by_code("CNY")
                                                                           : by_code("JPY");
    }
    if (group && (group->code() == "SEK" || group->code() == "NOK" || group->code() == "DKK" ||
                  group->code() == "CZK")) {
        return *group;
    }
    return by_code("SEK");
}

Currency named(std::int32_t value, std::optional<Currency> group) {
    if (value < 0) {
        return open_sign(static_cast<std::int16_t>(value), group);
    }
    return by_code(tables::currencies[static_cast<std::size_t>(value)].code);
}

bool is_dollar(Currency c) {
    return c.code().ends_with('D') && c.code() != "AED" && c.code() != "KWD" && c.code() != "BHD";
}

} // namespace

Currency currency_of(const Amount& a, const Fact& governing, const Context& context) {
    const auto group = context.group_currency;
    if (a.currency >= 0) {
        return named(a.currency, group);
    }
    if (governing.said() && (a.currency == no_currency || governing.value >= 0)) {
        const bool dollar_in_euro =
            a.currency == dollar_sign && !is_dollar(named(governing.value, group));
        if (!dollar_in_euro) {
            return named(governing.value, group);
        }
    }
    if (a.currency != no_currency) {
        return open_sign(a.currency, group);
    }
    return group.value_or(context.account_currency);
}

double rate_of(Currency currency) {
    for (const CurrencyRow& row : tables::currencies) {
        if (row.code == currency.code()) {
            return row.per_usd;
        }
    }
    return 1;
}

} // namespace vestari::parser
