#include "bridge/content/extract.hpp"

#include <algorithm>

#include "bridge/content/fields.hpp"
#include "bridge/content/parts.hpp"

namespace vestari::content {

namespace {

constexpr std::uint32_t device_sent_wrapper = 31;
constexpr std::uint32_t document_with_caption = 53;

// The protocol message types that are told apart (ProtocolMessage.Type).
enum ProtocolType : std::uint8_t {
    revoke_type = 0,
    ephemeral_setting_type = 3,
    history_sync_type = 5,
    key_share_type = 6,
    message_edit_type = 14,
    lid_migration_type = 22,
};

void read_message(Block message, Message& to, Fault& fault);

bool is_content(Kind kind) noexcept { return kind == Kind::text || kind == Kind::media; }

bool is_view_once(std::uint32_t wrapper) noexcept {
    return wrapper == 37 || wrapper == 55 || wrapper == 59;
}

void put_text(std::string_view text, Message& to) {
    TextJoiner joined;
    joined.add(text);
    std::move(joined).put_into(to);
}

void read_extended_text(const Block& content, Message& to, Fault& fault) {
    std::string_view text;
    Block context;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            text = field->text();
        } else if (field->key == bytes(17)) {
            context.add(field->block(), fault);
        }
    }
    to.kind = Kind::text;
    put_text(text, to);
    read_context(context, to, fault);
}

void put_media(MediaFields from, Message& to, Fault& fault) {
    to.kind = Kind::media;
    to.view_once = to.view_once || from.view_once;
    put_text(from.caption, to);
    to.media = std::move(from.media);
    read_context(from.context, to, fault);
}

void read_album(const Block& content, Message& to, Fault& fault) {
    Album album;
    Block context;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case varint(2): album.expected_images = field->uint32(); break;
        case varint(3): album.expected_videos = field->uint32(); break;
        case bytes(17): context.add(field->block(), fault); break;
        default: break;
        }
    }
    to.kind = Kind::album;
    to.album = album;
    read_context(context, to, fault);
}

// A message that another one carries: it counts against the same wrapper limit and leaves no key distribution.
Message read_carried(const Block& carried, const Message& carrier, Fault& fault) {
    Message inner;
    inner.wrappers = carrier.wrappers;
    read_message(carried, inner, fault);
    return inner;
}

void put_carried(Message inner, Message& to) {
    to.text = std::move(inner.text);
    to.text_cut = inner.text_cut;
    to.media = std::move(inner.media);
    to.quote = std::move(inner.quote);
    to.quotes_elsewhere = inner.quotes_elsewhere;
    to.forwarded = inner.forwarded;
    to.expiration_seconds = inner.expiration_seconds;
}

void read_comment(const Block& content, Message& to, Fault& fault) {
    Block message;
    Block key;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            message.add(field->block(), fault);
        } else if (field->key == bytes(2)) {
            key.add(field->block(), fault);
        }
    }
    Message inner = read_carried(message, to, fault);
    if (!is_content(inner.kind)) { // a comment cannot carry an edit, a revoke or a control message
        to.kind = Kind::ignored;
        return;
    }
    to.kind = inner.kind;
    put_carried(std::move(inner), to);
    Target target = read_key(key, fault);
    if (!target.id.empty()) {
        to.quotes_elsewhere = false; // the comment's own target is in this chat
        to.quote = Quoted{
            .id = std::move(target.id), .participant = std::move(target.participant), .text = {}};
    }
}

void read_edit(const Block& edited, Message& to, Fault& fault) {
    to.kind = Kind::protocol_other; // until there is a message to edit and something to put there
    if (!edited.present()) {
        return;
    }
    Message inner = read_carried(edited, to, fault);
    if (!is_content(inner.kind) || !to.target || to.target->id.empty()) {
        return;
    }
    to.kind = Kind::edit;
    to.edited_kind = inner.kind;
    put_carried(std::move(inner), to);
}

void read_protocol(const Block& content, Message& to, Fault& fault) {
    Block key;
    Block edited;
    to.protocol_type = revoke_type; // the schema's default for an absent type
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): key.add(field->block(), fault); break;
        case varint(2): to.protocol_type = field->int32(); break;
        case varint(4): to.expiration_seconds = field->uint32(); break;
        case bytes(14): edited.add(field->block(), fault); break;
        case varint(15): to.edited_at_ms = field->int64(); break;
        default: break;
        }
    }
    to.target = read_key(key, fault);
    switch (to.protocol_type) {
    case revoke_type: to.kind = to.target->id.empty() ? Kind::protocol_other : Kind::revoke; break;
    case ephemeral_setting_type: to.kind = Kind::ephemeral_setting; break;
    case history_sync_type: to.kind = Kind::history_sync_notification; break;
    case key_share_type: to.kind = Kind::app_state_sync_key_share; break;
    case message_edit_type: read_edit(edited, to, fault); break;
    case lid_migration_type: to.kind = Kind::lid_migration_mapping_sync; break;
    default: to.kind = Kind::protocol_other; break;
    }
}

