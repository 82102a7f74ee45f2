#include "ingest/cli/replay/expect.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli::replay {
namespace {

namespace json = boost::json;

constexpr std::size_t max_bytes = 256U << 20U;
constexpr std::string_view count_names[] = {"stanzas", "dropped",    "decrypted",
                                            "failed",  "duplicates", "other"};

class Reader {
public:
    explicit Reader(std::string name) : name_{std::move(name)} {}

    [[noreturn]] void refuse(const std::string& what) const {
        throw Failure{ExitCode::bad_data, fmt::format("{}: {}", name_, what),
                      "give an expected.json, or what vestari replay --json printed"};
    }

    const json::array& list(const json::value& value, std::string_view key) const {
        if (!value.is_array()) {
            refuse(fmt::format("\"{}\" is not a list", key));
        }
        return value.get_array();
    }

    std::string text(const json::object& object, std::string_view key) const {
        const json::value* value = object.if_contains(key);
        if (value == nullptr || !value->is_string()) {
            refuse(fmt::format("an entry has no text \"{}\"", key));
        }
        return std::string{value->get_string().data(), value->get_string().size()};
    }

    const json::object& entry(const json::value& value, std::string_view key) const {
        if (!value.is_object()) {
            refuse(fmt::format("an entry of \"{}\" is not an object", key));
        }
        return value.get_object();
    }

    Expectation::Key key(const json::object& object) const {
        return {text(object, "chat"), text(object, "id")};
    }

    Expectation::Message message(const json::object& object, bool optional) const {
        Expectation::Message message;
        if (object.contains("kind")) {
            message.kind = text(object, "kind");
        }
        if (const json::value* target = object.if_contains("target")) {
            message.target = target->is_null() ? std::string{} : text(object, "target");
        }
        const json::value* flag = object.if_contains("optional");
        message.optional = optional || (flag != nullptr && flag->is_bool() && flag->get_bool());
        return message;
    }

private:
    std::string name_;
};

std::uint64_t count_of(const event::Counts& counts, std::string_view name) {
    const std::pair<std::string_view, std::uint64_t> all[] = {
        {"stanzas", counts.stanzas},       {"dropped", counts.dropped},
        {"decrypted", counts.decrypted},   {"failed", counts.failed},
        {"duplicates", counts.duplicates}, {"other", counts.other}};
    for (const auto& [known, value] : all) {
        if (known == name) {
            return value;
        }
    }
    return 0;
}

std::string name_of(const Expectation::Key& key) {
    return fmt::format("{} in {}", key.second, key.first);
}

class Comparison {
public:
    Comparison(const Expectation& expected, const Transcript& seen)
        : expected_{expected}, seen_{seen} {}

    std::vector<std::string> run() && {
        for (const auto& [name, value] : expected_.counts) {
            const std::uint64_t got = count_of(seen_.counts(), name);
            if (got != value) {
                add("{}: {} expected, {} seen", name, value, got);
            }
        }
        if (expected_.messages || !expected_.silent.empty()) {
            compare_messages();
        }
        return std::move(lines_);
    }

private:
    template <class... Values> void add(fmt::format_string<Values...> format, Values&&... values) {
        lines_.push_back(fmt::format(format, std::forward<Values>(values)...));
    }

    void compare_messages() {
        std::map<Expectation::Key, std::size_t> times;
        for (const SeenMessage& message : seen_.messages()) {
            const Expectation::Key key{message.chat, message.id};
            if (++times[key] == 2) {
                add("twice: {}", name_of(key));
            } else if (times[key] == 1) {
                compare(key, message);
            }
        }
        if (!expected_.messages) {
            return;
        }
        for (const auto& [key, message] : *expected_.messages) {
            if (!message.optional && !times.contains(key)) {
                add("missing: {}{}{}", message.kind, message.kind.empty() ? "" : " ", name_of(key));
            }
        }
    }

    void compare(const Expectation::Key& key, const SeenMessage& message) {
        if (const auto silent = expected_.silent.find(key); silent != expected_.silent.end()) {
            add("should have no effect: {} {}{}", event::to_string(message.kind), name_of(key),
                silent->second);
            return;
        }
        if (!expected_.messages) {
            return;
        }
        const auto found = expected_.messages->find(key);
        if (found == expected_.messages->end()) {
            add("not expected: {} {}", event::to_string(message.kind), name_of(key));
            return;
        }
        const Expectation::Message& wanted = found->second;
        if (!wanted.kind.empty() && wanted.kind != event::to_string(message.kind)) {
            add("kind of {}: {} expected, {} seen", name_of(key), wanted.kind,
                event::to_string(message.kind));
        }
        if (wanted.target && *wanted.target != message.target) {
            add("target of {}: {} expected, {} seen", name_of(key),
                wanted.target->empty() ? "none" : *wanted.target,
                message.target.empty() ? "none" : message.target);
        }
    }

    const Expectation& expected_;
    const Transcript& seen_;
    std::vector<std::string> lines_;
};

} // namespace

Expectation parse_expectation(std::string_view text, const std::string& name) {
    const Reader reader{name};
    boost::system::error_code error;
    const json::value root = json::parse(json::string_view{text.data(), text.size()}, error);
    if (error || !root.is_object()) {
        reader.refuse(error ? fmt::format("this is not JSON: {}", error.message())
                            : "this is not a JSON object");
    }
    const json::object& object = root.get_object();
    Expectation expected;
    for (const std::string_view count : count_names) {
        const json::value* value = object.if_contains(count);
        if (value == nullptr) {
            continue;
        }
        if (!value->is_int64() || value->get_int64() < 0) {
            reader.refuse(fmt::format("\"{}\" is not a count", count));
        }
        expected.counts.emplace_back(count, static_cast<std::uint64_t>(value->get_int64()));
    }
    for (const std::string_view key : {"messages", "optional"}) {
        if (const json::value* list = object.if_contains(key)) {
            auto& messages = expected.messages ? *expected.messages : expected.messages.emplace();
            for (const json::value& value : reader.list(*list, key)) {
                const json::object& entry = reader.entry(value, key);
                messages.emplace(reader.key(entry), reader.message(entry, key == "optional"));
            }
        }
    }
    if (const json::value* list = object.if_contains("silent")) {
        for (const json::value& value : reader.list(*list, "silent")) {
            const json::object& entry = reader.entry(value, "silent");
            expected.silent.emplace(reader.key(entry),
                                    entry.contains("why")
                                        ? fmt::format(" ({})", reader.text(entry, "why"))
                                        : std::string{});
        }
    }
    if (expected.counts.empty() && !expected.messages && expected.silent.empty()) {
        reader.refuse("there is nothing to compare with: no counts and no messages");
    }
    return expected;
}

Expectation load_expectation(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::string text;
    for (std::string block(1U << 16U, '\0'); in && text.size() <= max_bytes;) {
        in.read(block.data(), static_cast<std::streamsize>(block.size()));
        text.append(block, 0, static_cast<std::size_t>(in.gcount()));
    }
    if (!in.is_open() || in.bad()) {
        throw Failure{ExitCode::bad_data,
                      fmt::format("{} cannot be read: {}", file.string(),
                                  std::generic_category().message(errno)),
                      "give an expected.json after --expect"};
    }
    return parse_expectation(text, file.string());
}

std::vector<std::string> differences(const Expectation& expected, const Transcript& seen) {
    return Comparison{expected, seen}.run();
}

} // namespace vestari::cli::replay
