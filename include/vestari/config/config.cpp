#include "vestari/config/config.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vestari/config/keys.hpp"
#include "vestari/config/nearest.hpp"
#include "vestari/config/rules.hpp"

namespace vestari::config {
namespace {

namespace fs = std::filesystem;

Place place_of(const toml::source_region& region) {
    return {static_cast<std::uint32_t>(region.begin.line),
            static_cast<std::uint32_t>(region.begin.column)};
}

std::string_view kind_of(const toml::node& value) {
    switch (value.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "a list";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "true or false";
    case toml::node_type::date: return "a date";
    case toml::node_type::time: return "a time";
    case toml::node_type::date_time: return "a date and time";
    case toml::node_type::none: break;
    }
    return "nothing";
}

// "account[].name" as people write it: "account.name".
std::string shown(std::string_view name) {
    std::string text{name};
    if (const std::size_t brackets = text.find("[]"); brackets != std::string::npos) {
        text.erase(brackets, 2);
    }
    return text;
}

// What stands directly in a table of this name (empty: at the file's top): keys and further tables.
std::vector<std::string_view> names_in(std::string_view table) {
    std::vector<std::string_view> names;
    for (const Key& key : keys()) {
        std::string_view rest = key.name;
        if (!table.empty()) {
            if (!rest.starts_with(table) || !rest.substr(table.size()).starts_with('.')) {
                continue;
            }
            rest.remove_prefix(table.size() + 1);
        }
        const std::string_view next = rest.substr(0, rest.find_first_of(".["));
        if (names.empty() || names.back() != next) { // the keys of a table stand together
            names.push_back(next);
        }
    }
    return names;
}

// A known key, or table, of exactly this last part, wherever it stands; else empty. In TOML a key that was added at a file's end
// belongs to the table before it.
std::string elsewhere(std::string_view word) {
    for (const Key& key : keys()) {
        const std::string full = shown(key.name);
        for (std::size_t end = full.find('.');; end = full.find('.', end + 1)) {
            const std::string_view name = std::string_view{full}.substr(0, end);
            if (name.substr(name.rfind('.') + 1) == word) {
                return std::string{name};
            }
            if (end == std::string::npos) {
                break;
            }
        }
    }
    return {};
}

// Goes through the file's tables once, key by key, in the order of the tree.
class Walker {
public:
    explicit Walker(Draft& draft) : draft_{draft} {}

    std::optional<Problem> walk(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, value] : table) {
            const std::string name = prefix + std::string{key.str()};
            const Place at = place_of(key.source());
            draft_.places[name] = at;
            if (auto wrong = visit(name, value, at)) {
                return wrong;
            }
        }
        return std::nullopt;
    }

private:
    std::optional<Problem> visit(const std::string& name, const toml::node& value, Place at) {
        if (name == "account") {
            return accounts(value, at);
        }
        if (is_section(name)) {
            const toml::table* inner = value.as_table();
            return inner != nullptr ? walk(*inner, name + ".")
                                    : std::optional{wrong_type(name, "a table", value, at)};
        }
        const Key* key = find_key(name);
        if (key == nullptr) {
            return unknown(name, at);
        }
        return key->read(value, draft_) ? std::nullopt
                                        : std::optional{wrong_type(name, key->wanted, value, at)};
    }

    std::optional<Problem> accounts(const toml::node& value, Place at) {
        const toml::array* list = value.as_array();
        if (list == nullptr) {
            Problem wrong = wrong_type("account", "a list of tables", value, at);
            wrong.next = "write [[account]] with two brackets";
            return wrong;
        }
        for (const toml::node& entry : *list) {
            const toml::table* account = entry.as_table();
            const Place entry_at = place_of(entry.source());
            if (account == nullptr) {
                return wrong_type("account", "a list of tables", entry, entry_at);
            }
            draft_.places["account[]"] = entry_at;
            draft_.config.accounts.emplace_back();
            if (auto wrong = walk(*account, "account[].")) {
                return wrong;
            }
        }
        return std::nullopt;
    }

