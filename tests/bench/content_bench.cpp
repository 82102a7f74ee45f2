// What reading a decrypted message costs, and the pipe's encoding: typical messages of the fixture content-1, then the worst that
// ASSURANCE H1 allows a sender (budget: refused within 1 ms over the cap).
#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "bridge/content/extract.hpp"
#include "vestari/base/check.hpp"
#include "vestari/event/codec.hpp"

namespace {

using namespace vestari;

std::vector<Bytes> fixture_messages() {
    std::ifstream in{std::string{VESTARI_TEST_DATA} + "/fixtures/content-1/fixture.jsonl"};
    std::vector<Bytes> messages;
    for (std::string line; std::getline(in, line);) {
        const boost::json::value value = boost::json::parse(line);
        if (const boost::json::value* content = value.as_object().if_contains("content")) {
            messages.push_back(
                from_hex(std::string_view{content->at("message").as_string()}).value());
        }
    }
    VESTARI_CHECK(!messages.empty());
    return messages;
}

Bytes varint_bytes(std::uint64_t value) {
    Bytes out;
    for (; value >= 0x80; value >>= 7U) {
        out.push_back(static_cast<std::byte>((value & 0x7fU) | 0x80U));
    }
    out.push_back(static_cast<std::byte>(value));
    return out;
}

Bytes field(std::uint32_t number, BytesView payload) {
    Bytes out = varint_bytes((static_cast<std::uint64_t>(number) << 3U) | 2U);
    append(out, varint_bytes(payload.size()));
    append(out, payload);
    return out;
}

// One wrapper in the other, written from the inside out and turned round at the end.
Bytes wrapped(std::size_t depth) {
    std::vector<Bytes> heads;
    std::size_t size = 0;
    for (std::size_t i = 0; i < 2 * depth; ++i) {
        Bytes head = varint_bytes(((i % 2 == 0 ? 1ULL : 40ULL) << 3U) | 2U);
        append(head, varint_bytes(size));
        size += head.size();
        heads.push_back(std::move(head));
    }
    Bytes out;
    for (auto head = heads.rbegin(); head != heads.rend(); ++head) {
        append(out, *head);
    }
    return out;
}

void extract_fixture(benchmark::State& state) {
    const std::vector<Bytes> messages = fixture_messages();
    std::size_t read = 0;
    std::size_t bytes = 0;
    for (auto _ : state) {
        const Bytes& message = messages[read++ % messages.size()];
        bytes += message.size();
        benchmark::DoNotOptimize(content::extract(message));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(read));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK(extract_fixture);

void extract_wrappers(benchmark::State& state) {
    const Bytes message = wrapped(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        benchmark::DoNotOptimize(content::extract(message));
    }
}
BENCHMARK(extract_wrappers)
    ->Arg(8)
    ->Arg(9)
    ->Arg(1'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMicrosecond);

void extract_long_text(benchmark::State& state) {
    const Bytes message =
        field(1, Bytes(event::max_text_bytes, static_cast<std::byte>(state.range(0))));
    for (auto _ : state) {
        benchmark::DoNotOptimize(content::extract(message));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.size()));
}
BENCHMARK(extract_long_text)->ArgName("byte")->Arg('x')->Arg(0xff)->Unit(benchmark::kMicrosecond);

void extract_unknown_fields(benchmark::State& state) {
    Bytes message;
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        append(message, field(5'000 + i, {}));
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(content::extract(message));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(message.size()));
}
BENCHMARK(extract_unknown_fields)->Unit(benchmark::kMicrosecond);

event::Envelope envelope() {
    event::Envelope envelope;
    envelope.account = "shop";
    envelope.sequence = 41;
    envelope.chat = "120363000000000001@g.us";
    envelope.sender = {.lid = "10000000000001@lid", .pn = "12025550101@s.whatsapp.net"};
    envelope.push_name = "Ann";
    envelope.id = "3EB0455CDC2D305E092DBA";
    envelope.sent_at = TimePoint{std::chrono::milliseconds{1'780'000'000'123}};
    envelope.kind = event::Kind::text;
    envelope.text = "WTS Rolex 126610LN, 2023 full set, unworn, $12,400 shipped";
    return envelope;
}

void pipe_encode(benchmark::State& state) {
    const event::Frame frame = envelope();
    for (auto _ : state) {
        benchmark::DoNotOptimize(event::encode(frame));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(pipe_encode);

void pipe_decode(benchmark::State& state) {
    const Bytes frame = event::encode(envelope());
    for (auto _ : state) {
        benchmark::DoNotOptimize(event::decode(BytesView{frame}.subspan(4)));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(pipe_decode);

} // namespace

BENCHMARK_MAIN();
