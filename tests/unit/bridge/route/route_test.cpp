#include "bridge/route/route.hpp"

#include <set>

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "tests/unit/bridge/route/support.hpp"

using namespace vestari;
using namespace vestari::route;

namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

const Own me = test::own_of("15550100001:5@s.whatsapp.net", "77777777777777:5@lid");
const IncludeList list = test::included({"120363000000000001@g.us"});

wire::OutNode stanza(const Attributes& attributes, const std::string& tag = "message") {
    wire::OutNode node{.tag = tag};
    for (const auto& [key, value] : attributes) {
        node.attributes.emplace_back(key, test::out_value(value));
    }
    return node;
}

Decision decided_node(const wire::OutNode& node) {
    return test::decision(wire::encode(node), list, me);
}
Decision decided(const Attributes& attributes) { return decided_node(stanza(attributes)); }

Decision drop(DropReason reason) { return {Route::drop, reason}; }

const std::string group = "120363000000000001@g.us";
const std::string other_group = "120363000000000099@g.us";
const std::string member = "11111111111111:3@lid";

} // namespace

TEST_CASE("route: a message of an included group is for us, of any other it is not") {
    CHECK(decided({{"from", group}, {"participant", member}, {"id", "A1"}}) ==
          Decision{Route::decrypt});
    CHECK(decided({{"from", other_group}, {"participant", member}, {"id", "A1"}}) ==
          drop(DropReason::not_included));
    // Included in name only: the same user part at another server.
    CHECK(decided({{"from", "120363000000000001@newsletter"}, {"id", "A1"}}) ==
          drop(DropReason::newsletter));
    CHECK(decided({{"from", "120363000000000001@lid"}, {"participant", member}, {"id", "A1"}}) ==
          drop(DropReason::direct));
    CHECK(decided(
              {{"from", "120363000000000001@broadcast"}, {"participant", member}, {"id", "A1"}}) ==
          drop(DropReason::broadcast));
}

TEST_CASE("route: what lacks a group message's attributes is malformed") {
    const Attributes rows[] = {
        {{"from", group}, {"id", "A1"}},            // no participant
        {{"from", group}, {"participant", member}}, // no id
        {{"from", group}, {"participant", member}, {"id", std::string(129, 'a')}},
        {{"from", group}, {"participant", member}, {"id", "A\x1b[m"}},
        {{"from", group}, {"participant", "s.whatsapp.net"}, {"id", "A1"}}, // a server
        {{"from", group}, {"participant", group}, {"id", "A1"}},            // no user
        {{"from", group}, {"participant", "11111111111111:3@msgr"}, {"id", "A1"}},
        {{"from", group}, {"participant", "11111111111111:3@example"}, {"id", "A1"}},
        {{"from", group}, {"participant", "a@b@lid"}, {"id", "A1"}}, // unreadable
        {{"from", group}, {"participant", member}, {"recipient", "a@b@lid"}, {"id", "A1"}},
        {{"participant", member}, {"id", "A1"}}, // no chat
        {{"from", "a@b@g.us"}, {"participant", member}, {"id", "A1"}},
        {{"id", "A1"}},
        {},
    };
    for (const Attributes& row : rows) {
        CHECK(decided(row) == drop(DropReason::malformed));
    }
    // A participant that is an agent without a user: JID_PAIR ".5@s.whatsapp.net"
    const Bytes agent = test::hex("00f8071306faff091203630000000000011c05faff01b5030855");
    CHECK(test::decision(agent, list, me) == drop(DropReason::malformed));
    wire::OutNode bare = stanza({{"participant", member}, {"id", "A1"}});
    bare.attributes.emplace_back("from", Jid::parse("g.us").value()); // all groups
    CHECK(decided_node(bare) == drop(DropReason::malformed));
    wire::OutNode jid_as_id = stanza({{"from", group}, {"participant", member}});
    jid_as_id.attributes.emplace_back("id", Jid::parse("1@lid").value());
    CHECK(decided_node(jid_as_id) == drop(DropReason::malformed));
}

