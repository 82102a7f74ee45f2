#include "bridge/daemon/control/event_log.hpp"

#include <doctest/doctest.h>

#include "vestari/service/control/exchange.hpp"

using namespace vestari;
using namespace vestari::daemon;

namespace {

const TimePoint noon{std::chrono::hours{500'000}};

struct Reader {
    std::shared_ptr<service::Exchange> exchange =
        std::make_shared<service::Exchange>(std::make_shared<service::Waker>());
    service::Answer answer = std::make_shared<service::Responder>(exchange);

    std::string heard() const { return exchange->take_output(); }
    bool over() const { return exchange->complete(); }
};

} // namespace

TEST_CASE(
    "events: what is kept comes first, then what happens, of the account that was asked for") {
    EventLog log;
    log.publish("one", "{\"n\":1}", noon);
    log.publish("two", "{\"n\":2}", noon);
    const Reader all;
    log.stream({}, EventLog::Follow::no, noon, all.answer);
    const std::string kept = all.heard();
    CHECK(kept.find("{\"n\":1}") < kept.find("{\"n\":2}"));
    CHECK(all.over());
    const Reader one;
    log.stream("one", EventLog::Follow::yes, noon, one.answer);
    log.publish("two", "{\"n\":3}", noon);
    log.publish("one", "{\"n\":4}", noon);
    const std::string heard = one.heard();
    CHECK(heard.find("{\"n\":2}") == std::string::npos);
    CHECK(heard.find("{\"n\":3}") == std::string::npos);
    CHECK(heard.find("{\"n\":4}") != std::string::npos);
    CHECK_FALSE(one.over());
    log.end();
    CHECK(one.over());
}

TEST_CASE("events: a day is kept, and no more than its bound") {
    EventLog log;
    log.publish("one", "{\"old\":1}", noon);
    const Reader later;
    log.stream({}, EventLog::Follow::no, noon + EventLog::kept + std::chrono::seconds{1},
               later.answer);
    CHECK(later.heard().find("old") == std::string::npos);
    for (std::size_t i = 0; i < EventLog::max_events + 10; ++i) {
        log.publish("one", "{\"n\":" + std::to_string(i) + "}", noon);
    }
    const Reader bounded;
    log.stream({}, EventLog::Follow::no, noon, bounded.answer);
    const std::string kept = bounded.heard();
    CHECK(kept.find("{\"n\":9}") == std::string::npos);
    CHECK(kept.find("{\"n\":10}") != std::string::npos);
}

TEST_CASE("events: a follower that has gone is let go") {
    EventLog log;
    const Reader reader;
    log.stream({}, EventLog::Follow::yes, noon, reader.answer);
    reader.exchange->client_left();
    const std::weak_ptr<service::Responder> weak = reader.answer;
    CHECK(weak.use_count() == 2);
    log.publish("one", "{}", noon);
    CHECK(weak.use_count() == 1);
}
