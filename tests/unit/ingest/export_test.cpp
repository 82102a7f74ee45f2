// CSV and JSON: what spreadsheets and readers make of hostile text, and what a full disk gets.
#include <doctest/doctest.h>

#include <cstdio>

#include <boost/json/parse.hpp>

#include "ingest/export/deal_json.hpp"
#include "ingest/export/export.hpp"
#include "ingest/export/json_text.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

namespace {

class TextSink final : public Sink {
public:
    Result<> write(std::string_view bytes) override {
        text += bytes;
        return {};
    }
    Result<> finish() override { return {}; }
    std::string text;
};

// A reader by RFC 4180, written for this test: records of fields, unquoted.
std::vector<std::vector<std::string>> read_csv(std::string_view text) {
    std::vector<std::vector<std::string>> records{{""}};
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        std::string& field = records.back().back();
        if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
            field += c;
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ',') {
            records.back().emplace_back();
        } else if (!quoted && c == '\r') {
            REQUIRE(text[i + 1] == '\n');
            ++i;
            records.push_back({""});
        } else {
            field += c;
        }
    }
    REQUIRE(!quoted);
    records.pop_back(); // after the last line's end
    return records;
}

std::vector<std::string> payloads() {
    using namespace std::string_literals;
    std::vector<std::string> all;
    const std::string starts[] = {"=",  "+",   "-",  "@",  "\t", "\r",
                                  "\n", "\0"s, "＝", "＋", "－", "＠"};
    const std::string rests[] = {"cmd|' /C calc'!A0", "A1*B2", "HYPERLINK(\"http://x\",\"y\")",
                                 "SUM(A1:A9)", "\",=A1*B2,\""};
    for (const std::string& start : starts) {
        for (const std::string& rest : rests) {
            all.push_back(start + rest);
        }
    }
    return all;
}

// What a spreadsheet would run.
bool is_live(const std::string& field) {
    return std::ranges::any_of(
        std::array{"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"},
        [&](const char* start) { return field.starts_with(start); });
}

} // namespace

TEST_CASE("a field of CSV moves no cursor and hides no formula") {
    struct Row {
        std::string_view text;
        std::string_view field;
    };
    using namespace std::string_view_literals;
    const Row rows[] = {
        {"a \"b\"\r\n\tc", "\"a \"\"b\"\"\r\n\tc\""},
        {"\x1b[31mred\x1b]0;title\x07 end\x7f", "\"[31mred]0;title end\""},
        {"x\u0080\u009b31m\u00a0\u00e9", "\"x31m\u00a0\u00e9\""},
        {"nul\0after"sv, "\"nulafter\""},
        {"\x01\0=1+1"sv, "\"'=1+1\""},
        {"\u0085@sum", "\"'@sum\""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        std::string field;
        append_csv_text(field, row.text);
        CHECK(field == row.field);
    }
}

TEST_CASE("sixty formulas in five fields: none is live, all are there") {
    const std::vector<std::string> all = payloads();
    REQUIRE(all.size() == 60);
    std::size_t number = 0;
    for (const std::string& payload : all) {
        CAPTURE(payload);
        Workshop shop;
        Archive archive = shop.open();
        archive.include({rolex_group, payload, Currency::of("USD")});
        Pipeline pipeline{archive, shop.clock};
        event::Envelope envelope = message(payload, payload + "\nWTS 126610LN $12,400");
        envelope.push_name = payload;
        envelope.sender = {payload, ""};
        REQUIRE(pipeline.accept(envelope).outcome == Outcome::deals);
        pipeline.flush();
        TextSink sink;
        CHECK(export_csv(archive, {}, sink).value() == 1);
        const auto records = read_csv(sink.text);
        REQUIRE(records.size() == 2);
        REQUIRE(records[0].size() == records[1].size());
        std::size_t guarded = 0;
        for (std::size_t i = 0; i < records[1].size(); ++i) {
            CAPTURE(records[0][i]);
            CHECK(!is_live(records[1][i]));
            guarded += records[1][i].starts_with('\'') ? 1U : 0U;
            if (records[0][i] == "price") {
                CHECK(records[1][i] == "12400.00");
            }
        }
        CHECK(guarded == 5); // group name, sender, sender name, message id, text
        ++number;
    }
    CHECK(number == 60);
}

TEST_CASE("numbers stay numbers, with the decimals of their currency") {
    struct Row {
        const char* text;
        const char* want;
    };
    const Row rows[] = {{"WTS 126610LN USD 12,400", ",12400.00,\"USD\","},
                        {"WTS 126610LN JPY 1,900,000", ",1900000,\"JPY\","},
                        {"WTS 126610LN KWD 3,800", ",3800.000,\"KWD\","}};
    for (const Row& row : rows) {
        CAPTURE(row.text);
        Workshop one;
        Archive each = one.open();
        Pipeline pipeline{each, one.clock};
        pipeline.accept(message("A1", row.text));
        pipeline.flush();
        TextSink sink;
        REQUIRE(export_csv(each, {}, sink).value() == 1);
        CHECK(sink.text.find(row.want) != std::string::npos);
    }
}

TEST_CASE("JSON: one array, one deal a line, with its history; hostile text reads back equal") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    const std::string nasty =
        "WTS 126610LN $12,400\n\"\\\x01\x1b[31m\x7f\xc2\x9b\xe2\x80\xae end\t";
    pipeline.accept(message("A1", nasty));
    pipeline.accept(message("A2", "WTS 126610LN $12,400", 2, 60));
    pipeline.flush();
    TextSink sink;
    CHECK(export_json(archive, {}, sink).value() == 1);
    for (const char c : sink.text) {
        CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    }
    CHECK(sink.text.find("\xe2\x80\xae") == std::string::npos);
    CHECK(sink.text.find("\xc2\x9b") == std::string::npos);
    const boost::json::value parsed = boost::json::parse(sink.text);
    const boost::json::object& deal = parsed.as_array().at(0).as_object();
    CHECK(deal.at("source").at("text").as_string() == nasty);
    CHECK(deal.at("price_minor").as_int64() == 1'240'000);
    CHECK(deal.at("deal_date").as_string() == "2026-03-05");
    CHECK(deal.at("first_seen").as_string() == "2026-03-05T12:00:00Z");
    CHECK(deal.at("last_seen").as_string() == "2026-03-05T12:01:00Z");
    CHECK(deal.at("sightings").as_int64() == 2);
    CHECK(deal.at("evidence").at("reference").as_string() == "126610LN");
    CHECK(deal.at("history").as_array().size() == 2);
    CHECK(deal.at("history").at(1).at("source").at("message_id").as_string() == "A2");
    for (const char* key :
         {"id",       "status",     "side",         "brand",           "reference",
          "model",    "currency",   "price_kind",   "price_max_minor", "price_prev_minor",
          "list_pct", "settlement", "alt_prices",   "condition",       "set",
          "year",     "month",      "dial",         "bracelet",        "metal",
          "qty",      "location",   "availability", "confidence",      "provenance"}) {
        CAPTURE(key);
        CHECK(deal.contains(key));
    }
}

