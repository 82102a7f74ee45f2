// The parser on any bytes: spans lie inside the text, the same text gives the same deals, no card number enters a record,
// and masking leaves nothing that masking would hide again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "vestari/base/check.hpp"
#include "vestari/parser/parser.hpp"

namespace {

using vestari::Currency;
namespace parser = vestari::parser;

// A card number made of this many digits in a row, Luhn-checked, in one field.
bool holds_card(std::string_view field) {
    std::string digits;
    for (const char c : field) {
        if (c >= '0' && c <= '9') {
            digits.push_back(c);
        }
    }
    if (digits.size() < 16) { // references of 14 digits may pass the check
        return false;
    }
    int sum = 0;
    for (std::size_t i = 0; i < 16; ++i) {
        const int digit = (digits[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

void check(const std::vector<parser::Deal>& deals, std::string_view text, std::string_view quoted) {
    for (const parser::Deal& deal : deals) {
        VESTARI_CHECK(deal.confidence >= parser::store_from && deal.confidence <= 1);
        VESTARI_CHECK(deal.reference.has_value() || deal.model.has_value());
        VESTARI_CHECK(deal.qty >= 1);
        VESTARI_CHECK(!deal.price || deal.price->minor > 0);
        VESTARI_CHECK(!deal.month || (*deal.month >= 1 && *deal.month <= 12));
        VESTARI_CHECK(!holds_card(deal.reference.value_or("")) && !holds_card(deal.notes));
        for (const parser::Evidence& evidence : deal.evidence) {
            const std::size_t size = evidence.span.in_quote ? quoted.size() : text.size();
            VESTARI_CHECK(evidence.span.from <= evidence.span.to && evidence.span.to <= size);
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::string_view all{reinterpret_cast<const char*>(data) + 1, size - 1};
    static constexpr const char* codes[] = {"USD", "HKD", "EUR", "JPY", "MYR", "INR", "KWD", "CNY"};
    parser::Context context;
    context.group_currency = Currency::parse(codes[data[0] % 8]);
    context.sent_at = std::chrono::year{2026} / 3 / 5;
    std::string_view text = all;
    if (const std::size_t cut = all.find('\x1e'); cut != std::string_view::npos) {
        text = all.substr(0, cut);
        context.quoted = all.substr(cut + 1);
    }
    const auto deals = parser::parse(text, context);
    check(deals, text, context.quoted);
    const auto again = parser::parse(text, context);
    VESTARI_CHECK(again.size() == deals.size());
    for (std::size_t i = 0; i < deals.size(); ++i) {
        VESTARI_CHECK(again[i].reference == deals[i].reference &&
                      again[i].price == deals[i].price && again[i].evidence == deals[i].evidence);
    }
    const std::string masked = parser::mask_sensitive(text);
    VESTARI_CHECK(parser::mask_sensitive(masked) == masked);
    return 0;
}