TEST_CASE("route: an id of 128 bytes is the longest") {
    CHECK(decided({{"from", group}, {"participant", member}, {"id", std::string(128, 'a')}}) ==
          Decision{Route::decrypt});
}

TEST_CASE("route: people who write to the dealer are dropped") {
    for (const std::string_view from :
         {"33333333333333:1@lid", "15550100099@s.whatsapp.net", "15550100099@c.us",
          "15550100099:99@hosted", "33333333333333:99@hosted.lid", "0@s.whatsapp.net"}) {
        CAPTURE(from);
        CHECK(decided({{"from", std::string{from}}, {"id", "A1"}}) == drop(DropReason::direct));
        // A participant or a recipient does not make it anything else.
        CHECK(decided({{"from", std::string{from}}, {"participant", group}, {"id", "A1"}}) ==
              drop(DropReason::direct));
        CHECK(decided({{"from", std::string{from}}, {"recipient", group}, {"id", "A1"}}) ==
              drop(DropReason::direct));
    }
}

TEST_CASE("route: the other servers have reasons of their own") {
    struct Row {
        std::string_view from;
        DropReason reason;
    };
    const Row rows[] = {
        {"status@broadcast", DropReason::broadcast},
        {"123@broadcast", DropReason::broadcast},
        {"120363000000009999@newsletter", DropReason::newsletter},
        {"867051314767696@bot", DropReason::bot},
        {"abc:7@msgr", DropReason::foreign},
        {"17-1234567890:3@interop", DropReason::foreign},
        {"abc@call", DropReason::foreign},
        {"1234@example", DropReason::unknown},
        {"s.whatsapp.net", DropReason::malformed},
        {"example", DropReason::unknown},
    };
    for (const Row& row : rows) {
        CAPTURE(row.from);
        CHECK(decided({{"from", std::string{row.from}},
                       {"participant", member},
                       {"id", "A1"},
                       {"category", "peer"}}) ==
              drop(row.from == "s.whatsapp.net" ? DropReason::malformed : row.reason));
    }
    CHECK(decided({{"from", group}, {"participant", "867051314767696@bot"}, {"id", "A1"}}) ==
          drop(DropReason::bot));
}

TEST_CASE("route: control traffic counts from the own phone alone") {
    struct Row {
        std::string_view from;
        Decision want;
    };
    const Row rows[] = {
        {"77777777777777@lid", {Route::own_peer}},
        {"15550100001@s.whatsapp.net", {Route::own_peer}},
        {"15550100001@c.us", {Route::own_peer}},
        {"77777777777777:5@lid",
         drop(DropReason::peer_forged)}, // another companion, or we ourselves
        {"15550100001:1@s.whatsapp.net", drop(DropReason::peer_forged)},
        {"15550100001:99@hosted", drop(DropReason::peer_forged)},
        {"33333333333333@lid", drop(DropReason::peer_forged)},
        {"77777777777777@s.whatsapp.net",
         drop(DropReason::peer_forged)},                    // our LID's digits as a phone number
        {"15550100001@lid", drop(DropReason::peer_forged)}, // our phone's digits as a LID
        {"15550100001@g.us", drop(DropReason::not_included)},
        {"15550100001@msgr", drop(DropReason::foreign)},
    };
    for (const Row& row : rows) {
        CAPTURE(row.from);
        const std::string from{row.from};
        CHECK(decided({{"from", from}, {"category", "peer"}, {"id", "A1"}}) == row.want);
        CHECK(decided({{"from", from}, {"type", "peer_msg"}, {"id", "A1"}}) == row.want);
    }
}

