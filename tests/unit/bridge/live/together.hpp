// The account and the whole service in miniature, in one loop with a time of its own.
#pragma once

#include <deque>

#include <doctest/doctest.h>

#include "bridge/link/pair_success.hpp"
#include "bridge/store/spool.hpp"
#include "tests/sim/service.hpp"
#include "tests/unit/bridge/live/outside.hpp"

namespace vestari::test {

// One loop, one time, no socket.
inline sim::Options options_of(std::uint64_t seed) {
    sim::Options options;
    options.seed = seed;
    options.wall_start = at(1'763'769'600);
    options.start = Instant{std::chrono::hours{1}};
    return options;
}

struct Together {
    explicit Together(std::uint64_t seed = 1) : service{options_of(seed)}, dice{seed} { start(); }

    void start() {
        live::Settings settings;
        settings.account = "main";
        settings.root_key = service.root_key();
        settings.version = link::built_in_version;
        settings.groups = groups;
        settings.spool_max_bytes = spool_max_bytes;
        account =
            std::make_unique<live::Account>(settings, *sessions, lease, clock, dice, told, now);
    }

    void restart() {
        account.reset();
        if (socket != nullptr) {
            socket->closed(now);
            socket = nullptr;
            in_flight.clear();
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
            for (Bytes& message : socket->take_output()) {
                in_flight.push_back(std::move(message));
            }
            while (!in_flight.empty() && !account->reading_paused() && frames_until_cut != 0) {
                const Bytes message = std::move(in_flight.front());
                in_flight.pop_front();
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
                in_flight.clear();
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
               pass_until([&] { return state() == live::State::connected; },
                          std::chrono::seconds{30});
    }
    void say(const std::string& chat, const std::string& member, const std::string& text,
             std::uint32_t count = 1) {
        service.post({chat, member, sim::PostKind::text, text, {}, count});
    }
    live::State state() const { return account->status().state.state; }
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
    std::deque<Bytes> in_flight; // what the account has not read yet
    std::uint64_t spool_max_bytes = config::default_spool_bytes;
    std::uint64_t frames_until_cut = ~std::uint64_t{0};

private:
    void jump(Instant to) {
        clock.advance(to - now);
        now = to;
    }
};

inline void check_referee(const Together& both) {
    const sim::Report report = both.service.referee();
    for (const sim::Violation& violation : report.violations) {
        CAPTURE(violation.why);
        CAPTURE(violation.stanza);
        CHECK(false);
    }
    CHECK(report.violations.empty());
    CHECK(report.stanzas > 0);
}

} // namespace vestari::test
