// What the live receive path carries: frames of an offline queue to durable, in batches of 500, on the disk below TMPDIR.
//
// Budget (SETTLED 12): at least 3,000 group messages a second, socket to durable, while draining.
#include <benchmark/benchmark.h>

#define DOCTEST_CONFIG_DISABLE // the tests' people without the tests
#include <doctest/doctest.h>

#include "bridge/receive/inbox.hpp"
#include "bridge/receive/tally.hpp"
#include "tests/unit/bridge/receive/sending.hpp"
#include "vestari/base/check.hpp"

namespace vestari {

namespace {

constexpr std::size_t messages = 5000;
constexpr std::size_t senders = 20;
constexpr std::int64_t opens = 1'780'000'000;

// Texts of an offer's length, of several senders in turn; each sender's first message brings its key.
struct Queue {
    test::People people{senders};
    std::vector<Bytes> frames;
    std::vector<Bytes> excluded; // the same number, of chats that are not read

    Queue() {
        const std::string words(200, 'a');
        for (std::size_t i = 0; i < messages; ++i) {
            const std::string device = "d" + std::to_string(i % senders);
            const std::string sender = std::to_string(1001 + i % senders) + "@lid";
            synth::Stanza stanza = test::People::message(sender, "M" + std::to_string(i));
            if (i < senders) {
                stanza.children.push_back(people.key_part(device));
            }
            stanza.children.push_back(people.group_part(device, synth::content::text(words)));
            frames.push_back(synth::encode(stanza, synth::Packing::plain));
            synth::Stanza other{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
            other.with_jid("from", "120363000000000099@g.us").with_jid("participant", sender);
            other.with("id", "M" + std::to_string(i)).with("t", "1780000000");
            other.children.push_back(stanza.children.back());
            excluded.push_back(synth::encode(other, synth::Packing::plain));
        }
    }
};

const Queue& queue() {
    static const Queue made;
    return made;
}

// Seconds that it takes to have all of them durable, each batch cleared behind its commit.
double drain(const std::vector<Bytes>& frames, std::size_t batch) {
    test::Sessions sessions;
    const ManualClock clock{test::at(opens)};
    signal::Decryptor decryptor{*sessions, clock};
    const bool installed =
        decryptor.install(test::installable(queue().people.reader())).has_value();
    VESTARI_CHECK(installed);
    receive::InboxOptions options;
    options.account = "main";
    options.own = test::own_device();
    options.included = route::IncludeList::of(std::vector{std::string{test::trade_desk}}).value();
    receive::Inbox inbox{*sessions, std::move(options), clock};
    std::size_t cleared = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const Bytes& frame : frames) {
        inbox.take(frame, clock.now(), 1);
        if (inbox.batched() == batch) {
            cleared += inbox.commit().size();
        }
    }
    cleared += inbox.commit().size();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    VESTARI_CHECK(cleared == frames.size());
    return took.count();
}

void run(benchmark::State& state, const std::vector<Bytes>& frames) {
    for (auto _ : state) {
        state.SetIterationTime(drain(frames, static_cast<std::size_t>(state.range(0))));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(frames.size()) *
                            static_cast<std::int64_t>(state.iterations()));
}

void drain_included(benchmark::State& state) { run(state, queue().frames); }
void drain_excluded(benchmark::State& state) { run(state, queue().excluded); }

BENCHMARK(drain_included)->Arg(500)->Arg(50)->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK(drain_excluded)->Arg(500)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace

} // namespace vestari
