#include "vestari/config/keys.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>

namespace vestari::config {
namespace {

constexpr std::size_t max_value_bytes = 4096;

bool read_text(const toml::node& value, std::string& into) {
    const auto* text = value.as_string();
    if (text == nullptr || text->get().empty() || text->get().size() > max_value_bytes ||
        text->get().find('\0') != std::string::npos) {
        return false;
    }
    into = text->get();
    return true;
}

bool read_path(const toml::node& value, const Draft& draft, std::filesystem::path& into) {
    std::string text;
    if (!read_text(value, text)) {
        return false;
    }
    into = (draft.config.file.parent_path() / text).lexically_normal();
    return true;
}

bool read_flag(const toml::node& value, bool& into) {
    const auto* flag = value.as_boolean();
    if (flag == nullptr) {
        return false;
    }
    into = flag->get();
    return true;
}

template <class Number> bool read_number(const toml::node& value, Number least, Number& into) {
    const auto* number = value.as_integer();
    if (number == nullptr || number->get() < 0 ||
        static_cast<std::uint64_t>(number->get()) > std::numeric_limits<Number>::max() ||
        static_cast<Number>(number->get()) < least) {
        return false;
    }
    into = static_cast<Number>(number->get());
    return true;
}

template <class Enum> struct Word {
    std::string_view word;
    Enum value;
};

template <class Enum, std::size_t N>
bool read_word(const toml::node& value, const std::array<Word<Enum>, N>& words, Enum& into) {
    std::string text;
    if (!read_text(value, text)) {
        return false;
    }
    const auto found = std::find_if(words.begin(), words.end(),
                                    [&](const Word<Enum>& w) { return w.word == text; });
    if (found == words.end()) {
        return false;
    }
    into = found->value;
    return true;
}

constexpr std::array<Word<KeyProvider>, 3> providers{{{"file", KeyProvider::file},
                                                      {"credential", KeyProvider::credential},
                                                      {"aws", KeyProvider::aws}}};
constexpr std::array<Word<Receipts>, 2> receipts{
    {{"inactive", Receipts::inactive}, {"ack_only", Receipts::ack_only}}};
constexpr std::array<Word<LogLevel>, 4> levels{{{"error", LogLevel::error},
                                                {"warning", LogLevel::warning},
                                                {"info", LogLevel::info},
                                                {"debug", LogLevel::debug}}};
constexpr std::array<Word<LogFormat>, 4> formats{{{"auto", LogFormat::automatic},
                                                  {"journal", LogFormat::journal},
                                                  {"text", LogFormat::text},
                                                  {"json", LogFormat::json}}};

bool read_currency(const toml::node& value, Currency& into) {
    std::string code;
    const auto currency =
        read_text(value, code) ? Currency::parse(code) : std::optional<Currency>{};
    if (currency) {
        into = *currency;
    }
    return currency.has_value();
}

// Account names become parts of unit names and file names.
bool read_name(const toml::node& value, std::string& into) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    };
    return read_text(value, into) && into.size() <= 64 && into.front() != '.' &&
           into.front() != '-' && std::all_of(into.begin(), into.end(), is_plain);
}

bool read_uid(const toml::node& value, std::optional<std::uint32_t>& into) {
    std::uint32_t uid = 0;
    if (!read_number<std::uint32_t>(value, 0, uid)) {
        return false;
    }
    into = uid;
    return true;
}

bool read_root_key(const toml::node& value, std::string& into) {
    const auto is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    return read_text(value, into) && into.size() == 64 &&
           std::all_of(into.begin(), into.end(), is_hex);
}

bool read_version(const toml::node& value, std::string& into) {
    const auto is_plain = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
    return read_text(value, into) && into.size() <= 32 && into.front() != '.' &&
           into.back() != '.' && into.find("..") == std::string::npos &&
           std::count(into.begin(), into.end(), '.') == 2 &&
           std::all_of(into.begin(), into.end(), is_plain);
}

Upstream& upstream(Draft& draft) {
    return draft.config.upstream ? *draft.config.upstream : draft.config.upstream.emplace();
}

using Node = const toml::node&;

