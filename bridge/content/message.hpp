// What one decrypted `Message` says, as far as Vestari reads it: owned values, nothing points into the plaintext.
//
// Invariants  text is valid UTF-8 of at most event::max_text_bytes; it is kept as written otherwise, NUL and invisible characters
//             included. Ids have 1 to 128 printable bytes and JIDs at most event's bound: what does not is left out as if absent.
//             A field says what the sender claims. Who wrote, in which chat and when comes from the session and the stanza.
// Threads     values.
// Source      wire/20-messages.md sections 7 and 13, wire/proto-messages.md, SETTLED section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::content {

inline constexpr std::size_t max_wrappers = 8;

// The words of wire/20-messages.md section 13.
enum class Kind : std::uint8_t {
    text,
    media,
    album, // announces an album; its photos are messages of their own
    edit,
    revoke,
    ephemeral_setting,
    history_sync_notification, // this and the next two: a forgery unless it comes from the own phone (own_control.hpp)
    app_state_sync_key_share,
    lid_migration_mapping_sync,
    protocol_other, // any other control message, and an edit or revoke that names no message
    secret_encrypted,
    ignored,
    key_distribution_only,
    unknown,
};
std::string_view to_string(Kind kind) noexcept;

enum class MediaType : std::uint8_t { image, video, audio, document };

// Where a file can be fetched, as the sender claims it. Nothing is checked but the texts' form: photo_of() decides.
struct Media {
    MediaType type = MediaType::image;
    std::string mime_type;
    std::string direct_path;
    std::string file_name; // of a document
    Bytes media_key;
    Bytes file_hash;
    Bytes encrypted_hash;
    std::uint64_t length = 0; // never allocated from
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool operator==(const Media&) const = default;
};

// The message that another one is about.
struct Target {
    std::string id;          // empty when the key has none that can be used
    std::string participant; // its author as the sender claims
    std::string remote_jid;  // unreliable: never compare it
    bool from_me = false;    // seen from the sender
    bool operator==(const Target&) const = default;
};

// What the message answers, when that is in the same chat: a quote from elsewhere can hold words of a private chat, so only
// Message::quotes_elsewhere remains of it.
struct Quoted {
    std::string id;          // empty when it has none that can be used
    std::string participant; // as the sender claims
    std::string text;        // as the sender claims; empty when there is none to read
    bool operator==(const Quoted&) const = default;
};

struct Album {
    std::uint32_t expected_images = 0;
    std::uint32_t expected_videos = 0;
    bool operator==(const Album&) const = default;
};

// How a media message belongs to another one (section 7.3).
struct Association {
    enum class Role : std::uint8_t {
        album_child,
        better_rendition, // replaces the parent's media; the parent keeps its caption and id
        skip,             // a motion photo or something of a status: no message
        none,             // ordinary content
    };
    std::int32_t type = 0; // as on the wire
    Role role = Role::none;
    std::string parent_id; // may be empty
    std::int32_t index = 0;
    bool operator==(const Association&) const = default;
};

// Sender key distribution: the inner bytes with their version byte. `group` is a claim; the stanza's chat must equal it.
struct Distribution {
    std::string group;
    Bytes bytes;
    bool operator==(const Distribution&) const = default;
};

struct Message {
    Kind kind = Kind::unknown;
    std::uint32_t field = 0;             // number in `Message` of the content, 0 when there is none
    std::vector<std::uint32_t> wrappers; // field numbers, from the outside in; at most max_wrappers
    bool view_once = false;

    std::string text;      // text or caption; of an edit the new one
    bool text_cut = false; // it was longer than the limit
    std::optional<Media> media;
    std::optional<Quoted> quote;
    bool quotes_elsewhere = false; // there was a quote from another chat: not read
    bool forwarded = false;
    std::uint32_t expiration_seconds = 0; // of a disappearing message, else 0
    std::int32_t paired_media = 0;        // ContextInfo.PairedMediaType, as on the wire

    std::optional<Album> album;
    std::optional<Association> association;

    std::int32_t protocol_type = -1;  // of a control message, else -1
    std::optional<Target> target;     // edit, revoke, reaction, secret_encrypted
    Kind edited_kind = Kind::unknown; // of an edit: what the new content is
    std::int64_t edited_at_ms = 0;    // of an edit: the sender's time; orders edits
    std::int32_t secret_type = 0;     // of secret_encrypted

    std::optional<Distribution> distribution;
    std::optional<std::string>
        device_sent_to;   // a deviceSentMessage wrapper: legitimate from own devices only
    Bytes message_secret; // 32 bytes or empty
    bool operator==(const Message&) const = default;
};

// The name of a field of `Message` ("conversation"), or an empty text for a number that neither schema has.
std::string_view field_name(std::uint32_t number) noexcept;

// What the message is for the archive: text, image, video, document, album, edit, revoke or other.
event::Kind event_kind(const Message& message) noexcept;

// The photo that can be fetched for it: an image with a path on the media host, key and hashes in full. Empty otherwise.
std::optional<event::PhotoReference> photo_of(const Message& message);

std::optional<event::Quote> quote_of(const Message& message);

} // namespace vestari::content
