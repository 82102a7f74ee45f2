#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "vestari/parser/parser.hpp"

namespace {

using namespace vestari;
using namespace vestari::parser;

Context group(const char* code) {
    Context context;
    context.group_currency = Currency::parse(code);
    context.sent_at = std::chrono::year{2026} / 3 / 5;
    return context;
}

// "sell 126610LN 1240000USD unworn full_set 2023/0 black" with what is not said left out.
std::string line_of(const Deal& deal) {
    std::string line{to_string(deal.side)};
    line += ' ' + deal.reference.value_or("~" + deal.model.value_or(""));
    if (deal.price) {
        line += ' ' + std::to_string(deal.price->minor) + std::string{deal.price->currency.code()};
    }
    if (deal.condition) {
        line += ' ' + std::string{to_string(*deal.condition)};
    }
    if (deal.set) {
        line += ' ' + std::string{to_string(*deal.set)};
    }
    if (deal.year || deal.month) {
        line += ' ' + std::to_string(deal.year.value_or(0)) +
                (deal.month ? "/" + std::to_string(*deal.month) : "");
    }
    if (deal.dial) {
        line += ' ' + *deal.dial;
    }
    return line;
}

// A fixture writes the ends of a message's lines as \\n.
std::string with_lines(std::string text) {
    for (std::size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n")) {
        text.replace(at, 2, "\n");
    }
    return text;
}

std::string read(std::string_view text, const char* currency, std::string_view quoted = {}) {
    Context context = group(currency);
    context.quoted = quoted;
    std::string all;
    for (const Deal& deal : parse(text, context)) {
        all += (all.empty() ? "" : "; ") + line_of(deal);
    }
    return all;
}

} // namespace

TEST_CASE("parser: reads single offers in the styles of the regions") {
    struct Row {
        const char* currency;
        std::string_view text, want;
    };
    const Row rows[] = {
        {"USD", "WTS Rolex 126610LN, 2023 full set, unworn, $12,400 shipped",
         "sell 126610LN 1240000USD unworn full_set 2023"},
        {"HKD", "126334 choco jub N1 87.5", "sell 126334 8750000HKD new 0/1 chocolate"},
        {"HKD", "5811/1G N8/25 hkd1.06m", "sell 5811/1G 106000000HKD new 2025/8"},
        {"CNY", "出售劳力士126334蓝面五珠带，2024年3月，全新未拆，8.8w",
         "sell 126334 8800000CNY new 2024/3 blue"},
        {"CHF", "WTS 228238 green roman stickers, CH card 2025, CHF 36'500.-",
         "sell 228238 3650000CHF unworn 2025 green"},
        {"EUR", "228238: 41.900,00 EUR neu", "sell 228238 4190000EUR new"},
        {"INR", "5167A unworn 2024, asking 48L", "sell 5167A 480000000INR unworn 2024"},
        {"IDR", "Dijual Rolex 126334 biru jubilee 2023 bekas fullset 178 juta nego",
         "sell 126334 17800000000IDR used full_set 2023 blue"},
        {"MYR", "126234 pink jub brand new 2025 RM 52,800 ready KL",
         "sell 126234 5280000MYR new 2025 pink"},
        {"HKD", "AP 15510ST 藍 22年 全套 三十六萬半 不議",
         "sell 15510ST 36500000HKD full_set 2022 blue"},
        {"USD", "31130423001005 b&p 2019 4.2k", "sell 311.30.42.30.01.005 420000USD full_set 2019"},
        {"USD", "12661OLN 2023 fs 11.3k", "sell 126610LN 1130000USD full_set 2023"},
        {"HKD", "１２６６１０ＬＮ Ｎ２／２６ ＨＫＤ ９６，５００",
         "sell 126610LN 9650000HKD new 2026/2"},
        {"AED", "للبيع AP 15500ST ازرق ٢٠٢٢ كامل ١٤٥٬٠٠٠ درهم",
         "sell 15500ST 14500000AED full_set 2022 blue"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(read(row.text, row.currency) == row.want);
    }
}

TEST_CASE("parser: talk about watches is no offer") {
    const std::string_view rows[] = {
        "5711 market is down to the low 80s",
        "126500LN was 32k in January and it's 27k now, brutal",
        "WTS 116610LV bezel insert OEM, $1,450",
        "My dad bought his 1675 for $250 in 1972",
        "Stolen: Rolex serial M000000 taken at gunpoint in LA, contact if seen 555-0150",
        "Flight AA 1675 lands 3:15",
        "126610LN NFS just showing",
        "1:1 superclone 126610LN 3235 movement $480 DM",
        "we buy all Rolex, best prices paid",
        "room 5513, come up",
        "14k",
        "sold",
        "full set 2022",
        "Good morning everyone"};
    for (const std::string_view text : rows) {
        CAPTURE(text);
        CHECK(read(text, "USD") == "");
    }
}

TEST_CASE("parser: the fixture of talk offers nothing") {
    std::ifstream in{VESTARI_TEST_DATA "/fixtures/deals/talk.txt"};
    REQUIRE(in);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with('#')) {
            CAPTURE(line);
            CHECK(read(with_lines(line), "USD") == "");
        }
    }
}

