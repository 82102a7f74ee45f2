#include "bridge/content/own_control.hpp"

#include "bridge/content/parts.hpp"

namespace vestari::content {

namespace {

constexpr std::int32_t history_type = 5;
constexpr std::int32_t key_share_type = 6;
constexpr std::int32_t lid_migration_type = 22;
constexpr std::size_t max_path_bytes = 2048;
constexpr std::size_t app_state_key_bytes = 32;

HistoryNotification read_history(const Block& block, Fault& fault) {
    HistoryNotification to;
    WireReader in{block, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): to.file_hash = read_bytes(*field); break;
        case varint(2): to.length = field->value; break;
        case bytes(3): to.media_key = read_bytes(*field); break;
        case bytes(4): to.encrypted_hash = read_bytes(*field); break;
        case bytes(5): to.direct_path = read_token(*field, max_path_bytes); break;
        case varint(6): to.sync_type = field->int32(); break;
        case varint(7): to.chunk_order = field->uint32(); break;
        case bytes(8): to.original_message_id = read_id(*field); break;
        case varint(9): to.progress = field->uint32(); break;
        case varint(10): to.oldest_message_seconds = field->int64(); break;
        case bytes(11): to.inline_payload = read_bytes(*field); break;
        default: break;
        }
    }
    return to;
}

AppStateKey read_key_data(const Block& id, const Block& data, Fault& fault) {
    AppStateKey to;
    WireReader in_id{id, fault};
    while (const auto field = in_id.next()) {
        if (field->key == bytes(1)) {
            to.id = read_bytes(*field);
        }
    }
    WireReader in_data{data, fault};
    while (const auto field = in_data.next()) {
        if (field->key == bytes(1)) {
            to.data = read_bytes(*field);
        } else if (field->key == varint(3)) {
            to.timestamp = field->int64();
        }
    }
    return to;
}

AppStateKeyShare read_key_share(const Block& block, Fault& fault) {
    AppStateKeyShare to;
    WireReader in{block, fault};
    while (const auto field = in.next()) {
        if (field->key != bytes(1)) {
            continue;
        }
        AppStateKey key = read_key_data(read_inner(field->block(), 1, fault),
                                        read_inner(field->block(), 2, fault), fault);
        if (!key.id.empty() && key.data.size() == app_state_key_bytes) {
            to.keys.push_back(std::move(key));
        }
    }
    return to;
}

LidMapping read_mapping(const Block& block, Fault& fault) {
    LidMapping to;
    std::uint64_t latest = 0;
    WireReader in{block, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case varint(1): to.pn = field->value; break;
        case varint(2): to.lid = field->value; break;
        case varint(3): latest = field->value; break;
        default: break;
        }
    }
    if (latest != 0) {
        to.lid = latest;
    }
    return to;
}

LidMigration read_lid_migration(const Block& block, Fault& fault) {
    LidMigration to;
    WireReader in{read_inner(block, 1, fault), fault}; // encodedMappingPayload
    while (const auto field = in.next()) {
        if (field->key != bytes(1)) {
            continue;
        }
        const LidMapping mapping = read_mapping(field->block(), fault);
        if (mapping.pn != 0 && mapping.lid != 0) {
            to.mappings.push_back(mapping);
        }
    }
    return to;
}

} // namespace

Result<OwnControl> read_own_control(BytesView message) {
    Fault fault;
    const Block protocol = read_inner(Block{message}, 12, fault);
    std::int32_t type = protocol.present() ? 0 : -1;
    Block history;
    Block key_share;
    Block migration;
    WireReader in{protocol, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case varint(2): type = field->int32(); break;
        case bytes(6): history.add(field->block(), fault); break;
        case bytes(7): key_share.add(field->block(), fault); break;
        case bytes(23): migration.add(field->block(), fault); break;
        default: break;
        }
    }
    OwnControl out = NoAction{.protocol_type = type};
    if (type == history_type && history.present()) {
        out = read_history(history, fault);
    } else if (type == key_share_type && key_share.present()) {
        out = read_key_share(key_share, fault);
    } else if (type == lid_migration_type && migration.present()) {
        out = read_lid_migration(migration, fault);
    }
    if (fault) {
        return fault.error();
    }
    return out;
}

} // namespace vestari::content
