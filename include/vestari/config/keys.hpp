// The table of every configuration key: its name, what it takes, and how its value is read into a draft.
//
// Invariants  the table is the only place that knows a key; the walker (config.cpp), messages and documentation read it.
//             Names are dotted; "account[]" is the repeated section.
// Threads     the table is immutable.
// Source      SETTLED section 9.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "vestari/config/config.hpp"

namespace vestari::config {

struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

// What has been read so far, and where each key stood: the rules need it for their messages.
struct Draft {
    Config config;
    std::map<std::string, Place, std::less<>> places; // by the key's name; of account[] the last
};

struct Key {
    std::string_view name;
    std::string_view wanted; // "a text", "one of: inactive, ack_only"
    // Puts the value into the draft. False: the value is not what `wanted` says.
    bool (*read)(const toml::node& value, Draft& draft);
};

std::span<const Key> keys();
const Key* find_key(std::string_view name);
bool is_section(std::string_view name); // some key's name goes on after it

} // namespace vestari::config
