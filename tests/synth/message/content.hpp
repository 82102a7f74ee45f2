// What people send: the bytes of a `Message`, as an official sender writes it before padding and encryption.
//
// Threads     free functions; values.
// Source      wire/proto-messages.md (field numbers), wire/20-messages.md sections 4.2, 5.5 and 7.
#pragma once

#include <optional>

#include "tests/synth/message/protobuf_writer.hpp"

namespace vestari::synth {

// What a reply points at. `chat` is set when the quoted message stands in another chat (a "private reply").
struct Quoted {
    std::string id;
    std::string author;
    std::string text;
    std::string chat;
};

struct MediaFile {
    std::string direct_path;
    std::string mime_type;
    Bytes media_key;
    Bytes file_hash;
    Bytes encrypted_hash;
    std::uint64_t length = 0;
};

// Fields of `Message` that wrap another one.
enum class Wrapper : std::uint32_t {
    ephemeral = 40,
    document_with_caption = 53,
    view_once = 55,
    edited = 58,
    child = 91
};

namespace content {

Bytes text(std::string_view words);                        // conversation
Bytes reply(std::string_view words, const Quoted& quoted); // extended text with a quote
Bytes forwarded(std::string_view words);
Bytes image(const MediaFile& file, std::string_view caption);
Bytes video(const MediaFile& file, std::string_view caption);
Bytes document(const MediaFile& file, std::string_view file_name,
               std::string_view caption); // in its wrapper
Bytes album(std::uint32_t images);
Bytes album_child(const Bytes& image, std::string_view parent_id, std::uint32_t index);
Bytes reaction(std::string_view target_id, std::string_view emoji);
Bytes sticker(const MediaFile& file);

Bytes edit(std::string_view target_id, const Bytes& content, std::int64_t at_ms); // bare
Bytes revoke(std::string_view target_id);                                         // by its author
Bytes admin_revoke(std::string_view target_id, std::string_view author);

// What only the own phone may send; from others it is a forgery.
Bytes key_share(BytesView key_id, BytesView key_data);
Bytes history_notification(const MediaFile& blob);

Bytes wrap(Wrapper wrapper, const Bytes& content);
Bytes device_sent(std::string_view destination, const Bytes& content);
Bytes with_secret(const Bytes& content, BytesView message_secret);
Bytes distribution(std::string_view group, BytesView signal_distribution);

// Pads as senders do: `count` bytes, each holding `count`.
Bytes pad(Bytes message, std::size_t count);

} // namespace content
} // namespace vestari::synth
