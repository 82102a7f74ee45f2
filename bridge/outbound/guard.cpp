#include "bridge/outbound/guard.hpp"

#include <algorithm>

#include "bridge/outbound/shape/match.hpp"
#include "bridge/wire/encoder.hpp"

namespace vestari::outbound {

std::string_view describe(GuardErrc error) noexcept {
    switch (error) {
    case GuardErrc::unreadable: return "what was about to leave does not read back as one stanza";
    case GuardErrc::not_allowed:
        return "what was about to leave is none of the stanzas that Vestari may send";
    case GuardErrc::shut: return "nothing leaves after a refused stanza";
    }
    return "unknown guard error";
}

Result<Shape> Guard::check(BytesView encoded) const {
    if (encoded.empty() || encoded.front() != std::byte{0}) { // never compressed
        return GuardErrc::unreadable;
    }
    const Result<const wire::Node*> root = decoder_.decode(encoded);
    if (!root || !std::ranges::equal(wire::encode(**root), encoded)) {
        return GuardErrc::unreadable;
    }
    for (const rule::Row& row : rule::table()) {
        if (rule::matches(*row.root, **root, own_) &&
            (row.also == nullptr || row.also(**root, own_))) {
            return row.shape;
        }
    }
    return GuardErrc::not_allowed;
}

} // namespace vestari::outbound
