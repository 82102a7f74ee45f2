// The service does what wire/10-connection.md says a service does.
#include <doctest/doctest.h>

#include "tests/sim/base/fields.hpp"
#include "tests/sim/check/client.hpp"

namespace vestari::sim {

namespace {

using namespace test_client;
using namespace std::chrono_literals;

struct Linked {
    explicit Linked(Options options = {}) : service{options}, client{service, 42} {
        client.link();
        group = service.add_group({.name = "Watches", .members = {"ann", "ben"}});
    }
    Service service;
    Client client;
    std::string group;

    std::vector<std::string> post(const std::string& member, const std::string& text,
                                  std::uint32_t count = 1) {
        return service.post({.chat = group,
                             .member = member,
                             .kind = PostKind::text,
                             .text = text,
                             .target = {},
                             .count = count});
    }
    // The texts of the messages among these, opened as far as they open.
    std::vector<std::string> read(const std::vector<Stanza>& stanzas) {
        std::vector<std::string> texts;
        for (const Stanza& message : stanzas) {
            if (message.tag == "message") {
                texts.push_back(open(message));
            }
        }
        return texts;
    }
    std::string open(const Stanza& message) {
        const std::string chat = text_of(message, "from");
        const Jid author = *jid_of(message, has(message, "participant") ? "participant" : "from");
        std::string text;
        for (const Stanza& enc : message.children) {
            const bool pairwise = text_of(enc, "type") == "pkmsg";
            const auto opened =
                pairwise
                    ? client.receiver.pairwise(author.user(), author.device() + 1U, enc.bytes)
                    : client.receiver.group(chat, author.user(), author.device() + 1U, enc.bytes);
            if (opened.code != 0) {
                return "(does not open)";
            }
            Bytes plain = opened.padded;
            plain.resize(plain.size() - std::to_integer<std::size_t>(plain.back()));
            const Fields content{plain};
            if (const Fields key = content.inside(2); key.has(2)) {
                CHECK(client.receiver.distribute(chat, author.user(), author.device() + 1U,
                                                 *key.bytes(2)) == 0);
            }
            text += content.text(1);
        }
        return text;
    }
};

} // namespace

TEST_CASE("a client links with a QR code and logs in") {
    Linked sim;
    CHECK(sim.client.jid.starts_with("1555"));
    CHECK(sim.client.lid.ends_with("@lid"));
    sim.client.connect(sim.client.login());
    const Stanza success = sim.client.wait_for("success");
    CHECK(text_of(success, "lid") == sim.client.lid);
    sim.client.send(sim.client.upload());
    REQUIRE(sim.service.devices().size() == 1);
    CHECK(sim.service.devices()[0].pre_keys == 40);
    CHECK(sim.service.devices()[0].online);
    CHECK(sim.service.referee().violations.empty());
    CHECK(sim.service.referee().handshakes == 2);
}

TEST_CASE("a QR text that is wrong in any field links nobody") {
    Service service{{}};
    Client client{service, 1};
    client.connect(client.registration());
    const Stanza offer = client.wait_for("iq");
    REQUIRE(offer.children.front().children.size() == 6);
    const std::string ref = to_string(offer.children.front().children.front().bytes);
    const std::string good = client.qr(ref);
    CHECK(service.scan(good.substr(0, good.size() - 2)) == Scanned::bad_text);
    CHECK(service.scan(client.qr("2@other")) == Scanned::unknown_ref);
    CHECK(service.scan(Client{service, 2}.qr(ref)) == Scanned::keys_differ);
    CHECK(service.scan(good.substr(good.find('#') + 1)) == Scanned::linking);
}

TEST_CASE("a login of nobody, and one with another key, fail with 401") {
    Linked sim;
    Client other{sim.service, 43};
    other.jid = sim.client.jid;
    other.connect(other.login());
    CHECK(text_of(other.wait_for("failure"), "reason") == "401");
    CHECK(other.ending == Ending::close);
}

TEST_CASE("what members post opens: the first with its key, the rest without") {
    Linked sim;
    sim.client.log_in();
    sim.post("ann", "one", 3);
    sim.post("ben", "from ben");
    const std::vector<Stanza> stanzas = sim.client.take();
    CHECK(sim.read(stanzas) == std::vector<std::string>{"one", "one #2", "one #3", "from ben"});
    CHECK(sim.service.queue().uncleared == 4);
    for (const Stanza& stanza : stanzas) {
        if (stanza.tag == "message") {
            CHECK(!has(stanza, "offline"));
            sim.client.send(receipt_of(stanza, "inactive"));
        }
    }
    CHECK(sim.service.queue().uncleared == 0);
    CHECK(sim.service.referee().violations.empty());
}

TEST_CASE("the queue comes after active, marked, and again until it is cleared") {
    Linked sim;
    sim.client.log_in();
    sim.client.drop();
    sim.post("ann", "while away", 2);
    CHECK(sim.service.queue().undelivered == 2);
    for (const std::string expected : {"2", "1", "0"}) {
        CAPTURE(expected);
        sim.client.connect(sim.client.login());
        CHECK(sim.client.wait_for("ib").children.front().tag == "edge_routing");
        CHECK(text_of(sim.client.wait_for("ib").children.front(), "count") == expected);
        CHECK(sim.client.take().empty());
        sim.client.send(query("set", "passive", element("active")));
        for (int left = std::stoi(expected); left > 0; --left) {
            const Stanza message = sim.client.wait_for("message");
            CHECK(has(message, "offline"));
            if (left == 1) { // the last of each login is cleared, the other one comes again
                sim.client.send(ack_of(message));
            }
        }
        CHECK(text_of(sim.client.wait_for("ib").children.front(), "count") == expected);
        sim.client.drop();
    }
    CHECK(sim.service.queue().uncleared == 0);
}

TEST_CASE("a retry receipt is answered with the message and its key, pairwise") {
    Linked sim;
    sim.client.log_in();
    sim.post("ann", "lost");
    const Stanza lost = sim.client.wait_for("message");
    Stanza receipt = receipt_of(lost, "retry");
    Stanza retry = element("retry");
    retry.with("count", "1").with("id", text_of(lost, "id")).with("t", text_of(lost, "t"));
    retry.with("v", "1");
    receipt.children = {std::move(retry), element("registration", Bytes(4, std::byte{1}))};
    sim.client.send(receipt);
    sim.client.send(ack_of(lost));
    const Stanza again = sim.client.wait_for("message");
    REQUIRE(again.children.size() == 1);
    CHECK(text_of(again.children[0], "count") == "1");
    CHECK(text_of(again, "id") == text_of(lost, "id"));
    CHECK(sim.open(again) == "lost");
    sim.post("ann", "next");
    CHECK(sim.open(sim.client.wait_for("message")) == "next");
    CHECK(sim.service.referee().violations.empty());
}

TEST_CASE("a second login replaces the first") {
    Linked sim;
    sim.client.log_in();
    Client twin{sim.service, 42};
    twin.jid = sim.client.jid;
    twin.connect(twin.login());
    CHECK(sim.client.wait_for("stream:error").children.front().tag == "conflict");
    CHECK(sim.client.ending == Ending::close);
    CHECK(twin.wait_for("success").tag == "success");
}

TEST_CASE("the referee finds what may never leave") {
    Linked sim;
    sim.client.log_in();
    sim.post("ann", "hello");
    const Stanza message = sim.client.wait_for("message");
    Stanza presence = element("presence");
    presence.with("type", "available");
    Stanza tick = receipt_of(message, "inactive");
    drop(tick, "type");
    Stanza foreign = ack_of(message);
    set(foreign, "id", std::string{"never delivered"});
    for (const Stanza& bad : {presence, tick, receipt_of(message, "read"), foreign}) {
        const std::size_t before = sim.service.referee().violations.size();
        CAPTURE(to_xml(bad));
        sim.client.send(bad);
        CHECK(sim.service.referee().violations.size() == before + 1);
    }
}

TEST_CASE("one seed and one order of calls give one event log") {
    const auto hash = [](std::uint64_t seed) {
        Options options;
        options.seed = seed;
        Linked sim{options};
        sim.service.faults().set_chance(Fault::duplicate, 500);
        sim.client.log_in();
        sim.post("ann", "x", 20);
        sim.client.take();
        return sim.service.log_hash();
    };
    CHECK(hash(5) == hash(5));
    CHECK(hash(5) != hash(6));
}

} // namespace vestari::sim
