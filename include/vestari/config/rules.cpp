#include "vestari/config/rules.hpp"

#include <set>

#include <fmt/format.h>

#include "vestari/config/url.hpp"

namespace vestari::config {
namespace {

Problem problem(const Draft& draft, std::string_view key, std::string what, std::string next) {
    const auto place = draft.places.find(key);
    const Place at = place == draft.places.end() ? Place{} : place->second;
    return {draft.config.file.string(), at.line, at.column, std::move(what), std::move(next)};
}

std::optional<Problem> check_master_key(Draft& draft) {
    MasterKey& key = draft.config.master_key;
    const auto missing = [&](std::string_view provider, std::string_view wanted) {
        return problem(draft, "master_key.provider",
                       fmt::format("master_key.provider is \"{}\", but master_key.{} is not set",
                                   provider, wanted),
                       fmt::format("add {} to [master_key]", wanted));
    };
    switch (key.provider) {
    case KeyProvider::file:
        if (key.path.empty()) {
            key.path = draft.config.file.parent_path() / "master.key";
        }
        return std::nullopt;
    case KeyProvider::credential:
        return key.credential.empty() ? std::optional{missing("credential", "credential")}
                                      : std::nullopt;
    case KeyProvider::aws:
        return key.secret_id.empty() ? std::optional{missing("aws", "secret_id")} : std::nullopt;
    }
    return std::nullopt;
}

std::optional<Problem> check_accounts(Draft& draft) {
    std::set<std::string_view> names;
    for (const Account& account : draft.config.accounts) {
        if (account.name.empty()) {
            return problem(draft, "account[]", "an [[account]] has no name",
                           "add name = \"…\" to it; with one account, \"main\" will do");
        }
        if (!names.insert(account.name).second) {
            return problem(draft, "account[].name",
                           fmt::format("two accounts are named \"{}\"", account.name),
                           "give each [[account]] a name of its own");
        }
    }
    if (draft.config.accounts.empty()) {
        draft.config.accounts.push_back({"main", Currency::of("USD"), std::nullopt});
    }
    return std::nullopt;
}

std::optional<Problem> check_whatsapp(const Draft& draft) {
    const Whatsapp& whatsapp = draft.config.whatsapp;
    const auto url = Url::parse(whatsapp.url);
    if (!url || url->scheme != "wss") {
        return problem(draft, "whatsapp.url", "whatsapp.url is not a wss:// address",
                       "leave the key out: the service's own address is the default");
    }
    const auto service = Url::parse(Whatsapp{}.url);
    if (!url->is_loopback() && *url != *service) {
        return problem(draft, "whatsapp.url",
                       "whatsapp.url is neither the service's own address nor on this machine",
                       "leave the key out: the service's own address is the default");
    }
    const std::pair<std::string_view, bool> for_tests[] = {
        {"whatsapp.root_key", !whatsapp.root_key.empty()},
        {"whatsapp.ca_file", !whatsapp.ca_file.empty()},
        {"whatsapp.media_url", !whatsapp.media_url.empty()},
    };
    for (const auto& [key, is_set] : for_tests) {
        if (is_set && !url->is_loopback()) {
            return problem(
                draft, key,
                fmt::format("{} can be set only when whatsapp.url is a loopback address", key),
                fmt::format("remove {}: it is for tests against a simulator on this machine", key));
        }
    }
    const auto media = Url::parse(whatsapp.media_url);
    if (!whatsapp.media_url.empty() &&
        (!media || media->scheme != "https" || !media->is_loopback() || !media->path.empty())) {
        return problem(draft, "whatsapp.media_url",
                       "whatsapp.media_url is not an https://host:port address on this machine",
                       "write it as \"https://127.0.0.1:8443\"");
    }
    return std::nullopt;
}

// A host names its region by a label of its own: "db-org.aws-us-east-1.turso.io", "secretsmanager.us-east-1.amazonaws.com".
bool names_region(std::string_view host, std::string_view region) {
    while (!host.empty()) {
        const std::size_t dot = std::min(host.find('.'), host.size());
        std::string_view label = host.substr(0, dot);
        if (label.starts_with("aws-")) {
            label.remove_prefix(4);
        }
        if (label == region) {
            return true;
        }
        host.remove_prefix(std::min(dot + 1, host.size()));
    }
    return false;
}

std::optional<Problem> check_region(const Draft& draft) {
    const std::string& region = draft.config.region;
    for (const char c : region) {
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
            return problem(draft, "region", fmt::format("region \"{}\" is not a region", region),
                           "write it as AWS does, for example \"us-east-1\"");
        }
    }
    // An ARN names its region: arn:aws:secretsmanager:REGION:account:secret:name.
    const std::string& secret = draft.config.master_key.secret_id;
    if (secret.starts_with("arn:") &&
        secret.find(fmt::format(":secretsmanager:{}:", region)) == std::string::npos) {
        return problem(
            draft, "master_key.secret_id",
            fmt::format("master_key.secret_id is a secret outside the region {}", region),
            fmt::format("use a secret in {}, or set region", region));
    }
    return std::nullopt;
}

std::optional<Problem> check_upstream(const Draft& draft) {
    if (!draft.config.upstream) {
        return std::nullopt;
    }
    const Upstream& upstream = *draft.config.upstream;
    const auto url = Url::parse(upstream.url);
    if (!url || (url->scheme != "https" && url->scheme != "http")) {
        return problem(
            draft, "upstream.url", "upstream.url is not an https:// address",
            "write it as \"https://db-org.aws-us-east-1.turso.io\", or remove [upstream]: "
            "without it the archive stays on this machine");
    }
    if (url->scheme == "http" && !(url->is_loopback() && upstream.allow_http_loopback)) {
        return problem(draft, "upstream.url", "upstream.url is not encrypted (http://)",
                       "use https://; plain http is for a loopback address with "
                       "upstream.allow_http_loopback = true");
    }
    if (!url->is_loopback() && !names_region(url->host, draft.config.region)) {
        return problem(
            draft, "upstream.url",
            fmt::format("upstream.url is a host outside the region {}", draft.config.region),
            fmt::format("use a database in {}, or set region", draft.config.region));
    }
    const SecretName& token = upstream.token;
    if (int{!token.credential.empty()} + int{!token.file.empty()} + int{!token.secret_id.empty()} !=
        1) {
        return problem(draft, "upstream.token",
                       "upstream.token names no credential, file or secret, or more than one",
                       "write token = { credential = \"turso-token\" }");
    }
    return std::nullopt;
}

} // namespace

std::optional<Problem> apply_rules(Draft& draft, const Environment& environment) {
    const Folders folders = default_folders(draft.config.file, environment);
    if (draft.config.data_dir.empty()) {
        draft.config.data_dir = folders.data;
    }
    if (draft.config.runtime_dir.empty()) {
        draft.config.runtime_dir = folders.runtime;
    }
    if (auto wrong = check_region(draft)) {
        return wrong;
    }
    if (auto wrong = check_master_key(draft)) {
        return wrong;
    }
    if (auto wrong = check_accounts(draft)) {
        return wrong;
    }
    if (auto wrong = check_whatsapp(draft)) {
        return wrong;
    }
    return check_upstream(draft);
}

} // namespace vestari::config
