// The stages one by one: folding, references, dates, amounts.
#include <doctest/doctest.h>

#include "parser/recognise/recognise.hpp"
#include "parser/tables/lookup.hpp"

namespace {

using namespace vestari::parser;

struct Scanned {
    Context context;
    Message message;
    explicit Scanned(std::string_view text, const char* currency = "USD") {
        context.group_currency = vestari::Currency::parse(currency);
        context.sent_at = std::chrono::year{2026} / 3 / 5;
        message.context = &context;
        message.folded.fold(text);
    }
};

std::string reference(std::string_view text, std::string_view brand = "") {
    Scanned s{text};
    Ident ident;
    const std::size_t end = read_reference(s.message, 0, brand_index(brand).value_or(-1), ident);
    return end == 0 ? "" : ident.reference;
}

} // namespace

TEST_CASE("normalise: folds case, width, accents, keycaps and drops what nobody sees") {
    struct Row {
        std::string_view text, want;
    };
    const Row rows[] = {{"FULL Set", "full set"},
                        {"ＨＫＤ９６，５００", "hkd96,500"},
                        {"٢٠٢٢", "2022"},
                        {"boîte", "boite"},
                        {"Zürich", "zurich"},
                        {"1\xef\xb8\x8f\xe2\x83\xa3 228238", " 228238"},
                        {"a\xe2\x80\x8b"
                         "b",
                         "ab"},
                        {"\xff", " "},
                        {"𝟏𝟐𝟔", "126"},
                        {"sıfır", "sifir"},
                        {"36’500", "36'500"}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(fold_word(row.text) == row.want);
    }
    Folded folded;
    folded.fold("é 126610LN");
    CHECK(folded.origin.size() == folded.text.size() + 1);
    CHECK(folded.origin[2] == 3); // the reference starts behind two bytes of é and a blank
}

TEST_CASE("reference: surface forms to the canonical one") {
    struct Row {
        std::string_view text, want;
    };
    const Row rows[] = {{"116 500 LN", "116500LN"},
                        {"M126610LN-0001", "126610LN"},
                        {"126334G", "126334"},
                        {"116500", "116500LN"},
                        {"126710", "126710"},
                        {"5711 1A 010", "5711/1A-010"},
                        {"5711a", "5711/1A"},
                        {"5726A", "5726A"},
                        {"5980r", "5980R"},
                        {"15202 st", "15202ST"},
                        {"15202", "15202"},
                        {"rm1103", "RM11-03"},
                        {"RM 11-03", "RM11-03"},
                        {"RM-011", "RM011"},
                        {"iw 3716 05", "IW371605"},
                        {"3716-05", "IW371605"},
                        {"pam1312", "PAM01312"},
                        {"PAM 111", "PAM00111"},
                        {"CRWSSA0018", "WSSA0018"},
                        {"sbga 211", "SBGA211"},
                        {"31130423001005", "311.30.42.30.01.005"},
                        {"4500V", "4500V"},
                        {"4500v 110a b128", "4500V/110A-B128"},
                        {"12661OLN", "126610LN"},
                        {"126,334", ""},
                        {"RM 52,800", ""},
                        {"2023", ""},
                        {"126610LX", ""},
                        {"26331ST.OO.1220ST.99", "26331ST.OO.1220ST.99"}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const bool iwc = row.text == "3716-05";
        CHECK(reference(row.text, iwc ? "IWC" : "") == row.want);
    }
    CHECK(reference("11-03", "Richard Mille") == "RM11-03");
}

TEST_CASE("date: card codes and written dates") {
    struct Row {
        std::string_view text;
        int year, month;
    };
    const Row rows[] = {{"n3/26", 2026, 3},   {"n12/2025", 2025, 12}, {"n8/2025y", 2025, 8},
                        {"n82025y", 2025, 8}, {"n724", 2024, 7},      {"u1/2024", 2024, 1},
                        {"n5", 0, 5},         {"n2026", 2026, 0},     {"05/2023", 2023, 5},
                        {"2024/5", 2024, 5},  {"10/22", 2022, 10},    {"mar '22", 2022, 3},
                        {"feb 25", 2025, 2},  {"'23", 2023, 0},       {"y23", 2023, 0},
                        {"23y", 2023, 0},     {"2025年8月", 2025, 8}, {"23年", 2023, 0},
                        {"2019", 2019, 0},    {"9/10", 0, 0},         {"1850", 0, 0}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        Date date;
        const std::size_t end = read_date(fold_word(row.text), 0, 2026, date);
        CHECK((end == 0 ? 0 : date.year) == row.year);
        CHECK((end == 0 ? 0 : date.month) == row.month);
    }
}

TEST_CASE("amount: digits, decimals and units") {
    struct Row {
        std::string_view text;
        const char* currency;
        std::int64_t digits;
        int decimals, power;
        bool grouped;
    };
    const Row rows[] = {
        {"13.5", "USD", 135, 1, 0, false},         {"13,500", "USD", 13500, 0, 0, true},
        {"13.5k", "USD", 135, 1, 3, false},        {"11.900,-", "EUR", 11900, 0, 0, true},
        {"36'500.-", "CHF", 36500, 0, 0, true},    {"13 500", "EUR", 13500, 0, 0, true},
        {"1.05m", "HKD", 105, 2, 6, false},        {"8.8万", "CNY", 88, 1, 4, false},
        {"8.8w", "CNY", 88, 1, 4, false},          {"9.2 lakh", "INR", 92, 1, 5, false},
        {"178jt", "IDR", 178, 0, 6, false},        {"12 mil 500", "EUR", 12500, 0, 0, false},
        {"41.900,00", "EUR", 4190000, 2, 0, true}, {"1.050.000", "EUR", 1050000, 0, 0, true},
        {"96,00O", "HKD", 96000, 0, 0, true}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        Scanned s{row.text, row.currency};
        s.message.asian_style = true;
        Amount amount;
        REQUIRE(read_amount(s.message, 0, amount) != 0);
        CHECK(amount.digits == row.digits);
        CHECK(amount.decimals == row.decimals);
        CHECK(amount.power == row.power);
        CHECK(amount.grouped == row.grouped);
    }
    Amount spelled;
    std::size_t run_end = 0;
    REQUIRE(read_chinese_number("三十六萬半", 0, spelled, run_end) != 0);
    CHECK(spelled.digits == 365000);
    REQUIRE(read_chinese_number("八萬八", 0, spelled, run_end) != 0);
    CHECK(spelled.digits == 88000);
    REQUIRE(read_chinese_number("十万零五千", 0, spelled, run_end) != 0);
    CHECK(spelled.digits == 105000);
}
