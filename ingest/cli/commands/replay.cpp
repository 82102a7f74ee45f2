// `vestari replay FILE…`: captured fixtures through the code that runs live, into a throw-away archive or a store.
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/home.hpp"
#include "ingest/cli/replay/expect.hpp"
#include "ingest/cli/replay/guard.hpp"
#include "ingest/cli/replay/player.hpp"
#include "ingest/cli/replay/summary.hpp"
#include "ingest/cli/terminal/progress.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/cli/view/deals.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::cli {
namespace {

namespace fs = std::filesystem;
using replay::Transcript;
using terminal::Role;

constexpr std::size_t newest_shown = 20; // of a store, which may hold many more

struct Options {
    std::vector<std::string> files;
    std::vector<std::string> include;
    std::optional<std::string> store;
    std::optional<std::string> expect;
};

// Where the messages go, and what goes with it at the end.
struct Store {
    std::unique_ptr<replay::ThrowAwayFolder> thrown_away; // null: kept
    fs::path sessions;
    Currency default_currency = Currency::of("USD");
    std::optional<ingest::Archive> archive;
};

Store throw_away_store(const Context& context) {
    Store store;
    store.thrown_away = std::make_unique<replay::ThrowAwayFolder>(context.environment);
    const fs::path& folder = store.thrown_away->path();
    store.sessions = folder / "bridge";
    make_folder(store.sessions);
    const crypto::MasterSecret master{crypto::MasterKey::random(), "throw-away"}; // in memory alone
    store.archive = open_archive(folder / "ingest" / "archive.db", "main", master, context.clock,
                                 ingest::OpenMode::create_if_missing);
    return store;
}

Store kept_store(const Context& context, const fs::path& folder) {
    make_folder(folder);
    const Home home = make_home(context, fs::absolute(folder) / "vestari.toml", {"data"});
    const config::Account& account = choose_account(context, home.config);
    Store store;
    store.sessions = home.config.session_file(account).parent_path();
    store.default_currency = account.default_currency;
    store.archive =
        open_archive(home.config.archive_file(account), account.name, load_master_key(home.config),
                     context.clock, ingest::OpenMode::existing);
    return store;
}

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

// How many events a fixture holds, for the progress bar; 0 when that is not known: a pipe is read once. A file that cannot be
// read is found here, before anything is made.
std::uint64_t events_of(const std::string& name, bool wanted) {
    struct stat info{};
    const bool readable =
        stat(name.c_str(), &info) == 0 && !S_ISDIR(info.st_mode) && access(name.c_str(), R_OK) == 0;
    if (!readable) {
        throw Failure{
            ExitCode::io,
            fmt::format("{} cannot be read: {}", name,
                        std::generic_category().message(S_ISDIR(info.st_mode) ? EISDIR : errno)),
            "give a fixture made by vestari capture (.jsonl)"};
    }
    const std::unique_ptr<std::FILE, Close> file{
        wanted && S_ISREG(info.st_mode) ? std::fopen(name.c_str(), "rbe") : nullptr};
    std::vector<char> block(1U << 16U);
    std::uint64_t lines = 0;
    for (std::size_t got = 1; file && got != 0;) {
        got = std::fread(block.data(), 1, block.size(), file.get());
        lines += static_cast<std::uint64_t>(
            std::count(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got), '\n'));
    }
    return lines == 0 ? 0 : lines - 1; // the header
}

struct Played {
    Transcript transcript;
    bool interrupted = false;
    ExitCode code = ExitCode::ok;
};

ExitCode code_of(int child) {
    for (const ExitCode known :
         {ExitCode::ok, ExitCode::differs, ExitCode::usage, ExitCode::bad_data, ExitCode::defect,
          ExitCode::io, ExitCode::try_again, ExitCode::configuration}) {
        if (to_int(known) == child) {
            return known;
        }
    }
    throw Failure{ExitCode::defect,
                  child < 0 ? fmt::format("vestari-replay was ended by signal {}", -child)
                            : fmt::format("vestari-replay ended with code {}", child),
                  "this is a defect of Vestari: please report it"};
}

Played play_all(const Options& options, const Context& context,
                const std::vector<std::uint64_t>& events, Store& store, int signals) {
    Played played{Transcript{context.json ? Transcript::Keep::json : Transcript::Keep::numbers}};
    for (std::size_t i = 0; i < options.files.size(); ++i) {
        terminal::Progress progress{stderr, context.err,
                                    fs::path{options.files[i]}.filename().string(), events[i],
                                    std::chrono::steady_clock::now()};
        const replay::Play how{replay::program_path(), options.files[i],       store.sessions,
                               options.include,        store.default_currency, signals};
        const replay::Ended ended = replay::play(
            how, *store.archive, context.clock, played.transcript,
            [&](std::uint64_t done) { progress.update(done, std::chrono::steady_clock::now()); });
        if (ended.interrupted) {
            played.interrupted = true;
            break;
        }
        if (const ExitCode code = code_of(ended.exit_code); code != ExitCode::ok) {
            played.code = code; // the child has said why
            break;
        }
    }
    return played;
}

