// Names that other people choose, made fit to store and to show.
//
// Invariants  a clean name is valid UTF-8 of at most 100 characters without control, line or bidirectional formatting characters,
//             and without spaces at its ends.
// Threads     free functions without state.
// Errors      none; a name of which nothing remains is empty.
// Source      wire/20-messages.md sections 2.1 (a push name of "-" means none) and 11; ASSURANCE H7.
#pragma once

#include <string>
#include <string_view>

#include "vestari/base/bytes.hpp"

namespace vestari::content {

inline constexpr std::size_t max_name_characters = 100;

std::string clean_name(std::string_view raw);
std::string push_name(std::string_view notify); // of a stanza's `notify`

// The name in a <verified_name> certificate; empty when there is none. Its signature is not checked: it is for display only.
std::string verified_name(BytesView certificate);

} // namespace vestari::content
