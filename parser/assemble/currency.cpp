#include "parser/assemble/currency.hpp"

#include <array>
#include <vector>

namespace vestari::parser {

namespace {

// The currencies of the tables, by their row and by their letters.
class Known {
public:
    struct Entry {
        Currency currency;
        std::uint32_t letters;
        double per_usd;
        int exponent;
    };

    Known() {
        slots_.fill(none);
        for (const CurrencyRow& row : tables::currencies) {
            const auto listed = Currency::parse(row.code);
            const Currency currency = listed.value_or(Currency::of("USD"));
            entries_.push_back({currency, letters_of(currency), row.per_usd, currency.exponent()});
            std::size_t slot = slot_of(currency);
            while (slots_[slot] != none && entries_[slots_[slot]].currency != currency) {
                slot = (slot + 1) % slots_.size();
            }
            if (listed && slots_[slot] == none) {
                slots_[slot] = static_cast<std::uint8_t>(entries_.size() - 1);
            }
        }
    }

    Currency at(std::int32_t row) const { return entries_[static_cast<std::size_t>(row)].currency; }

    const Entry* find(Currency currency) const {
        for (std::size_t slot = slot_of(currency); slots_[slot] != none;
             slot = (slot + 1) % slots_.size()) {
            if (entries_[slots_[slot]].letters == letters_of(currency)) {
                return &entries_[slots_[slot]];
            }
        }
        return nullptr;
    }

private:
    static constexpr std::uint8_t none = 0xff;
    static std::uint32_t letters_of(Currency currency) noexcept {
        const std::string_view code = currency.code();
        return static_cast<std::uint32_t>(code[0]) << 16U |
               static_cast<std::uint32_t>(code[1]) << 8U | static_cast<std::uint32_t>(code[2]);
    }
    static std::size_t slot_of(Currency currency) noexcept {
        return (letters_of(currency) * 2654435761U) >> 24U;
    }
    std::vector<Entry> entries_;
    std::array<std::uint8_t, 256> slots_{};
};

const Known& known() {
    static const Known read;
    return read;
}

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
    return known().at(value);
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
    const Known::Entry* const entry = known().find(currency);
    return entry != nullptr ? entry->per_usd : 1;
}

int exponent_of(Currency currency) {
    const Known::Entry* const entry = known().find(currency);
    return entry != nullptr ? entry->exponent : currency.exponent();
}

} // namespace vestari::parser
