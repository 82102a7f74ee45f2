// `vestari parse`: messages in, predictions out, one JSON line each. No store, no keys, no network.
//
// Source  deals/LABELS.md (shapes), SETTLED section 7.
#include <array>
#include <charconv>
#include <memory>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/explain/explain.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/frame/lines.hpp"
#include "ingest/cli/frame/words.hpp"
#include "ingest/export/deal_json.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t max_line = 4U << 20U;
constexpr std::size_t written_at_once = 64U << 10U;

Failure broken_line(std::size_t number, std::string_view what) {
    return {ExitCode::bad_data, fmt::format("line {} {}", number, what),
            "correct the line; the predictions of the lines before it stand"};
}

// One line of stdin as the parser takes it. The views live as long as the JSON.
struct Message {
    std::string_view id;
    std::string_view text;
    parser::Context context;
};

// null says the same as no key at all.
const json::value* given(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
}

class LineReader {
public:
    explicit LineReader(std::size_t number) : number_{number} {}

    Message read(const json::value& line) const {
        const json::object* object = line.if_object();
        if (object == nullptr) {
            throw broken_line(number_, "is not a JSON object");
        }
        Message message;
        message.id = text_of(*object, "id");
        message.text = text_of(*object, "text");
        if (given(*object, "quoted") != nullptr) {
            message.context.quoted = text_of(*object, "quoted");
        }
        if (const json::value* context = given(*object, "context")) {
            if (!context->is_object()) {
                throw broken_line(number_, "has a \"context\" that is not an object");
            }
            read_context(context->get_object(), message.context);
        }
        return message;
    }

private:
    std::string_view text_of(const json::object& object, std::string_view key) const {
        const json::value* value = object.if_contains(key);
        if (value == nullptr || !value->is_string()) {
            throw broken_line(number_, fmt::format("has no text \"{}\"", key));
        }
        return {value->get_string().data(), value->get_string().size()};
    }

    void read_context(const json::object& from, parser::Context& to) const {
        to.group_currency = currency(from, "group_currency");
        to.account_currency = currency(from, "account_currency").value_or(to.account_currency);
        if (given(from, "sent_at") != nullptr) {
            to.sent_at = date(text_of(from, "sent_at"));
        }
        if (given(from, "event") != nullptr) {
            const std::string_view event = text_of(from, "event");
            if (event != "new" && event != "edit") {
                throw broken_line(number_,
                                  "has a \"context.event\" that is neither \"new\" nor \"edit\"");
            }
            to.event = event == "edit" ? parser::MessageEvent::edit : parser::MessageEvent::fresh;
        }
    }

    // A code that we do not know is like none: the text may still name its own.
    std::optional<Currency> currency(const json::object& from, std::string_view key) const {
        return given(from, key) == nullptr ? std::nullopt : Currency::parse(text_of(from, key));
    }

    // "2026-03-05", or a time that begins with it.
    std::chrono::sys_days date(std::string_view text) const {
        const auto number = [&](std::size_t from, std::size_t size) {
            int value = -1;
            if (from + size <= text.size()) {
                std::from_chars(text.data() + from, text.data() + from + size, value);
            }
            return value;
        };
        const std::chrono::year_month_day day{
            std::chrono::year{number(0, 4)},
            std::chrono::month{static_cast<unsigned>(number(5, 2))},
            std::chrono::day{static_cast<unsigned>(number(8, 2))}};
        if (!day.ok() || text[4] != '-' || text[7] != '-' ||
            (text.size() > 10 && text[10] != 'T')) {
            throw broken_line(number_,
                              "has a \"context.sent_at\" that is not a day such as \"2026-03-05\"");
        }
        return day;
    }

    std::size_t number_;
};

enum class Form : std::uint8_t { prediction, explained, explained_json };

void append_prediction(std::string& out, const Message& message) {
    out += "{\"id\":";
    ingest::append_json_string(out, message.id);
    out += ",\"deals\":[";
    bool first = true;
    for (const parser::Deal& deal : parser::parse(message.text, message.context)) {
        if (deal.confidence < parser::store_from) {
            continue;
        }
        out += first ? "" : ",";
        first = false;
        ingest::append_json(out, deal, message.text, message.context.quoted);
    }
    out += "]}\n";
}

