// Tables and small rules: words of states, waits, what is remembered of a poisonous stanza.
#include <doctest/doctest.h>

#include <set>

#include "bridge/live/policy/failures.hpp"
#include "bridge/live/policy/poison.hpp"
#include "tests/unit/bridge/live/outside.hpp"

namespace vestari::test {

using live::State;

TEST_CASE("every state has a word of its own, read back as the same state, and an exit code") {
    std::set<std::string_view> words;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(State::waiting_for_keys); ++i) {
        const auto state = static_cast<State>(i);
        words.insert(live::to_string(state));
        CHECK(live::state_from(live::to_string(state)) == state);
    }
    CHECK(words.size() == 13);
    CHECK(live::state_from("surprised") == std::nullopt);
    struct Row {
        State state;
        ExitCode exit;
    };
    const Row rows[] = {{State::connected, ExitCode::ok},
                        {State::outdated, ExitCode::outdated},
                        {State::refused, ExitCode::logged_out},
                        {State::banned, ExitCode::logged_out},
                        {State::logged_out, ExitCode::logged_out},
                        {State::replaced, ExitCode::logged_out},
                        {State::passkey_wanted, ExitCode::logged_out},
                        {State::unlinked, ExitCode::try_again}};
    for (const Row& row : rows) {
        CHECK(live::exit_code(row.state) == row.exit);
    }
}

TEST_CASE("back-off: the table, its cap and its jitter") {
    const int seconds[] = {1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 900, 900};
    for (std::uint32_t i = 0; i < std::size(seconds); ++i) {
        CHECK(live::BackOff::at(i) == std::chrono::seconds{seconds[i]});
    }
    CHECK(live::BackOff::at(1'000'000) == std::chrono::seconds{900});
}

TEST_CASE("back-off: the longest wait, after a refusal and after silence") {
    struct Row {
        live::BackOff::Cause cause;
        std::chrono::seconds least, most, spread;
    };
    const Row rows[] = {
        {live::BackOff::Cause::refusal, std::chrono::seconds{810}, std::chrono::seconds{990},
         std::chrono::seconds{150}},
        {live::BackOff::Cause::network, std::chrono::seconds{45}, std::chrono::seconds{55},
         std::chrono::seconds{8}}, // a network that is back is found within a minute
    };
    Dice dice;
    for (const Row& row : rows) {
        std::chrono::milliseconds least = std::chrono::hours{1};
        std::chrono::milliseconds most{0};
        for (int i = 0; i < 2000; ++i) {
            live::BackOff back_off;
            back_off.skip(30);
            const auto wait = back_off.next(row.cause, dice);
            least = std::min(least, wait);
            most = std::max(most, wait);
        }
        CHECK(least >= row.least);
        CHECK(most <= row.most);
        CHECK(most - least > row.spread); // it does spread
    }
}

TEST_CASE("the wait is the same for the same dice") {
    Dice one{5};
    Dice other{5};
    live::BackOff a;
    live::BackOff b;
    for (int i = 0; i < 20; ++i) {
        CHECK(a.next(live::BackOff::Cause::network, one) ==
              b.next(live::BackOff::Cause::network, other));
    }
}

TEST_CASE("a remembered stop is found again by its code; what never stops is not one") {
    for (const char* code : {"failure_401", "failure_402", "failure_403", "failure_406",
                             "failure_419", "stream_401", "stream_516", "device_removed"}) {
        CAPTURE(code);
        REQUIRE(live::failure_named(code).has_value());
        CHECK(live::failure_named(code)->why.code == code);
    }
    CHECK_FALSE(live::failure_named("").has_value());
    CHECK_FALSE(live::failure_named("failure_1000").has_value());
}

TEST_CASE("a ban is read within bounds, whatever the server writes") {
    struct Row {
        const char* expire;
        std::chrono::seconds wait;
    };
    const Row rows[] = {{"3600", std::chrono::hours{1}},
                        {"0", std::chrono::minutes{1}},
                        {"18446744073709551615", live::longest_ban},
                        {"-5", std::chrono::hours{24}},
                        {"soon", std::chrono::hours{24}}};
    for (const Row& row : rows) {
        CAPTURE(row.expire);
        const wire::OutNode out{"failure", {{"reason", "402"}, {"expire", row.expire}}, {}};
        const Bytes frame = wire::encode(out);
        const auto document = wire::decode(frame).value();
        CHECK(live::of_failure(document.root()).expires == row.wait);
    }
}

TEST_CASE("poison is the same stanza within ten minutes, nothing else") {
    using Verdict = live::Poison::Verdict;
    live::Poison poison;
    const Instant start{std::chrono::hours{1}};
    CHECK(poison.met("A", start) == Verdict::first);
    CHECK(poison.met("B", start) == Verdict::first);
    CHECK(poison.met("B", start + std::chrono::minutes{10}) == Verdict::again);
    CHECK(poison.met("B", start + std::chrono::minutes{21}) == Verdict::first);
    CHECK(poison.met("", start) == Verdict::first);
    CHECK(poison.met("", start) == Verdict::first); // nobody knows which
}

} // namespace vestari::test
