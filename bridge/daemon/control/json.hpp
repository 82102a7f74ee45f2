// The bridge's part of the JSON contracts: states, warnings, link events, status.
//
// Threads     free functions without state.
// Source      SETTLED section 7, CONTRACTS (control sockets).
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "bridge/link/link_event.hpp"
#include "bridge/live/account.hpp"

namespace vestari::daemon {

std::string state_event(std::string_view account, const live::StateChange& change);
std::string warning_event(std::string_view account, const live::Warning& warning);
std::string refused_event(std::string_view what);
std::string link_event(const link::LinkEvent& event); // secret while it is a QR or a code
std::string link_failed(std::string_view state, std::string_view error, std::string_view next);

void put_state(boost::json::object& into, const live::StateChange& change);
void put_status(boost::json::object& into, const live::Status& status);

} // namespace vestari::daemon
