// One connection's small parts: keep-alive, requests, the queue.
#include <doctest/doctest.h>

#include "bridge/live/session/keep_alive.hpp"
#include "bridge/live/session/offline_queue.hpp"
#include "bridge/live/session/requests.hpp"
#include "tests/unit/bridge/live/server.hpp"

namespace vestari::test {

namespace {
using live::KeepAlive;
constexpr Instant start{std::chrono::hours{1}};
} // namespace

TEST_CASE("a request for delivery that is not answered is made again") {
    World world;
    world.be_linked();
    std::size_t asked = 0;
    world.oblige_first = [&](const Sent& request) {
        return request->child("active") != nullptr && ++asked == 1; // the first is lost
    };
    world.log_in();
    CHECK(asked == 1);
    world.pass(std::chrono::minutes{2});
    CHECK(asked == 2);
}

TEST_CASE("keep-alive: a ping every 20 to 30 seconds of silence, none while data flows") {
    Dice dice;
    KeepAlive keep_alive{start, dice};
    int pings = 0;
    for (int second = 1; second <= 3600; ++second) {
        const Instant now = start + std::chrono::seconds{second};
        const KeepAlive::Due due = keep_alive.due(now);
        REQUIRE(due != KeepAlive::Due::dead);
        if (due == KeepAlive::Due::ping) {
            ++pings;
            keep_alive.heard(now); // answered
        }
    }
    CHECK(pings >= 120);
    CHECK(pings <= 180);
    for (int second = 1; second <= 600; second += 10) {
        const Instant now = start + std::chrono::hours{1} + std::chrono::seconds{second};
        keep_alive.heard(now);
        CHECK(keep_alive.due(now) == KeepAlive::Due::nothing);
    }
}

TEST_CASE("keep-alive: silence is dead after two pings without an answer, at most 90 seconds") {
    for (std::uint64_t seed = 1; seed < 50; ++seed) {
        Dice dice{seed};
        KeepAlive keep_alive{start, dice};
        int pings = 0;
        for (Instant now = start;;) {
            now = keep_alive.wake_at();
            const KeepAlive::Due due = keep_alive.due(now);
            pings += due == KeepAlive::Due::ping ? 1 : 0;
            if (due == KeepAlive::Due::dead) {
                CHECK(now - start <= std::chrono::seconds{90});
                CHECK(now - start >= std::chrono::seconds{60});
                break;
            }
        }
        CHECK(pings == 2);
    }
}

TEST_CASE("keep-alive: a late wake-up makes one verdict, not a burst") {
    Dice dice;
    KeepAlive keep_alive{start, dice};
    CHECK(keep_alive.due(start + std::chrono::hours{5}) == KeepAlive::Due::dead);
    KeepAlive other{start, dice};
    CHECK(other.due(start + std::chrono::seconds{60}) == KeepAlive::Due::ping);
    CHECK(other.due(start + std::chrono::seconds{60}) == KeepAlive::Due::nothing);
}

TEST_CASE("requests: ids have the form A.B-N, count up, and differ between connections") {
    Dice dice;
    live::Requests requests{dice};
    const std::string first = requests.open(live::Ask::ping, server::phone, start).text();
    const std::string second = requests.open(live::Ask::ping, server::phone, start).text();
    CHECK(first.ends_with("-1"));
    CHECK(second.ends_with("-2"));
    CHECK(first.substr(0, first.find('-')) == second.substr(0, second.find('-')));
    live::Requests next{dice};
    CHECK(next.open(live::Ask::ping, server::phone, start).text() != first);
}

TEST_CASE("requests: what is not answered in time fails, oldest first") {
    Dice dice;
    live::Requests requests{dice};
    (void)requests.open(live::Ask::group_list, server::group, start);
    (void)requests.open(live::Ask::ping, server::phone, start + std::chrono::seconds{1});
    CHECK(requests.wake_at() == start + std::chrono::seconds{60});
    CHECK(requests.timed_out(start + std::chrono::seconds{59}).empty());
    const auto late = requests.timed_out(start + std::chrono::seconds{90});
    REQUIRE(late.size() == 2);
    CHECK(late[0].what == live::Ask::group_list);
    CHECK(late[0].kind == live::Answer::Kind::none);
    CHECK(requests.wake_at() == Instant::max());
}

TEST_CASE("requests: the server answers in whichever spelling of itself") {
    for (const wire::OutNode::Value& from :
         {wire::OutNode::Value{Jid::parse("s.whatsapp.net").value()},
          wire::OutNode::Value{std::string{"s.whatsapp.net"}},
          wire::OutNode::Value{std::string{"@s.whatsapp.net"}}}) {
        Dice dice;
        live::Requests requests{dice};
        const std::string id = requests.open(live::Ask::ping, server::phone, start).text();
        const Bytes frame =
            wire::encode(wire::OutNode{"iq", {{"from", from}, {"id", id}, {"type", "error"}}, {}});
        const auto document = wire::decode(frame).value();
        const auto answer = requests.answered(document.root());
        REQUIRE(answer.has_value());
        CHECK(answer->kind == live::Answer::Kind::error);
    }
}

TEST_CASE("the offline queue: asked for once, then by the hundred, never after its end") {
    using Then = live::OfflineQueue::Then;
    live::OfflineQueue queue;
    CHECK(queue.preview() == Then::ask);
    CHECK(queue.preview() == Then::nothing);
    int asked = 0;
    for (int i = 0; i < 1000; ++i) {
        asked += queue.stanza() == Then::ask ? 1 : 0;
    }
    CHECK(asked == 10);
    CHECK(queue.draining());
    queue.finished();
    CHECK(queue.stanza() == Then::nothing);
    CHECK(queue.preview() == Then::nothing);
}

} // namespace vestari::test
