// What the own phone tells this device: field 12 of a `Message`, everything else unread.
//
// Use it on route own_peer only, and only after the session proved that the primary device of the own account sent it. From anybody
// else the same content is a forgery; extract() shows it by kind and never gives its data.
//
// Invariants  whatever is not one of the listed types is `nothing`: its data is not looked at.
// Threads     free functions without state.
// Errors      ContentErrc.
// Source      wire/20-messages.md sections 2.5, 5.5, 8.1 and 10.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "bridge/content/protobuf_reader.hpp"

namespace vestari::content {

// Where a history blob is. The values are those of section 8.1.
struct HistoryNotification {
    std::int32_t sync_type = 0;
    std::uint32_t chunk_order = 0;
    std::uint32_t progress = 0;
    std::int64_t oldest_message_seconds = 0;
    std::string original_message_id;
    std::string direct_path;
    Bytes media_key;
    Bytes file_hash;
    Bytes encrypted_hash;
    std::uint64_t length = 0; // of the compressed plaintext, as claimed
    Bytes inline_payload;     // the zlib stream itself, or empty
};

struct AppStateKey {
    Bytes id;
    Bytes data; // 32 bytes
    std::int64_t timestamp = 0;
};
struct AppStateKeyShare {
    std::vector<AppStateKey> keys; // those with an id and 32 bytes of data
};

struct LidMapping {
    std::uint64_t pn = 0;
    std::uint64_t lid = 0; // the latest where given, else the assigned one
};
struct LidMigration {
    std::vector<LidMapping> mappings;
};

// Recognised, without effect: security settings, fatal exceptions, answers to requests that are never made, and the like.
struct NoAction {
    std::int32_t protocol_type = -1; // -1: no control message at all
};

using OwnControl = std::variant<NoAction, HistoryNotification, AppStateKeyShare, LidMigration>;

[[nodiscard]] Result<OwnControl> read_own_control(BytesView message);

} // namespace vestari::content
