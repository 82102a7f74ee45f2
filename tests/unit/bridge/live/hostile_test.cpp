// Servers that are not who they say, bytes that break the protocol, a guard that says no, disks that fail.
#include <doctest/doctest.h>

#include "bridge/link/link_error.hpp"
#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

namespace {

using live::State;

// One of the session's, with an id, and something behind its end.
Bytes broken(const std::string& id) {
    Bytes frame = wire::encode(node("iq", {{"id", id}, {"type", "get"}}));
    frame.push_back(std::byte{1});
    return frame;
}

// A stanza that is nobody's business here: counted, then cleared.
wire::OutNode chatter(const std::string& id) {
    return node("message", {{"id", id},
                            {"from", Jid::parse("120363000000000009@g.us").value()},
                            {"participant", Jid::parse("15557654321@s.whatsapp.net").value()},
                            {"t", "1763769600"},
                            {"type", "text"}});
}

} // namespace

TEST_CASE("three servers in a row that cannot prove who they are: it stops and warns") {
    for (const ChainFault fault : {ChainFault::leaf_signature, ChainFault::intermediate_other_root,
                                   ChainFault::leaf_other_key}) {
        World world;
        world.chain_fault = fault;
        world.be_linked();
        world.pass(std::chrono::hours{1});
        CHECK(world.connections == 3);
        CHECK(world.state() == State::refused);
        CHECK(world.why() == "interception");
        CHECK(world.told.warned("handshake"));
        CHECK(world.sent.empty()); // not one stanza, not even the payload
    }
}

TEST_CASE("a certificate that is only out of its time is the clock's fault: it goes on trying") {
    World world;
    world.chain_fault = ChainFault::leaf_expired;
    world.be_linked();
    world.pass(std::chrono::minutes{2});
    CHECK(world.connections > 3);
    CHECK(world.told.warned("clock"));
    world.chain_fault = ChainFault::none;
    world.pass(std::chrono::minutes{5});
    CHECK(std::ranges::find(world.told.ended, "clock") != world.told.ended.end());
}

TEST_CASE("a server that says nothing after the hello is given up after 20 seconds") {
    World world;
    world.be_linked();
    world.account->opened(world.now); // no peer: the hello goes nowhere
    world.account->take_output();
    world.now += std::chrono::seconds{21};
    world.account->tick(world.now);
    CHECK_FALSE(world.account->wants_connection());
}

TEST_CASE(
    "a frame that breaks the protocol closes the connection; the same stanza twice stops it") {
    World world;
    world.be_linked();
    for (int i = 0; i < 2; ++i) {
        world.pass_until_wanted();
        world.log_in();
        world.send_frame(broken("B1"));
        world.run();
        CHECK_FALSE(world.account->wants_connection());
    }
    CHECK(world.why() == "poison");
    CHECK(world.told.warned("poison"));
    CHECK(world.account->status().totals.protocol_errors == 2);
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 2);
    world.account->reconnect(world.now);
    CHECK(world.account->wants_connection());
}

TEST_CASE("two different ones, or the same after ten minutes, do not stop it") {
    World world;
    world.be_linked();
    for (int i = 0; i < 4; ++i) {
        world.pass_until_wanted();
        world.log_in();
        if (i >= 2) {
            world.pass(std::chrono::minutes{11});
        }
        world.send_frame(i < 2 ? broken("B" + std::to_string(i)) : broken("B9"));
        world.run();
    }
    world.pass_until_wanted();
    world.log_in();
    CHECK(world.state() == State::connected);
}

TEST_CASE("bytes that do not decrypt close the connection, and it comes back") {
    World world;
    world.be_linked();
    world.log_in();
    Bytes frame = world.peer->noise.seal(wire::encode(node("presence")));
    frame.back() ^= std::byte{1};
    world.deliver(frame);
    world.run();
    CHECK(world.why() == "protocol_error");
    world.pass(std::chrono::seconds{2});
    world.log_in();
    CHECK(world.state() == State::connected);
}

