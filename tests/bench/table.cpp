// bench_table: reads the results that tests/bench/run collected and prints one table: what was measured, the peers beside it, the
// budget, and whether it holds.
//
//     bench_table FOLDER      reads FOLDER/*.json: of Google Benchmark (medians), of the peers and of bench_process
//
// Times are of the processor, of one core, except of whole programs and of what waits for the disk.
// A figure's name is FILE/BENCHMARK.FIELD or FILE.FIELD. What was not measured says NOT RUN.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace {

namespace json = boost::json;
using Figures = std::map<std::string, double>;

void add_numbers(Figures& figures, const std::string& prefix, const json::object& from) {
    for (const auto& [key, value] : from) {
        if (value.is_number()) {
            figures[prefix + '.' + std::string{key}] = value.to_number<double>();
        }
    }
}

double seconds_in(std::string_view unit) {
    return unit == "ns" ? 1e-9 : unit == "us" ? 1e-6 : unit == "ms" ? 1e-3 : 1;
}

void add_benchmark(Figures& figures, const std::string& file, const json::object& run) {
    const json::value* const aggregate = run.if_contains("aggregate_name");
    if (aggregate == nullptr || aggregate->as_string() != "median") {
        return;
    }
    const std::string name = file + '/' + std::string{run.at("run_name").as_string()};
    add_numbers(figures, name, run);
    const bool manual = name.ends_with("_time"); // the benchmark says itself which clock counts
    figures[name + ".seconds"] = run.at(manual ? "real_time" : "cpu_time").to_number<double>() *
                                 seconds_in(run.at("time_unit").as_string());
}

Figures read(const std::filesystem::path& folder) {
    Figures figures;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".json") {
            continue;
        }
        std::ifstream in{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        boost::system::error_code bad;
        const json::value document = json::parse(text, bad);
        if (bad || !document.is_object()) {
            continue; // a run that failed left nothing that can be read
        }
        const std::string file = entry.path().stem().string();
        if (const json::value* runs = document.as_object().if_contains("benchmarks")) {
            for (const json::value& run : runs->as_array()) {
                add_benchmark(figures, file, run.as_object());
            }
        } else {
            add_numbers(figures, file, document.as_object());
        }
    }
    return figures;
}

constexpr double kb = 1024e-6; // of /proc, in MB

class Table {
public:
    explicit Table(Figures figures) : figures_{std::move(figures)} {}

    std::optional<double> at(const std::string& name) const {
        const auto found = figures_.find(name);
        return found == figures_.end() ? std::nullopt : std::optional{found->second};
    }

    // Some benchmarks carry settings in their name, behind what we look for.
    std::optional<double> any(const std::string& begin, std::string_view end) const {
        for (auto at = figures_.lower_bound(begin); at != figures_.end(); ++at) {
            if (!at->first.starts_with(begin)) {
                break;
            }
            if (at->first.ends_with(end)) {
                return at->second;
            }
        }
        return std::nullopt;
    }

    static std::string shown(std::optional<double> value, std::string_view unit, double scale = 1) {
        if (!value) {
            return "NOT RUN";
        }
        const double scaled = *value * scale;
        const int digits = scaled >= 100 ? 0 : scaled >= 10 ? 1 : 2;
        std::string text = fmt::format("{:.{}f}", scaled, digits);
        const std::size_t whole = std::min(text.find('.'), text.size());
        for (std::size_t comma = whole; comma > 3;) {
            comma -= 3;
            text.insert(comma, 1, ',');
        }
        return unit.empty() ? text : text + ' ' + std::string{unit};
    }

    static std::string times(std::optional<double> ours, std::optional<double> other) {
        return ours && other ? fmt::format("{:.1f}×", *ours / *other) : "";
    }

    // `holds`: empty when there was nothing to judge, or no budget.
    void row(std::string_view what, const std::string& value, const std::string& ratio,
             std::string_view budget, std::optional<bool> holds) const {
        fmt::print("{:<58} {:>16} {:>8}  {:<34} {}\n", what, value, ratio, budget,
                   !holds   ? ""
                   : *holds ? "holds"
                            : "MISSED");
    }

