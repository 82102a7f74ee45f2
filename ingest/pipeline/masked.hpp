// Text as it may be kept: masked, with the way from an offset in the original to one in what is kept.
//
// Invariants  at() is monotone, and exact outside masked places; an offset inside one goes to its start.
// Threads     values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/parser/parser.hpp"

namespace vestari::ingest {

class Masked {
public:
    explicit Masked(std::string_view original);
    const std::string& text() const noexcept { return text_; }
    std::uint32_t at(std::uint32_t original_offset) const noexcept;

private:
    std::string text_;
    std::vector<std::uint32_t> kept_; // by original offset; empty when nothing was masked
};

} // namespace vestari::ingest