TEST_CASE(
    "what the guard refuses does not leave: the session is shut until a restart, and audited") {
    World world;
    world.account.reset();
    REQUIRE(link::open_device(*world.sessions, world.clock).has_value());
    link::Linked linked{Jid::parse("15551234567@s.whatsapp.net").value(), // the phone itself
                        std::nullopt,
                        "android",
                        "",
                        1,
                        {},
                        to_bytes("account"),
                        world.clock.now()};
    linked.account_key.fill(std::byte{9});
    link::store_linked(*world.sessions, linked);
    world.start();
    world.log_in();
    world.sent.clear();
    REQUIRE(world.account->unlink(world.now).has_value()); // would unlink another device
    world.run();
    CHECK(world.sent.empty());
    CHECK(world.state() == State::offline);
    CHECK(world.why() == "guard_mismatch");
    CHECK(world.told.audits == std::vector<std::string>{"guard_mismatch"});
    CHECK(world.told.warned("guard_mismatch"));
    world.account->reconnect(world.now);
    world.pass(std::chrono::hours{24});
    CHECK(world.connections == 1);
    CHECK(world.account->link({}, world.now).error() == live::LiveErrc::shut_by_guard);
}

TEST_CASE("a full disk: nothing is acknowledged, the session stays, and it recovers by itself "
          "within five seconds of space") {
    World world;
    testing::FailingVfs& disk = world.sessions.disk;
    world.be_linked();
    world.log_in();
    disk.arm(testing::DiskFault::disk_full, 1);
    world.send(chatter("A1"));
    world.run();
    CHECK(world.take_sent("ack").empty());
    CHECK(world.told.warned("disk_full"));
    CHECK(world.state() == State::offline);
    world.pass(std::chrono::minutes{10});
    CHECK(world.connections == 1); // no use in connecting
    disk.disarm();
    world.pass(std::chrono::seconds{5});
    CHECK(world.connections == 2);
    world.log_in();
    world.send(chatter("A1")); // delivered again
    world.run();
    CHECK(world.take_sent("ack").size() == 1);
    CHECK(std::ranges::find(world.told.ended, "disk_full") != world.told.ended.end());
}

TEST_CASE("who has lost the lease stores and clears nothing more, and says so") {
    World world;
    world.be_linked();
    world.log_in();
    (*world.sessions).set_fence([&world] {
        if (!world.lease.is_held) {
            throw boost::system::system_error{make_error_code(store::StoreErrc::lost_lease)};
        }
    });
    world.lease.is_held = false;
    world.send(chatter("A1"));
    world.run();
    CHECK(world.take_sent("ack").empty());
    CHECK(world.state() == State::offline);
    CHECK(world.why() == "lease");
    CHECK_FALSE(world.told.warned("storage"));
    world.pass(std::chrono::minutes{10});
    CHECK(world.connections == 1);
    world.lease.is_held = true;
    world.pass(std::chrono::seconds{2});
    CHECK(world.connections == 2);
    (*world.sessions).set_fence({});
}

TEST_CASE("the disk is full at any one operation of an unlinking: unlinked wholly or not at all") {
    bool reached = true;
    for (std::uint64_t operation = 1; reached; ++operation) {
        CAPTURE(operation);
        World world;
        world.groups = {{"120363040000000001@g.us", "Deals", "USD", true}};
        world.be_linked();
        world.log_in();
        REQUIRE(world.account->unlink(world.now).has_value());
        world.sessions.disk.arm(testing::DiskFault::disk_full, operation);
        world.send(node("stream:error", {{"code", "401"}},
                        {node("conflict", {{"type", "device_removed"}})}));
        world.run();
        reached = world.sessions.disk.happened();
        const live::Status status = world.account->status();
        CHECK(link::load_linked(*world.sessions).has_value() == status.me_pn.has_value());
        world.sessions.disk.disarm();
        world.pass(std::chrono::seconds{5});
        CHECK((world.state() == State::unlinked || world.connections > 1));
    }
}

TEST_CASE(
    "the disk fails at any one operation: never stuck, never acknowledged without being stored") {
    for (const testing::DiskFault fault :
         {testing::DiskFault::io_error, testing::DiskFault::disk_full}) {
        bool reached = true;
        for (std::uint64_t operation = 1; reached; operation += 3) {
            CAPTURE(operation);
            World world;
            testing::FailingVfs& disk = world.sessions.disk;
            world.be_linked();
            disk.arm(fault, operation);
            world.keys_left = 0; // keys are made and stored
            world.run();
            if (world.peer) {
                world.log_in();
            }
            if (world.peer) {
                world.send(chatter("A1"));
                world.run();
            }
            reached = disk.happened();
            disk.disarm();
            world.pass(std::chrono::seconds{5});
            REQUIRE(world.peer != nullptr);
            world.keys_left = 30;
            world.log_in();
            CHECK(world.state() == State::connected);
            world.take_sent("ack");
            world.send(chatter("A2"));
            world.run();
            CHECK(world.take_sent("ack").size() == 1);
            if (operation > 400) {
                break;
            }
        }
    }
}

} // namespace vestari::test
