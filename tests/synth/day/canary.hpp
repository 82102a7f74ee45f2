// Marks that a scan can look for: 24 bytes each, planted in every kind of field that must never reach a disk in the clear.
//
// Invariants  each is distinct and occurs nowhere else; a list of them goes to a file of its own, one JSON object a line:
//             {"where": what kind of field, "hex": the 24 bytes}.
// Threads     one owner.
// Source      ASSURANCE D-1, D-2.
#pragma once

#include <iosfwd>

#include "tests/synth/sender/random.hpp"

namespace vestari::synth {

class Canaries {
public:
    static constexpr std::size_t length = 24;

    explicit Canaries(std::uint64_t seed) : random_{seed} {}

    std::string word(std::string where);   // lower-case letters: part of a text or a name
    std::string number(std::string where); // digits: the user part of a JID
    std::string id(std::string where);     // upper-case hexadecimal: a message id
    Bytes raw(std::string where,
              std::size_t size); // `size` random bytes; the canary is the 24 from the fifth on
    void known(std::string where,
               BytesView secret); // a secret made elsewhere: its 24 bytes from the fifth on

    std::size_t size() const noexcept { return planted_.size(); }
    void write(std::ostream& out) const;

private:
    struct Planted {
        std::string where;
        Bytes bytes;
    };
    Random random_;
    std::vector<Planted> planted_;
};

} // namespace vestari::synth