TEST_CASE("JSON: the forms of a deal before deduplication and of a prediction") {
    parser::Deal deal;
    deal.brand = "A. Lange & Söhne";
    deal.model = "Odysseus \"blue\"";
    deal.price = Money{-5, Currency::of("USD")};
    deal.list_pct = -12.5;
    deal.alt_prices = {{100, Currency::of("EUR")}, {200, Currency::of("GBP")}};
    deal.confidence = 0.95 * 0.85;
    deal.evidence = {{"price", {4, 8, false}, "rule"}, {"reference", {0, 99, true}, "rule"}};
    std::string out;
    append_json(out, deal, "ask 12k4 now", "short");
    const boost::json::value parsed = boost::json::parse(out);
    CHECK(parsed.at("evidence").at("price").as_string() == "12k4");
    CHECK(!parsed.at("evidence").as_object().contains("reference")); // a span beyond the text
    CHECK(parsed.at("list_pct").as_double() == -12.5);
    CHECK(parsed.at("confidence").as_double() == 0.8075);
    CHECK(parsed.at("alt_prices").as_array().size() == 2);
    CHECK(parsed.at("reference").is_null());
    CHECK(out.find('\n') == std::string::npos);

    StoredDeal stored;
    stored.duplicate_of = DealId{0xabc};
    out.clear();
    append_json(out, stored, DuplicateField::written);
    CHECK(boost::json::parse(out).at("duplicate_of").as_string() == "0000000000000abc");
    out.clear();
    append_json(out, stored);
    CHECK(!boost::json::parse(out).as_object().contains("duplicate_of"));
}

TEST_CASE("JSON strings: bytes that are not UTF-8 become replacement characters") {
    struct Row {
        std::string_view in;
        std::string_view want;
    };
    const Row rows[] = {
        {"plain", "\"plain\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"\xc3", "\"\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
        {"a\nb", "\"a\\nb\""},
        {"\xef\xbb\xbf", "\"\\ufeff\""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.in);
        std::string out;
        append_json_string(out, row.in);
        CHECK(out == row.want);
    }
}

TEST_CASE("a full disk stops an export with an error and not with a short file that looks whole") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    for (int i = 0; i < 100; ++i) {
        pipeline.accept(
            message("M" + std::to_string(i), "WTS 126610LN $" + std::to_string(11'000 + i)));
    }
    pipeline.flush();
    std::FILE* full = std::fopen("/dev/full", "w");
    REQUIRE(full != nullptr);
    FileSink csv{full};
    CHECK(export_csv(archive, {}, csv).error() == ExportErrc::disk_full);
    CHECK(csv.write("more").error() == ExportErrc::disk_full);
    std::fclose(full);
    full = std::fopen("/dev/full", "w");
    FileSink json{full};
    CHECK(export_json(archive, {}, json).error() == ExportErrc::disk_full);
    std::fclose(full);
}
