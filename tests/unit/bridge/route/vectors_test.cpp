// Every `route` of the vectors, decided on the root alone; chat, author and Signal address where they are given.
#include <doctest/doctest.h>

#include "bridge/route/origin.hpp"
#include "bridge/wire/decoder.hpp"
#include "tests/unit/bridge/route/support.hpp"

using namespace vestari;
using namespace vestari::route;

namespace {

struct Vectors {
    explicit Vectors(const std::string& name)
        : file(test::vectors(name)),
          me{test::own_of(test::text_at(file.at("own").as_object(), "pn"),
                          test::text_at(file.at("own").as_object(), "lid"))} {
        std::vector<std::string> groups;
        for (const test::json::value& jid : file.at("include_list").as_array()) {
            groups.emplace_back(jid.as_string());
        }
        list = test::included(groups);
    }
    test::json::value file;
    Own me;
    IncludeList list;
};

// As the bridge does it: the root decides, and only then is the rest decoded.
std::string_view route_word(BytesView frame, const Vectors& with) {
    const Decision decided = test::decision(frame, with.list, with.me);
    if (decided.route != Route::decrypt) {
        return word(decided.route);
    }
    return word(route_of_decoded(wire::decode(frame).value().root()));
}

void check_origin(const test::json::object& expect, BytesView frame, const Vectors& with) {
    const wire::Document document = wire::decode(frame).value();
    const Origin origin = origin_of(header_of(document.root()), with.me).value();
    CHECK(origin.chat.to_string() == test::text_at(expect, "chat"));
    CHECK(origin.from_me == expect.at("from_me").as_bool());
    if (const test::json::value* const address = expect.if_contains("signal_address")) {
        const Jid& name = origin.lid() != nullptr ? *origin.lid() : origin.sender;
        const std::string suffix = name.family() == Jid::Family::lid ? "_1" : "";
        CHECK(name.user() + suffix == test::text_at(address->as_object(), "name"));
        CHECK(name.device() == address->as_object().at("device").to_number<int>());
    }
}

} // namespace

TEST_CASE("g-stanzas.json: each stanza takes its route, compressed or not") {
    const Vectors vectors{"messages/g-stanzas.json"};
    std::size_t routed = 0;
    for (const test::json::value& entry : vectors.file.at("stanzas").as_array()) {
        const test::json::object& stanza = entry.as_object();
        CAPTURE(test::text_at(stanza, "name"));
        const Bytes frame = test::hex(test::text_at(stanza, "binary"));
        const test::json::object& expect = stanza.at("expect").as_object();
        CHECK(route_word(frame, vectors) == test::text_at(expect, "route"));
        CHECK(route_word(test::compress(frame), vectors) == test::text_at(expect, "route"));
        if (test::text_at(expect, "route") != "drop") {
            check_origin(expect, frame, vectors);
        }
        ++routed;
    }
    CHECK(routed == 16);
}

TEST_CASE("h-endtoend.json: each stanza takes its route") {
    const Vectors vectors{"messages/h-endtoend.json"};
    std::size_t routed = 0;
    for (const test::json::value& entry : vectors.file.at("steps").as_array()) {
        const test::json::object& step = entry.as_object();
        const test::json::object& expect = step.at("expect").as_object();
        CAPTURE(test::text_at(step, "name"));
        const Bytes frame = test::hex(test::text_at(step, "binary"));
        if (expect.contains("route")) {
            CHECK(route_word(frame, vectors) == test::text_at(expect, "route"));
            ++routed;
        }
    }
    CHECK(routed >= 16);
}
