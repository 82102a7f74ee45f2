// Stable pseudonyms for what names people in a captured message: numbers and JIDs become others of the same length, secrets and
// pictures become noise.
//
// Invariants  the same number gets the same pseudonym in every place and spelling ("+852 9123 4567", "85291234567@…") for as long as
//             this object lives; without its key nobody finds back. Lengths never change, so a protobuf stays one. Numbers of
//             fewer digits - prices, references, years - stay.
// Threads     one owner.
// Errors      the constructor throws if the machine has no randomness.
// Source      DESIGN 3.3 (`content` lines), E.164 (at most 15 digits).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "vestari/base/bytes.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::daemon {

class Pseudonyms {
public:
    Pseudonyms();

    std::string text(std::string_view from) const; // a JID, an id, what somebody wrote
    Bytes message(BytesView from) const;           // an encoded `Message`

private:
    using Key = crypto::SecretBytes<32, struct PseudonymKeyRole>;

    void rewrite_numbers(std::span<char> text) const;
    void rename(std::span<char> text, std::span<const std::size_t> digits) const;
    void blind_fields(std::span<std::byte> message, int depth) const;
    void blind(std::span<std::byte> secret) const;

    Key key_;
};

} // namespace vestari::daemon
