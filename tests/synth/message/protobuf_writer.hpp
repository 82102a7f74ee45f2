// The few lines of protobuf that a sender of chat messages needs. Tests only: nothing that is shipped can write a message.
//
// Threads     one owner.
// Source      protobuf.dev/programming-guides/encoding.
#pragma once

#include "vestari/base/bytes.hpp"

namespace vestari::synth {

class ProtobufWriter {
public:
    ProtobufWriter& varint(std::uint32_t field, std::uint64_t value) {
        key(field, 0);
        raw_varint(value);
        return *this;
    }

    ProtobufWriter& bytes(std::uint32_t field, BytesView value) {
        key(field, 2);
        raw_varint(value.size());
        append(out_, value);
        return *this;
    }

    ProtobufWriter& text(std::uint32_t field, std::string_view value) {
        return bytes(field, as_bytes(value));
    }

    // What another writer made, as fields of this message.
    ProtobufWriter& fields(BytesView encoded) {
        append(out_, encoded);
        return *this;
    }

    const Bytes& done() const noexcept { return out_; }

private:
    void key(std::uint32_t field, std::uint32_t wire_type) { raw_varint(field << 3U | wire_type); }
    void raw_varint(std::uint64_t value) {
        while (value >= 0x80) {
            out_.push_back(static_cast<std::byte>(value | 0x80U));
            value >>= 7U;
        }
        out_.push_back(static_cast<std::byte>(value));
    }

    Bytes out_;
};

} // namespace vestari::synth