struct Deals {
    std::string text;
    std::size_t more = 0;
};

Deals deals_text(const Context& context, const Store& store) {
    const bool all = store.thrown_away != nullptr;
    terminal::Table table = deals_table();
    Deals deals;
    ingest::DealFilter filter;
    filter.limit = all ? std::nullopt : std::optional{newest_shown};
    for_each_deal(*store.archive, filter, [&](const ingest::StoredDeal& deal) {
        add_deal(table, deal);
        return ingest::Next::go_on;
    });
    if (!all) { // as many as vestari deals will show
        std::size_t there = 0;
        filter.limit.reset();
        filter.content = ingest::Content::facts_only;
        for_each_deal(*store.archive, filter, [&](const ingest::StoredDeal&) {
            ++there;
            return ingest::Next::go_on;
        });
        deals.more = there - table.size();
    }
    deals.text = table.empty() ? "" : table.render(context.out);
    return deals;
}

// Everything that needs the store, so that it is gone before anything is printed and Ctrl-C acts again.
struct Finished {
    Played played;
    Deals deals;
};

Finished replay_files(const Options& options, const Context& context) {
    std::vector<std::uint64_t> events;
    events.reserve(options.files.size());
    for (const std::string& file : options.files) {
        events.push_back(events_of(file, context.err.terminal));
    }
    const replay::HeldSignals signals;
    Store store = options.store ? kept_store(context, *options.store) : throw_away_store(context);
    Finished result{play_all(options, context, events, store, signals.descriptor()), {}};
    if (!context.json && !result.played.interrupted) {
        result.deals = deals_text(context, store);
    }
    return result;
}

std::string title_of(const Options& options) {
    return options.files.size() == 1 ? fs::path{options.files.front()}.filename().string()
                                     : fmt::format("{} fixtures", options.files.size());
}

void print_result(const Options& options, const Context& context, const Finished& result) {
    if (context.json) {
        context.print(result.played.transcript.to_json());
        return;
    }
    context.print(replay::summary_text(result.played.transcript, title_of(options), context.out));
    if (!result.deals.text.empty()) {
        context.print("\n" + result.deals.text);
    }
    context.flush();
    if (options.store && !result.deals.text.empty()) {
        const std::string more =
            result.deals.more == 0
                ? ""
                : fmt::format("{} more deals. ",
                              terminal::grouped(static_cast<long long>(result.deals.more)));
        context.say(fmt::format("\n{}All of them: vestari deals --config {}", more,
                                (fs::path{*options.store} / "vestari.toml").string()));
    }
}

// With --json stdout belongs to the document: the differences go to stderr.
ExitCode compare(const replay::Expectation& expected, const Context& context,
                 const Transcript& transcript) {
    const std::vector<std::string> lines = replay::differences(expected, transcript);
    std::string text;
    for (const std::string& line : lines) {
        text += "  " + terminal::one_line(line) + "\n";
    }
    context.flush();
    if (lines.empty()) {
        context.say("\nas expected");
        return ExitCode::ok;
    }
    const std::string title = fmt::format("\n{} {} from what was expected\n", lines.size(),
                                          lines.size() == 1 ? "difference" : "differences");
    if (context.json) {
        context.say(title + text);
    } else {
        context.print(context.out.paint(Role::bad, title) + text);
    }
    return ExitCode::differs;
}

ExitCode run(const Options& options, Context& context) {
    std::optional<replay::Expectation> expected;
    if (options.expect) {
        expected = replay::load_expectation(*options.expect);
    }
    const Finished result =
        replay_files(options, context); // an interrupt that waited ends the program here
    if (result.played.interrupted) {
        return ExitCode::try_again;
    }
    print_result(options, context, result);
    if (result.played.code != ExitCode::ok) {
        return result.played.code;
    }
    return expected ? compare(*expected, context, result.played.transcript) : ExitCode::ok;
}

} // namespace

Command replay_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "replay";
    command.summary = "plays captured fixtures through the live code and shows the deals in them";
    command.description = "Every stanza goes through the code that runs live: header, "
                          "include-list, Signal, content, parser, sealed archive. "
                          "Without --store the archive is thrown away at the end. Playing a "
                          "fixture again into a store changes nothing.";
    command.json = Json::yes;
    command.parameters = {
        {"FILE", "", "a fixture (.jsonl); several are played one after the other", &options->files,
         Takes::file, Need::required},
        {"--include", "JID", "reads this group instead of those of the fixture's own list",
         &options->include},
        {"--store", "DIR", "keeps archive, key and configuration in this folder; made if missing",
         &options->store, Takes::folder},
        {"--expect", "FILE", "compares with an expected.json; exit code 1 with the differences",
         &options->expect, Takes::file}};
    command.examples = {
        {"vestari replay day.jsonl", "a day, and the deals in it"},
        {"vestari replay day.jsonl --store shop",
         "keep them; then vestari deals --config shop/vestari.toml"},
        {"vestari replay day.jsonl --expect expected.json", "did it read what it should have?"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
