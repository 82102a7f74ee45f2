#include "bridge/route/include_list.hpp"

#include <doctest/doctest.h>

#include "tests/unit/bridge/route/support.hpp"

using namespace vestari;
using namespace vestari::route;

TEST_CASE("include list: holds groups and nothing else") {
    const IncludeList list = test::included({"1@g.us", "491701234567-1612345678@g.us", "1@g.us"});
    CHECK(list.size() == 2);
    CHECK(list.contains("1@g.us"));
    CHECK(list.contains("491701234567-1612345678@g.us"));
    for (const std::string_view text :
         {"", "1", "g.us", "@g.us", "2@g.us", "1@newsletter", "1@lid", "1@g.us@g.us"}) {
        CAPTURE(text);
        CHECK_FALSE(list.contains(text));
    }
    for (const std::string_view text : {"1@lid", "g.us", "1@s.whatsapp.net", "status@broadcast"}) {
        CAPTURE(text);
        CHECK(IncludeList::of(std::vector{std::string{text}}).error() == RouteErrc::not_a_group);
        CHECK(list.with(text).error() == RouteErrc::not_a_group);
    }
    CHECK(IncludeList::of(std::vector<std::string>{"1@2@g.us"}).error() == JidErrc::two_at_signs);
}

TEST_CASE("include list: asked with a stanza's JID, the server decides too") {
    const IncludeList list = test::included({"1@g.us"});
    CHECK(list.contains(wire::JidView{.user = "1", .server = "g.us"}));
    CHECK_FALSE(list.contains(wire::JidView{.user = "1", .server = "lid"}));
    CHECK_FALSE(list.contains(wire::JidView{.user = "", .server = "g.us"}));
    CHECK_FALSE(IncludeList{}.contains(wire::JidView{.user = "1", .server = "g.us"}));
}

TEST_CASE("include list: a change makes a new list and leaves the old one") {
    const IncludeList before = test::included({"1@g.us"});
    const IncludeList more = before.with("2@g.us").value();
    const IncludeList fewer = more.without("1@g.us").value();
    CHECK_FALSE(before.contains("2@g.us"));
    CHECK(more.contains("1@g.us"));
    CHECK(more.contains("2@g.us"));
    CHECK_FALSE(fewer.contains("1@g.us"));
    CHECK(fewer.contains("2@g.us"));
    CHECK(fewer.without("1@g.us").value().size() == 1);
}
