#include <doctest/doctest.h>

#include "ingest/daemon/events.hpp"

using namespace vestari;
using ingest::daemon::Events;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint noon{std::chrono::milliseconds{1'772'625'600'000}};

std::vector<std::string> all(const Events& events, std::uint64_t after,
                             const std::string& account) {
    std::vector<std::string> lines;
    for (const auto* event = events.after(after, account); event != nullptr;
         event = events.after(event->number, account)) {
        lines.push_back(event->line);
    }
    return lines;
}

} // namespace

TEST_CASE("events: a reader goes on where it stopped, and sees its account alone") {
    Events events;
    CHECK(events.after(0, "") == nullptr);
    events.add(noon, "main", "1");
    events.add(noon, "shop", "2");
    events.add(noon, "main", "3");
    CHECK(all(events, 0, "") == std::vector<std::string>{"1", "2", "3"});
    CHECK(all(events, 0, "main") == std::vector<std::string>{"1", "3"});
    CHECK(all(events, 1, "") == std::vector<std::string>{"2", "3"});
    CHECK(all(events, 3, "").empty());
    CHECK(all(events, 99, "").empty());
}

TEST_CASE("events: what is older than a day is gone") {
    Events events;
    events.add(noon, "main", "old");
    events.add(noon + 23h, "main", "young");
    events.drop_old(noon + 24h);
    CHECK(events.size() == 2);
    events.drop_old(noon + 24h + 1ms);
    CHECK(all(events, 0, "") == std::vector<std::string>{"young"});
    CHECK(events.after(0, "")->number == 2);
}

TEST_CASE("events: a flood pushes the oldest out") {
    Events events;
    for (std::size_t i = 0; i < Events::most_kept + 10; ++i) {
        events.add(noon, "main", std::to_string(i));
    }
    CHECK(events.size() == Events::most_kept);
    CHECK(events.after(0, "")->line == "10");
    CHECK(events.after(3, "")->line ==
          "10"); // a reader that fell behind goes on with what there is
}

TEST_CASE("events: a watcher hears each, and may take itself away meanwhile") {
    Events events;
    int heard = 0;
    std::uint64_t watcher = 0;
    watcher = events.watch([&] {
        if (++heard == 2) {
            events.unwatch(watcher);
        }
    });
    for (int i = 0; i < 5; ++i) {
        events.add(noon, "main", "x");
    }
    CHECK(heard == 2);
}
