// `vestari reparse`: every kept message read again with this program's parser; the difference first.
#include <memory>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/ask.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/process/interrupt.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "ingest/cli/view/deals.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/ingest/reparse.hpp"

namespace vestari::cli {
namespace {

using ingest::DealChange;
using terminal::Role;

struct Options {
    bool dry_run = false;
    bool apply = false;
    bool yes = false;
};

std::string_view word(DealChange::What what) {
    switch (what) {
    case DealChange::What::changed: return "changed";
    case DealChange::What::added: return "added";
    case DealChange::What::removed: return "removed";
    }
    return "";
}

// "changed  3f9c21aa  Rolex 126610LN", and below it "year  2019 -> 2023".
std::string shown(const DealChange& change, const terminal::Look& look) {
    const Role role = change.what == DealChange::What::added     ? Role::good
                      : change.what == DealChange::What::removed ? Role::bad
                                                                 : Role::warning;
    std::string out = look.paint(role, terminal::pad(word(change.what), 8)) +
                      terminal::pad(change.id ? short_id(*change.id) : "", 10) +
                      terminal::one_line(change.watch) + "\n";
    const auto said = [](const std::string& value) {
        return value.empty() ? std::string{"none"} : terminal::one_line(value);
    };
    for (const ingest::FieldChange& field : change.fields) {
        out += fmt::format("          {} {} {} {}\n", terminal::pad(field.field, 16),
                           said(field.before), look.unicode ? "→" : "->", said(field.after));
    }
    return out;
}

void append_json(std::string& out, const ingest::MessageChange& message) {
    for (const DealChange& change : message.deals) {
        out += out.back() == '[' ? "" : ",";
        out += fmt::format("{{\"what\":\"{}\",\"id\":", word(change.what));
        out += change.id ? fmt::format("\"{}\"", change.id->to_string()) : "null";
        out += ",\"watch\":";
        ingest::append_json_string(out, change.watch);
        out += ",\"fields\":[";
        for (const ingest::FieldChange& field : change.fields) {
            out += out.back() == '[' ? "{\"field\":" : ",{\"field\":";
            ingest::append_json_string(out, field.field);
            out += ",\"before\":";
            ingest::append_json_string(out, field.before);
            out += ",\"after\":";
            ingest::append_json_string(out, field.after);
            out += '}';
        }
        out += "]}";
    }
}

std::string summary(const ingest::ReparseCounts& counts) {
    const auto grouped = [](std::size_t n) { return terminal::grouped(static_cast<long long>(n)); };
    return fmt::format("{} messages read again: {} deals changed, {} added, {} removed{}",
                       grouped(counts.messages), grouped(counts.changed), grouped(counts.added),
                       grouped(counts.removed),
                       counts.left == 0 ? std::string{}
                                        : fmt::format("; {} without words were left as they are",
                                                      grouped(counts.left)));
}

class Reparser {
public:
    explicit Reparser(const Context& context)
        : context_{context}, config_{load_config(context)},
          account_{choose_account(context, config_)},
          archive_{open_archive(config_.archive_file(account_), account_.name,
                                load_master_key(config_), context.clock,
                                ingest::OpenMode::existing)} {}

    ingest::ReparseCounts show() {
        std::string json = "{\"deals\":[";
        const ingest::ReparseCounts counts = go(ingest::Reparse::show, [&](const auto& message) {
            if (context_.json) {
                append_json(json, message);
                return;
            }
            for (const DealChange& change : message.deals) {
                context_.print(shown(change, context_.out));
            }
        });
        if (context_.json) {
            context_.print(json + fmt::format("],\"messages\":{},\"left\":{},\"changed\":{},"
                                              "\"added\":{},\"removed\":{}}}\n",
                                              counts.messages, counts.left, counts.changed,
                                              counts.added, counts.removed));
        }
        context_.flush();
        return counts;
    }

    ingest::ReparseCounts apply() {
        return go(ingest::Reparse::apply, [](const auto&) {});
    }

private:
    template <class Each> ingest::ReparseCounts go(ingest::Reparse what, Each&& each) {
        const Interrupt interrupt;
        return ingest::reparse(archive_, account_.default_currency, what,
                               [&](const ingest::MessageChange& message) {
                                   if (Interrupt::came()) {
                                       return ingest::Next::stop;
                                   }
                                   each(message);
                                   return ingest::Next::go_on;
                               });
    }

    const Context& context_;
    config::Config config_;
    config::Account account_;
    ingest::Archive archive_;
};

ExitCode run(const Options& options, const Context& context) {
    if (options.dry_run && options.apply) {
        throw Failure{ExitCode::usage, "--dry-run and --apply exclude each other",
                      "leave one of them out"};
    }
    Reparser reparser{context};
    const ingest::ReparseCounts seen = reparser.show();
    context.say(summary(seen));
    if (seen.stopped) {
        context.say("stopped; nothing was applied");
        return ExitCode::try_again;
    }
    if (!options.apply || seen.changed_messages == 0) {
        return ExitCode::ok;
    }
    if (!options.yes) {
        confirm(context, "Apply this? What it replaces stays as history.", "nothing was applied");
    }
    const ingest::ReparseCounts done = reparser.apply();
    if (done.stopped) {
        context.say(fmt::format("stopped; {} messages were applied, the next run goes on with the "
                                "rest",
                                done.changed_messages));
        return ExitCode::try_again;
    }
    context.say("applied");
    return ExitCode::ok;
}

} // namespace

Command reparse_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "reparse";
    command.summary = "reads every kept message again with this version's parser";
    command.description =
        "Shows per deal what it would say now; --apply asks first, then makes it so. What it "
        "replaces stays in the deal's history. A run that is interrupted has applied whole "
        "messages, and the next one goes on with the rest. Messages in which no deal was found "
        "are not kept, so they are not read again. vestari-ingest must not run meanwhile.";
    command.json = Json::yes;
    command.parameters = {
        {"--dry-run", "", "shows the difference, and changes nothing (also without any option)",
         &options->dry_run},
        {"--apply", "", "applies the difference after showing it", &options->apply},
        {"--yes", "", "does not ask", &options->yes}};
    command.examples = {{"vestari reparse", "what would this version read differently?"},
                        {"vestari reparse --apply", "and make it so"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
