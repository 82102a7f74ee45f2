#include <string>

#include <doctest/doctest.h>

#include "vestari/config/config.hpp"

using namespace vestari;
using namespace vestari::config;

namespace {

const Environment home{[](const std::string& name) {
    return name == "HOME" ? std::optional<std::string>{"/home/d"} : std::nullopt;
}};

Loaded<Config> read(std::string_view text) { return parse(text, "/home/d/v/vestari.toml", home); }

} // namespace

TEST_CASE("config: an empty file gives the defaults") {
    const auto config = read("");
    REQUIRE(config.has_value());
    CHECK(config->data_dir == "/home/d/.local/share/vestari");
    CHECK(config->region == "us-east-1");
    CHECK(config->master_key.provider == KeyProvider::file);
    CHECK(config->master_key.path == "/home/d/v/master.key");
    REQUIRE(config->accounts.size() == 1);
    CHECK(config->accounts[0].name == "main");
    CHECK(config->accounts[0].default_currency == Currency::of("USD"));
    CHECK(config->whatsapp.url == "wss://web.whatsapp.com/ws/chat");
    CHECK(config->whatsapp.receipts == Receipts::inactive);
    CHECK(config->whatsapp.version_lookup);
    CHECK_FALSE(config->whatsapp.retry_keys_at_first);
    CHECK(config->spool_max_bytes == 1U << 30U);
    CHECK_FALSE(config->upstream);
    CHECK_FALSE(config->require_fips);
    CHECK(config->log_level == LogLevel::info);
}

TEST_CASE("config: every key is read") {
    const auto config = read(R"(
data_dir = "data"
runtime_dir = "/run/v"
region = "eu-central-1"
[master_key]
provider = "credential"
path = "/k"
credential = "vestari-master"
secret_id = "arn:aws:secretsmanager:eu-central-1:1:secret:x"
[[account]]
name = "main"
default_currency = "HKD"
owner_uid = 1000
[[account]]
name = "second"
[whatsapp]
url = "wss://127.0.0.1:4443/ws"
receipts = "ack_only"
version = "2.3000.17"
version_lookup = false
retry_keys_at_first = true
root_key = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"
ca_file = "ca.pem"
media_url = "https://[::1]:8443"
[spool]
max_bytes = 2097152
[upstream]
url = "https://db-org.aws-eu-central-1.turso.io"
token = { credential = "turso-token" }
allow_http_loopback = true
[crypto]
require_fips = true
[log]
level = "debug"
format = "json"
)");
    REQUIRE(config.has_value());
    CHECK(config->data_dir == "/home/d/v/data");
    CHECK(config->runtime_dir == "/run/v");
    CHECK(config->region == "eu-central-1");
    CHECK(config->master_key == MasterKey{KeyProvider::credential, "/k", "vestari-master",
                                          "arn:aws:secretsmanager:eu-central-1:1:secret:x"});
    CHECK(config->accounts == std::vector<Account>{{"main", Currency::of("HKD"), 1000},
                                                   {"second", Currency::of("USD"), std::nullopt}});
    CHECK(config->whatsapp.receipts == Receipts::ack_only);
    CHECK(config->whatsapp.version == "2.3000.17");
    CHECK(config->whatsapp.ca_file == "/home/d/v/ca.pem");
    CHECK(config->whatsapp.media_url == "https://[::1]:8443");
    CHECK(config->whatsapp.retry_keys_at_first);
    CHECK(config->spool_max_bytes == 2097152);
    REQUIRE(config->upstream);
    CHECK(config->upstream->token.credential == "turso-token");
    CHECK(config->require_fips);
    CHECK(config->log_level == LogLevel::debug);
    CHECK(config->log_format == LogFormat::json);
    CHECK(config->account("second") == &config->accounts[1]);
    CHECK(config->account("") == nullptr);
    CHECK(config->account("third") == nullptr);
}

