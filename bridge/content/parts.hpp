// The messages inside a `Message` that several kinds of content share, each read into the struct of message.hpp.
//
// Inside the folder only. Each reader takes a Block and adds to what it is given, so that a field which the writer split reads as
// one. Strings come out as valid UTF-8; ids and JIDs that break message.hpp's invariants come out empty.
//
// Threads     free functions without state.
// Errors      the Fault, as protobuf_reader.hpp says.
// Source      wire/proto-messages.md, the tables of the same names.
#pragma once

#include <string>

#include "bridge/content/message.hpp"
#include "bridge/content/protobuf_reader.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::content {

// The text if it is valid UTF-8 without control characters and at most `limit` bytes long, else empty.
std::string read_token(const Field& field, std::size_t limit);
inline std::string read_id(const Field& field) { return read_token(field, 128); }
inline std::string read_jid(const Field& field) { return read_token(field, max_jid_bytes); }
inline Bytes read_bytes(const Field& field) { return to_bytes(field.view); }

// Joins the parts of a text with line feeds, leaves empty ones out and stops at event::max_text_bytes.
class TextJoiner {
public:
    void add(const Field& field) { add(field.text()); }
    void add(std::string_view part);
    void put_into(Message& message) &&;

private:
    std::string text_;
    bool cut_ = false;
};

Target read_key(const Block& key, Fault& fault); // MessageKey

// The field `number` of a message, as a block: FutureProofMessage.message and its like.
Block read_inner(const Block& message, std::uint32_t number, Fault& fault);

// A media message's own fields; caption and contextInfo stay with the caller.
struct MediaFields {
    Media media;
    std::string_view caption; // into the input, unchecked
    Block context;
    bool view_once = false;
};
MediaFields read_image(const Block& image, Fault& fault);
MediaFields read_video(const Block& video, Fault& fault);
MediaFields read_audio(const Block& audio, Fault& fault);
MediaFields read_document(const Block& document, Fault& fault);

// contextInfo, into quote, quotes_elsewhere, forwarded and expiration_seconds.
void read_context(const Block& context, Message& to, Fault& fault);

// messageContextInfo, into association and message_secret. What is given overrides what an outer one gave.
void read_message_context(const Block& context, Message& to, Fault& fault);

// The text and the media of content that businesses send: template, buttons, list, interactive, product, order, their responses,
// and of invitations, events and polls. False when `number` is none of them.
bool read_business(std::uint32_t number, const Block& content, Message& to, Fault& fault);

// The text of a quoted message: conversation, extended text or a caption, below at most max_wrappers wrappers. Empty when it has
// none or cannot be read: what others quoted does not spoil the message that quotes it.
std::string read_quoted_text(const Block& message);

// The wrapped message in a `Message`, outermost wrapper first: deviceSentMessage, then the FutureProofMessage fields in the
// order of section 7.1. `field` is 0 when there is none.
struct Wrapped {
    std::uint32_t field = 0;
    Block message;
};

// One level of a `Message`: what stands beside each other in it.
struct Level {
    Wrapped wrapped;
    std::string device_sent_to; // of a deviceSentMessage
    Block context;              // messageContextInfo
    Block distribution;         // senderKeyDistributionMessage
    std::uint32_t content = 0;  // field number of the content, 0 when there is none
    Block content_block;
};
Level read_level(const Block& message, Fault& fault);

} // namespace vestari::content
