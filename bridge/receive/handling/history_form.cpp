#include "bridge/receive/handling/history_form.hpp"

namespace vestari::receive {

namespace {

constexpr std::byte form{1};
constexpr std::size_t numbers_bytes = 1 + 4 + 4 + 4 + 8 + 8;

void put(Bytes& into, BytesView field) {
    append_be32(into, static_cast<std::uint32_t>(field.size()));
    append(into, field);
}

bool take(BytesView& rest, BytesView& field) {
    if (rest.size() < 4 || rest.size() - 4 < read_be<4>(rest)) {
        return false;
    }
    const auto size = static_cast<std::size_t>(read_be<4>(rest));
    field = rest.subspan(4, size);
    rest = rest.subspan(4 + size);
    return true;
}

} // namespace

Bytes encode(const content::HistoryNotification& offered) {
    Bytes bytes{form};
    append_be32(bytes, static_cast<std::uint32_t>(offered.sync_type));
    append_be32(bytes, offered.chunk_order);
    append_be32(bytes, offered.progress);
    append_be64(bytes, static_cast<std::uint64_t>(offered.oldest_message_seconds));
    append_be64(bytes, offered.length);
    put(bytes, as_bytes(offered.original_message_id));
    put(bytes, as_bytes(offered.direct_path));
    put(bytes, offered.media_key);
    put(bytes, offered.file_hash);
    put(bytes, offered.encrypted_hash);
    put(bytes, offered.inline_payload);
    return bytes;
}

std::optional<content::HistoryNotification> decode_history(BytesView encoded) {
    if (encoded.size() < numbers_bytes || encoded.front() != form) {
        return std::nullopt;
    }
    content::HistoryNotification offered;
    offered.sync_type = static_cast<std::int32_t>(read_be<4>(encoded.subspan(1)));
    offered.chunk_order = static_cast<std::uint32_t>(read_be<4>(encoded.subspan(5)));
    offered.progress = static_cast<std::uint32_t>(read_be<4>(encoded.subspan(9)));
    offered.oldest_message_seconds = static_cast<std::int64_t>(read_be<8>(encoded.subspan(13)));
    offered.length = read_be<8>(encoded.subspan(21));
    BytesView rest = encoded.subspan(numbers_bytes);
    std::array<BytesView, 6> fields;
    for (BytesView& field : fields) {
        if (!take(rest, field)) {
            return std::nullopt;
        }
    }
    offered.original_message_id = as_text(fields[0]);
    offered.direct_path = as_text(fields[1]);
    offered.media_key = to_bytes(fields[2]);
    offered.file_hash = to_bytes(fields[3]);
    offered.encrypted_hash = to_bytes(fields[4]);
    offered.inline_payload = to_bytes(fields[5]);
    return offered;
}

} // namespace vestari::receive