TEST_CASE("config: each mistake names its key, line, column and the next step") {
    struct Row {
        const char* text;
        std::uint32_t line;
        std::uint32_t column;
        const char* what;
        const char* next;
    };
    const Row rows[] = {
        {"data_dri = \"x\"", 1, 1, "unknown key \"data_dri\"", "did you mean \"data_dir\"?"},
        {"\n[whatsapp]\n  recepits = \"inactive\"", 3, 3, "unknown key \"whatsapp.recepits\"",
         "did you mean \"whatsapp.receipts\"?"},
        {"[whatsap]\nurl = \"x\"", 1, 2, "unknown key \"whatsap\"", "did you mean \"whatsapp\"?"},
        {"[[account]]\nname=\"a\"\ncurrency=\"USD\"", 3, 1, "unknown key \"account.currency\"",
         "did you mean \"account.default_currency\"?"},
        {"token = \"s3cr3t\"", 1, 1, "unknown key \"token\"", "did you mean \"upstream.token\"?"},
        {"[[account]]\nname=\"a\"\ndata_dir=\"x\"", 3, 1, "unknown key \"account.data_dir\"",
         "did you mean \"data_dir\"?"},
        {"[[account]]\nname=\"a\"\ncolour=\"red\"", 3, 1, "unknown key \"account.colour\"",
         "account takes name, default_currency, owner_uid"},
        {"colour = \"red\"", 1, 1, "unknown key \"colour\"",
         "the file's top takes data_dir, runtime_dir, region, master_key, account, whatsapp, "
         "spool, "
         "upstream, crypto, log"},
        {"[upstream.token]\nfiel = \"x\"", 2, 1, "unknown key \"upstream.token.fiel\"",
         "did you mean \"upstream.token.file\"?"},
        {"region = 5", 1, 1, "region takes a text", "not a whole number"},
        {"[whatsapp]\nversion_lookup = \"yes\"", 2, 1,
         "whatsapp.version_lookup takes true or false", ""},
        {"whatsapp = 3", 1, 1, "whatsapp takes a table, not a whole number", ""},
        {"[whatsapp]\nreceipts = \"loud\"", 2, 1,
         "whatsapp.receipts takes one of \"inactive\", \"ack_only\"", ""},
        {"[account]\nname = \"main\"", 1, 2, "account takes a list of tables, not a table",
         "[[account]]"},
        {"account = [1]", 1, 12, "account takes a list of tables, not a whole number", ""},
        {"[[account]]\nname = \"../x\"", 2, 1, "account.name takes up to 64 letters", ""},
        {"[[account]]\nname = \"a\"\ndefault_currency = \"usd\"", 3, 1,
         "account.default_currency takes an ISO 4217", ""},
        {"[[account]]\ndefault_currency = \"USD\"", 1, 1, "an [[account]] has no name", "name ="},
        {"[[account]]\nname=\"a\"\n[[account]]\nname=\"a\"", 4, 1, "two accounts are named \"a\"",
         ""},
        {"[spool]\nmax_bytes = -1", 2, 1, "spool.max_bytes takes a whole number of bytes", ""},
        {"[spool]\nmax_bytes = 5", 2, 1, "spool.max_bytes takes a whole number of bytes", ""},
        {"[master_key]\nprovider = \"credential\"", 2, 1, "master_key.credential is not set",
         "add credential"},
        {"[master_key]\nprovider = \"aws\"", 2, 1, "master_key.secret_id is not set",
         "add secret_id"},
        {"[master_key]\nprovider = \"aws\"\nsecret_id = "
         "\"arn:aws:secretsmanager:eu-west-1:1:secret:x\"",
         3, 1, "outside the region us-east-1", "us-east-1"},
        {"[whatsapp]\nurl = \"ws://127.0.0.1\"", 2, 1, "whatsapp.url is not a wss:// address", ""},
        {"[whatsapp]\nroot_key = \"00\"", 2, 1, "whatsapp.root_key takes 64 hexadecimal digits",
         ""},
        {"[whatsapp]\nroot_key = "
         "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"",
         2, 1, "whatsapp.root_key can be set only when whatsapp.url is a loopback address",
         "remove whatsapp.root_key"},
        {"[whatsapp]\nca_file = \"x\"", 2, 1, "whatsapp.ca_file can be set only when", ""},
        {"[whatsapp]\nurl = \"wss://127.0.0.1.evil.example/\"\nca_file = \"x\"", 2, 1,
         "whatsapp.url is neither the service's own address nor on this machine", "leave the key"},
        {"[whatsapp]\nurl = \"wss://example.com/ws/chat\"", 2, 1, "whatsapp.url is neither", ""},
        {"[whatsapp]\nurl = \"wss://web.whatsapp.com:8443/ws/chat\"", 2, 1,
         "whatsapp.url is neither", ""},
        {"[whatsapp]\nurl = \"wss://0.0.0.0/ws/chat\"", 2, 1, "whatsapp.url is neither", ""},
        {"[whatsapp]\nurl = \"wss://127.0.0.1@evil.example/\"", 2, 1,
         "whatsapp.url is not a wss:// address", ""},
        {"[whatsapp]\nurl = \"wss://localhost:1/\"\nmedia_url = \"http://localhost:2\"", 3, 1,
         "whatsapp.media_url is not an https://host:port address", ""},
        {"[whatsapp]\nurl = \"wss://localhost:1/\"\nmedia_url = \"https://media.example:2\"", 3, 1,
         "whatsapp.media_url is not an https://host:port address", ""},
        {"[upstream]\nurl = \"https://db-org.aws-eu-west-1.turso.io\"\ntoken = { credential = "
         "\"t\" }",
         2, 1, "upstream.url is a host outside the region us-east-1", "set region"},
        {"[upstream]\nurl = \"https://us-east-1x.turso.io\"\ntoken = { credential = \"t\" }", 2, 1,
         "outside the region", ""},
        {"[upstream]\nurl = \"http://127.0.0.1:8080\"\ntoken = { credential = \"t\" }", 2, 1,
         "upstream.url is not encrypted", "allow_http_loopback"},
        {"[upstream]\nurl = \"https://a.aws-us-east-1.turso.io\"", 0, 0,
         "upstream.token names no credential", "token = {"},
        {"[upstream]\nurl = \"https://a.aws-us-east-1.turso.io\"\ntoken = \"secret\"", 3, 1,
         "upstream.token takes a table", ""},
        {"data_dir = ", 1, 1, "this is not TOML", "correct the line"},
        {"data_dir = \"a\"\ndata_dir = \"b\"", 2, 1, "this is not TOML", ""},
        {"region = \"\xff\"", 1, 1, "this is not TOML", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const auto config = read(row.text);
        REQUIRE(config.has_error());
        CAPTURE(config.error().what);
        CAPTURE(config.error().next);
        CHECK(config.error().file == "/home/d/v/vestari.toml");
        CHECK(config.error().line == row.line);
        if (config.error().what.find("TOML") == std::string::npos) {
            CHECK(config.error().column == row.column);
        }
        const std::string all = config.error().what + " " + config.error().next;
        CHECK(all.find(row.what) != std::string::npos);
        CHECK(all.find(row.next) != std::string::npos);
    }
}

TEST_CASE("config: an unencrypted upstream is taken on this machine alone, when asked for") {
    const auto config =
        read("[upstream]\nurl = \"http://127.0.0.1:8080\"\ntoken = { file = \"t\" }\n"
             "allow_http_loopback = true");
    REQUIRE(config.has_value());
    CHECK(config->upstream->token.file == "/home/d/v/t");
}

TEST_CASE("config: a file that is missing, a folder, or too large says so") {
    const auto missing = load("/nowhere/v.toml", home);
    REQUIRE(missing.has_error());
    CHECK(missing.error().next.find("vestari init --config /nowhere/v.toml") != std::string::npos);
    REQUIRE(load("/", home).has_error());
    CHECK(load("/", home).error().what == "the configuration is not a regular file");
    REQUIRE(read(std::string(max_config_bytes + 1, '#')).has_error());
}