void read_secret_encrypted(const Block& content, Message& to, Fault& fault) {
    to.kind = Kind::secret_encrypted;
    Block key;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            key.add(field->block(), fault);
        } else if (field->key == varint(4)) {
            to.secret_type = field->int32();
        }
    }
    to.target = read_key(key, fault);
}

void read_ignored(std::uint32_t number, const Block& content, Message& to, Fault& fault) {
    to.kind = Kind::ignored;
    if (number == 46) { // a reaction: only what it is about, to tell it apart in tests and counts
        to.target = read_key(read_inner(content, 1, fault), fault);
    }
}

void read_document_message(const Block& content, Message& to, Fault& fault) {
    MediaFields document = read_document(content, fault);
    const bool wrapped = std::ranges::find(to.wrappers, document_with_caption) != to.wrappers.end();
    if (!wrapped) { // a bare document's caption is not shown to anybody (section 7.2)
        document.caption = {};
    }
    put_media(std::move(document), to, fault);
}

void read_content(std::uint32_t number, const Block& content, Message& to, Fault& fault) {
    to.field = number;
    switch (number) {
    case 1:
        to.kind = Kind::text;
        put_text(as_text(content.part(0)), to);
        return;
    case 3: return put_media(read_image(content, fault), to, fault);
    case 6: return read_extended_text(content, to, fault);
    case 7: return read_document_message(content, to, fault);
    case 8: return put_media(read_audio(content, fault), to, fault);
    case 9:
    case 66: return put_media(read_video(content, fault), to, fault);
    case 12: return read_protocol(content, to, fault);
    case 77: return read_comment(content, to, fault);
    case 82: return read_secret_encrypted(content, to, fault);
    case 83: return read_album(content, to, fault);
    default: break;
    }
    if (read_business(number, content, to, fault)) {
        return;
    }
    if (field_fact(number).role == FieldRole::ignored) {
        return read_ignored(number, content, to, fault);
    }
    to.kind = Kind::unknown;
}

// Key distributions are honoured where senders put them: outermost, or right inside what an own device sent.
bool may_distribute(const Message& message) noexcept {
    return message.wrappers.empty() ||
           (message.wrappers.size() == 1 && message.wrappers[0] == device_sent_wrapper);
}

void read_distribution(const Block& block, Message& to, Fault& fault) {
    Distribution distribution;
    WireReader in{block, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            distribution.group = read_jid(*field);
        } else if (field->key == bytes(2)) {
            distribution.bytes = read_bytes(*field);
        }
    }
    to.distribution = std::move(distribution);
}

void read_message(Block message, Message& to, Fault& fault) {
    while (!fault) {
        Level level = read_level(message, fault);
        if (fault) {
            return;
        }
        read_message_context(level.context, to, fault);
        if (level.distribution.present() && may_distribute(to)) {
            read_distribution(level.distribution, to, fault);
        }
        if (level.wrapped.field == 0) {
            if (level.content != 0) {
                read_content(level.content, level.content_block, to, fault);
            } else if (level.distribution.present()) {
                to.kind = Kind::key_distribution_only;
                to.field = 2;
            }
            return;
        }
        if (to.wrappers.size() == max_wrappers) {
            return fault.set(ContentErrc::too_many_wrappers);
        }
        to.wrappers.push_back(level.wrapped.field);
        to.view_once = to.view_once || is_view_once(level.wrapped.field);
        if (level.wrapped.field == device_sent_wrapper) {
            to.device_sent_to = std::move(level.device_sent_to);
        }
        message = level.wrapped.message;
    }
}

} // namespace

Result<BytesView> unpad(BytesView decrypted, int enc_version) {
    if (enc_version != 2 && enc_version != 3) {
        return ContentErrc::unsupported_version;
    }
    if (decrypted.empty()) {
        return ContentErrc::empty;
    }
    if (enc_version == 3) {
        return decrypted;
    }
    const auto count = std::to_integer<std::size_t>(decrypted.back());
    if (count == 0 || count > decrypted.size()) {
        return ContentErrc::bad_padding;
    }
    for (const std::byte b : decrypted.last(count)) {
        if (b != decrypted.back()) {
            return ContentErrc::bad_padding;
        }
    }
    return decrypted.first(decrypted.size() - count);
}

Result<Message> extract(BytesView message) {
    Fault fault;
    Message out;
    read_message(Block{message}, out, fault);
    if (fault) {
        return fault.error();
    }
    return out;
}

} // namespace vestari::content
