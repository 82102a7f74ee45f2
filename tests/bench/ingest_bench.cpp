// Durable, sealed, deduplicated inserts per second, and what queries cost. The archive is a file on the disk of $TMPDIR.
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>

#include "tests/unit/ingest/archive_fixture.hpp"

namespace {

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

// Prices differ, so each is a deal of its own; dealers and references repeat as they do in a group.
std::string offer(std::size_t number) {
    static constexpr const char* references[] = {"126610LN", "126610LV", "126710BLRO", "126334",
                                                 "124060",   "126500LN", "126711CHNR", "126200"};
    return std::string{"WTS "} + references[number % 8] + " 2023 full set $" +
           std::to_string(9'000 + number % 30'011);
}

event::Envelope envelope(std::size_t number, std::string text) {
    event::Envelope one =
        message("3EB0" + std::to_string(number), text, static_cast<int>(number % 40));
    one.sent_at += std::chrono::hours{24 * static_cast<int>(number / 30'011)};
    one.sent_at += std::chrono::seconds{static_cast<int>(number % 30'011)};
    return one;
}

// A deal per message; a commit per 500 messages.
void insert_single_offers(benchmark::State& state) {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    std::size_t number = 0;
    for (auto _ : state) {
        for (int i = 0; i < 500; ++i) {
            const std::size_t n = number++;
            pipeline.accept(envelope(n, offer(n)));
        }
        pipeline.flush();
    }
    state.counters["deals/s"] = benchmark::Counter(static_cast<double>(pipeline.counts().deals),
                                                   benchmark::Counter::kIsRate);
    state.counters["kept"] = static_cast<double>(count(archive).deals);
}
BENCHMARK(insert_single_offers)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(3);

// Lists of 40 lines; a commit per 50 messages, 2,000 deals.
void insert_lists(benchmark::State& state) {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    std::size_t number = 0;
    std::size_t line = 0;
    for (auto _ : state) {
        for (int i = 0; i < 50; ++i) {
            std::string text;
            for (int item = 0; item < 40; ++item) {
                text += offer(line++) + "\n";
            }
            event::Envelope one = envelope(number++, std::move(text));
            one.sent_at += std::chrono::hours{24 * static_cast<int>(line / 30'011)};
            pipeline.accept(one);
        }
        pipeline.flush();
    }
    state.counters["deals/s"] = benchmark::Counter(static_cast<double>(pipeline.counts().deals),
                                                   benchmark::Counter::kIsRate);
    state.counters["kept"] = static_cast<double>(count(archive).deals);
}
BENCHMARK(insert_lists)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(3);

// The same offer again and again, each time from another message: sightings of one deal per day.
void insert_reposts(benchmark::State& state) {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    std::size_t number = 0;
    for (auto _ : state) {
        for (int i = 0; i < 500; ++i) {
            const std::size_t n = number++;
            event::Envelope one = envelope(n, offer(n / 4));
            one.sent_at = noon + std::chrono::hours{24 * static_cast<int>(n / 4 / 30'011)};
            pipeline.accept(one);
        }
        pipeline.flush();
    }
    state.counters["records/s"] = benchmark::Counter(static_cast<double>(pipeline.counts().deals),
                                                     benchmark::Counter::kIsRate);
}
BENCHMARK(insert_reposts)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(2);

void take_chatter(benchmark::State& state) {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    std::size_t number = 0;
    for (auto _ : state) {
        for (int i = 0; i < 500; ++i) {
            pipeline.accept(envelope(number++, "good morning, anyone at the fair today?"));
        }
        pipeline.flush();
    }
    state.counters["messages/s"] =
        benchmark::Counter(static_cast<double>(number), benchmark::Counter::kIsRate);
}
BENCHMARK(take_chatter)->Unit(benchmark::kMillisecond)->UseRealTime();

// An archive of 100,000 deals, shared by the queries.
Archive& large() {
    static Workshop shop;
    static Archive archive = [] {
        Archive filling = shop.open();
        Pipeline pipeline{filling, shop.clock};
        for (std::size_t n = 0; n < 100'000; ++n) {
            pipeline.accept(envelope(n, offer(n)));
        }
        pipeline.flush();
        return filling;
    }();
    return archive;
}

void query_newest_50(benchmark::State& state) {
    large(); // filled outside the measurement
    for (auto _ : state) {
        benchmark::DoNotOptimize(all_deals(large(), {.limit = 50}));
    }
}
BENCHMARK(query_newest_50)->Unit(benchmark::kMicrosecond);

void query_comps_of_a_reference(benchmark::State& state) {
    std::size_t prices = 0;
    for (auto _ : state) {
        prices = price_history(large(), {.reference = "126610LN", .min_confidence = 0.5}).all.count;
    }
    state.counters["prices"] = static_cast<double>(prices);
}
BENCHMARK(query_comps_of_a_reference)->Unit(benchmark::kMillisecond);

void walk_and_open_everything(benchmark::State& state) {
    std::size_t deals = 0;
    for (auto _ : state) {
        for_each_deal(large(), {}, [&](const StoredDeal&) {
            ++deals;
            return Next::go_on;
        });
    }
    state.counters["deals/s"] =
        benchmark::Counter(static_cast<double>(deals), benchmark::Counter::kIsRate);
}
BENCHMARK(walk_and_open_everything)->Unit(benchmark::kMillisecond);

} // namespace
