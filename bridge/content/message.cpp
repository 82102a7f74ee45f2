#include "bridge/content/message.hpp"

#include <algorithm>

namespace vestari::content {

namespace {

constexpr std::size_t key_bytes = 32;

// The path is put behind a host that we choose: it must be one, and nothing that could change the host or the request.
bool is_media_path(std::string_view path) noexcept {
    return path.starts_with('/') &&
           std::ranges::all_of(path, [](char c) { return c > 0x20 && c < 0x7f; });
}

} // namespace

std::string_view to_string(Kind kind) noexcept {
    switch (kind) {
    case Kind::text: return "text";
    case Kind::media: return "media";
    case Kind::album: return "album";
    case Kind::edit: return "edit";
    case Kind::revoke: return "revoke";
    case Kind::ephemeral_setting: return "ephemeral_setting";
    case Kind::history_sync_notification: return "history_sync_notification";
    case Kind::app_state_sync_key_share: return "app_state_sync_key_share";
    case Kind::lid_migration_mapping_sync: return "lid_migration_mapping_sync";
    case Kind::protocol_other: return "protocol_other";
    case Kind::secret_encrypted: return "secret_encrypted";
    case Kind::ignored: return "ignored";
    case Kind::key_distribution_only: return "key_distribution_only";
    case Kind::unknown: return "unknown";
    }
    return "unknown";
}

event::Kind event_kind(const Message& message) noexcept {
    const bool stands_alone = !message.association ||
                              message.association->role == Association::Role::album_child ||
                              message.association->role == Association::Role::none;
    if (message.kind == Kind::edit) {
        return event::Kind::edit;
    }
    if (message.kind == Kind::revoke) {
        return event::Kind::revoke;
    }
    if (!stands_alone) {
        return event::Kind::other;
    }
    if (message.kind == Kind::text) {
        return event::Kind::text;
    }
    if (message.kind == Kind::album) {
        return event::Kind::album;
    }
    if (message.kind != Kind::media || !message.media) {
        return event::Kind::other;
    }
    switch (message.media->type) {
    case MediaType::image: return event::Kind::image;
    case MediaType::video: return event::Kind::video;
    case MediaType::document: return event::Kind::document;
    case MediaType::audio: return event::Kind::other;
    }
    return event::Kind::other;
}

std::optional<event::PhotoReference> photo_of(const Message& message) {
    if (!message.media || message.media->type != MediaType::image) {
        return std::nullopt;
    }
    const Media& media = *message.media;
    if (!is_media_path(media.direct_path) || media.media_key.size() != key_bytes ||
        media.file_hash.size() != key_bytes || media.encrypted_hash.size() != key_bytes) {
        return std::nullopt;
    }
    return event::PhotoReference{.direct_path = media.direct_path,
                                 .mime_type = media.mime_type,
                                 .media_key = media.media_key,
                                 .file_hash = media.file_hash,
                                 .encrypted_hash = media.encrypted_hash,
                                 .length = media.length};
}

std::optional<event::Quote> quote_of(const Message& message) {
    if (!message.quote) {
        return std::nullopt;
    }
    return event::Quote{
        .id = message.quote->id, .author = message.quote->participant, .text = message.quote->text};
}

} // namespace vestari::content
