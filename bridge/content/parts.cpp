#include "bridge/content/parts.hpp"

#include <algorithm>

#include "vestari/base/utf8.hpp"

namespace vestari::content {

namespace {

constexpr std::size_t max_mime_bytes = 256;
constexpr std::size_t max_path_bytes = 2048;
constexpr std::size_t max_file_name_bytes = 1024;
constexpr std::size_t max_hash_bytes = 64; // 32 in truth; a longer one is no hash
constexpr std::size_t secret_bytes = 32;

Bytes read_hash(const Field& field) {
    return field.view.size() <= max_hash_bytes ? read_bytes(field) : Bytes{};
}

Association::Role role_of(std::int32_t type) noexcept {
    switch (type) { // MessageAssociation.AssociationType
    case 1: return Association::Role::album_child;
    case 5:
    case 10:
    case 19: return Association::Role::better_rendition;
    case 4: // what belongs to a status, and motion photos
    case 6:
    case 8:
    case 9:
    case 12:
    case 13:
    case 15:
    case 16:
    case 17:
    case 18: return Association::Role::skip;
    default: return Association::Role::none;
    }
}

Association read_association(const Block& association, Fault& fault) {
    Association to;
    Block key;
    WireReader in{association, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case varint(1): to.type = field->int32(); break;
        case bytes(2): key.add(field->block(), fault); break;
        case varint(3): to.index = field->int32(); break;
        default: break;
        }
    }
    to.role = role_of(to.type);
    to.parent_id = read_key(key, fault).id;
    return to;
}

} // namespace

std::string read_token(const Field& field, std::size_t limit) {
    const std::string_view text = field.text();
    const auto printable = [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
    };
    if (text.size() > limit || !std::ranges::all_of(text, printable) || !is_valid_utf8(text)) {
        return {};
    }
    return std::string{text};
}

void TextJoiner::add(std::string_view part) {
    if (part.empty()) {
        return;
    }
    const std::string clean = to_valid_utf8(cut_utf8(part, event::max_text_bytes));
    cut_ = cut_ || part.size() > event::max_text_bytes;
    if (!text_.empty()) {
        if (text_.size() == event::max_text_bytes) {
            cut_ = true;
            return;
        }
        text_.push_back('\n');
    }
    const std::string_view fits = cut_utf8(clean, event::max_text_bytes - text_.size());
    cut_ = cut_ || fits.size() < clean.size();
    text_.append(fits);
}

void TextJoiner::put_into(Message& message) && {
    message.text = std::move(text_);
    message.text_cut = cut_;
}

Target read_key(const Block& key, Fault& fault) {
    Target to;
    WireReader in{key, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): to.remote_jid = read_jid(*field); break;
        case varint(2): to.from_me = field->flag(); break;
        case bytes(3): to.id = read_id(*field); break;
        case bytes(4): to.participant = read_jid(*field); break;
        default: break;
        }
    }
    return to;
}

Block read_inner(const Block& message, std::uint32_t number, Fault& fault) {
    Block inner;
    WireReader in{message, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(number)) {
            inner.add(field->block(), fault);
        }
    }
    return inner;
}

MediaFields read_image(const Block& image, Fault& fault) {
    MediaFields to;
    to.media.type = MediaType::image;
    WireReader in{image, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(2): to.media.mime_type = read_token(*field, max_mime_bytes); break;
        case bytes(3): to.caption = field->text(); break;
        case bytes(4): to.media.file_hash = read_hash(*field); break;
        case varint(5): to.media.length = field->value; break;
        case varint(6): to.media.height = field->uint32(); break;
        case varint(7): to.media.width = field->uint32(); break;
        case bytes(8): to.media.media_key = read_hash(*field); break;
        case bytes(9): to.media.encrypted_hash = read_hash(*field); break;
        case bytes(11): to.media.direct_path = read_token(*field, max_path_bytes); break;
        case bytes(17): to.context.add(field->block(), fault); break;
        case varint(25): to.view_once = field->flag(); break;
        default: break;
        }
    }
    return to;
}