    void print() const {
        fmt::print("{:<58} {:>16} {:>8}  {:<34}\n{:-<128}\n", "what (medians, one core)", "",
                   "ratio", "budget", "");
        compare("day-1");
        compare("bulk");
        budgets();
        whole_programs();
        live();
        live_memory();
        others();
    }

private:
    static std::optional<bool> at_least(std::optional<double> value, double limit) {
        return value ? std::optional{*value >= limit} : std::nullopt;
    }
    static std::optional<bool> at_most(std::optional<double> value, double limit) {
        return value ? std::optional{*value <= limit} : std::nullopt;
    }
    static std::optional<double> over(std::optional<double> a, std::optional<double> b) {
        return a && b ? std::optional{*a / *b} : std::nullopt;
    }

    void compare(const std::string& work) const {
        const auto decode = at("house-" + work + "/node_decode.bytes_per_second");
        const auto ours = over(decode, 1e6);
        const auto js = at("baileys-" + work + ".node_decode_mb_s");
        const auto go = at("whatsmeow-" + work + ".node_decode_mb_s");
        row("node decode, " + work, shown(ours, "MB/s"), "", "", {});
        row("  Baileys", shown(js, "MB/s"), times(ours, js), "≥ 20× Baileys (DESIGN 7)",
            at_least(over(ours, js), 20));
        row("  whatsmeow", shown(go, "MB/s"), times(ours, go), "≥ 3× whatsmeow (DESIGN 7)",
            at_least(over(ours, go), 3));
        const auto group = at("house-" + work + "/group_decrypt/manual_time.items_per_second");
        const auto group_js = at("baileys-" + work + ".group_decrypt_s");
        const auto group_go = at("whatsmeow-" + work + ".group_decrypt_s");
        row("group decrypt, " + work, shown(group, "/s"), "", "", {});
        row("  Baileys", shown(group_js, "/s"), times(group, group_js), "", {});
        row("  whatsmeow", shown(group_go, "/s"), times(group, group_go), "", {});
        const auto event = at("house-" + work + "/frame_to_event/manual_time.items_per_second");
        const auto check = at("signal_bench/signature_check_libsodium.seconds");
        const auto each = over(1.0, event);
        row("group message, frame to event, " + work, shown(each, "µs", 1e6), times(each, check),
            "≤ 1.3 signature checks (SETTLED 12)", at_most(over(each, check), 1.3));
        row("  whatsmeow's decrypt alone", shown(over(1.0, group_go), "µs", 1e6),
            times(event, group_go), "≥ 1.5× whatsmeow (SETTLED 12)",
            at_least(over(event, group_go), 1.5));
    }

    void budgets() const {
        row("signature check, libsodium",
            shown(at("signal_bench/signature_check_libsodium.seconds"), "µs", 1e6), "", "", {});
        row("signature check, libsignal-protocol-c",
            shown(at("signal_bench/signature_check_library.seconds"), "µs", 1e6), "", "", {});
        const auto decide = at("wire_bench/decide_dropped/plain.each");
        row("excluded stanza, frame to decision", shown(decide, "ns", 1e9), "",
            "≤ 1 µs (SETTLED 12)", at_most(decide, 1e-6));
        row("excluded stanza, compressed",
            shown(at("wire_bench/decide_dropped/compressed.each"), "ns", 1e9), "", "", {});
        const auto parser = any("parser_bench/corpus_mix", ".items_per_second");
        row("parser, corpus mix", shown(parser, "messages/s"), "", "≥ 500,000/s (SETTLED 12)",
            at_least(parser, 500e3));
        const auto lists = any("parser_bench/list_of/60", ".bytes_per_second");
        row("parser, lists of 60 items", shown(lists, "MB/s", 1e-6), "", "≥ 60 MB/s (SETTLED 12)",
            at_least(lists, 60e6));
        const auto inbox = at("inbox_bench/drain_included/500/manual_time.items_per_second");
        row("inbox: an offline queue, frames to durable", shown(inbox, "messages/s"), "",
            "≥ 3,000/s (SETTLED 12)", at_least(inbox, 3e3));
        row("  of excluded chats",
            shown(at("inbox_bench/drain_excluded/500/manual_time.items_per_second"), "stanzas/s"),
            "", "", {});
        for (const auto& [what, name] : {std::pair{"single offers", "insert_single_offers"},
                                         std::pair{"lists", "insert_lists"}}) {
            const auto inserts = any(std::string{"ingest_bench/"} + name, ".deals/s");
            row(fmt::format("sealed, deduplicated, durable insert: {}", what),
                shown(inserts, "deals/s"), "", "≥ 20,000/s (DESIGN 7)", at_least(inserts, 20e3));
        }
    }

