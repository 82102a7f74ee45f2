// The configuration: every key that Vestari knows, with its type, its default and its rules; read from one TOML file.
//
// Invariants  a Config that was loaded keeps all rules of this page: endpoints are TLS, test-only keys stand only beside a
//             loopback service, endpoints lie in the region, account names are unique. No secret stands in it: it names files,
//             credentials and cloud secrets. Relative paths are made absolute against the folder of the file.
// Errors      a Problem names the file, line, column and key, what is wrong with it, and the next step. Text, since this is what
//             an operator wrote and not what a stranger sent; it is still stripped when it is shown (terminal/sanitise.hpp).
// Threads     values.
// Source      DESIGN 3.2, SETTLED section 9.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "vestari/base/money.hpp"
#include "vestari/config/locate.hpp"

namespace vestari::config {

struct Problem {
    std::string file;
    std::uint32_t line = 0; // from 1; 0 when the problem is the file itself
    std::uint32_t column = 0;
    std::string what;
    std::string next;
};
template <class T> using Loaded = boost::system::result<T, Problem>;

enum class KeyProvider : std::uint8_t { file, credential, aws };
enum class Receipts : std::uint8_t { inactive, ack_only };
enum class LogLevel : std::uint8_t { error, warning, info, debug };
enum class LogFormat : std::uint8_t { automatic, journal, text, json };

struct MasterKey {
    KeyProvider provider = KeyProvider::file;
    std::filesystem::path path; // file: default `master.key` beside the configuration
    std::string credential;     // credential: name below $CREDENTIALS_DIRECTORY
    std::string secret_id;      // aws: name or ARN
    bool operator==(const MasterKey&) const = default;
};

struct Account {
    std::string name;
    Currency default_currency = Currency::of("USD");
    std::optional<std::uint32_t> owner_uid;
    bool operator==(const Account&) const = default;
};

struct Whatsapp {
    std::string url = "wss://web.whatsapp.com/ws/chat";
    Receipts receipts = Receipts::inactive;
    std::string version; // "2.3000.N"; empty: the one built in
    bool version_lookup = true;
    bool retry_keys_at_first = false;
    std::string root_key;          // 64 hexadecimal digits, or empty; loopback only
    std::filesystem::path ca_file; // loopback only
    std::string media_url;         // loopback only
    bool operator==(const Whatsapp&) const = default;
};

// Where a secret stands; exactly one is set.
struct SecretName {
    std::string credential;
    std::filesystem::path file;
    std::string secret_id;
    bool operator==(const SecretName&) const = default;
};

struct Upstream {
    std::string url;
    SecretName token;
    bool allow_http_loopback = false;
    bool operator==(const Upstream&) const = default;
};

inline constexpr std::uint64_t default_spool_bytes = std::uint64_t{1} << 30U;

struct Config {
    std::filesystem::path file; // where it was read
    std::filesystem::path data_dir;
    std::filesystem::path runtime_dir;
    std::string region = "us-east-1";
    MasterKey master_key;
    std::vector<Account> accounts; // never empty: "main" when the file names none
    Whatsapp whatsapp;
    std::uint64_t spool_max_bytes = default_spool_bytes;
    std::optional<Upstream> upstream;
    bool require_fips = false;
    LogLevel log_level = LogLevel::info;
    LogFormat log_format = LogFormat::automatic;
    bool operator==(const Config&) const = default;

    // Each account has files of its own; those of "main" carry no name.
    std::filesystem::path archive_file(const Account& account) const;
    std::filesystem::path session_file(const Account& account) const;
    // The account of that name; of an empty name the only one. Null when there is none or more than one to choose from.
    const Account* account(std::string_view name) const noexcept;
};

// Every key in the order of the table, for the manual.
struct KeyDescription {
    std::string_view name;   // "account[].name"
    std::string_view wanted; // "a path"
};
std::vector<KeyDescription> describe_keys();

inline constexpr std::size_t max_config_bytes = 1U << 20U;

// Reads `text` as if it stood in `file`, which need not exist.
[[nodiscard]] Loaded<Config> parse(std::string_view text, const std::filesystem::path& file,
                                   const Environment& environment);
[[nodiscard]] Loaded<Config> load(const std::filesystem::path& file,
                                  const Environment& environment);

} // namespace vestari::config
