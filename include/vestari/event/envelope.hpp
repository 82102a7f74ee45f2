// What crosses the pipe from the bridge to ingest: plain structs without behaviour.
//
// Order on the pipe   ingest -> bridge: Keys first, then Ack.
//                     bridge -> ingest: Hello, then Group before the first Envelope of that group and on every change, Envelope in
//                     the spool's order, and Summary at the end of a replay (earlier ones tell how far it is).
// Invariants          text is valid UTF-8 of at most `max_text_bytes`; JIDs are printable text (base/jid.hpp) without a device;
//                     what a field says about a person came from the decrypting session, never from a field of the message.
// Threads             values.
// Source              SETTLED sections 1, 4 and 6; DESIGN 3.4.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::event {

inline constexpr std::size_t max_text_bytes = 64U << 10U; // SETTLED section 5
inline constexpr std::size_t max_frame_bytes = 1U << 20U; // of one encoded frame on the pipe
inline constexpr std::uint32_t protocol_version = 1;

// The closed list of SETTLED section 4.
enum class Kind : std::uint8_t {
    text,
    image,
    video,
    document,
    album,
    edit,   // `text` replaces the text of message `target`
    revoke, // message `target` is withdrawn
    group,  // the chat's name or the own membership changed
    gap,    // a message that could not be read: `text` is empty
    other,  // read, understood, nothing to keep
};
std::string_view to_string(Kind kind) noexcept; // the JSON word; defined in codec.cpp
std::optional<Kind> kind_from(std::string_view word) noexcept;

// Who wrote: at least one is set, both where the mapping is known.
struct Person {
    std::string lid; // "…@lid" or empty
    std::string pn;  // "…@s.whatsapp.net" or empty
    bool operator==(const Person&) const = default;
};

// What the message answers. `text` is filled only when the quoted message comes from the same chat (no contextInfo.remoteJid).
struct Quote {
    std::string id;
    std::string author; // as the message claims it: not authenticated
    std::string text;
    bool operator==(const Quote&) const = default;
};

// The latest time that a frame can say, the end of the year 9999; the earliest is the epoch.
inline constexpr TimePoint last_time{std::chrono::milliseconds{253'402'300'799'999}};

// Where a photo can be fetched and how it is opened. Secret: it is sealed wherever it rests.
struct PhotoReference {
    std::string direct_path;
    std::string mime_type;
    Bytes media_key;          // 32 bytes
    Bytes file_hash;          // SHA-256 of the plaintext
    Bytes encrypted_hash;     // SHA-256 of what the host serves
    std::uint64_t length = 0; // as claimed; never allocated from
    bool operator==(const PhotoReference&) const = default;
};

struct Envelope {
    std::string account;        // configuration name
    std::uint64_t sequence = 0; // of the spool; grows by one
    std::string chat;           // "…@g.us"
    Person sender;
    std::string push_name; // chosen by the sender: untrusted, may be empty
    std::string id;        // message id, opaque, 1 to 128 bytes
    TimePoint sent_at;     // the server's time
    Kind kind = Kind::other;
    std::string text;   // text or caption; of an edit the new text
    std::string target; // edit, revoke: the id of the message it is about
    std::optional<TimePoint>
        edited_at; // edit: when, as its author claims (timestampMs); orders the edits of one message
    std::optional<Quote> quote;
    std::string album_parent; // id of the album message, or empty
    std::optional<PhotoReference> photo;
    bool forwarded = false;
    bool sender_is_admin =
        false;            // revoke: by an admin of the group, who names the message's author in it
    bool from_me = false; // written by another device of the own account
    bool operator==(const Envelope&) const = default;
};

struct Hello {
    std::uint32_t protocol = protocol_version;
    std::string program; // "vestari-bridge 0.1.0"
    std::string account;
    std::string me_pn;            // own number, or empty
    std::string me_lid;           // own LID, or empty
    std::string default_currency; // replay: the fixture's, or empty
    bool operator==(const Hello&) const = default;
};

struct Group {
    std::string jid;
    std::string name;     // empty when not known
    std::string currency; // ISO 4217, or empty
    bool included = false;
    bool operator==(const Group&) const = default;
};

struct Ack {
    std::uint64_t sequence = 0; // everything up to and including it is durable in the archive
    bool operator==(const Ack&) const = default;
};

// What a replay saw; the words are those of fixtures/*/expected.json.
struct Counts {
    std::uint64_t stanzas = 0;
    std::uint64_t dropped = 0;
    std::uint64_t decrypted = 0;
    std::uint64_t failed = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t other = 0;
    bool operator==(const Counts&) const = default;
};

struct Summary {
    Counts counts;
    std::uint64_t refused =
        0; // forged edits, revokes and control messages: decrypted, counted, without effect
    std::vector<std::pair<std::string, std::uint64_t>> dropped_by_reason;
    bool operator==(const Summary&) const = default;
};

// The keys that the bridge is lent: session and index, nothing else (SETTLED section 1). The receiver moves them into
// secrets that wipe themselves and cleanses this struct.
struct Keys {
    std::string account;
    std::array<std::byte, 16> account_id{};
    Bytes session_key; // 32 bytes
    std::uint32_t session_key_version = 1;
    Bytes index_key; // 32 bytes
    std::uint32_t index_key_version = 1;
    std::uint64_t lease_epoch = 0;
    std::vector<Group> groups; // the include-list, with names and currencies where known
    std::uint32_t groups_behind =
        0; // the codec's: groups that did not fit, in frames of their own; 0 in a whole one
    bool operator==(const Keys&) const = default;
};

using Frame = std::variant<Hello, Keys, Group, Envelope, Ack, Summary>;

} // namespace vestari::event
