#include <doctest/doctest.h>

#include <fstream>

#include "tests/unit/bridge/receive/inbox/office.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

using namespace vestari;

namespace {

using boost::json::object;

boost::json::value read_connection_vectors(const std::string& name) {
    std::ifstream file{std::string{VESTARI_TEST_DATA} + "/vectors/connection/" + name};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return boost::json::parse(text);
}

using Attributes = std::map<std::string, std::string>;

Attributes attributes_of(const object& tree) {
    Attributes attributes;
    for (const auto& [key, value] : tree.at("attrs").as_object()) {
        const std::string_view text = value.as_string();
        // The peer prints a bare server with the @ in front.
        attributes[std::string{key}] = std::string{text.starts_with('@') ? text.substr(1) : text};
    }
    return attributes;
}

Attributes attributes_of(const outbound::Outbound& stanza) {
    Attributes attributes;
    for (const auto& [key, value] : outbound::encode(stanza).attributes) {
        const auto* const text = std::get_if<std::string>(&value);
        attributes[key] = text != nullptr ? *text : std::get<Jid>(value).to_string();
    }
    std::erase_if(attributes, [](const auto& entry) { return entry.second.empty(); });
    return attributes;
}

} // namespace

TEST_CASE("inbox: acks are those of the peer, but for what section 11.2 decides otherwise") {
    const boost::json::value vectors = read_connection_vectors("outbound_stanzas.json");
    std::size_t checked = 0;
    for (const boost::json::value& entry : vectors.at("cases").as_array()) {
        const object& row = entry.as_object();
        const std::string_view name = test::text_of(row, "name");
        if (!row.contains("inbound") || !name.starts_with("ack_")) {
            continue;
        }
        CAPTURE(std::string{name});
        test::Office office;
        const object& inbound = row.at("inbound").as_object();
        CHECK(office.inbox->take(test::hex_of(inbound, "frame_hex"), office.clock.now(), 1) ==
              receive::Inbox::Took::yes);
        const std::vector<outbound::Outbound> leaving = office.inbox->commit();
        test::told(leaving); // through the guard
        REQUIRE(leaving.size() == 1);
        Attributes wanted = attributes_of(row.at("outbound").as_object().at("tree").as_object());
        if (wanted["class"] == "message") { // no own device, no type
            wanted.erase("from");
            wanted.erase("type");
        }
        CHECK(attributes_of(leaving.front()) == wanted);
        ++checked;
    }
    CHECK(checked >= 9);
}

TEST_CASE("inbox: the stanzas of vector g are cleared by their route") {
    const boost::json::value vectors = test::read_vectors("g-stanzas.json");
    const route::Own own{test::jid(test::text_of(vectors.at("own").as_object(), "pn")),
                         test::jid(test::text_of(vectors.at("own").as_object(), "lid"))};
    const boost::json::value keys = test::read_vectors("a-pairwise.json");
    for (const boost::json::value& entry : vectors.at("stanzas").as_array()) {
        const object& row = entry.as_object();
        const object& expect = row.at("expect").as_object();
        CAPTURE(std::string{test::text_of(row, "name")});
        test::Sessions sessions;
        ManualClock clock{test::at(test::office_opens)};
        signal::Decryptor decryptor{*sessions, clock};
        REQUIRE(decryptor.install(test::receiver_keys(keys.at("receiver").as_object())));
        receive::Inbox inbox{
            *sessions,
            {"main", own,
             route::IncludeList::of(std::vector<std::string>{"120363000000000001@g.us"}).value(),
             config::Receipts::inactive, false, to_bytes("identity"), 1U << 30U},
            clock};
        CHECK(inbox.take(test::hex_of(row, "binary"), clock.now(), 1) == receive::Inbox::Took::yes);
        const test::Lines lines = test::told(inbox.commit(), own);
        const std::string_view route = test::text_of(expect, "route");
        const bool own_chat = route == "drop" && expect.at("from_me").as_bool();
        REQUIRE_FALSE(lines.empty());
        if (route == "drop" ||
            route == "unavailable") { // the ciphertexts of the rest are no real ones
            REQUIRE(lines.size() == 1);
            CHECK(lines.front().starts_with(own_chat ? "receipt" : "ack class=message id="));
        } else {
            REQUIRE(lines.size() == 2);
            const bool resent = test::text_of(row, "name") == "group_offline_retry";
            CHECK(lines.front().find(resent ? "<retry count=2 " : "<retry count=1 ") !=
                  std::string::npos);
            CHECK(lines.back().starts_with("ack class=message id="));
            CHECK((lines.front().find("category=peer") != std::string::npos) ==
                  (route == "own_peer"));
        }
    }
}
