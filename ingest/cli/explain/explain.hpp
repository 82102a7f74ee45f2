// What a message says and which words say it: its text with numbered places, and of each deal the fields, words and rules.
//
// Invariants  the text is shown once, with each place numbered where it stands; nothing is told by colour alone. What a stranger
//             wrote is sanitised.
// Threads     free functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/cli/terminal/style.hpp"
#include "vestari/parser/parser.hpp"

namespace vestari::cli {

struct Explained {
    std::string_view id;
    std::string_view text;
    std::string_view quoted; // empty when the message answers none
    const std::vector<parser::Deal>& deals;
};

// As people read it; ends with a line feed.
std::string explain(const Explained& message, const terminal::Look& look);

// {"id", "deals": [{…, "fields": [{"field", "value", "words", "rule", "span", "in"}]}]} on one line.
void append_explained_json(std::string& out, const Explained& message);

} // namespace vestari::cli
