// What vestari-ingest answers about an account's archive, as the commands ask it (cli/access/access.hpp): no sockets here.
//
// Invariants  an answer is one JSON document. Everything that was open in the pipeline is committed before an archive is read or
//             changed, and a change of the include-list is told to the bridge at once.
// Threads     the daemon's.
// Errors      none leave: 400 for a question that cannot be read, 503 with the archive's own word where the machine fails.
// Source      CONTRACTS (control sockets), DESIGN 3.5.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "ingest/daemon/account.hpp"
#include "ingest/exchange/parameters.hpp"

namespace vestari::ingest::daemon {

struct Asked {
    std::string_view verb; // "GET", "POST", "DELETE"
    std::string_view path;
    const exchange::Parameters& parameters;
    std::string_view body;
};

struct Answered {
    unsigned status = 200;
    std::string body;
    std::uint64_t opened = 0; // sealed values, for the audit
};

// One way of asking.
struct Question {
    std::string_view verb;
    std::string_view path;
    std::string_view
        audited; // the word for the audit file; empty: it opens and tells nothing of anybody
};
std::span<const Question> questions();

// `push` takes what the bridge is to be told.
Answered answer(Account& account, const Asked& asked,
                const std::function<void(const event::Group&)>& push);

std::string error_body(std::string_view word); // {"error":"word"}
std::string error_body(ArchiveErrc failed);    // {"error":"storage","why":"disk_full"}

} // namespace vestari::ingest::daemon