TEST_CASE("route: whatever else an own device sends is its own business") {
    const std::string phone = "77777777777777@lid";
    const Attributes rows[] = {
        {{"from", phone}, {"id", "A1"}},                                      // to itself
        {{"from", phone}, {"recipient", "33333333333333@lid"}, {"id", "A1"}}, // to somebody
        {{"from", phone}, {"recipient", group}, {"id", "A1"}},
        {{"from", phone}, {"recipient", "1@lid"}, {"category", "peer"}, {"id", "A1"}},
        {{"from", phone}, {"recipient", "1@lid"}, {"type", "peer_msg"}, {"id", "A1"}},
        {{"from", phone}, {"category", "peers"}, {"id", "A1"}},
        {{"from", phone}, {"category", "Peer"}, {"id", "A1"}},
        {{"from", phone}, {"type", "text"}, {"id", "A1"}},
        {{"from", phone}, {"participant", member}, {"id", "A1"}},
    };
    for (const Attributes& row : rows) {
        CHECK(decided(row) == drop(DropReason::own_chat));
    }
    CHECK(decided({{"from", phone}, {"category", "peer"}}) == drop(DropReason::malformed)); // no id
    CHECK(
        decided({{"from", phone}, {"category", "peer"}, {"recipient", "a@b@lid"}, {"id", "A1"}}) ==
        drop(DropReason::malformed)); // a recipient that cannot be read is not an absent one
}

TEST_CASE("route: without a LID of ours, the LID's owner is a stranger") {
    const Own unlinked{Jid::parse("15550100001:5@s.whatsapp.net").value(), std::nullopt};
    const Bytes frame =
        wire::encode(stanza({{"from", "77777777777777@lid"}, {"category", "peer"}, {"id", "A1"}}));
    CHECK(test::decision(frame, list, unlinked) == drop(DropReason::peer_forged));
}

TEST_CASE("route: a JID of an unassigned domain is never acted on") {
    // from: AD_JID domain 2, device 0, user = our phone number's digits; category=peer; id=1
    const Bytes own = test::hex("00f8071306f70200ff8615550100001f81ee780855");
    CHECK(test::decision(own, list, me) == drop(DropReason::malformed));
    // from: the group; participant: AD_JID domain 2; id=1
    const Bytes in_group = test::hex("00f8071306faff091203630000000000011c05f70200ff0412345678"
                                     "0855");
    CHECK(test::decision(in_group, list, me) == drop(DropReason::malformed));
}

TEST_CASE("route: other stanzas are no messages") {
    for (const std::string_view tag :
         {"notification", "receipt", "iq", "ib", "success", "Message", "messages"}) {
        CAPTURE(tag);
        CHECK(decided_node(stanza({{"from", group}, {"participant", member}, {"id", "A1"}},
                                  std::string{tag})) == Decision{Route::not_message});
    }
}

TEST_CASE("route: a JID sent as text decides as the binary form does") {
    wire::OutNode node{.tag = "message"};
    node.attributes = {{"from", group}, {"participant", member}, {"id", std::string{"A1"}}};
    CHECK(decided_node(node) == Decision{Route::decrypt});
    node.attributes = {{"from", other_group}, {"participant", member}, {"id", std::string{"A1"}}};
    CHECK(decided_node(node) == drop(DropReason::not_included));
}

TEST_CASE("route: unavailable only if it says so and has no ciphertext") {
    const auto route_of = [](std::vector<wire::OutNode> children) {
        wire::OutNode node{.tag = "message"};
        node.content = std::move(children);
        const Bytes frame = wire::encode(node);
        return route_of_decoded(wire::decode(frame).value().root());
    };
    const wire::OutNode enc{.tag = "enc"};
    const wire::OutNode unavailable{.tag = "unavailable"};
    CHECK(route_of({unavailable}) == Route::unavailable);
    CHECK(route_of({unavailable, enc}) == Route::decrypt);
    CHECK(route_of({enc}) == Route::decrypt);
    CHECK(route_of({}) == Route::decrypt);
}

TEST_CASE("route: each reason has a word of its own") {
    std::set<std::string_view> words;
    for (std::size_t i = 0; i < drop_reason_count; ++i) {
        words.insert(word(static_cast<DropReason>(i)));
    }
    CHECK(words.size() == drop_reason_count);
}
