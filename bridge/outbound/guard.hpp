// The last look at what is about to leave: an encoded stanza is read back and compared with the exact table of shapes.
//
// Invariants  only what a row of the table describes passes: tag, every attribute and its value, every child and its order, and for
//             what goes to oneself this account's own address. A reader of the same bytes reads the same stanza: they are not
//             compressed and in the codec's one form. Shares no code with encode; reads with the decoder alone.
// Threads     one owner.
// Errors      GuardErrc: a defect of ours, never the peer's doing. Nothing leaves; the session is shut and audited.
// Source      wire/10-connection.md sections 14 and 15; DESIGN section 4.
#pragma once

#include "bridge/outbound/shape/rules.hpp"
#include "bridge/outbound/shape/shape.hpp"
#include "bridge/wire/decoder.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::outbound {

enum class GuardErrc {
    unreadable = 1, // does not decode, is compressed or not in the one form
    not_allowed,    // no row of the table
    shut,           // an earlier stanza was refused
};

std::string_view describe(GuardErrc error) noexcept;
inline ErrorCode make_error_code(GuardErrc e) noexcept {
    return make_code(e, category_of<GuardErrc>("guard"));
}

class Guard {
public:
    explicit Guard(Own own) : own_{std::move(own)} {}

    [[nodiscard]] Result<Shape> check(BytesView encoded) const;

private:
    Own own_;
    mutable wire::Decoder decoder_; // its memory is kept from stanza to stanza
};

} // namespace vestari::outbound

template <>
struct boost::system::is_error_code_enum<vestari::outbound::GuardErrc> : std::true_type {};
