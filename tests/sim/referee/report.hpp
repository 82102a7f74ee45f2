// What the referee found.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vestari::sim {

struct Violation {
    std::string why;
    std::string stanza; // as XML
};

struct Report {
    std::uint64_t handshakes = 0;
    std::uint64_t stanzas = 0; // judged
    std::map<std::string, std::uint64_t>
        shapes; // "15 ack", by row of wire/10-connection.md section 14
    std::vector<Violation> violations;
    std::uint64_t more_violations = 0; // beyond those listed
    std::uint64_t waiting = 0; // of connections whose owner is not known yet: judged when it is
    std::uint64_t others = 0;  // stanzas of clients that are not ours, not judged
};

} // namespace vestari::sim
