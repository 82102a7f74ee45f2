#include "ingest/cli/explain/explain.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

using namespace vestari;
using namespace vestari::cli;

namespace {

std::string shown(std::string_view text, std::string_view quoted = {}, bool colour = false) {
    parser::Context context;
    context.quoted = quoted;
    const auto deals = parser::parse(text, context);
    terminal::Look look;
    look.colour = colour;
    return explain({"1", text, quoted, deals}, look);
}

} // namespace

TEST_CASE("explain: each place stands numbered in the text, and its number before field and rule") {
    const std::string text = shown("WTS 126610LN 2023 full set 12.4k");
    CHECK(text.find("[1 WTS] [2 126610LN] [3 2023] [4 full set] [5 12.4k]") != std::string::npos);
    CHECK(text.find("Rolex 126610LN  confidence 0.81") != std::string::npos);
    CHECK(text.find("5  price      12,400 USD  12.4k     price.unit") != std::string::npos);
}

TEST_CASE("explain: without colour there is no escape; with colour the same words stand") {
    const std::string_view message = "WTS 126610LN 2023 full set 12.4k";
    CHECK(shown(message).find('\x1b') == std::string::npos);
    const std::string coloured = shown(message, {}, true);
    CHECK(coloured.find("\x1b[36m[2 126610LN]\x1b[0m") != std::string::npos);
}

TEST_CASE("explain: what the answered message gave is marked there") {
    const std::string text = shown("sold", "WTS 126610LN 2023 full set 12.4k");
    CHECK(text.find("answers\n") != std::string::npos);
    CHECK(text.find("126610LN (answered message)") != std::string::npos);
}

TEST_CASE("explain: a message without a deal says so") {
    CHECK(shown("good morning all").ends_with("no deal\n"));
}

TEST_CASE("explain: what a stranger wrote moves no cursor") {
    CHECK(shown("WTS 126610LN \x1b[2J 12.4k").find('\x1b') == std::string::npos);
}

TEST_CASE("explain: as JSON, spans lead to the words") {
    const std::string_view text = "WTS 126610LN 12.4k";
    const auto deals = parser::parse(text, {});
    std::string out;
    append_explained_json(out, {"a\"b", text, {}, deals});
    const boost::json::value value = boost::json::parse(out);
    CHECK(value.at("id").as_string() == "a\"b");
    const auto& fields = value.at("deals").at(0).at("fields").as_array();
    REQUIRE(!fields.empty());
    for (const boost::json::value& field : fields) {
        const auto from = static_cast<std::size_t>(field.at("span").at(0).as_int64());
        const auto to = static_cast<std::size_t>(field.at("span").at(1).as_int64());
        CHECK(text.substr(from, to - from) == std::string_view{field.at("words").as_string()});
    }
}