    Problem wrong_type(std::string_view name, std::string_view wanted, const toml::node& value,
                       Place at) const {
        const bool is_scalar_of_right_kind = wanted.find(kind_of(value)) != std::string_view::npos;
        return {draft_.config.file.string(), at.line, at.column,
                is_scalar_of_right_kind || value.is_string()
                    ? fmt::format("{} takes {}", shown(name), wanted)
                    : fmt::format("{} takes {}, not {}", shown(name), wanted, kind_of(value)),
                "correct the value, or remove the line to use the default"};
    }

    Problem unknown(const std::string& name, Place at) const {
        const std::size_t dot = name.rfind('.');
        const std::string table = dot == std::string::npos ? "" : name.substr(0, dot);
        const std::string_view word = std::string_view{name}.substr(dot + 1);
        const std::vector<std::string_view> known = names_in(table);
        std::string meant;
        if (const std::string_view near = nearest(word, known); !near.empty()) {
            meant = table.empty() ? near : fmt::format("{}.{}", shown(table), near);
        } else {
            meant = elsewhere(word);
        }
        return {draft_.config.file.string(), at.line, at.column,
                fmt::format("unknown key \"{}\"", shown(name)),
                meant.empty()
                    ? fmt::format("correct the key or remove it: {} takes {}",
                                  table.empty() ? "the file's top" : shown(table),
                                  fmt::join(known, ", "))
                    : fmt::format("did you mean \"{}\"? Correct the key or remove it", meant)};
    }

    Draft& draft_;
};

Problem of_file(const fs::path& file, std::string what, std::string next) {
    return {file.string(), 0, 0, std::move(what), std::move(next)};
}

std::string file_of(const Account& account, std::string_view stem) {
    return account.name == "main" ? fmt::format("{}.db", stem)
                                  : fmt::format("{}-{}.db", stem, account.name);
}

} // namespace

std::filesystem::path Config::archive_file(const Account& account) const {
    return data_dir / "ingest" / file_of(account, "archive");
}

std::filesystem::path Config::session_file(const Account& account) const {
    return data_dir / "bridge" / file_of(account, "session");
}

const Account* Config::account(std::string_view name) const noexcept {
    if (name.empty()) {
        return accounts.size() == 1 ? &accounts.front() : nullptr;
    }
    const auto found = std::find_if(accounts.begin(), accounts.end(),
                                    [&](const Account& account) { return account.name == name; });
    return found == accounts.end() ? nullptr : &*found;
}

Loaded<Config> parse(std::string_view text, const std::filesystem::path& file,
                     const Environment& environment) {
    if (text.size() > max_config_bytes) {
        return of_file(file, "the configuration is larger than 1 MiB",
                       "check that this is the right file");
    }
    Draft draft;
    draft.config.file = fs::absolute(file).lexically_normal();
    try {
        const toml::table root = toml::parse(text);
        if (auto wrong = Walker{draft}.walk(root, "")) {
            return *std::move(wrong);
        }
    } catch (const toml::parse_error& error) {
        const Place at = place_of(error.source());
        return Problem{draft.config.file.string(), std::max(at.line, 1U), std::max(at.column, 1U),
                       fmt::format("this is not TOML: {}", error.description()),
                       "correct the line; https://toml.io shows the form"};
    }
    if (auto wrong = apply_rules(draft, environment)) {
        return *std::move(wrong);
    }
    return std::move(draft.config);
}

Loaded<Config> load(const std::filesystem::path& file, const Environment& environment) {
    std::error_code error;
    const fs::file_status status = fs::status(file, error);
    if (!fs::exists(status)) {
        return of_file(file, "there is no such configuration file",
                       fmt::format("create it with: vestari init --config {}", file.string()));
    }
    if (!fs::is_regular_file(status)) {
        return of_file(file, "the configuration is not a regular file", "name a TOML file");
    }
    std::ifstream in{file, std::ios::binary};
    std::string text(max_config_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!in && !in.eof()) {
        return of_file(file,
                       fmt::format("the configuration cannot be read ({})",
                                   std::generic_category().message(errno)),
                       "check its permissions: it must be readable by you");
    }
    text.resize(static_cast<std::size_t>(in.gcount()));
    return parse(text, file, environment);
}

} // namespace vestari::config
