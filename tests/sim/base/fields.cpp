#include "tests/sim/base/fields.hpp"

namespace vestari::sim {

namespace {

class Cursor {
public:
    explicit Cursor(BytesView bytes) : left_{bytes} {}
    bool done() const { return left_.empty(); }

    std::optional<std::uint64_t> varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !left_.empty(); shift += 7) {
            const auto b = std::to_integer<std::uint64_t>(left_.front());
            left_ = left_.subspan(1);
            value |= (b & 0x7fU) << shift;
            if ((b & 0x80U) == 0) {
                return value;
            }
        }
        return std::nullopt;
    }

    std::optional<BytesView> take(std::uint64_t count) {
        if (count > left_.size()) {
            return std::nullopt;
        }
        const BytesView taken = left_.first(static_cast<std::size_t>(count));
        left_ = left_.subspan(static_cast<std::size_t>(count));
        return taken;
    }

private:
    BytesView left_;
};

// Bytes of a fixed-width or length-delimited field; empty optional: cut off or no such type.
std::optional<BytesView> content_of(Cursor& from, std::uint64_t wire_type) {
    if (wire_type == 1) {
        return from.take(8);
    }
    if (wire_type == 5) {
        return from.take(4);
    }
    const auto length = wire_type == 2 ? from.varint() : std::nullopt;
    return length ? from.take(*length) : std::nullopt;
}

} // namespace

Fields::Fields(BytesView message) {
    Cursor from{message};
    while (!from.done()) {
        const auto key = from.varint();
        if (!key) {
            whole_ = false;
            return;
        }
        Entry entry;
        if ((*key & 7U) == 0) {
            const auto number = from.varint();
            whole_ = number.has_value();
            entry.number = number.value_or(0);
        } else {
            const auto content = content_of(from, *key & 7U);
            whole_ = content.has_value();
            entry.bytes = content.value_or(BytesView{});
        }
        if (!whole_) {
            return;
        }
        entries_[static_cast<std::uint32_t>(*key >> 3U)] = entry;
    }
}

std::optional<std::uint64_t> Fields::number(std::uint32_t field) const {
    const auto found = entries_.find(field);
    return found == entries_.end() ? std::nullopt : std::optional{found->second.number};
}

std::optional<BytesView> Fields::bytes(std::uint32_t field) const {
    const auto found = entries_.find(field);
    return found == entries_.end() ? std::nullopt : std::optional{found->second.bytes};
}

std::string Fields::text(std::uint32_t field) const {
    return to_string(bytes(field).value_or(BytesView{}));
}

Fields Fields::inside(std::uint32_t field) const {
    return Fields{bytes(field).value_or(BytesView{})};
}

bool Fields::has(std::uint32_t field) const { return entries_.contains(field); }

} // namespace vestari::sim
