#include "tests/synth/message/content.hpp"

#include "vestari/base/check.hpp"

namespace vestari::synth::content {

namespace {

constexpr std::uint32_t type_revoke = 0;
constexpr std::uint32_t type_history = 5;
constexpr std::uint32_t type_key_share = 6;
constexpr std::uint32_t type_edit = 14;

Bytes message_key(std::string_view id) { return ProtobufWriter{}.varint(2, 1).text(3, id).done(); }

Bytes protocol(const Bytes& fields) { return ProtobufWriter{}.bytes(12, fields).done(); }

} // namespace

Bytes text(std::string_view words) { return ProtobufWriter{}.text(1, words).done(); }

Bytes reply(std::string_view words, const Quoted& quoted) {
    ProtobufWriter context;
    context.text(1, quoted.id).text(2, quoted.author).bytes(3, text(quoted.text));
    if (!quoted.chat.empty()) {
        context.text(4, quoted.chat);
    }
    const Bytes extended = ProtobufWriter{}.text(1, words).bytes(17, context.done()).done();
    return ProtobufWriter{}.bytes(6, extended).done();
}

Bytes forwarded(std::string_view words) {
    const Bytes context = ProtobufWriter{}.varint(21, 2).varint(22, 1).done();
    const Bytes extended = ProtobufWriter{}.text(1, words).bytes(17, context).done();
    return ProtobufWriter{}.bytes(6, extended).done();
}

Bytes image(const MediaFile& file, std::string_view caption) {
    ProtobufWriter fields;
    fields.text(1, "https://mmg.whatsapp.net" + file.direct_path).text(2, file.mime_type);
    if (!caption.empty()) {
        fields.text(3, caption);
    }
    fields.bytes(4, file.file_hash).varint(5, file.length).varint(6, 1280).varint(7, 960);
    fields.bytes(8, file.media_key).bytes(9, file.encrypted_hash).text(11, file.direct_path);
    return ProtobufWriter{}.bytes(3, fields.done()).done();
}

Bytes video(const MediaFile& file, std::string_view caption) {
    ProtobufWriter fields;
    fields.text(2, file.mime_type).bytes(3, file.file_hash).varint(4, file.length).varint(5, 21);
    fields.bytes(6, file.media_key).text(7, caption).varint(9, 720).varint(10, 1280);
    fields.bytes(11, file.encrypted_hash).text(13, file.direct_path);
    return ProtobufWriter{}.bytes(9, fields.done()).done();
}

Bytes document(const MediaFile& file, std::string_view file_name, std::string_view caption) {
    ProtobufWriter fields;
    fields.text(2, file.mime_type)
        .text(3, file_name)
        .bytes(4, file.file_hash)
        .varint(5, file.length);
    fields.bytes(7, file.media_key).text(8, file_name).bytes(9, file.encrypted_hash);
    fields.text(10, file.direct_path).text(20, caption);
    return wrap(Wrapper::document_with_caption, ProtobufWriter{}.bytes(7, fields.done()).done());
}

Bytes album(std::uint32_t images) {
    return ProtobufWriter{}.bytes(83, ProtobufWriter{}.varint(2, images).done()).done();
}

Bytes album_child(const Bytes& image, std::string_view parent_id, std::uint32_t index) {
    const Bytes association =
        ProtobufWriter{}.varint(1, 1).bytes(2, message_key(parent_id)).varint(3, index).done();
    const Bytes context = ProtobufWriter{}.bytes(10, association).done();
    return ProtobufWriter{}.fields(image).bytes(35, context).done();
}

Bytes reaction(std::string_view target_id, std::string_view emoji) {
    const Bytes fields = ProtobufWriter{}.bytes(1, message_key(target_id)).text(2, emoji).done();
    return ProtobufWriter{}.bytes(46, fields).done();
}

Bytes sticker(const MediaFile& file) {
    ProtobufWriter fields;
    fields.bytes(2, file.file_hash).bytes(3, file.encrypted_hash).bytes(4, file.media_key);
    fields.text(5, "image/webp").text(8, file.direct_path);
    return ProtobufWriter{}.bytes(26, fields.done()).done();
}

Bytes edit(std::string_view target_id, const Bytes& content, std::int64_t at_ms) {
    return protocol(ProtobufWriter{}
                        .bytes(1, message_key(target_id))
                        .varint(2, type_edit)
                        .bytes(14, content)
                        .varint(15, static_cast<std::uint64_t>(at_ms))
                        .done());
}

Bytes revoke(std::string_view target_id) {
    return protocol(
        ProtobufWriter{}.bytes(1, message_key(target_id)).varint(2, type_revoke).done());
}

Bytes admin_revoke(std::string_view target_id, std::string_view author) {
    const Bytes key = ProtobufWriter{}.varint(2, 0).text(3, target_id).text(4, author).done();
    return protocol(ProtobufWriter{}.bytes(1, key).varint(2, type_revoke).done());
}

Bytes key_share(BytesView key_id, BytesView key_data) {
    const Bytes key = ProtobufWriter{}
                          .bytes(1, ProtobufWriter{}.bytes(1, key_id).done())
                          .bytes(2, ProtobufWriter{}.bytes(1, key_data).done())
                          .done();
    const Bytes share = ProtobufWriter{}.bytes(1, key).done();
    return protocol(ProtobufWriter{}.varint(2, type_key_share).bytes(7, share).done());
}

Bytes history_notification(const MediaFile& blob) {
    const Bytes note = ProtobufWriter{}
                           .bytes(1, blob.file_hash)
                           .varint(2, blob.length)
                           .bytes(3, blob.media_key)
                           .bytes(4, blob.encrypted_hash)
                           .text(5, blob.direct_path)
                           .varint(6, 3)
                           .varint(7, 1)
                           .done();
    return protocol(ProtobufWriter{}.varint(2, type_history).bytes(6, note).done());
}

Bytes wrap(Wrapper wrapper, const Bytes& content) {
    const Bytes inner = ProtobufWriter{}.bytes(1, content).done();
    return ProtobufWriter{}.bytes(static_cast<std::uint32_t>(wrapper), inner).done();
}

Bytes device_sent(std::string_view destination, const Bytes& content) {
    const Bytes sent = ProtobufWriter{}.text(1, destination).bytes(2, content).done();
    return ProtobufWriter{}.bytes(31, sent).done();
}

Bytes with_secret(const Bytes& content, BytesView message_secret) {
    const Bytes context = ProtobufWriter{}.bytes(3, message_secret).done();
    return ProtobufWriter{}.fields(content).bytes(35, context).done();
}

Bytes distribution(std::string_view group, BytesView signal_distribution) {
    const Bytes fields = ProtobufWriter{}.text(1, group).bytes(2, signal_distribution).done();
    return ProtobufWriter{}.bytes(2, fields).done();
}

Bytes pad(Bytes message, std::size_t count) {
    VESTARI_CHECK(count >= 1 && count <= 15);
    message.insert(message.end(), count, static_cast<std::byte>(count));
    return message;
}

} // namespace vestari::synth::content
