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

// 13 to 19 digits that stand in one piece, or in groups with blanks and dashes, and pass the Luhn check. Letters, dots and
// slashes part: references that have them may pass it (03.3100.3600/69.M3100 has sixteen digits).
bool holds_card(std::string_view field) {
    std::string run;
    for (std::size_t i = 0; i <= field.size(); ++i) {
        const char c = i < field.size() ? field[i] : '\0';
        if (c >= '0' && c <= '9') {
            run.push_back(c);
            continue;
        }
        if (c == ' ' || c == '-') {
            continue;
        }
        int sum = 0;
        for (std::size_t d = 0; d < run.size(); ++d) {
            const int digit = (run[run.size() - 1 - d] - '0') * (d % 2 == 0 ? 1 : 2);
            sum += digit > 9 ? digit - 9 : digit;
        }
        if (run.size() >= 13 && run.size() <= 19 && sum % 10 == 0) {
            return true;
        }
        run.clear();
    }
    return false;
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
