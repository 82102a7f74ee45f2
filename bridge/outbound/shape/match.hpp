// Compares a decoded stanza with a rule.
//
// Threads  free functions without state.
// Errors   none: false.
#pragma once

#include "bridge/outbound/shape/rules.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::outbound::rule {

[[nodiscard]] bool matches(const Node& rule, const wire::Node& node, const Own& own) noexcept;

} // namespace vestari::outbound::rule