TEST_CASE("parser: the fixture of sides: who sells, buys, trades, has sold") {
    std::ifstream in{VESTARI_TEST_DATA "/fixtures/deals/sides.tsv"};
    REQUIRE(in);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('#')) {
            continue;
        }
        const std::size_t first = line.find('\t');
        const std::size_t second = line.find('\t', first + 1);
        const std::string currency = line.substr(first + 1, second - first - 1);
        const std::string text = line.substr(second + 1);
        std::string sides;
        for (const Deal& deal : parse(text, group(currency.c_str()))) {
            sides += (sides.empty() ? "" : "+") + std::string{to_string(deal.side)};
        }
        CAPTURE(text);
        CHECK(sides == line.substr(0, first));
    }
}

TEST_CASE("parser: the fixture of classes: what each kind of message comes to") {
    std::ifstream in{VESTARI_TEST_DATA "/fixtures/deals/classes.tsv"};
    REQUIRE(in);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with('#')) {
            continue;
        }
        std::vector<std::string> columns;
        for (std::size_t at = 0; at != std::string::npos;) {
            const std::size_t end = line.find('\t', at);
            columns.push_back(line.substr(at, end - at));
            at = end == std::string::npos ? end : end + 1;
        }
        REQUIRE(columns.size() >= 3);
        columns.resize(4);
        CAPTURE(columns[2]);
        CHECK(read(with_lines(columns[2]), columns[0].c_str(), with_lines(columns[3])) ==
              columns[1]);
    }
}

TEST_CASE("parser: lists take headers, sections, footers and sub-lines") {
    CHECK(read("Rolex lot, full sets\n126610LN '22 $11,400\n126610LV '23 13.5", "USD") ==
          "sell 126610LN 1140000USD full_set 2022; sell 126610LV 1350000USD full_set 2023");
    CHECK(read("126334 jub N3/26\nblue 89 / black 88", "HKD") ==
          "sell 126334 8900000HKD new 2026/3 blue; sell 126334 8800000HKD new 2026/3 black");
    CHECK(read("126610LN/LV N2/26 95.5/111.5k", "HKD") ==
          "sell 126610LN 9550000HKD new 2026/2; sell 126610LV 11150000HKD new 2026/2");
    CHECK(read("WTB 5167A 2020+ under 45\nWTS 5164A 2021 full set 77k", "USD") ==
          "buy 5167A 4500000USD; sell 5164A 7700000USD full_set 2021");
    CHECK(read("126610LN 95.8 ❌ sold\n126610LV 113 hold", "HKD") ==
          "sold 126610LN 9580000HKD; sell 126610LV 11300000HKD");
}

TEST_CASE("parser: a reply takes the watch from the one quoted offer") {
    CHECK(read("sold", "USD", "WTS 116610LN 2018 full set 10.9") ==
          "sold 116610LN 1090000USD full_set 2018");
    CHECK(read("17.6 wired now?", "USD", "126710BLRO oyster 2021 complete 18.4k") ==
          "buy 126710BLRO 1760000USD full_set 2021");
    CHECK(read("Dropping to 14.2, need funds", "USD", "WTS 326934 white 2020 b&p 14.9") ==
          "sell 326934 1420000USD full_set 2020 white");
    CHECK(read("still available?", "USD", "WTS 116610LN 2018 full set 10.9") == "");
    CHECK(read("sold", "USD", "126610LN 11k\n126610LV 13k") == "");
}

TEST_CASE("parser: evidence points at the words that gave the field") {
    const std::string_view text = "WTS 126610LN 2023 full set $12,400";
    const auto deals = parse(text, group("USD"));
    REQUIRE(deals.size() == 1);
    const auto words = [&](std::string_view field) -> std::string_view {
        for (const Evidence& evidence : deals[0].evidence) {
            if (evidence.field == field) {
                return text.substr(evidence.span.from, evidence.span.to - evidence.span.from);
            }
        }
        return "";
    };
    CHECK(words("reference") == "126610LN");
    CHECK(words("set") == "full set");
    CHECK(words("price") == "12,400");
    CHECK(words("side") == "WTS");
    CHECK(deals[0].confidence >= 0.9);
}

TEST_CASE("parser: enum words go there and back") {
    CHECK(to_string(Condition::brand_new) == "new");
    CHECK(enum_from<Set>("papers_only") == Set::papers_only);
    CHECK_FALSE(enum_from<Side>("Sell").has_value());
}
