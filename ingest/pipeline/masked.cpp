#include "ingest/pipeline/masked.hpp"

#include <algorithm>

namespace vestari::ingest {
namespace {

constexpr std::string_view bullet = "•";

std::size_t next_character(std::string_view text, std::size_t at) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) {
        ++at;
    }
    return std::min(at, text.size());
}

// Where the original goes on after a masked place: `bullets` stand for it, and `rest` follows them.
std::size_t resume(std::string_view original, std::size_t from, std::size_t bullets,
                   std::string_view rest) {
    std::size_t one_for_one = from;
    for (std::size_t i = 0; i < bullets; ++i) {
        one_for_one = next_character(original, one_for_one);
    }
    const std::string_view literal = rest.substr(0, rest.find(bullet));
    if (original.substr(one_for_one).starts_with(literal) &&
        (!literal.empty() || one_for_one == original.size())) {
        return one_for_one;
    }
    return std::min(original.find(literal, next_character(original, from)), original.size());
}

} // namespace

Masked::Masked(std::string_view original) : text_{parser::mask_sensitive(original)} {
    if (text_ == original) {
        return;
    }
    kept_.resize(original.size() + 1, static_cast<std::uint32_t>(text_.size()));
    std::size_t from = 0;
    std::size_t to = 0;
    while (from < original.size() && to < text_.size()) {
        if (original[from] == text_[to]) {
            kept_[from++] = static_cast<std::uint32_t>(to++);
            continue;
        }
        const std::size_t masked = to;
        std::size_t bullets = 0;
        for (; std::string_view{text_}.substr(to).starts_with(bullet); to += bullet.size()) {
            ++bullets;
        }
        if (bullets == 0) {
            break; // not a mask: what follows keeps the end
        }
        const std::size_t end = to == text_.size() ? original.size()
                                                   : resume(original, from, bullets,
                                                            std::string_view{text_}.substr(to));
        std::fill(kept_.begin() + static_cast<std::ptrdiff_t>(from),
                  kept_.begin() + static_cast<std::ptrdiff_t>(end),
                  static_cast<std::uint32_t>(masked));
        from = end;
    }
}

std::uint32_t Masked::at(std::uint32_t original_offset) const noexcept {
    if (kept_.empty()) {
        return std::min(original_offset, static_cast<std::uint32_t>(text_.size()));
    }
    return kept_[std::min<std::size_t>(original_offset, kept_.size() - 1)];
}

} // namespace vestari::ingest
