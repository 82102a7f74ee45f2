// An account that is linked already: login, upkeep, pings, requests, and a process that starts again.
#include <doctest/doctest.h>

#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

using live::State;

TEST_CASE("a linked account connects by itself, logs in, counts its keys and goes active") {
    World world;
    world.be_linked();
    CHECK(world.state() == State::connecting);
    world.log_in();
    CHECK(world.state() == State::connected);
    const std::vector<Sent> requests = world.take_sent("iq");
    REQUIRE(requests.size() >= 2);
    CHECK(requests[0]->child("count") != nullptr); // keys before the queue
    CHECK(requests[1]->child("active") != nullptr);
    CHECK(world.account->status().totals.logins == 1);
    CHECK(world.take_sent("presence").empty());
    CHECK(world.take_sent("message").empty());
}

TEST_CASE("an account without a phone wants no connection") {
    World world;
    world.pass(std::chrono::hours{24});
    CHECK(world.state() == State::unlinked);
    CHECK(world.connections == 0);
}

TEST_CASE("the server's pings are answered, with and without an id") {
    World world;
    world.be_linked();
    world.log_in();
    world.take_sent("iq");
    const Jid server = Jid::parse("s.whatsapp.net").value();
    world.send(node("iq", {{"from", server}, {"type", "get"}, {"xmlns", "urn:xmpp:ping"}}));
    world.send(node(
        "iq", {{"from", server}, {"type", "get"}, {"xmlns", "urn:xmpp:ping"}, {"id", "server-7"}}));
    world.run();
    const std::vector<Sent> pongs = world.take_sent("iq");
    REQUIRE(pongs.size() == 2);
    CHECK(pongs[0]->find("id") == nullptr);
    CHECK(pongs[1].id() == "server-7");
    CHECK(pongs[1]->text_of("type").value() == "result");
}

TEST_CASE("an account stays connected for a day, with pings, and never wakes in vain") {
    World world;
    world.be_linked();
    world.log_in();
    world.pass(std::chrono::hours{24});
    CHECK(world.state() == State::connected);
    CHECK(world.connections == 1);
    const std::uint64_t pings = world.account->status().totals.pings;
    CHECK(pings > 24 * 60);     // at least every minute
    CHECK(pings < 24 * 60 * 3); // at most every 20 s
}

TEST_CASE("a connection that falls silent is dead within 90 seconds, and made anew") {
    World world;
    world.be_linked();
    world.log_in();
    world.obliging = false;
    world.pass(std::chrono::seconds{95});
    CHECK(world.connections == 2);
    CHECK(world.why() == "silence");
}

TEST_CASE("an answer counts only from whom was asked, and only once") {
    World world;
    world.obliging = false;
    world.be_linked();
    world.log_in();
    const std::vector<Sent> asked = world.take_sent("iq");
    REQUIRE(asked.size() == 1);
    const std::vector<wire::OutNode> none{node("count", {{"value", "0"}})};
    for (const char* liar : {"15557654321@s.whatsapp.net", "g.us", "120363000000000001@g.us"}) {
        world.send(node(
            "iq", {{"from", Jid::parse(liar).value()}, {"id", asked[0].id()}, {"type", "result"}},
            none));
    }
    world.send(node("iq", {{"id", asked[0].id()}, {"type", "result"}}, none));
    world.run();
    CHECK(world.take_sent("iq").empty()); // nobody believed it
    world.answer(asked[0], {node("count", {{"value", "30"}})});
    world.run();
    CHECK(world.take_sent("iq").front()->child("active") != nullptr);
    world.answer(asked[0], none); // a second time
    world.run();
    for (const Sent& later : world.take_sent("iq")) {
        CHECK(later->child("registration") == nullptr);
    }
}

TEST_CASE("a request that nobody answers does not hold the queue back") {
    World world;
    world.be_linked();
    world.obliging = false;
    world.log_in();
    world.take_sent("iq");
    for (int i = 0; i < 8; ++i) { // the server is alive, it only does not answer
        world.pass(std::chrono::seconds{10});
        world.send(node("presence"));
    }
    bool active = false;
    for (const Sent& request : world.take_sent("iq")) {
        active = active || request->child("active") != nullptr;
    }
    CHECK(active);
    CHECK(world.connections == 1);
}

TEST_CASE("the queue is asked for after its preview and then by the hundred, until it is empty") {
    World world;
    world.be_linked();
    world.log_in();
    world.send(node("ib", {}, {node("offline_preview", {{"count", "250"}})}));
    world.run();
    CHECK(world.take_sent("ib").size() == 1);
    for (int i = 0; i < 250; ++i) {
        world.send(node("receipt", {{"id", "R" + std::to_string(i)},
                                    {"from", Jid::parse("15557654321@s.whatsapp.net").value()},
                                    {"offline", "1"}}));
    }
    world.run();
    CHECK(world.take_sent("ack").empty()); // one batch, not durable yet
    world.pass(std::chrono::milliseconds{25});
    CHECK(world.take_sent("ib").size() == 2);
    CHECK(world.take_sent("ack").size() == 250);
    world.send(node("ib", {}, {node("offline", {{"count", "250"}})}));
    world.run();
    CHECK(world.take_sent("ib").empty());
}

