// The codec and the route decision over the stanzas of a day: 731 stanzas, a fifth of them compressed.
//
//     wire_bench [--benchmark_filter=…]
//
// Bytes are those of the frames as they leave Noise. Budgets: SETTLED section 12 (a decision ≤ 1 µs), DESIGN section 7.
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include "bridge/route/origin.hpp"
#include "bridge/route/route.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "vestari/base/check.hpp"

namespace {

using namespace vestari;
namespace json = boost::json;

struct Day {
    route::Own me;
    route::IncludeList included;
    std::vector<Bytes> frames;
};

Day load(const std::string& path) {
    std::ifstream in{path};
    std::string line;
    VESTARI_CHECK(std::getline(in, line));
    const json::value header = json::parse(line);
    std::vector<std::string> groups;
    for (const json::value& jid : header.at("include").as_array()) {
        groups.emplace_back(jid.as_string());
    }
    Day day{{Jid::parse(header.at("me").at("pn").as_string()).value(),
             Jid::parse(header.at("me").at("lid").as_string()).value()},
            route::IncludeList::of(groups).value(),
            {}};
    while (std::getline(in, line)) {
        day.frames.push_back(from_hex(json::parse(line).at("in").as_string()).value());
    }
    return day;
}

const Day& day() {
    static const Day loaded = load(VESTARI_TEST_DATA "/fixtures/day-1/fixture.jsonl");
    return loaded;
}

enum class Form { plain, compressed, any };

bool is_of(const Bytes& frame, Form form) {
    const bool compressed = (frame.front() & std::byte{2}) != std::byte{};
    return form == Form::any || compressed == (form == Form::compressed);
}

std::size_t nodes_of(const wire::Node& node) {
    std::size_t count = 1;
    for (const wire::Node& child : node.children()) {
        count += nodes_of(child);
    }
    return count;
}

struct Chosen {
    std::vector<BytesView> frames;
    std::size_t bytes = 0;
    std::size_t nodes = 0;
};

Chosen chosen(Form form) {
    Chosen some;
    for (const Bytes& frame : day().frames) {
        const Result<wire::Document> document = wire::decode(frame);
        if (document && is_of(frame, form)) {
            some.frames.push_back(frame);
            some.bytes += frame.size();
            some.nodes += nodes_of(document->root());
        }
    }
    return some;
}

void report(benchmark::State& state, const Chosen& some) {
    const auto rounds = static_cast<std::int64_t>(state.iterations());
    state.SetBytesProcessed(rounds * static_cast<std::int64_t>(some.bytes));
    state.SetItemsProcessed(rounds * static_cast<std::int64_t>(some.frames.size()));
    using benchmark::Counter;
    state.counters["nodes"] =
        Counter{static_cast<double>(some.nodes), Counter::kIsIterationInvariantRate};
    state.counters["each"] = Counter{static_cast<double>(some.frames.size()),
                                     Counter::kIsIterationInvariantRate | Counter::kInvert};
}

void decode(benchmark::State& state, Form form) {
    const Chosen some = chosen(form);
    wire::Decoder decoder;
    for (auto _ : state) {
        for (const BytesView frame : some.frames) {
            benchmark::DoNotOptimize(decoder.decode(frame));
        }
    }
    report(state, some);
}
BENCHMARK_CAPTURE(decode, plain, Form::plain);
BENCHMARK_CAPTURE(decode, compressed, Form::compressed);
BENCHMARK_CAPTURE(decode, all, Form::any);

void decode_with_new_memory(benchmark::State& state) {
    const Chosen some = chosen(Form::any);
    for (auto _ : state) {
        for (const BytesView frame : some.frames) {
            benchmark::DoNotOptimize(wire::decode(frame));
        }
    }
    report(state, some);
}
BENCHMARK(decode_with_new_memory);

void encode(benchmark::State& state) {
    const Chosen some = chosen(Form::plain);
    std::vector<wire::Document> documents;
    for (const BytesView frame : some.frames) {
        documents.push_back(wire::decode(frame).value());
    }
    for (auto _ : state) {
        for (const wire::Document& document : documents) {
            benchmark::DoNotOptimize(wire::encode(document.root()));
        }
    }
    report(state, some);
}
BENCHMARK(encode);

// From the frame to the decision, of the stanzas that are dropped: the whole cost of a chat that is not included.
void decide_dropped(benchmark::State& state, Form form) {
    wire::RootReader reader;
    Chosen some = chosen(form);
    std::erase_if(some.frames, [&reader](BytesView frame) {
        const route::StanzaHeader header = route::header_of(*reader.read(frame).value());
        return route::decide(header, day().included, day().me).route != route::Route::drop;
    });
    some.bytes = 0;
    for (const BytesView frame : some.frames) {
        some.bytes += frame.size();
    }
    some.nodes = some.frames.size(); // the roots
    for (auto _ : state) {
        for (const BytesView frame : some.frames) {
            const Result<const wire::Node*> root = reader.read(frame);
            benchmark::DoNotOptimize(
                route::decide(route::header_of(**root), day().included, day().me));
        }
    }
    report(state, some);
}
BENCHMARK_CAPTURE(decide_dropped, plain, Form::plain);
BENCHMARK_CAPTURE(decide_dropped, compressed, Form::compressed);

} // namespace
