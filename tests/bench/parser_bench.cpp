// The parser over the labelled corpus, over lists, and over text that holds nothing. Budgets: SETTLED section 12 (at least 500,000
// messages/s on the corpus mix, at least 60 MB/s on lists of 60 items).
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "vestari/parser/parser.hpp"

namespace {

using namespace vestari;
namespace json = boost::json;

struct Message {
    std::string text;
    std::string quoted;
    parser::Context context;
};

const std::vector<Message>& corpus() {
    static const std::vector<Message> loaded = [] {
        std::ifstream in{VESTARI_TEST_DATA "/fixtures/deals/dev.jsonl"};
        std::vector<Message> messages;
        for (std::string line; std::getline(in, line);) {
            const json::value entry = json::parse(line);
            Message& message = messages.emplace_back();
            message.text = std::string_view{entry.at("text").as_string()};
            if (const json::value& quoted = entry.at("quoted"); quoted.is_string()) {
                message.quoted = std::string_view{quoted.as_string()};
            }
            if (const json::value& code = entry.at("context").at("group_currency");
                code.is_string()) {
                message.context.group_currency = Currency::parse(code.as_string());
            }
        }
        for (Message& message : messages) {
            message.context.quoted = message.quoted; // now that they no longer move
        }
        return messages;
    }();
    return loaded;
}

void corpus_mix(benchmark::State& state) {
    const std::vector<Message>& messages = corpus();
    std::size_t next = 0;
    std::int64_t bytes = 0;
    for (auto _ : state) {
        const Message& message = messages[next];
        benchmark::DoNotOptimize(parser::parse(message.text, message.context));
        bytes += static_cast<std::int64_t>(message.text.size());
        next = next + 1 == messages.size() ? 0 : next + 1;
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(bytes);
}
BENCHMARK(corpus_mix)->MinTime(1);

void list_of(benchmark::State& state) {
    static constexpr std::string_view items[] = {
        "126610LN 2023 full set 12,400",     "126710BLNR jub 2024 unworn 16.2k",
        "5711/1A-010 2019 full set 105,000", "15500ST blue 2021 full set 34.5k",
        "WSSA0018 2024 b&p 6,900",           "310.30.42.50.01.001 2022 complete 5,350",
        "RM11-03 ti 2020 full set 298,000",  "126334 blue jub 2023 LNIB 12.1",
        "79030N 2022 box papers 2,950",      "4500V/110A-B128 2021 full set 29k"};
    std::string text = "WTS, USD, wire only 🇺🇸\n";
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        text += items[static_cast<std::size_t>(i) % std::size(items)];
        text += '\n';
    }
    std::size_t deals = 0;
    for (auto _ : state) {
        deals = parser::parse(text, {}).size();
        benchmark::DoNotOptimize(deals);
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
    state.counters["deals"] = static_cast<double>(deals);
}
BENCHMARK(list_of)->Arg(60)->Arg(600)->Unit(benchmark::kMicrosecond);

void chatter(benchmark::State& state) {
    const std::string text = "Good morning all, thanks for the quick wire, great doing business";
    for (auto _ : state) {
        benchmark::DoNotOptimize(parser::parse(text, {}));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(chatter);

void mask(benchmark::State& state) {
    const std::string text = "126334 blue 2024 USD 12,150. Deposit by card 5555-5555-5555-4444, "
                             "call +1 555 010 0199 or mail me";
    for (auto _ : state) {
        benchmark::DoNotOptimize(parser::mask_sensitive(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(mask);

} // namespace
