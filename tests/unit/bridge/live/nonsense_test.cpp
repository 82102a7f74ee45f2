// Stanzas put together at random from the protocol's own words: whatever a server says, the account stands, and comes back when told.
#include <doctest/doctest.h>

#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

namespace {

constexpr std::string_view words[] = {"iq",
                                      "ib",
                                      "success",
                                      "failure",
                                      "stream:error",
                                      "error",
                                      "message",
                                      "receipt",
                                      "notification",
                                      "call",
                                      "ack",
                                      "presence",
                                      "dirty",
                                      "offline",
                                      "offline_preview",
                                      "edge_routing",
                                      "routing_info",
                                      "pair-device",
                                      "ref",
                                      "pair-success",
                                      "device-identity",
                                      "device",
                                      "count",
                                      "digest",
                                      "groups",
                                      "group",
                                      "participant",
                                      "conflict",
                                      "list",
                                      "skey",
                                      "id",
                                      "type",
                                      "from",
                                      "xmlns",
                                      "reason",
                                      "code",
                                      "value",
                                      "t",
                                      "lid",
                                      "expire",
                                      "timestamp",
                                      "offline_batch",
                                      "result",
                                      "set",
                                      "get",
                                      "encrypt",
                                      "md",
                                      "w:gp2",
                                      "401",
                                      "405",
                                      "515",
                                      "0",
                                      "-1",
                                      "18446744073709551615",
                                      "urn:xmpp:ping",
                                      "replaced",
                                      "link_code_companion_reg",
                                      "account_sync",
                                      "server_sync",
                                      ""};

constexpr std::string_view jids[] = {"s.whatsapp.net",
                                     "g.us",
                                     "15551234567:5@s.whatsapp.net",
                                     "15551234567@s.whatsapp.net",
                                     "156535032389744:5@lid",
                                     "120363000000000001@g.us",
                                     "status@broadcast"};

struct Nonsense {
    Dice dice;

    std::string word() { return std::string{words[dice.next() % std::size(words)]}; }
    wire::OutNode::Value value() {
        if (dice.next() % 3 == 0) {
            return Jid::parse(jids[dice.next() % std::size(jids)]).value();
        }
        return word();
    }
    wire::OutNode tree(int depth) {
        wire::OutNode made{word(), {}, {}};
        if (made.tag.empty()) {
            made.tag = "iq";
        }
        for (std::uint64_t i = dice.next() % 6; i > 0; --i) {
            std::string key = word();
            const bool taken = std::ranges::any_of(
                made.attributes, [&](const auto& one) { return one.first == key; });
            if (!key.empty() && !taken) {
                made.attributes.emplace_back(std::move(key), value());
            }
        }
        if (depth > 0 && dice.next() % 3 != 0) {
            std::vector<wire::OutNode> children;
            for (std::uint64_t i = dice.next() % 4; i > 0; --i) {
                children.push_back(tree(depth - 1));
            }
            made.content = std::move(children);
        } else if (dice.next() % 2 == 0) {
            made.content = Bytes(dice.next() % 40, std::byte{5});
        }
        return made;
    }
};

} // namespace

TEST_CASE("nonsense in the protocol's own words: no crash, no write, and a way back") {
    World world;
    world.be_linked();
    world.obliging = false;
    Nonsense nonsense{Dice{11}};
    for (int i = 0; i < 4000; ++i) {
        if (!world.peer) {
            world.account->reconnect(world.now);
            world.run();
            if (world.peer) {
                world.send(node("success", {{"t", world.seconds()}}));
                world.run();
            }
        }
        if (world.peer) {
            world.send(nonsense.tree(3));
        }
        world.pass(std::chrono::milliseconds{nonsense.dice.next() % 300});
    }
    CHECK(world.told.audits.empty()); // the guard was never needed
    CHECK(world.take_sent("message").empty());
    CHECK(world.take_sent("presence").empty());
    CAPTURE(world.why());
    CAPTURE(world.connections);
    world.cut();
    world.obliging = true;
    world.account->reconnect(world.now);
    world.log_in();
    CHECK(world.state() == live::State::connected);
}

TEST_CASE("nonsense while linking: no crash, nothing is linked, and it can be tried again") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        World world{seed};
        world.obliging = false;
        REQUIRE(world.account->link({}, world.now).has_value());
        Nonsense nonsense{Dice{seed}};
        for (int i = 0; i < 100 && world.state() == live::State::linking; ++i) {
            world.run();
            if (world.peer) {
                world.send(nonsense.tree(3));
            }
            world.pass(std::chrono::milliseconds{nonsense.dice.next() % 3000});
        }
        world.pass(std::chrono::minutes{6});
        CHECK_FALSE(link::load_linked(*world.sessions).has_value());
        CHECK(world.told.audits.empty());
        CHECK(world.account->link({}, world.now).has_value());
    }
}

} // namespace vestari::test
