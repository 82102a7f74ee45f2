// The parser's own table: is a record as right as its confidence says, how fast is it by style and by length, and what a plain
// reader with regular expressions makes of the same messages in the same run.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "tests/bench/parser/baseline.hpp"
#include "tests/unit/parser/metric.hpp"

namespace {

using namespace vestari;
namespace corpus = parser::corpus;

struct Entry {
    corpus::LabelledMessage message;
    std::string style, corpus;
};

std::vector<Entry> load() {
    std::vector<Entry> entries;
    for (const char* name : {"dev", "fresh-a", "fresh-b"}) {
        std::ifstream in{fmt::format("{}/fixtures/deals/{}.jsonl", VESTARI_TEST_DATA, name)};
        for (std::string line; std::getline(in, line);) {
            Entry entry{corpus::read_message(line), {}, name};
            const boost::json::value row = boost::json::parse(line);
            if (const auto* style = row.as_object().if_contains("style")) {
                entry.style = corpus::text_of(*style);
            }
            if (entry.corpus == "dev") {
                entry.corpus =
                    corpus::held_back(entry.message.id) ? "dev, held back" : "dev, tuned";
            }
            entries.push_back(std::move(entry));
        }
    }
    return entries;
}

std::string strict_key(const boost::json::object& deal) {
    return corpus::identity(deal) + '|' + corpus::normal(deal, "price_minor") + '|' +
           corpus::normal(deal, "currency") + '|' + corpus::normal(deal, "side");
}

bool core_right(const boost::json::object& gold, const boost::json::object& found) {
    return std::ranges::all_of(corpus::core_fields, [&](std::string_view field) {
        return corpus::normal(gold, field) == corpus::normal(found, field);
    });
}

struct Bucket {
    double from;
    int records = 0, strict = 0, core = 0;
    double confidence = 0;
};

// A record is right when a deal of the labels, not used by another record, agrees with it.
void weigh(std::vector<Bucket>& buckets, const corpus::LabelledMessage& message) {
    std::vector<const boost::json::object*> left;
    for (const auto& gold : message.deals) {
        left.push_back(&gold.as_object());
    }
    for (const parser::Deal& deal : parser::parse(message.text, corpus::context_of(message))) {
        auto bucket = buckets.begin();
        while (deal.confidence + 1e-9 < bucket->from) {
            ++bucket;
        }
        ++bucket->records;
        bucket->confidence += deal.confidence;
        const boost::json::object found = corpus::to_json(deal);
        const auto same = std::ranges::find_if(
            left, [&](const auto* gold) { return strict_key(*gold) == strict_key(found); });
        if (same != left.end()) {
            ++bucket->strict;
            bucket->core += core_right(**same, found) ? 1 : 0;
            left.erase(same);
        }
    }
}

void calibration(const std::vector<Entry>& entries, std::string_view title,
                 const std::function<bool(const Entry&)>& wanted) {
    std::vector<Bucket> buckets{{0.949}, {0.9}, {0.85}, {0.8}, {0.7}, {0.6}, {0.0}};
    for (const Entry& entry : entries) {
        if (wanted(entry)) {
            weigh(buckets, entry.message);
        }
    }
    fmt::print("\n{}\n  {:<12} {:>8} {:>12} {:>10} {:>14}\n", title, "confidence", "records",
               "mean", "right", "core right");
    double above = 1.0;
    for (const Bucket& b : buckets) {
        if (b.records != 0) {
            const double n = b.records;
            fmt::print("  {:<12} {:>8} {:>12.3f} {:>9.1f}% {:>13.1f}%\n",
                       above >= 1.0 ? fmt::format("{:.2f}", 0.95)
                                    : fmt::format("{:.2f}-{:.2f}", b.from, above),
                       b.records, b.confidence / n, 100 * b.strict / n, 100 * b.core / n);
        }
        above = b.from > 0.94 ? 0.95 : b.from;
    }
}

// Messages a second, the best of several rounds.
template <class Read> double speed(const std::vector<const Entry*>& entries, Read&& read) {
    using clock = std::chrono::steady_clock;
    double best = 0;
    for (int round = 0; round < 7; ++round) {
        std::size_t done = 0;
        const auto from = clock::now();
        double seconds = 0;
        do {
            for (const Entry* entry : entries) {
                read(entry->message);
            }
            done += entries.size();
            seconds = std::chrono::duration<double>(clock::now() - from).count();
        } while (seconds < 0.02);
        best = std::max(best, static_cast<double>(done) / seconds);
    }
    return best;
}

std::string_view currency_of(const corpus::LabelledMessage& message) {
    return message.context.group_currency ? message.context.group_currency->code()
                                          : message.context.account_currency.code();
}

class Speeds {
public:
    void row(std::string_view name, const std::vector<const Entry*>& entries) {
        std::size_t bytes = 0;
        for (const Entry* entry : entries) {
            bytes += entry->message.text.size();
        }
        const double mean = static_cast<double>(bytes) / static_cast<double>(entries.size());
        const double ours = speed(entries, [](const corpus::LabelledMessage& m) {
            return parser::parse(m.text, corpus::context_of(m)).size();
        });
        const double plain = speed(entries, [this](const corpus::LabelledMessage& m) {
            return baseline_.read(m.text, currency_of(m)).size();
        });
        fmt::print("  {:<16} {:>8} {:>8.0f} {:>12.0f} {:>10.1f} {:>14.0f} {:>10.1f}\n", name,
                   entries.size(), mean, ours, ours * mean / 1e6, plain, plain * mean / 1e6);
    }
    static void head(std::string_view by) {
        fmt::print("\n  {:<16} {:>8} {:>8} {:>12} {:>10} {:>14} {:>10}\n", by, "messages", "bytes",
                   "Vestari/s", "MB/s", "expressions/s", "MB/s");
    }

private:
    bench::Baseline baseline_;
};

std::string length_name(std::size_t bytes) {
    return bytes < 32    ? "a  under 32"
           : bytes < 64  ? "b  32-63"
           : bytes < 128 ? "c  64-127"
           : bytes < 256 ? "d  128-255"
                         : "e  256 and more";
}

void speeds(const std::vector<Entry>& entries) {
    std::map<std::string, std::vector<const Entry*>> styles, lengths;
    std::vector<const Entry*> all;
    for (const Entry& entry : entries) {
        if (entry.corpus.starts_with("dev")) {
            all.push_back(&entry);
            styles[entry.style].push_back(&entry);
            lengths[length_name(entry.message.text.size())].push_back(&entry);
        }
    }
    Speeds table;
    Speeds::head("style");
    for (const auto& [style, some] : styles) {
        if (some.size() >= 10) {
            table.row(style, some);
        }
    }
    Speeds::head("length");
    for (const auto& [length, some] : lengths) {
        table.row(std::string_view{length}.substr(3), some);
    }
    table.row("all of dev", all);
    fmt::print(
        "  A row of few messages is read over and over and knows its way; a stream runs like the "
        "last row.\n");
}

void quality(const std::vector<Entry>& entries) {
    bench::Baseline baseline;
    std::map<std::string, std::pair<corpus::Score, corpus::Score>> scores;
    for (const Entry& entry : entries) {
        auto& [ours, plain] = scores[entry.corpus];
        boost::json::array found;
        for (const parser::Deal& deal :
             parser::parse(entry.message.text, corpus::context_of(entry.message))) {
            found.push_back(corpus::to_json(deal));
        }
        corpus::add(ours, entry.message, found);
        corpus::add(plain, entry.message,
                    bench::to_json(baseline.read(entry.message.text, currency_of(entry.message))));
    }
    fmt::print("\n  {:<16} {:<14} {:>10} {:>10} {:>10} {:>10} {:>8}\n", "corpus", "reader",
               "message F1", "strict F1", "core F1", "perfect", "leaks");
    for (const auto& [name, both] : scores) {
        const auto row = [&name = name](std::string_view reader, const corpus::Score& s) {
            fmt::print("  {:<16} {:<14} {:>10.3f} {:>10.3f} {:>10.3f} {:>9.1f}% {:>8}\n", name,
                       reader, s.message.f1(), s.strict.f1(), s.core.f1(), 100 * s.perfect_share(),
                       s.leaks);
        };
        row("Vestari", both.first);
        row("expressions", both.second);
    }
}

} // namespace

int main() {
    const std::vector<Entry> entries = load();
    quality(entries);
    calibration(entries, "calibration, all corpora", [](const Entry&) { return true; });
    calibration(entries, "calibration, held back",
                [](const Entry& entry) { return entry.corpus == "dev, held back"; });
    speeds(entries);
    return 0;
}
