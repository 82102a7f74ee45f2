// The lines of `vestari capture`: a content fixture of included chats, with pseudonyms in the place of people.
//
// Threads     free functions without state.
// Source      DESIGN 3.3.
#pragma once

#include <string>
#include <vector>

#include "bridge/daemon/capture/pseudonyms.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::receive {
struct Captured;
}

namespace vestari::daemon {

// The first line. Group names are left out: they name people and firms.
std::string capture_header(const Pseudonyms& pseudonyms, const std::vector<event::Group>& included);
std::string capture_line(const Pseudonyms& pseudonyms, const receive::Captured& message);

} // namespace vestari::daemon
