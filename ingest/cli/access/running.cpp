#include "ingest/cli/access/running.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/exchange/questions.hpp"

namespace vestari::cli {
namespace {

std::string member(const std::string& body, std::string_view name) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(body, wrong);
    const auto* object = wrong ? nullptr : value.if_object();
    const auto* text = object == nullptr ? nullptr : object->if_contains(name);
    return text != nullptr && text->is_string() ? std::string{text->get_string()} : std::string{};
}

// What vestari-ingest would not answer.
[[noreturn]] void refuse(const service::Response& response, const std::filesystem::path& socket) {
    const std::string word = member(response.body, "error");
    if (word == "storage") {
        throw ingest::StorageFailure{
            ingest::exchange::archive_error_from(member(response.body, "why"))
                .value_or(ingest::ArchiveErrc::io)};
    }
    if (word == "no_account") {
        throw Failure{ExitCode::configuration,
                      "the running vestari-ingest does not know this account",
                      "it reads the configuration when it starts: restart it"};
    }
    throw Failure{ExitCode::defect,
                  fmt::format("{}: vestari-ingest answered {}", socket.string(), response.status),
                  "both programs must be of one version: install them together"};
}

service::Method method_of(Asked::Verb verb) {
    switch (verb) {
    case Asked::Verb::get: return service::Method::get;
    case Asked::Verb::post: return service::Method::post;
    case Asked::Verb::del: return service::Method::del;
    }
    return service::Method::get;
}

} // namespace

std::filesystem::path ingest_socket(const config::Config& config) {
    return config.runtime_dir / "ingest.sock";
}
std::filesystem::path bridge_socket(const config::Config& config) {
    return config.runtime_dir / "bridge.sock";
}

std::string target(std::string_view path,
                   const std::map<std::string, std::string, std::less<>>& parameters) {
    std::string whole{path};
    for (const auto& [name, value] : parameters) {
        whole += fmt::format("{}{}={}", whole.size() == path.size() ? "?" : "&",
                             service::encoded(name), service::encoded(value));
    }
    return whole;
}

bool nobody_listens(const ErrorCode& error) noexcept {
    return error == service::make_error_code(service::SocketErrc::nobody_listens);
}

Failure no_answer(const std::filesystem::path& socket, const ErrorCode& why) {
    if (why == service::make_error_code(service::SocketErrc::not_permitted)) {
        return {ExitCode::io, fmt::format("{} is not open to you", socket.string()),
                "join the group vestari: usermod -aG vestari \"$USER\", and log in again"};
    }
    return Failure::about(ExitCode::try_again, socket.string(), why.message());
}

std::optional<service::Response> ask_running(const std::filesystem::path& socket,
                                             const service::Question& question) {
    auto response = service::ask(socket, question);
    if (response) {
        return *std::move(response);
    }
    if (nobody_listens(response.error())) {
        return std::nullopt;
    }
    throw no_answer(socket, response.error());
}

std::string error_word(const std::string& body) { return member(body, "error"); }

Failure bridge_needed() {
    return {ExitCode::try_again, "vestari-bridge is not running", "start it: vestari up"};
}

std::unique_ptr<Access> running_access(const config::Config& config,
                                       const config::Account& account) {
    const std::filesystem::path socket = ingest_socket(config);
    const std::string archive = config.archive_file(account).string();
    const auto ask = [socket, archive, name = account.name](const Asked& asked) {
        auto parameters = asked.parameters;
        parameters.insert_or_assign("account", name);
        parameters.insert_or_assign("archive", archive);
        return ask_running(socket,
                           {method_of(asked.verb), target(asked.path, parameters), asked.body});
    };
    const auto first = ask({Asked::Verb::get, "/v1/archive", {}, {}});
    if (!first || error_word(first->body) == "other_archive") {
        return nullptr;
    }
    if (first->status != 200) {
        refuse(*first, socket);
    }
    return remote_access([ask, socket](const Asked& asked) {
        auto response = ask(asked);
        if (!response) {
            throw Failure{ExitCode::try_again, "vestari-ingest has just stopped", "run it again"};
        }
        if (response->status != 200) {
            refuse(*response, socket);
        }
        return std::move(response->body);
    });
}

} // namespace vestari::cli