    void whole_programs() const {
        const auto stanzas = at("bulk.stanzas");
        const auto drain = over(stanzas, at("process-replay.seconds"));
        row("vestari replay, fixture to durable archive", shown(drain, "messages/s"), "",
            "≥ 3,000/s (SETTLED 12)", at_least(drain, 3e3));
        row("  by processor time of both processes",
            shown(over(stanzas, at("process-replay.cpu_seconds")), "messages/s"), "", "", {});
        row("  resident, the larger of its two processes",
            shown(at("process-replay.resident_mb"), "MB"), "", "", {});
        row("vestari-replay alone, fixture to events",
            shown(over(stanzas, at("process-bridge.seconds")), "messages/s"), "", "", {});
        row("  resident", shown(at("process-bridge.resident_mb"), "MB"), "", "", {});
    }

    // A figure of the live bridge, and the same of the peers below it.
    void beside(std::string_view what, const std::string& ours, const std::string& theirs,
                std::string_view unit, double scale, std::string_view budget,
                std::optional<bool> holds) const {
        const auto own = at("live." + ours);
        row(what, shown(own, unit, scale), "", budget, holds);
        for (const auto& [name, file] : {std::pair{"  Baileys", "live-baileys-7."},
                                         std::pair{"  whatsmeow", "live-whatsmeow."}}) {
            const auto other = at(file + theirs);
            const bool rate = unit == "/s";
            row(name, shown(other, unit, scale), rate ? times(own, other) : times(other, own), "",
                {});
        }
    }

    void live() const {
        const auto start = at("live.start_s");
        beside("live: start to connected", "start_s", "start_s", "ms", 1e3, "≤ 300 ms (DESIGN 7)",
               at_most(start, 0.3));
        const auto drain = at("live.drain_cleared_per_s");
        beside("live: an offline queue, socket to durable and cleared", "drain_cleared_per_s",
               "drain_per_s", "/s", 1, "≥ 3,000/s (SETTLED 12)", at_least(drain, 3e3));
        row("  to the archive", shown(at("live.drain_archived_per_s"), "/s"), "", "", {});
    }

    std::optional<double> both(const std::string& when, const std::string& kind) const {
        const auto bridge = at("live." + when + "_bridge_" + kind + "_kb");
        const auto ingest = at("live." + when + "_ingest_" + kind + "_kb");
        return bridge && ingest ? std::optional{(*bridge + *ingest) * 1024} : std::nullopt;
    }

    void live_memory() const {
        const auto bridge = at("live.idle_bridge_dirty_kb");
        const auto dirty = both("idle", "dirty");
        const auto resident = both("idle", "resident");
        beside("live: a linked idle session, bridge, private dirty", "idle_bridge_dirty_kb",
               "idle_dirty_kb", "MB", kb, "≤ 6 MB (SETTLED 12)", at_most(bridge, 6 / kb));
        row("  bridge and ingest, private dirty", shown(dirty, "MB", 1e-6), "",
            "≤ 14 MB (SETTLED 12)", at_most(dirty, 14e6));
        row("  bridge and ingest, resident", shown(resident, "MB", 1e-6), "",
            "≤ 40 MB (SETTLED 12)", at_most(resident, 40e6));
        beside("live: bridge after the drains, private dirty", "after_bridge_dirty_kb",
               "after_dirty_kb", "MB", kb, "", {});
        row("live: after what a group says in an hour, private dirty",
            shown(both("hour", "dirty"), "MB", 1e-6), "", "", {});
        row("  resident", shown(both("hour", "resident"), "MB", 1e-6), "", "", {});
        const auto further = at("live.further_session_kb");
        row("live: each further session in the bridge, private dirty", shown(further, "KB", 1.024),
            "", "≤ 300 KB (DESIGN 7)", at_most(further, 300 / 1.024));
    }

    void others() const {
        fmt::print("\nEverything else that was measured (median time of one iteration):\n");
        for (const auto& [name, value] : figures_) {
            if (!name.ends_with(".seconds") || name.starts_with("process-")) {
                continue;
            }
            const std::string base =
                name.substr(0, name.size() - std::string_view{".seconds"}.size());
            const auto items = at(base + ".items_per_second");
            const auto bytes = at(base + ".bytes_per_second");
            fmt::print("  {:<56} {:>14}  {:>18}  {:>14}\n", base, shown(value, "µs", 1e6),
                       items ? shown(items, "/s") : "", bytes ? shown(bytes, "MB/s", 1e-6) : "");
        }
    }

    Figures figures_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: bench_table FOLDER\n";
        return 64;
    }
    Table{read(argv[1])}.print();
    return 0;
}
