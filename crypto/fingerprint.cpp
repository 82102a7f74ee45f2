#include "vestari/crypto/fingerprint.hpp"

#include <cstdlib>
#include <memory>
#include <new>

#include <fmt/format.h>
#include <utf8proc.h>

#include "crypto/length_prefixed.hpp"

namespace vestari::crypto {

namespace {

struct Freed {
    void operator()(utf8proc_uint8_t* text) const noexcept { std::free(text); }
};

// Unicode's full case folding. Text that is not UTF-8 never comes from the parser; should it, it stands for itself.
std::string case_folded(std::string_view text) {
    utf8proc_uint8_t* raw = nullptr;
    const utf8proc_ssize_t length =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &raw, UTF8PROC_CASEFOLD);
    const std::unique_ptr<utf8proc_uint8_t, Freed> folded{raw};
    if (length == UTF8PROC_ERROR_NOMEM) {
        throw std::bad_alloc{};
    }
    if (length < 0) {
        return std::string{text};
    }
    return {reinterpret_cast<const char*>(folded.get()), static_cast<std::size_t>(length)};
}

std::string what_of(const DealIdentity& deal) {
    if (deal.reference) {
        return fmt::format("r:{}", *deal.reference);
    }
    return fmt::format("m:{}", case_folded(deal.model.value_or(std::string_view{})));
}

std::string price_of(const DealIdentity& deal) {
    if (deal.price) {
        return fmt::format("{}/{}/{}", deal.price->kind, deal.price->minor, deal.price->currency);
    }
    return fmt::format("none/{}", deal.side);
}

std::string date_of(std::chrono::sys_days day) {
    const std::chrono::year_month_day date{day};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

} // namespace

Digest fingerprint(const FingerprintKey& key, const DealIdentity& deal) {
    Bytes input;
    input.reserve(160);
    append(input, "vestari/deal/1");
    append_lp(input, deal.brand);
    append_lp(input, what_of(deal));
    append_lp(input, price_of(deal));
    append_lp(input, date_of(deal.date));
    return hmac_sha256(key.expose(), input);
}

} // namespace vestari::crypto
