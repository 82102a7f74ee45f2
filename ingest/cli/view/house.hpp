// How all of it is: what both daemons say of an account, put together.
//
// Invariants  sensible whatever runs: without the bridge the state is "offline" and a warning says so; without ingest the archive
//             is opened here where it can be.
// Threads     values.
// Errors      none: what a daemon says that cannot be read counts as not said.
// Source      DESIGN 3.1 (`vestari status --json`), SETTLED section 7, CONTRACTS (control sockets).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vestari::cli {

struct HouseWarning {
    std::string code, text, cause, next;
};

struct HouseGroup {
    std::string jid;
    std::string name; // empty: not known
    bool included = true;
    std::optional<std::string> last_message_at; // RFC 3339
    std::optional<bool> fresh;                  // none: not known
};

struct HouseAccount {
    std::string name;
    std::optional<bool> linked; // none: only the bridge knows
    std::string me_pn, me_lid;  // empty: not known
    std::string state = "offline";
    std::string why;
    std::optional<std::string> since, linked_since, phone_last_seen;
    std::optional<std::uint64_t> seen, dropped, decrypted, undecryptable; // of the bridge
    std::optional<std::uint64_t> messages, deals, outbox;                 // of the archive
    std::optional<std::uint64_t> spool;                                   // of the bridge
    std::string pipe; // "connected", "waiting", or empty
    std::vector<HouseGroup> groups;
    std::vector<HouseWarning> warnings;

    std::optional<std::string> last_message_at() const; // of any group
};

// `bridge` and `ingest`: the bodies of /v1/status; none: it does not run.
HouseAccount put_together(const std::string& account, const std::optional<std::string>& bridge,
                          const std::optional<std::string>& ingest);

// {"accounts":[…]} with a line feed.
std::string house_json(const std::vector<HouseAccount>& accounts);

} // namespace vestari::cli