MediaFields read_video(const Block& video, Fault& fault) {
    MediaFields to;
    to.media.type = MediaType::video;
    WireReader in{video, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(2): to.media.mime_type = read_token(*field, max_mime_bytes); break;
        case bytes(3): to.media.file_hash = read_hash(*field); break;
        case varint(4): to.media.length = field->value; break;
        case bytes(6): to.media.media_key = read_hash(*field); break;
        case bytes(7): to.caption = field->text(); break;
        case varint(9): to.media.height = field->uint32(); break;
        case varint(10): to.media.width = field->uint32(); break;
        case bytes(11): to.media.encrypted_hash = read_hash(*field); break;
        case bytes(13): to.media.direct_path = read_token(*field, max_path_bytes); break;
        case bytes(17): to.context.add(field->block(), fault); break;
        case varint(20): to.view_once = field->flag(); break;
        default: break;
        }
    }
    return to;
}

MediaFields read_audio(const Block& audio, Fault& fault) {
    MediaFields to;
    to.media.type = MediaType::audio;
    WireReader in{audio, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(2): to.media.mime_type = read_token(*field, max_mime_bytes); break;
        case bytes(3): to.media.file_hash = read_hash(*field); break;
        case varint(4): to.media.length = field->value; break;
        case bytes(7): to.media.media_key = read_hash(*field); break;
        case bytes(8): to.media.encrypted_hash = read_hash(*field); break;
        case bytes(9): to.media.direct_path = read_token(*field, max_path_bytes); break;
        case bytes(17): to.context.add(field->block(), fault); break;
        case varint(21): to.view_once = field->flag(); break;
        default: break;
        }
    }
    return to;
}

MediaFields read_document(const Block& document, Fault& fault) {
    MediaFields to;
    to.media.type = MediaType::document;
    WireReader in{document, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(2): to.media.mime_type = read_token(*field, max_mime_bytes); break;
        case bytes(4): to.media.file_hash = read_hash(*field); break;
        case varint(5): to.media.length = field->value; break;
        case bytes(7): to.media.media_key = read_hash(*field); break;
        case bytes(8):
            to.media.file_name = to_valid_utf8(cut_utf8(field->text(), max_file_name_bytes));
            break;
        case bytes(9): to.media.encrypted_hash = read_hash(*field); break;
        case bytes(10): to.media.direct_path = read_token(*field, max_path_bytes); break;
        case bytes(17): to.context.add(field->block(), fault); break;
        case bytes(20): to.caption = field->text(); break;
        default: break;
        }
    }
    return to;
}

void read_context(const Block& context, Message& to, Fault& fault) {
    Quoted quote;
    Block quoted;
    bool elsewhere = false; // may stand behind what it forbids to read: decide at the end
    WireReader in{context, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): quote.id = read_id(*field); break;
        case bytes(2): quote.participant = read_jid(*field); break;
        case bytes(3): quoted.add(field->block(), fault); break;
        case bytes(4): elsewhere = true; break;
        case varint(22): to.forwarded = field->flag(); break;
        case varint(25): to.expiration_seconds = field->uint32(); break;
        case varint(59): to.paired_media = field->int32(); break;
        default: break;
        }
    }
    to.quotes_elsewhere = elsewhere;
    if (elsewhere || fault || (quote.id.empty() && !quoted.present())) {
        return;
    }
    if (quoted.present()) {
        quote.text = read_quoted_text(quoted);
    }
    to.quote = std::move(quote);
}

void read_message_context(const Block& context, Message& to, Fault& fault) {
    Block association;
    WireReader in{context, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(3) && field->view.size() == secret_bytes) {
            to.message_secret = read_bytes(*field);
        } else if (field->key == bytes(10)) {
            association.add(field->block(), fault);
        }
    }
    if (association.present()) {
        to.association = read_association(association, fault);
    }
}

} // namespace vestari::content
