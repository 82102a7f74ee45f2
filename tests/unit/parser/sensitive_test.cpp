#include <doctest/doctest.h>

#include "vestari/parser/parser.hpp"

namespace {

using namespace vestari::parser;

bool hides(std::string_view text, std::string_view secret) {
    return mask_sensitive(text).find(secret) == std::string::npos;
}

} // namespace

TEST_CASE("sensitive: cards, phones, accounts, mail and serial numbers are masked in any spacing "
          "and script") {
    struct Row {
        std::string_view text, secret;
    };
    const Row rows[] = {{"card 4111 1111 1111 1111 exp", "4111"},
                        {"card 4111-1111-1111-1111", "1111-1111"},
                        {"4111111111111111", "4111111111111111"},
                        {"4111 1111\n1111 1111", "4111"},
                        {"٤١١١ ١١١١ ١١١١ ١١١١", "٤١١١"},
                        {"amex 3782 822463 10005", "822463"},
                        {"５５５５ ５５５５ ５５５５ ４４４４", "５５５５"},
                        {"call +1 (555) 010-4477", "010-4477"},
                        {"555-0142", "0142"},
                        {"WhatsApp +44 7700 900123", "900123"},
                        {"微信同号 +86 138 0000 0000", "138"},
                        {"للتواصل +971 50 000 0000", "971"},
                        {"IBAN DE89 3704 0044 0532 0130 00", "3704"},
                        {"mail rick@example.com now", "rick@example.com"},
                        {"serial 7A9X31Q2", "7A9X31Q2"},
                        {"(Z123456)", "Z123456"},
                        {"Routing 000000000", "000000000"},
                        {"acct 0009876543", "0009876543"},
                        {"pics https://example.com/i/126710", "example.com"},
                        {"0x52908400098527886E0F7030069857D2E4169EE7", "52908400098527886E0F"}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(hides(row.text, row.secret));
    }
}

TEST_CASE("sensitive: references and prices stay, also those that pass the Luhn check") {
    for (const std::string_view text :
         {"126610LN 2023 full set $12,400", "310.30.42.50.01.001", "31130423001005",
          "5711/1A-010 2019 668k", "81010-11-431-11A", "HKD 1,050,000", "IW371605 2022 5.300",
          "363.179 2022 44.5", "16,710 or 16.500", "126334 126333 126300 126331"}) {
        CAPTURE(text);
        CHECK(mask_sensitive(text) == text);
    }
}

TEST_CASE("sensitive: no record holds what was masked") {
    Context context;
    context.sent_at = std::chrono::year{2026} / 3 / 5;
    for (const std::string_view text :
         {"126610LN 2022 complete 11.3. Call/text +1 (555) 010-4477",
          "126610LN 2025 new 12100 5550144", "WTS 116500LN 2020 FS 23.9 card 4111 1111 1111 1111",
          "16610 Z serial (Z123456) 2006 b&p 8,450"}) {
        CAPTURE(text);
        const auto deals = parse(text, context);
        REQUIRE(deals.size() == 1);
        const std::string all =
            deals[0].reference.value_or("") + deals[0].notes + deals[0].location.value_or("");
        for (const std::string_view secret : {"010", "5550144", "4111", "Z123456"}) {
            CHECK((all.find(secret) == std::string::npos ||
                   deals[0].reference->find(secret) != std::string::npos));
        }
    }
}
