// Money: whole minor units and an ISO 4217 code. Never a floating-point number.
//
// Invariants  a Currency is three upper-case ASCII letters that ISO 4217 lists for the markets we read.
// Errors      Currency::parse gives an empty optional for anything else.
// Source      ISO 4217 exponents; the list is the one of deals/DOMAIN.md section 5 and the currencies beside it.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace vestari {

class Currency {
public:
    [[nodiscard]] static constexpr std::optional<Currency> parse(std::string_view code) noexcept;

    // For literals in our own code: Currency::of("USD"). A code that is not listed does not compile.
    static consteval Currency of(const char (&code)[4]) {
        return parse(std::string_view{code, 3}).value();
    }

    constexpr std::string_view code() const noexcept { return {code_.data(), code_.size()}; }
    constexpr int exponent() const noexcept; // decimal places of the minor unit: 0, 2 or 3
    constexpr std::int64_t minor_per_major() const noexcept {
        return exponent() == 0 ? 1 : exponent() == 3 ? 1000 : 100;
    }
    auto operator<=>(const Currency&) const = default;

private:
    constexpr explicit Currency(std::string_view code) noexcept
        : code_{code[0], code[1], code[2]} {}
    std::array<char, 3> code_;
};

namespace detail {
inline constexpr std::string_view currencies_without_minor[] = {"JPY", "KRW", "VND", "CLP", "ISK"};
inline constexpr std::string_view currencies_with_mills[] = {"BHD", "JOD", "KWD", "OMR", "TND"};
inline constexpr std::string_view currencies_with_cents[] = {
    "AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CNY", "COP", "CZK", "DKK", "EGP",
    "EUR", "GBP", "GEL", "HKD", "HUF", "IDR", "ILS", "INR", "KZT", "LBP", "LKR", "MAD",
    "MOP", "MXN", "MYR", "NGN", "NOK", "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON",
    "RSD", "RUB", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "ZAR"};
} // namespace detail

constexpr std::optional<Currency> Currency::parse(std::string_view code) noexcept {
    const auto listed = [code](const auto& list) {
        return std::find(std::begin(list), std::end(list), code) != std::end(list);
    };
    if (listed(detail::currencies_with_cents) || listed(detail::currencies_without_minor) ||
        listed(detail::currencies_with_mills)) {
        return Currency{code};
    }
    return std::nullopt;
}

constexpr int Currency::exponent() const noexcept {
    const auto listed = [this](const auto& list) {
        return std::find(std::begin(list), std::end(list), code()) != std::end(list);
    };
    if (listed(detail::currencies_without_minor)) {
        return 0;
    }
    return listed(detail::currencies_with_mills) ? 3 : 2;
}

struct Money {
    std::int64_t minor; // in the currency's minor unit: cents, fils, whole yen
    Currency currency;
    bool operator==(const Money&) const = default;
};

} // namespace vestari