void append_explained(std::string& out, const Message& message, Form form,
                      const terminal::Look& look) {
    std::vector<parser::Deal> deals = parser::parse(message.text, message.context);
    std::erase_if(deals,
                  [](const parser::Deal& deal) { return deal.confidence < parser::store_from; });
    const Explained explained{message.id, message.text, message.context.quoted, deals};
    if (form == Form::explained_json) {
        append_explained_json(out, explained);
    } else {
        out += explain(explained, look) + "\n";
    }
}

class Predictor {
public:
    Predictor(Form form, const terminal::Look& look) : form_{form}, look_{look} {}

    void message(const Message& said, std::string& out) const {
        if (form_ == Form::prediction) {
            append_prediction(out, said);
        } else {
            append_explained(out, said, form_, look_);
        }
    }

    void line(std::string_view text, std::size_t number, std::string& out) {
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) {
            return;
        }
        json::monotonic_resource arena{buffer_.data(), buffer_.size()};
        parser_.reset(&arena);
        boost::system::error_code error;
        parser_.write(text.data(), text.size(), error);
        if (error) {
            throw broken_line(number, fmt::format("is not JSON: {}", error.message()));
        }
        const json::value value = parser_.release();
        message(LineReader{number}.read(value), out);
    }

private:
    Form form_;
    const terminal::Look& look_;
    std::array<unsigned char, 16U << 10U>
        buffer_{}; // of most lines' values; longer ones take from the heap
    json::parser parser_;
};

struct Options {
    std::vector<std::string> texts;
    std::optional<std::string> currency;
    bool explain = false;
};

// Messages given as arguments, numbered from 1.
ExitCode run_texts(const Options& options, const Predictor& predictor, const Context& context) {
    Message message;
    if (options.currency) {
        message.context.group_currency = Currency::parse(*options.currency);
        if (!message.context.group_currency) {
            throw Failure{ExitCode::usage,
                          fmt::format("\"{}\" is no currency that we read", *options.currency),
                          "give a code such as HKD or EUR"};
        }
    }
    message.context.sent_at = std::chrono::floor<std::chrono::days>(context.clock.now());
    std::string out;
    for (std::size_t i = 0; i < options.texts.size(); ++i) {
        const std::string id = fmt::format("{}", i + 1);
        message.id = id;
        message.text = options.texts[i];
        predictor.message(message, out);
    }
    context.print(out);
    return ExitCode::ok;
}

ExitCode run(const Options& options, Context& context) {
    const Form form = !options.explain ? Form::prediction
                      : context.json   ? Form::explained_json
                                       : Form::explained;
    Predictor predictor{form, context.out};
    if (!options.texts.empty()) {
        return run_texts(options, predictor, context);
    }
    Lines lines{stdin, max_line};
    std::string out;
    try {
        while (const auto line = lines.next()) {
            predictor.line(*line, lines.number(), out);
            if (out.size() >= written_at_once || !lines.more_is_buffered()) {
                context.print(out);
                context.flush();
                out.clear();
            }
        }
    } catch (const Lines::TooLong&) {
        context.print(out);
        context.flush();
        throw broken_line(lines.number(), "is longer than 4 MiB");
    } catch (const Failure&) {
        context.print(out); // what stood before the broken line is kept
        context.flush();
        throw;
    }
    context.print(out);
    return ExitCode::ok;
}

} // namespace

Command parse_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "parse";
    command.summary = "reads messages as JSON lines, prints the deals in each";
    command.description = "Each line of stdin is {\"id\", \"text\", \"quoted\", \"context\": "
                          "{\"group_currency\", \"account_currency\", \"sent_at\", "
                          "\"event\"}}; each line of stdout is {\"id\", \"deals\": […]}. No "
                          "archive, no keys and no network are touched. A broken "
                          "line ends it with exit code 65, and names its number. Texts given as "
                          "arguments are read instead of stdin. With --explain each message is "
                          "shown with the words that gave a field and the rule that read them.";
    command.json = Json::yes;
    command.parameters = {
        {"TEXT", "", "a message's text; else messages are read from stdin", &options->texts},
        {"--explain", "", "shows which words gave which field, by which rule", &options->explain},
        {"--currency", "CODE", "of the group that a TEXT is from", &options->currency}};
    command.examples = {
        {"vestari parse < messages.jsonl > predictions.jsonl", "every message of a file"},
        {R"(echo '{"id":"1","text":"WTS 126610LN $12,400"}' | vestari parse)", "one message"},
        {"vestari parse --explain \"WTS 126610LN 2023 full set 12.4k\"", "which words gave what"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