TEST_CASE(
    "in the middle of a drain: keys run low, a ping, a list; all of it is handled, in order") {
    World world;
    world.be_linked();
    world.keys_left = 0;
    world.log_in();
    world.pass(std::chrono::minutes{2});
    world.take_sent("iq");
    const Jid server = Jid::parse("s.whatsapp.net").value();
    const auto receipt = [](const std::string& id) {
        return node("receipt", {{"id", id},
                                {"from", Jid::parse("15557654321@s.whatsapp.net").value()},
                                {"offline", "1"}});
    };
    Bytes together;
    for (const wire::OutNode& stanza :
         {node("ib", {}, {node("offline_preview", {{"count", "3"}})}), receipt("R1"),
          node("notification",
               {{"from", server}, {"id", "N1"}, {"type", "encrypt"}, {"offline", "1"}},
               {node("count", {{"value", "0"}})}),
          node("ib", {}, {node("dirty", {{"type", "groups"}, {"timestamp", "1700000000"}})}),
          node("iq", {{"from", server}, {"type", "get"}, {"xmlns", "urn:xmpp:ping"}}),
          receipt("R2")}) {
        append(together, world.peer->noise.seal(wire::encode(stanza)));
    }
    world.deliver(together);
    world.pass(std::chrono::seconds{2});
    CHECK(world.state() == State::connected);
    CHECK(world.connections == 1);
    CHECK(world.take_sent("ack").size() == 3);
    bool uploaded = false;
    bool listed = false;
    for (const Sent& request : world.take_sent("iq")) {
        uploaded = uploaded || request->child("registration") != nullptr;
        listed = listed || request->child("participating") != nullptr;
    }
    CHECK(uploaded);
    CHECK(listed);
}

TEST_CASE("a dirty bit is cleaned with its own time; an unknown one is left alone") {
    World world;
    world.be_linked();
    world.log_in();
    world.take_sent("iq");
    world.send(node("ib", {}, {node("dirty", {{"type", "groups"}, {"timestamp", "1700000000"}})}));
    world.send(node("ib", {}, {node("dirty", {{"type", "surprise"}, {"timestamp", "1"}})}));
    world.run();
    int cleaned = 0;
    for (const Sent& request : world.take_sent("iq")) {
        if (const wire::Node* clean = request->child("clean")) {
            ++cleaned;
            CHECK(clean->text_of("type").value() == "groups");
            CHECK(clean->text_of("timestamp").value() == "1700000000");
        }
    }
    CHECK(cleaned == 1);
}

TEST_CASE("routing information is used by the next connection, and dropped when it fails twice") {
    World world;
    world.be_linked();
    world.log_in();
    CHECK(world.peer->routing_info.empty());
    wire::OutNode routing = node("edge_routing");
    routing.content = std::vector{with_bytes("routing_info", as_bytes("frankfurt"))};
    world.send(node("ib", {}, {routing}));
    world.run();
    for (int i = 0; i < 2; ++i) {
        world.cut();
        world.pass_until_wanted();
        world.chain_fault = ChainFault::leaf_signature;
        world.run();
    }
    world.chain_fault = ChainFault::none;
    world.pass_until_wanted();
    world.run();
    CHECK(world.peer->routing_info.empty());
}

TEST_CASE("a clock that is more than a minute off is told, and no longer once it is right") {
    World world;
    world.be_linked();
    world.run();
    const auto late = world.clock.now() + std::chrono::seconds{300};
    world.send(node("success", {{"t", std::to_string(late.time_since_epoch().count() / 1000)}}));
    CHECK(world.told.warned("clock_offset"));
    world.pass(std::chrono::seconds{5});
    CHECK(world.state() == State::connected);
}

TEST_CASE("the wall clock may jump by ten years either way without an effect on timers") {
    for (const auto jump : {std::chrono::days{3650}, std::chrono::days{-3650}}) {
        World world;
        world.be_linked();
        world.log_in();
        world.pass(std::chrono::minutes{5});
        world.clock.advance(jump);
        world.pass(std::chrono::minutes{30});
        CHECK(world.state() == State::connected);
        CHECK(world.connections == 1);
    }
}

TEST_CASE("an order between wanting a socket and having one leaves nothing stuck") {
    World world;
    world.be_linked();
    REQUIRE(world.account->wants_connection());
    world.account->reconnect(world.now); // the driver has not looked yet
    world.log_in();
    CHECK(world.state() == State::connected);
    World other;
    REQUIRE(other.account->link({}, other.now).has_value());
    other.account->cancel_link(other.now);
    REQUIRE(other.account->link({}, other.now).has_value());
    other.run();
    CHECK(other.connections == 1);
    CHECK(other.peer->step == Peer::Step::open);
}

TEST_CASE("without the lease nothing connects, and a lost one ends the connection") {
    World world;
    world.lease.is_held = false;
    world.be_linked();
    world.pass(std::chrono::minutes{5});
    CHECK(world.connections == 0);
    CHECK(world.why() == "lease");
    world.lease.is_held = true;
    world.pass(std::chrono::seconds{2});
    CHECK(world.connections == 1);
    world.log_in();
    world.lease.is_held = false;
    world.pass(std::chrono::seconds{35});
    CHECK(world.why() == "lease");
    CHECK_FALSE(world.account->wants_connection());
}

TEST_CASE("shut down: nothing is wanted any more, and no deadline is left") {
    World world;
    world.be_linked();
    world.log_in();
    world.account->shut_down(world.now);
    world.run();
    CHECK_FALSE(world.account->wants_connection());
    CHECK(world.account->wake_at() == Instant::max());
}

} // namespace vestari::test
