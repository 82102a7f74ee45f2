// Judges every stanza that a client of ours sends, by a table of its own.
//
// Invariants  it shares nothing with bridge/outbound: what both get wrong alike is wrong in the specification.
// Threads     one owner.
// Source      wire/10-connection.md sections 11, 14 and 15.
#pragma once

#include <set>

#include "tests/sim/referee/pattern.hpp"
#include "tests/sim/referee/report.hpp"

namespace vestari::sim {

// What the service knows of the connection that a stanza came on.
struct Sight {
    Own own;
    std::set<std::string> pair_ids; // of pair-device and pair-success
    std::set<std::string> ping_ids;
    bool bare_pings = false; // pings without an id were sent
    // The type of an inbound stanza that was delivered to this client; empty optional: there was none such.
    std::function<std::optional<std::string>(std::string_view tag, const Stanza& answer)> delivered;
};

class Referee {
public:
    Referee();

    void handshake() { ++report_.handshakes; }
    void judge(const Stanza& stanza, const Sight& sight);
    void undecodable(std::string_view why); // what was encrypted rightly and is no stanza
    void forbidden(std::string_view why, std::string what);
    void other() { ++report_.others; }

    const Report& report() const noexcept { return report_; }

private:
    struct Row {
        std::string name;
        Pattern pattern;
    };
    // Empty: the stanza is right.
    std::string fault_of(const Row& row, const Stanza& stanza, const Sight& sight) const;

    std::vector<Row> rows_;
    Report report_;
};

} // namespace vestari::sim