constexpr Key table[] = {
    {"data_dir", "a path", [](Node v, Draft& d) { return read_path(v, d, d.config.data_dir); }},
    {"runtime_dir", "a path",
     [](Node v, Draft& d) { return read_path(v, d, d.config.runtime_dir); }},
    {"region", "a text such as \"us-east-1\"",
     [](Node v, Draft& d) { return read_text(v, d.config.region); }},
    {"master_key.provider", "one of \"file\", \"credential\", \"aws\"",
     [](Node v, Draft& d) { return read_word(v, providers, d.config.master_key.provider); }},
    {"master_key.path", "a path",
     [](Node v, Draft& d) { return read_path(v, d, d.config.master_key.path); }},
    {"master_key.credential", "the name of a systemd credential",
     [](Node v, Draft& d) { return read_name(v, d.config.master_key.credential); }},
    {"master_key.secret_id", "the name or ARN of a secret",
     [](Node v, Draft& d) { return read_text(v, d.config.master_key.secret_id); }},
    {"account[].name", "up to 64 letters, digits, \"-\", \"_\" or \".\"",
     [](Node v, Draft& d) { return read_name(v, d.config.accounts.back().name); }},
    {"account[].default_currency", "an ISO 4217 code such as \"USD\"",
     [](Node v, Draft& d) { return read_currency(v, d.config.accounts.back().default_currency); }},
    {"account[].owner_uid", "the number of a user",
     [](Node v, Draft& d) { return read_uid(v, d.config.accounts.back().owner_uid); }},
    {"whatsapp.url", "an address such as \"wss://host/path\"",
     [](Node v, Draft& d) { return read_text(v, d.config.whatsapp.url); }},
    {"whatsapp.receipts", "one of \"inactive\", \"ack_only\"",
     [](Node v, Draft& d) { return read_word(v, receipts, d.config.whatsapp.receipts); }},
    {"whatsapp.version", "three numbers such as \"2.3000.1\"",
     [](Node v, Draft& d) { return read_version(v, d.config.whatsapp.version); }},
    {"whatsapp.version_lookup", "true or false",
     [](Node v, Draft& d) { return read_flag(v, d.config.whatsapp.version_lookup); }},
    {"whatsapp.retry_keys_at_first", "true or false",
     [](Node v, Draft& d) { return read_flag(v, d.config.whatsapp.retry_keys_at_first); }},
    {"whatsapp.root_key", "64 hexadecimal digits",
     [](Node v, Draft& d) { return read_root_key(v, d.config.whatsapp.root_key); }},
    {"whatsapp.ca_file", "a path",
     [](Node v, Draft& d) { return read_path(v, d, d.config.whatsapp.ca_file); }},
    {"whatsapp.media_url", "an address such as \"https://127.0.0.1:8443\"",
     [](Node v, Draft& d) { return read_text(v, d.config.whatsapp.media_url); }},
    {"spool.max_bytes", "a whole number of bytes, at least 1048576",
     [](Node v, Draft& d) {
         return read_number<std::uint64_t>(v, 1U << 20U, d.config.spool_max_bytes);
     }},
    {"upstream.url", "an address such as \"https://db-org.aws-us-east-1.turso.io\"",
     [](Node v, Draft& d) { return read_text(v, upstream(d).url); }},
    {"upstream.token.credential", "the name of a systemd credential",
     [](Node v, Draft& d) { return read_name(v, upstream(d).token.credential); }},
    {"upstream.token.file", "a path",
     [](Node v, Draft& d) { return read_path(v, d, upstream(d).token.file); }},
    {"upstream.token.secret_id", "the name or ARN of a secret",
     [](Node v, Draft& d) { return read_text(v, upstream(d).token.secret_id); }},
    {"upstream.allow_http_loopback", "true or false",
     [](Node v, Draft& d) { return read_flag(v, upstream(d).allow_http_loopback); }},
    {"crypto.require_fips", "true or false",
     [](Node v, Draft& d) { return read_flag(v, d.config.require_fips); }},
    {"log.level", "one of \"error\", \"warning\", \"info\", \"debug\"",
     [](Node v, Draft& d) { return read_word(v, levels, d.config.log_level); }},
    {"log.format", "one of \"auto\", \"journal\", \"text\", \"json\"",
     [](Node v, Draft& d) { return read_word(v, formats, d.config.log_format); }},
};

} // namespace

std::span<const Key> keys() { return table; }

std::vector<KeyDescription> describe_keys() {
    std::vector<KeyDescription> all;
    for (const Key& key : table) {
        all.push_back({key.name, key.wanted});
    }
    return all;
}

const Key* find_key(std::string_view name) {
    const auto found = std::find_if(std::begin(table), std::end(table),
                                    [&](const Key& key) { return key.name == name; });
    return found == std::end(table) ? nullptr : found;
}

bool is_section(std::string_view name) {
    return std::any_of(std::begin(table), std::end(table), [&](const Key& key) {
        return key.name.size() > name.size() && key.name.starts_with(name) &&
               key.name[name.size()] == '.';
    });
}

} // namespace vestari::config
