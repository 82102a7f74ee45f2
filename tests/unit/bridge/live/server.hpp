// A scripted WhatsApp: the server's side of one account's connections, stanza by stanza, and the loop that joins the two.
#pragma once

#include <functional>
#include <list>

#include "bridge/link/device.hpp"
#include "bridge/link/pair_success.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "tests/unit/bridge/live/outside.hpp"

namespace vestari::test {

using Attributes = std::vector<std::pair<std::string, wire::OutNode::Value>>;

inline wire::OutNode node(std::string tag, Attributes attributes = {},
                          std::vector<wire::OutNode> children = {}) {
    wire::OutNode made{std::move(tag), std::move(attributes), {}};
    if (!children.empty()) {
        made.content = std::move(children);
    }
    return made;
}

inline wire::OutNode with_bytes(std::string tag, BytesView content) {
    wire::OutNode made{std::move(tag), {}, {}};
    made.content = to_bytes(content);
    return made;
}

// A stanza that the client sent.
class Sent {
public:
    explicit Sent(Bytes frame)
        : frame_{std::make_unique<Bytes>(std::move(frame))},
          document_{wire::decode(*frame_).value()} {}
    const wire::Node& root() const { return document_.root(); }
    const wire::Node* operator->() const { return &document_.root(); }
    std::string id() const { return std::string{root().text_of("id").value_or("")}; }
    std::string xmlns() const { return std::string{root().text_of("xmlns").value_or("")}; }

private:
    std::unique_ptr<Bytes> frame_;
    wire::Document document_;
};

// One connection, as the server has it.
struct Peer {
    explicit Peer(const NoiseAuthority& authority, std::uint64_t seed) : noise{authority, seed} {}

    NoiseResponder noise;
    noise::FrameReader frames;
    Bytes unread;
    enum class Step { introduction, hello, finish, open } step = Step::introduction;
    Bytes routing_info;
    Bytes payload; // the ClientPayload
};

// One account and a server for it, in one loop with a time of its own.
struct World {
    explicit World(std::uint64_t seed = 1) : dice{seed} { start(); }

    void start() { // a new process on the same database
        account =
            std::make_unique<live::Account>(settings(), *sessions, lease, clock, dice, told, now);
    }
    void restart() {
        account.reset();
        peer.reset();
        sessions.reopen();
        start();
    }
    live::Settings settings() const {
        live::Settings made;
        made.account = "main";
        made.root_key = authority.root_key();
        made.version = link::built_in_version;
        made.groups = groups;
        return made;
    }

    // A device that is linked already.
    void be_linked() {
        account.reset();
        REQUIRE(link::open_device(*sessions, clock).has_value());
        link::Linked linked{Jid::parse("15551234567:5@s.whatsapp.net").value(),
                            Jid::parse("156535032389744:5@lid").value(),
                            "android",
                            "",
                            1,
                            {},
                            to_bytes("account"),
                            clock.now()};
        linked.account_key.fill(std::byte{9});
        link::store_linked(*sessions, linked);
        start();
    }

    // Joins both sides until nothing moves.
    void run() {
        for (int i = 0; i < 10'000; ++i) {
            if (!move()) {
                return;
            }
        }
        FAIL("the two sides never come to rest");
    }

    // Time passes; deadlines are met one after the other.
    void pass(std::chrono::milliseconds by) {
        const Instant until = now + by;
        run();
        for (int i = 0; i < 200'000 && account->wake_at() <= until; ++i) {
            jump(std::max(account->wake_at(), now));
            account->tick(now);
            run();
        }
        REQUIRE(account->wake_at() > until); // no deadline that is never met
        jump(until);
        account->tick(now);
        run();
    }
    void pass_until_wanted() { // the next attempt to connect
        for (int i = 0; i < 100'000 && !account->wants_connection(); ++i) {
            REQUIRE(account->wake_at() != Instant::max());
            jump(std::max(account->wake_at(), now));
            account->tick(now);
        }
    }

