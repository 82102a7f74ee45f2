#include "vestari/ingest/deal.hpp"

#include <charconv>

#include <fmt/format.h>

namespace vestari::ingest {

std::optional<DealId> DealId::parse(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return DealId{value};
}

std::string DealId::to_string() const { return fmt::format("{:016x}", value_); }

std::string_view to_string(DealStatus status) noexcept {
    switch (status) {
    case DealStatus::active: return "active";
    case DealStatus::edited: return "edited";
    case DealStatus::closed: return "closed";
    case DealStatus::revoked: return "revoked";
    }
    return "active";
}

} // namespace vestari::ingest
