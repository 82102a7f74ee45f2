// The running daemons as the commands reach them: questions to ingest.sock and bridge.sock.
//
// Invariants  vestari-ingest is asked about one archive, named by its path: one that serves another configuration with the same
//             runtime_dir is as good as none.
// Threads     free functions.
// Errors      Failure; StorageFailure where the archive failed over there.
// Source      SETTLED section 8, CONTRACTS (control sockets).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ingest/cli/access/access.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "vestari/config/config.hpp"
#include "vestari/service/control/client.hpp"

namespace vestari::cli {

// Null: no vestari-ingest runs for this archive.
std::unique_ptr<Access> running_access(const config::Config& config,
                                       const config::Account& account);

std::filesystem::path ingest_socket(const config::Config& config);
std::filesystem::path bridge_socket(const config::Config& config);

// The path and the parameters that have a value, percent-encoded.
std::string target(std::string_view path,
                   const std::map<std::string, std::string, std::less<>>& parameters);

// Empty: nobody listens there. Throws Failure for anything else that keeps the answer away.
std::optional<service::Response> ask_running(const std::filesystem::path& socket,
                                             const service::Question& question);
Failure no_answer(const std::filesystem::path& socket, const ErrorCode& why);
bool nobody_listens(const ErrorCode& error) noexcept;

// The word of {"error":"word"}; empty where there is none.
std::string error_word(const std::string& body);

// Of a command that needs the bridge: what is wrong and the next step.
Failure bridge_needed();

} // namespace vestari::cli