    void send(const wire::OutNode& stanza) { send_frame(wire::encode(stanza)); }
    void send_frame(BytesView plain) { deliver(peer->noise.seal(plain)); }
    void deliver(BytesView bytes) { account->received(bytes, now); }
    void cut(live::Closed why = live::Closed::lost) {
        peer.reset();
        account->closed({why, 0}, now);
    }
    // What the client sent of this tag since the last question.
    std::vector<Sent> take_sent(std::string_view tag) {
        std::vector<Sent> found;
        for (auto it = sent.begin(); it != sent.end();) {
            if (it->root().tag == tag) {
                found.push_back(std::move(*it));
                it = sent.erase(it);
            } else {
                ++it;
            }
        }
        return found;
    }
    void answer(const Sent& request, std::vector<wire::OutNode> children = {}) {
        send(node("iq",
                  {{"from", Jid::parse("s.whatsapp.net").value()},
                   {"id", request.id()},
                   {"type", "result"}},
                  std::move(children)));
    }
    // To logged in and active, with enough keys at the server.
    void log_in() {
        run();
        REQUIRE(peer);
        send(node("success", {{"t", seconds()}}));
        run();
    }
    std::string seconds() const {
        return std::to_string(clock.now().time_since_epoch().count() / 1000);
    }
    live::State state() const { return account->status().state.state; }
    std::string why() const { return std::string{account->status().state.why.code}; }

    // Answered by itself while `obliging`: key counts, lists, pings, switches.
    bool obliging = true;
    std::function<bool(const Sent&)> oblige_first; // true: it is answered
    std::uint64_t keys_left = 30;
    ChainFault chain_fault = ChainFault::none;
    bool reachable = true;

    QuickSessions sessions;
    ManualClock clock{at(1'763'769'600)}; // 2025-11-22
    Instant now{std::chrono::hours{1}};
    Dice dice;
    TestLease lease;
    Told told;
    NoiseAuthority authority{7};
    std::vector<event::Group> groups;
    std::unique_ptr<live::Account> account;
    std::unique_ptr<Peer> peer;
    std::list<Sent> sent;
    int connections = 0;

private:
    void jump(Instant to) {
        clock.advance(to - now);
        now = to;
    }

    bool move() {
        bool moved = false;
        if (account->wants_connection() && !peer) {
            if (!reachable) {
                account->closed({live::Closed::refused, 0}, now);
                return true;
            }
            peer = std::make_unique<Peer>(authority, static_cast<std::uint64_t>(++connections));
            account->opened(now);
            moved = true;
        }
        const Bytes output = account->take_output();
        if (peer && !output.empty()) {
            hear(output);
            moved = true;
        }
        if (!account->wants_connection() && peer) {
            peer.reset();
            account->closed({live::Closed::by_us, 0}, now);
            moved = true;
        }
        return moved;
    }

    void hear(BytesView bytes) {
        if (peer->step == Peer::Step::introduction) {
            append(peer->unread, bytes);
            const auto introduction = read_introduction(peer->unread).value();
            if (!introduction) {
                return;
            }
            peer->routing_info = introduction->routing_info;
            peer->step = Peer::Step::hello;
            const Bytes rest{peer->unread.begin() +
                                 static_cast<std::ptrdiff_t>(introduction->length),
                             peer->unread.end()};
            peer->frames.feed(rest);
        } else {
            peer->frames.feed(bytes);
        }
        peer->frames.set_limit(noise::max_frame_bytes);
        while (peer) {
            const auto frame = peer->frames.next().value();
            if (!frame) {
                return;
            }
            take(*frame);
        }
    }

    void take(BytesView frame) {
        if (peer->step == Peer::Step::hello) {
            const Bytes answer = peer->noise.hello(frame, clock.now(), chain_fault).value();
            peer->step = Peer::Step::finish;
            deliver(answer);
        } else if (peer->step == Peer::Step::finish) {
            peer->payload = peer->noise.finish(frame).value();
            peer->step = Peer::Step::open;
        } else {
            sent.emplace_back(peer->noise.open(frame).value());
            if (obliging) {
                oblige(sent.back());
            }
        }
    }

    void oblige(const Sent& request) {
        if (request->tag != "iq" || request->text_of("type").value_or("") == "result" ||
            (oblige_first && oblige_first(request))) {
            return;
        }
        if (request->child("count") != nullptr) {
            answer(request, {node("count", {{"value", std::to_string(keys_left)}})});
        } else if (request.xmlns() == "w:g2") {
            send(node(
                "iq",
                {{"from", Jid::parse("g.us").value()}, {"id", request.id()}, {"type", "result"}},
                {node("groups")}));
        } else {
            answer(request);
        }
    }
};

} // namespace vestari::test
