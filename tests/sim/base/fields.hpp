// Reads the few protobuf messages that a client sends at login: by field number, without a schema.
//
// Invariants  views into the bytes given; a message that does not parse reads as empty.
// Threads     values.
// Source      protobuf.dev/programming-guides/encoding; field numbers in wire/proto-connection.md.
#pragma once

#include "vestari/base/bytes.hpp"

namespace vestari::sim {

class Fields {
public:
    explicit Fields(BytesView message);

    std::optional<std::uint64_t> number(std::uint32_t field) const; // the last one given
    std::optional<BytesView> bytes(std::uint32_t field) const;
    std::string text(std::uint32_t field) const;
    Fields inside(std::uint32_t field) const; // of an absent one: empty
    bool has(std::uint32_t field) const;
    bool whole() const noexcept { return whole_; } // parsed to the end

private:
    struct Entry {
        std::uint64_t number = 0;
        BytesView bytes;
    };
    std::map<std::uint32_t, Entry> entries_;
    bool whole_ = true;
};

} // namespace vestari::sim
