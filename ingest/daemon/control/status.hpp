// How vestari-ingest is: as JSON for `vestari status`, and as metrics.
//
// Invariants  no chat, name or number stands in the metrics; in the status group names do, as the account's owner reads it.
// Threads     the daemon's.
// Errors      an archive that fails while it is counted is shown as such.
// Source      CONTRACTS (ingest `/v1/status`), DESIGN 3.1 (warnings: code, text, cause, next).
#pragma once

#include <string>
#include <string_view>

#include "ingest/daemon/slots.hpp"

namespace vestari::ingest::daemon {

// {"program","version","accounts":[…]}: of one account, or with an empty name of all.
// The groups' names are sealed values: without them nothing is opened.
enum class GroupNames : std::uint8_t { opened, left_out };
std::string status_json(Slots& slots, std::string_view account, GroupNames names);
std::string metrics_text(Slots& slots);

} // namespace vestari::ingest::daemon
