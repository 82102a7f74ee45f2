// What clears what, what the phone sends, what members who are real clients say to each other, and the control requests.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "tests/sim/accounts/mailbox.hpp"
#include "tests/sim/base/fields.hpp"
#include "tests/sim/check/client.hpp"
#include "tests/sim/front/control_api.hpp"

namespace vestari::sim {

namespace {

using namespace test_client;
using namespace std::chrono_literals;

Stanza message(std::string_view from, std::string_view recipient, std::string_view category) {
    Stanza out = element("message");
    out.with("from", jid(from)).with("id", "M1").with("type", "text");
    if (!recipient.empty()) {
        out.with("recipient", jid(recipient));
    }
    out.with("category", std::string{category});
    out.children.push_back(element("enc", Bytes(4)));
    return out;
}

struct Linked {
    Linked() : service{{}}, client{service, 7} {
        client.link();
        client.log_in();
    }
    Service service;
    Client client;
};

} // namespace

TEST_CASE("what clears a message and what does not") {
    constexpr std::string_view other = "15551112222@s.whatsapp.net",
                               own = "15550000000@s.whatsapp.net";
    struct Row {
        std::string_view name;
        Stanza inbound;
        Stanza answer;
        bool plain_acks_clear, cleared;
    };
    const Stanza theirs = message(other, {}, {});
    const Stanza mine = message(own, other, {});
    const Stanza peer = message(own, {}, "peer");
    Stanza nack = ack_of(theirs);
    nack.with("error", "500");
    const Row rows[] = {
        {"inactive", theirs, receipt_of(theirs, "inactive"), false, true},
        {"plain ack", theirs, ack_of(theirs), true, true},
        {"plain ack where it is not enough", theirs, ack_of(theirs), false, false},
        {"negative ack", theirs, nack, false, true},
        {"retry alone", theirs, receipt_of(theirs, "retry"), true, false},
        {"own: sender", mine, receipt_of(mine, "sender"), true, true},
        {"own: plain ack", mine, ack_of(mine), true, false},
        {"peer: peer_msg", peer, receipt_of(peer, "peer_msg"), true, true},
        {"peer: hist_sync alone", peer, receipt_of(peer, "hist_sync"), true, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Mailbox box;
        box.put(row.inbound);
        box.delivered(*box.next(1), 1, Instant{});
        const auto cleared = row.answer.tag == "ack" ? box.ack(row.answer, row.plain_acks_clear)
                                                     : box.receipt(row.answer);
        CHECK((cleared == Mailbox::Cleared::yes) == row.cleared);
        CHECK(box.size() == (row.cleared ? 0 : 1));
    }
}

TEST_CASE("the retry receipt and then the ack clear a message that did not open") {
    Mailbox box;
    const Stanza theirs = message("15551112222@s.whatsapp.net", {}, {});
    box.put(theirs);
    box.delivered(*box.next(1), 1, Instant{});
    box.receipt(receipt_of(theirs, "retry"));
    CHECK(box.ack(ack_of(theirs), false) == Mailbox::Cleared::yes);
}

TEST_CASE("the phone's history notification opens and names a file on the media host") {
    Linked sim;
    const std::string group = sim.service.add_group({.name = "G", .members = {"ann"}});
    sim.service.send_history({.group = group, .texts = {"old offer"}});
    const Stanza note = sim.client.wait_for("message");
    CHECK(text_of(note, "category") == "peer");
    const auto opened = sim.client.receiver.pairwise("phone", 1, note.children.front().bytes);
    REQUIRE(opened.code == 0);
    Bytes plain = opened.padded;
    plain.resize(plain.size() - std::to_integer<std::size_t>(plain.back()));
    const Fields history = Fields{plain}.inside(12).inside(6);
    CHECK(sim.service.media(history.text(5)).has_value());
    sim.client.send(receipt_of(note, "peer_msg"));
    CHECK(sim.service.queue().uncleared == 0);
}

TEST_CASE("faults strike when they are armed, are counted, and end") {
    struct Row {
        Fault fault;
        Ending ending;
        std::size_t unreadable;
    };
    const Row rows[] = {
        {Fault::half_close, Ending::reset, 0}, {Fault::server_error, Ending::close, 0},
        {Fault::restart, Ending::close, 0},    {Fault::malformed, Ending::none, 1},
        {Fault::bad_frame, Ending::none, 1},   {Fault::zlib_bomb, Ending::none, 1},
        {Fault::stall, Ending::none, 0}};
    for (const Row& row : rows) {
        CAPTURE(name_of(row.fault));
        Linked sim;
        sim.service.faults().arm(row.fault, 1);
        sim.service.strike_now();
        sim.client.take();
        CHECK(sim.client.ending == row.ending);
        CHECK(sim.client.unreadable == row.unreadable);
        CHECK(sim.service.faults().fired(row.fault) == 1);
        CHECK(!sim.service.faults().any_armed());
    }
}

TEST_CASE("a flood comes, is cleared by plain acks, and a stall answers nothing") {
    Linked sim;
    sim.service.faults().arm(Fault::flood, 1);
    sim.service.strike_now();
    for (const Stanza& stanza : sim.client.take()) {
        if (stanza.tag == "message") {
            sim.client.send(ack_of(stanza));
        }
    }
    CHECK(sim.service.queue().uncleared == 0);
    sim.service.faults().arm(Fault::stall, 1);
    sim.service.strike_now();
    sim.client.take();
    sim.client.send(query("get", "encrypt", element("count")));
    CHECK(sim.client.take().empty());
}

TEST_CASE("failures of the next logins come in order and then stop") {
    Linked sim;
    sim.client.drop();
    sim.service.fail_next_login({.reason = "402", .code = "101", .expire = "600", .times = 2});
    sim.service.fail_next_login({.reason = "405", .code = {}, .expire = {}, .times = 1});
    for (const std::string reason : {"402", "402", "405"}) {
        sim.client.connect(sim.client.login());
        CHECK(text_of(sim.client.wait_for("failure"), "reason") == reason);
        sim.client.drop();
    }
    sim.client.connect(sim.client.login());
    CHECK(sim.client.wait_for("success").tag == "success");
}

TEST_CASE("control requests: what is asked, what is answered") {
    Linked sim;
    const auto ask = [&](std::string method, std::string target, std::string body) {
        return answer(sim.service, {std::move(method), std::move(target), std::move(body)});
    };
    struct Row {
        std::string method, target, body;
        unsigned status;
    };
    const Row rows[] = {
        {"GET", "/queue", "", 200},
        {"GET", "/referee?x=1", "", 200},
        {"GET", "/nothing", "", 404},
        {"DELETE", "/groups", "", 404},
        {"POST", "/groups", "{\"name\":\"A\",\"members\":[\"ann\"],\"addressing\":\"pn\"}", 200},
        {"POST", "/groups", "{\"addressing\":\"both\"}", 400},
        {"POST", "/groups", "no json", 400},
        {"POST", "/post", "{\"group\":\"1@g.us\",\"member\":\"ann\",\"text\":\"x\"}", 400},
        {"POST", "/post", "{\"chat\":\"direct\",\"member\":\"ann\",\"text\":\"x\"}", 200},
        {"POST", "/faults", "{\"arm\":{\"earthquake\":1}}", 400},
        {"POST", "/faults", "{\"per_mille\":{\"delay\":1},\"calm\":true}", 200},
        {"POST", "/enter-code", "{\"phone\":\"1\",\"code\":\"AAAA-AAAA\"}", 200},
    };
    for (const Row& row : rows) {
        CAPTURE(row.method);
        CAPTURE(row.target);
        CAPTURE(row.body);
        const ControlAnswer got = ask(row.method, row.target, row.body);
        CAPTURE(got.json);
        CHECK(got.status == row.status);
        CHECK_NOTHROW(boost::json::parse(got.json));
    }
}

} // namespace vestari::sim
