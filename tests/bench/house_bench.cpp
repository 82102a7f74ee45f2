// Our side of the comparison: the workload that bench_extract wrote, which the peers in tests/bench/peers are measured on too.
//
//     VESTARI_WORKLOAD=workload.json house_bench
//
// node_decode      stanzas that are not compressed, frame to tree
// group_decrypt    sender-key messages, in one open transaction of the sealed session database, rows written, nothing committed
// frame_to_event   the whole way of a group message before storage: route, decode, decrypt, remove padding, read the content
//
// Times are of the processor: budgets are for one core (DESIGN section 7), and a busy machine must not change them.
#include <cstdlib>
#include <ctime>
#include <fstream>

#include <benchmark/benchmark.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "bridge/content/extract.hpp"
#include "bridge/route/route.hpp"
#include "bridge/signal/decryptor.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "tests/support/sessions.hpp"
#include "vestari/base/check.hpp"

namespace vestari {
namespace {

namespace json = boost::json;

Bytes unhex(const json::value& text) {
    return from_hex(std::string_view{text.as_string()}).value();
}

struct SenderKey {
    std::string group;
    signal::Address sender;
    Bytes distribution;
    std::vector<Bytes> messages;
    std::vector<Bytes> frames; // one for each message; empty where the stanza holds more than it
};

struct Workload {
    route::Own me;
    route::IncludeList included;
    std::vector<Bytes> plain;
    std::size_t plain_bytes = 0;
    std::vector<SenderKey> keys;
    std::size_t messages = 0;
    std::size_t frames = 0;
};

SenderKey sender_key(const json::value& entry) {
    SenderKey key;
    key.group = std::string_view{entry.at("group").as_string()};
    key.sender = {std::string{std::string_view{entry.at("sender").as_string()}} + "_1",
                  entry.at("device").to_number<std::uint32_t>()};
    key.distribution = unhex(entry.at("distribution"));
    for (const json::value& message : entry.at("messages").as_array()) {
        key.messages.push_back(unhex(message));
    }
    for (const json::value& frame : entry.at("frames").as_array()) {
        key.frames.push_back(unhex(frame));
    }
    return key;
}

Workload load() {
    const char* const path =
        std::getenv("VESTARI_WORKLOAD"); // NOLINT(concurrency-mt-unsafe): before any thread
    VESTARI_CHECK(path != nullptr);
    std::ifstream in{path};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const json::value work = json::parse(text);
    std::vector<std::string> groups;
    for (const json::value& jid : work.at("include").as_array()) {
        groups.emplace_back(jid.as_string());
    }
    Workload loaded{{Jid::parse(work.at("me").at("pn").as_string()).value(),
                     Jid::parse(work.at("me").at("lid").as_string()).value()},
                    route::IncludeList::of(groups).value(),
                    {},
                    0,
                    {},
                    0,
                    0};
    for (const json::value& node : work.at("nodes").as_array()) {
        Bytes frame = unhex(node);
        if ((frame.front() & std::byte{2}) == std::byte{}) {
            loaded.plain_bytes += frame.size();
            loaded.plain.push_back(std::move(frame));
        }
    }
    for (const json::value& entry : work.at("groups").as_array()) {
        SenderKey key = sender_key(entry);
        if (loaded.included.contains(key.group)) {
            loaded.messages += key.messages.size();
            loaded.frames += static_cast<std::size_t>(
                std::ranges::count_if(key.frames, [](const Bytes& f) { return !f.empty(); }));
            loaded.keys.push_back(std::move(key));
        }
    }
    return loaded;
}

const Workload& workload() {
    static const Workload loaded = load();
    return loaded;
}

void node_decode(benchmark::State& state) {
    const Workload& work = workload();
    wire::Decoder decoder;
    for (auto _ : state) {
        for (const Bytes& frame : work.plain) {
            benchmark::DoNotOptimize(decoder.decode(frame));
        }
    }
    const auto rounds = static_cast<std::int64_t>(state.iterations());
    state.SetBytesProcessed(rounds * static_cast<std::int64_t>(work.plain_bytes));
    state.SetItemsProcessed(rounds * static_cast<std::int64_t>(work.plain.size()));
}
BENCHMARK(node_decode);

// What this thread has used: one core's time, whatever else the machine does.
double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

// A fresh database that has been given every sender key; then `run`, timed. Ratchets only go forward, so each round needs its own.
template <class Run> void with_keys(benchmark::State& state, std::size_t items, Run run) {
    const Workload& work = workload();
    const SystemClock clock;
    for (auto _ : state) {
        test::Sessions sessions;
        signal::Decryptor decryptor{*sessions, clock};
        store::Transaction transaction{*sessions};
        for (const SenderKey& key : work.keys) {
            VESTARI_CHECK(
                decryptor.distribute(key.group, key.sender, key.distribution).has_value());
        }
        const double start = cpu_seconds();
        run(decryptor);
        state.SetIterationTime(cpu_seconds() - start);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(items));
}

void group_decrypt(benchmark::State& state) {
    const Workload& work = workload();
    with_keys(state, work.messages, [&work](signal::Decryptor& decryptor) {
        for (const SenderKey& key : work.keys) {
            for (const Bytes& message : key.messages) {
                VESTARI_CHECK(decryptor.group(key.group, key.sender, message).has_value());
            }
        }
    });
}
BENCHMARK(group_decrypt)->UseManualTime()->Unit(benchmark::kMillisecond);

class Reader {
public:
    explicit Reader(const Workload& work) : work_{work} {}

    bool read(const SenderKey& key, BytesView frame, signal::Decryptor& decryptor) {
        const Result<const wire::Node*> root = roots_.read(frame);
        if (!root || route::decide(route::header_of(**root), work_.included, work_.me).route !=
                         route::Route::decrypt) {
            return false;
        }
        const Result<const wire::Node*> stanza = decoder_.decode(frame);
        const wire::Node* const enc = stanza ? (*stanza)->child("enc") : nullptr;
        if (enc == nullptr) {
            return false;
        }
        const Result<Bytes> padded = decryptor.group(key.group, key.sender, enc->bytes());
        if (!padded) {
            return false;
        }
        const Result<BytesView> plain = content::unpad(*padded, 2);
        if (!plain) {
            return false;
        }
        const Result<content::Message> message = content::extract(*plain);
        benchmark::DoNotOptimize(message);
        return message.has_value();
    }

private:
    const Workload& work_;
    wire::RootReader roots_;
    wire::Decoder decoder_;
};

void frame_to_event(benchmark::State& state) {
    const Workload& work = workload();
    Reader reader{work};
    with_keys(state, work.frames, [&](signal::Decryptor& decryptor) {
        for (const SenderKey& key : work.keys) {
            for (const Bytes& frame : key.frames) {
                VESTARI_CHECK(frame.empty() || reader.read(key, frame, decryptor));
            }
        }
    });
}
BENCHMARK(frame_to_event)->UseManualTime()->Unit(benchmark::kMillisecond);

} // namespace
} // namespace vestari
