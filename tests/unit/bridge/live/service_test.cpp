// The account against the whole service in miniature: a phone scans, groups speak, connections fall; the referee judges.
#include <doctest/doctest.h>

#include "bridge/link/pair_success.hpp"
#include "bridge/store/spool.hpp"
#include "tests/sim/service.hpp"
#include "tests/unit/bridge/live/outside.hpp"

namespace vestari::test {

namespace {

using live::State;

// One loop, one time, no socket.
struct Together {
    explicit Together(std::uint64_t seed = 1)
        : service{sim::Options{.seed = seed,
                               .wall_start = at(1'763'769'600),
                               .start = Instant{std::chrono::hours{1}}}},
          dice{seed} {
        start();
    }

    void start() {
        live::Settings settings;
        settings.account = "main";
        settings.root_key = service.root_key();
        settings.version = link::built_in_version;
        settings.groups = groups;
        account =
            std::make_unique<live::Account>(settings, *sessions, lease, clock, dice, told, now);
    }

    void restart() {
        account.reset();
        if (socket != nullptr) {
            socket->closed(now);
            socket = nullptr;
        }
        sessions.reopen();
        start();
    }

    bool move() {
        bool moved = false;
        if (account->wants_connection() && socket == nullptr) {
            if (!service.accepts_connections()) {
                account->closed({live::Closed::http_status, 503}, now);
                return true;
            }
            socket = &service.connect(now);
            account->opened(now);
            moved = true;
        }
        const Bytes out = account->take_output();
        if (socket != nullptr && !out.empty()) {
            socket->received(out, now);
            moved = true;
        }
        if (socket != nullptr) {
            for (const Bytes& message : socket->take_output()) {
                if (frames_until_cut == 0) {
                    break;
                }
                --frames_until_cut;
                account->received(message, now);
                moved = true;
            }
            const bool cut = frames_until_cut == 0;
            const sim::Ending ending = socket->ending();
            if (cut || ending != sim::Ending::none || !account->wants_connection()) {
                const bool wanted = account->wants_connection();
                const Bytes last = account->take_output();
                if (!last.empty() && !cut) {
                    socket->received(last, now);
                }
                socket->closed(now);
                socket = nullptr;
                frames_until_cut = cut ? ~std::uint64_t{0} : frames_until_cut;
                account->closed({wanted ? live::Closed::lost : live::Closed::by_us, 0}, now);
                moved = true;
            }
        }
        return moved;
    }

    void run() {
        for (int i = 0; i < 10'000; ++i) {
            if (!move()) {
                return;
            }
        }
        FAIL("the two sides never come to rest");
    }

    void pass(std::chrono::milliseconds by) {
        const Instant until = now + by;
        run();
        for (int i = 0; i < 100'000; ++i) {
            const Instant next = std::min(account->wake_at(), service.next_event_at());
            if (next > until) {
                break;
            }
            jump(std::max(next, now));
            account->tick(now);
            service.tick(now);
            run();
        }
        jump(until);
        account->tick(now);
        service.tick(now);
        run();
    }

    template <class Condition> bool pass_until(Condition met, std::chrono::seconds most) {
        for (std::chrono::milliseconds spent{0}; spent < most; spent += step) {
            if (met()) {
                return true;
            }
            pass(step);
        }
        return met();
    }

    bool scan() {
        return !told.qrs.empty() && service.scan(told.qrs.back()) == sim::Scanned::linking;
    }
    bool link_it() {
        REQUIRE(account->link({}, now).has_value());
        return pass_until([&] { return !told.qrs.empty(); }, std::chrono::seconds{30}) && scan() &&
               pass_until([&] { return state() == State::connected; }, std::chrono::seconds{30});
    }
    void say(const std::string& chat, const std::string& member, const std::string& text,
             std::uint32_t count = 1) {
        service.post({chat, member, sim::PostKind::text, text, {}, count});
    }
    State state() const { return account->status().state.state; }
    std::uint64_t spooled() { return store::Spool{*sessions}.rows(); }

    static constexpr std::chrono::milliseconds step{500};
    sim::Service service;
    QuickSessions sessions;
    ManualClock clock{at(1'763'769'600)};
    Instant now{std::chrono::hours{1}};
    Dice dice;
    TestLease lease;
    Told told;
    std::vector<event::Group> groups;
    std::unique_ptr<live::Account> account;
    sim::Link* socket = nullptr;
    std::uint64_t frames_until_cut = ~std::uint64_t{0};

private:
    void jump(Instant to) {
        clock.advance(to - now);
        now = to;
    }
};

void check_referee(const Together& both) {
    const sim::Report report = both.service.referee();
    for (const sim::Violation& violation : report.violations) {
        CAPTURE(violation.why);
        CAPTURE(violation.stanza);
        CHECK(false);
    }
    CHECK(report.violations.empty());
    CHECK(report.stanzas > 0);
}

} // namespace

TEST_CASE(
    "a phone scans the code: linked, logged in again after 515, keys uploaded, no violation") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    CHECK(both.state() == State::connected);
    CHECK(both.told.linked.size() == 1);
    CHECK(both.told.failed.empty());
    REQUIRE(both.service.devices().size() == 1);
    const sim::LinkedDevice device = both.service.devices().front();
    CHECK(device.online);
    CHECK(device.active);
    CHECK(device.pre_keys >= 812);
    CHECK(both.account->status().me_pn->to_string() == device.pn);
    check_referee(both);
}

TEST_CASE("what an included group says is spooled and cleared; what others say is only cleared") {
    Together both;
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
    const std::string other = both.service.add_group({"Family", {"carl"}});
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    CHECK(both.account->groups().size() == 2);
    both.account->set_groups({{deals, "Deals", "USD", true}}, both.now);
    both.say(deals, "anna", "126610 9500", 20);
    both.say(other, "carl", "dinner", 20);
    both.pass(std::chrono::seconds{10});
    CHECK(both.spooled() >= 20);
    CHECK(both.spooled() < 40);
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.service.queue().undelivered == 0);
    check_referee(both);
}

TEST_CASE("a queue of messages that came while the process was gone is drained and cleared") {
    Together both;
    const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
    REQUIRE(both.link_it());
    both.groups = {{deals, "Deals", "USD", true}};
    both.account->set_groups(both.groups, both.now);
    both.pass(std::chrono::seconds{5});
    both.account->shut_down(both.now);
    both.run();
    both.say(deals, "anna", "watch", 1500);
    both.restart();
    both.pass(std::chrono::seconds{20});
    CHECK(both.state() == State::connected);
    CHECK(both.spooled() >= 1500);
    CHECK(both.service.queue().uncleared == 0);
    CHECK(both.service.queue().undelivered == 0);
    check_referee(both);
}

TEST_CASE("the operator unlinks: the phone's list is empty, and so is the session") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    REQUIRE(both.account->unlink(both.now).has_value());
    both.pass(std::chrono::seconds{5});
    CHECK(both.state() == State::unlinked);
    CHECK(both.service.devices().empty());
    CHECK_FALSE(both.account->wants_connection());
    CHECK_FALSE(link::load_linked(*both.sessions).has_value());
    check_referee(both);
    both.told.qrs.clear();
    CHECK(both.link_it()); // and again, with other keys
}

TEST_CASE("the phone removes the device: logged out, keys kept, and nothing connects until told") {
    Together both;
    REQUIRE(both.link_it());
    both.pass(std::chrono::seconds{5});
    both.service.remove_device("owner");
    both.pass(std::chrono::minutes{30});
    CHECK(both.state() == State::logged_out);
    CHECK_FALSE(both.account->wants_connection());
    CHECK(link::load_linked(*both.sessions).has_value());
    both.restart(); // remembered
    both.pass(std::chrono::minutes{30});
    CHECK(both.state() == State::logged_out);
    both.told.qrs.clear();
    CHECK(both.link_it());
}

TEST_CASE("typed on the phone, the shown code links too") {
    Together both;
    const std::string phone = Jid::parse(both.service.people().front().pn).value().user();
    REQUIRE(both.account->link({.phone = phone}, both.now).has_value());
    REQUIRE(both.pass_until([&] { return !both.told.codes.empty(); }, std::chrono::seconds{30}));
    both.pass(std::chrono::seconds{1});
    REQUIRE(both.service.enter_code(phone, both.told.codes.back()));
    CHECK(both.pass_until([&] { return both.state() == State::connected; },
                          std::chrono::seconds{30}));
    CHECK(both.told.linked.size() == 1);
    check_referee(both);
}

TEST_CASE("cut after the n-th thing that the server says while linking: linked in the end, or "
          "plainly not, never stuck") {
    for (std::uint64_t n = 1; n < 25; ++n) {
        CAPTURE(n);
        Together both;
        both.frames_until_cut = n;
        REQUIRE(both.account->link({}, both.now).has_value());
        std::string scanned;
        const bool rested = both.pass_until(
            [&] {
                if (!both.told.qrs.empty() && both.told.qrs.back() != scanned) {
                    scanned = both.told.qrs.back();
                    both.service.scan(scanned);
                }
                return both.state() != State::linking && both.state() != State::connecting &&
                       both.state() != State::offline;
            },
            std::chrono::minutes{12});
        CHECK(rested);
        const State state = both.state();
        CHECK((state == State::connected || state == State::logged_out ||
               state == State::unlinked || state == State::refused));
        if (state != State::connected) { // then the order can be given again
            both.told.qrs.clear();
            both.pass(std::chrono::minutes{11});
            CHECK(both.link_it());
        }
    }
}

TEST_CASE("cut after the n-th thing that the server says at login and while draining: nothing is "
          "lost, nothing comes twice") {
    for (std::uint64_t n = 1; n < 60; n += 3) {
        CAPTURE(n);
        Together both{n};
        const std::string deals = both.service.add_group({"Deals", {"anna", "ben"}});
        REQUIRE(both.link_it());
        both.groups = {{deals, "Deals", "USD", true}};
        both.account->set_groups(both.groups, both.now);
        both.say(deals, "anna", "first");
        both.pass(std::chrono::seconds{5});
        const std::uint64_t before = both.spooled();
        both.service.disconnect();
        both.run();
        both.say(deals, "ben", "queued", 30);
        both.frames_until_cut = n;
        both.pass(std::chrono::minutes{2});
        CHECK(both.state() == State::connected);
        CHECK(both.spooled() == before + 30);
        CHECK(both.service.queue().uncleared == 0);
        check_referee(both);
    }
}

} // namespace vestari::test
