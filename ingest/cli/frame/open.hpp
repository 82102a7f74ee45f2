// From the global options to an open archive: configuration, account, master key, archive.
//
// Threads     free functions; what they give has one owner.
// Errors      Failure: configuration (78) for the file, the account and the key; what the archive says for the archive.
#pragma once

#include <filesystem>
#include <memory>

#include "ingest/cli/access/access.hpp"
#include "ingest/cli/frame/context.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "vestari/config/config.hpp"
#include "vestari/crypto/master_key.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::cli {

Failure config_failure(const config::Problem& problem);

// Refuses, before any key is made or read, where crypto.require_fips is set and OpenSSL's FIPS provider is not active.
config::Config load_config_file(const Context& context, const std::filesystem::path& file);
config::Config load_config(const Context& context); // by the lookup order

// The one that --account names, else the only one.
const config::Account& choose_account(const Context& context, const config::Config& config);

crypto::MasterSecret load_master_key(const config::Config& config);

ingest::Archive open_archive(const std::filesystem::path& file, const std::string& account,
                             const crypto::MasterSecret& master, const Clock& clock,
                             ingest::OpenMode mode);

// All of it, for commands that work on an archive that is there: through vestari-ingest where it runs, which holds the
// archive's lock, else by opening it here.
struct Opened {
    config::Config config;
    config::Account account;
    std::unique_ptr<Access> archive;
};
Opened open_account(const Context& context);
std::unique_ptr<Access> open_access(const Context& context, const config::Config& config,
                                    const config::Account& account);

} // namespace vestari::cli
