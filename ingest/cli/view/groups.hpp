// Groups by the words of the command line, and as the bridge lists them.
//
// Invariants  a name counts only when it is exactly one group's; of several the JIDs are named.
// Threads     values.
// Errors      Failure: usage for what cannot be a group, differs (1) for a name that no group or more than one has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vestari/config/config.hpp"
#include "vestari/ingest/archive.hpp"

namespace vestari::cli {

// As the phone is in it.
struct PhoneGroup {
    std::string jid;
    std::string name; // empty when not known
    std::uint64_t members = 0;
};
std::vector<PhoneGroup> read_phone_groups(const std::string& json);
// Waits a moment for the list when the connection is young. Empty: no bridge runs, or it has no keys.
std::optional<std::vector<PhoneGroup>> groups_of_phone(const config::Config& config,
                                                       const config::Account& account);

// By JID as it stands, or by exact name: first among the groups of the include-list, then among those of the phone, where the
// bridge runs.
ingest::GroupEntry find_group(const std::string& word,
                              const std::vector<ingest::GroupEntry>& listed,
                              const std::optional<std::vector<PhoneGroup>>& of_phone);

class GroupFinder {
public:
    GroupFinder(const config::Config& config, const config::Account& account,
                std::vector<ingest::GroupEntry> listed)
        : config_{config}, account_{account}, listed_{std::move(listed)} {}
    ingest::GroupEntry find(const std::string& word);

private:
    const config::Config& config_;
    const config::Account& account_;
    std::vector<ingest::GroupEntry> listed_;
    bool asked_ = false;
    std::optional<std::vector<PhoneGroup>> of_phone_; // none: not asked, or no bridge runs
};

} // namespace vestari::cli
