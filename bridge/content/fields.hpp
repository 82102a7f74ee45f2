// Which field of `Message` is what, by number.
//
// Inside the folder only.
// Source      wire/proto-messages.md, table Message; ranks are the orders of wire/20-messages.md sections 7.1 and 7.2.
#pragma once

#include <cstdint>
#include <string_view>

namespace vestari::content {

enum class FieldRole : std::uint8_t {
    unknown, // in neither list of section 7.2, or in no schema
    beside,  // stands beside content: contexts and key distributions
    device_sent,
    wrapper, // FutureProofMessage
    text,    // a bare string
    content, // a message that is read
    ignored, // recognised and not read
};

struct FieldFact {
    std::string_view name;
    FieldRole role = FieldRole::unknown;
    std::uint8_t rank = 255; // the lower is taken when two of a role stand beside each other
};

FieldFact field_fact(std::uint32_t number) noexcept;

} // namespace vestari::content
