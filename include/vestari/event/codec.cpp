#include "vestari/event/codec.hpp"

#include <cstring>

#include <google/protobuf/stubs/logging.h>

#include "event.pb.h"
#include "vestari/base/check.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/base/utf8.hpp"

namespace vestari::event {

namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t max_name_bytes = 1024; // of a person, a group, a configuration entry
constexpr std::size_t max_jid_text_bytes = max_jid_bytes + 8; // with its @ and its device
constexpr std::size_t max_currency_bytes = 3;
constexpr std::size_t max_id_bytes = 128; // wire/20-messages.md section 2.1
constexpr std::size_t max_path_bytes = 4096;
constexpr std::size_t max_reasons = 256;
constexpr std::size_t max_groups = 16'384; // of an include-list
constexpr std::size_t keys_with_groups =
    max_frame_bytes / 2; // beyond, groups get frames of their own
constexpr std::int64_t last_millisecond = last_time.time_since_epoch().count();

constexpr std::string_view kind_words[] = {"text", "image",  "video", "document", "album",
                                           "edit", "revoke", "group", "gap",      "other"};
static_assert(std::size(kind_words) == static_cast<std::size_t>(Kind::other) + 1);

// What decode would refuse must not leave: one such frame in the spool would end every replay of it.
void put(std::string* to, std::string_view text, std::size_t limit) {
    const std::string_view part = cut_utf8(text, limit);
    *to =
        is_valid_utf8(part) ? std::string{part} : std::string{cut_utf8(to_valid_utf8(part), limit)};
}

std::int64_t sane_milliseconds(TimePoint time) {
    return std::clamp<std::int64_t>(time.time_since_epoch().count(), 0, last_millisecond);
}

void put(std::string* to, const Bytes& bytes) { to->assign(as_text(bytes)); }

// Reads the fields of one frame and remembers the first bound that one of them breaks.
class Bounds {
public:
    std::string text(const std::string& from, std::size_t limit) {
        if (from.size() > limit) {
            fail(EventErrc::too_long);
            return {};
        }
        return from; // protobuf has refused what is not UTF-8
    }
    std::string jid(const std::string& from) { return text(from, max_jid_text_bytes); }
    Bytes key(const std::string& from) {
        require(from.size() == key_bytes);
        return to_bytes(std::string_view{from});
    }
    Bytes key_or_empty(const std::string& from) { return from.empty() ? Bytes{} : key(from); }
    void require(bool holds) {
        if (!holds) {
            fail(EventErrc::bad_value);
        }
    }
    const std::optional<EventErrc>& broken() const noexcept { return broken_; }

private:
    void fail(EventErrc error) {
        if (!broken_) {
            broken_ = error;
        }
    }
    std::optional<EventErrc> broken_;
};

void write(const Hello& from, v1::Hello& to) {
    to.set_protocol(from.protocol);
    put(to.mutable_program(), from.program, max_name_bytes);
    put(to.mutable_account(), from.account, max_name_bytes);
    put(to.mutable_me_pn(), from.me_pn, max_jid_text_bytes);
    put(to.mutable_me_lid(), from.me_lid, max_jid_text_bytes);
    put(to.mutable_default_currency(), from.default_currency, max_currency_bytes);
}

Hello read(const v1::Hello& from, Bounds& bounds) {
    return Hello{.protocol = from.protocol(),
                 .program = bounds.text(from.program(), max_name_bytes),
                 .account = bounds.text(from.account(), max_name_bytes),
                 .me_pn = bounds.jid(from.me_pn()),
                 .me_lid = bounds.jid(from.me_lid()),
                 .default_currency = bounds.text(from.default_currency(), max_currency_bytes)};
}

void write(const Group& from, v1::Group& to) {
    put(to.mutable_jid(), from.jid, max_jid_text_bytes);
    put(to.mutable_name(), from.name, max_name_bytes);
    put(to.mutable_currency(), from.currency, max_currency_bytes);
    to.set_included(from.included);
}

Group read(const v1::Group& from, Bounds& bounds) {
    return Group{.jid = bounds.jid(from.jid()),
                 .name = bounds.text(from.name(), max_name_bytes),
                 .currency = bounds.text(from.currency(), max_currency_bytes),
                 .included = from.included()};
}

void write(const Keys& from, v1::Keys& to) {
    put(to.mutable_account(), from.account, max_name_bytes);
    to.mutable_account_id()->assign(as_text(from.account_id));
    put(to.mutable_session_key(), from.session_key);
    to.set_session_key_version(from.session_key_version);
    put(to.mutable_index_key(), from.index_key);
    to.set_index_key_version(from.index_key_version);
    to.set_lease_epoch(from.lease_epoch);
    std::size_t written = 0;
    std::size_t bytes = 0;
    for (; written < from.groups.size() && bytes < keys_with_groups; ++written) {
        v1::Group& group = *to.add_groups();
        write(from.groups[written], group);
        bytes += group.ByteSizeLong();
    }
    to.set_groups_behind(static_cast<std::uint32_t>(from.groups.size() - written));
}

Keys read(const v1::Keys& from, Bounds& bounds) {
    Keys keys{.account = bounds.text(from.account(), max_name_bytes),
              .account_id = {},
              .session_key = bounds.key(from.session_key()),
              .session_key_version = from.session_key_version(),
              .index_key = bounds.key(from.index_key()),
              .index_key_version = from.index_key_version(),
              .lease_epoch = from.lease_epoch(),
              .groups = {},
              .groups_behind = from.groups_behind()};
    bounds.require(from.account_id().size() == keys.account_id.size());
    if (from.account_id().size() == keys.account_id.size()) {
        std::ranges::copy(as_bytes(from.account_id()), keys.account_id.begin());
    }
    bounds.require(static_cast<std::size_t>(from.groups_size()) <= max_groups &&
                   from.groups_behind() <=
                       max_groups - static_cast<std::size_t>(from.groups_size()));
    for (const v1::Group& group : from.groups()) {
        keys.groups.push_back(read(group, bounds));
    }
    return keys;
}

void write(const PhotoReference& from, v1::PhotoReference& to) {
    put(to.mutable_direct_path(), from.direct_path, max_path_bytes);
    put(to.mutable_mime_type(), from.mime_type, max_name_bytes);
    put(to.mutable_media_key(), from.media_key);
    put(to.mutable_file_hash(), from.file_hash);
    put(to.mutable_encrypted_hash(), from.encrypted_hash);
    to.set_length(from.length);
}

PhotoReference read(const v1::PhotoReference& from, Bounds& bounds) {
    return PhotoReference{.direct_path = bounds.text(from.direct_path(), max_path_bytes),
                          .mime_type = bounds.text(from.mime_type(), max_name_bytes),
                          .media_key = bounds.key(from.media_key()),
                          .file_hash = bounds.key_or_empty(from.file_hash()),
                          .encrypted_hash = bounds.key_or_empty(from.encrypted_hash()),
                          .length = from.length()};
}

void write(const Envelope& from, v1::Envelope& to) {
    put(to.mutable_account(), from.account, max_name_bytes);
    to.set_sequence(from.sequence);
    put(to.mutable_chat(), from.chat, max_jid_text_bytes);
    put(to.mutable_sender()->mutable_lid(), from.sender.lid, max_jid_text_bytes);
    put(to.mutable_sender()->mutable_pn(), from.sender.pn, max_jid_text_bytes);
    put(to.mutable_push_name(), from.push_name, max_name_bytes);
    put(to.mutable_id(), from.id, max_id_bytes);
    to.set_sent_at_ms(sane_milliseconds(from.sent_at));
    to.set_kind(static_cast<v1::Kind>(static_cast<int>(from.kind) + 1));
    put(to.mutable_text(), from.text, max_text_bytes);
    put(to.mutable_target(), from.target, max_id_bytes);
    if (from.edited_at) {
        to.set_edited_at_ms(from.edited_at->time_since_epoch().count());
    }
    if (from.quote) {
        put(to.mutable_quote()->mutable_id(), from.quote->id, max_id_bytes);
        put(to.mutable_quote()->mutable_author(), from.quote->author, max_jid_text_bytes);
        put(to.mutable_quote()->mutable_text(), from.quote->text, max_text_bytes);
    }
    put(to.mutable_album_parent(), from.album_parent, max_id_bytes);
    if (from.photo) {
        write(*from.photo, *to.mutable_photo());
    }
    to.set_forwarded(from.forwarded);
    to.set_sender_is_admin(from.sender_is_admin);
    to.set_from_me(from.from_me);
}

Kind read_kind(v1::Kind kind, Bounds& bounds) {
    const bool known = kind >= v1::KIND_TEXT && kind <= v1::KIND_OTHER;
    bounds.require(known);
    return known ? static_cast<Kind>(static_cast<int>(kind) - 1) : Kind::other;
}

TimePoint read_time(std::int64_t milliseconds, Bounds& bounds) {
    const bool sane = milliseconds >= 0 && milliseconds <= last_millisecond;
    bounds.require(sane);
    return TimePoint{std::chrono::milliseconds{sane ? milliseconds : 0}};
}

Envelope read(const v1::Envelope& from, Bounds& bounds) {
    Envelope to;
    to.account = bounds.text(from.account(), max_name_bytes);
    to.sequence = from.sequence();
    to.chat = bounds.jid(from.chat());
    to.sender = {.lid = bounds.jid(from.sender().lid()), .pn = bounds.jid(from.sender().pn())};
    to.push_name = bounds.text(from.push_name(), max_name_bytes);
    to.id = bounds.text(from.id(), max_id_bytes);
    to.sent_at = read_time(from.sent_at_ms(), bounds);
    to.kind = read_kind(from.kind(), bounds);
    to.text = bounds.text(from.text(), max_text_bytes);
    to.target = bounds.text(from.target(), max_id_bytes);
    if (from.edited_at_ms() > 0 &&
        from.edited_at_ms() <= last_millisecond) { // a claim: never a reason to refuse
        to.edited_at = TimePoint{std::chrono::milliseconds{from.edited_at_ms()}};
    }
    if (from.has_quote()) {
        to.quote = Quote{.id = bounds.text(from.quote().id(), max_id_bytes),
                         .author = bounds.jid(from.quote().author()),
                         .text = bounds.text(from.quote().text(), max_text_bytes)};
    }
    to.album_parent = bounds.text(from.album_parent(), max_id_bytes);
    if (from.has_photo()) {
        to.photo = read(from.photo(), bounds);
    }
    to.forwarded = from.forwarded();
    to.sender_is_admin = from.sender_is_admin();
    to.from_me = from.from_me();
    return to;
}

void write(const Ack& from, v1::Ack& to) { to.set_sequence(from.sequence); }

Ack read(const v1::Ack& from, Bounds&) { return Ack{.sequence = from.sequence()}; }

void write(const Summary& from, v1::Summary& to) {
    v1::Counts& counts = *to.mutable_counts();
    counts.set_stanzas(from.counts.stanzas);
    counts.set_dropped(from.counts.dropped);
    counts.set_decrypted(from.counts.decrypted);
    counts.set_failed(from.counts.failed);
    counts.set_duplicates(from.counts.duplicates);
    counts.set_other(from.counts.other);
    to.set_refused(from.refused);
    for (const auto& [reason, count] : from.dropped_by_reason) {
        v1::DropCount& drop = *to.add_dropped_by_reason();
        put(drop.mutable_reason(), reason, max_name_bytes);
        drop.set_count(count);
    }
}

Summary read(const v1::Summary& from, Bounds& bounds) {
    const v1::Counts& counts = from.counts();
    Summary to{.counts = {.stanzas = counts.stanzas(),
                          .dropped = counts.dropped(),
                          .decrypted = counts.decrypted(),
                          .failed = counts.failed(),
                          .duplicates = counts.duplicates(),
                          .other = counts.other()},
               .refused = from.refused(),
               .dropped_by_reason = {}};
    bounds.require(static_cast<std::size_t>(from.dropped_by_reason_size()) <= max_reasons);
    for (const v1::DropCount& drop : from.dropped_by_reason()) {
        to.dropped_by_reason.emplace_back(bounds.text(drop.reason(), max_name_bytes), drop.count());
    }
    return to;
}

// One overload per member of the variant: a new kind of frame does not compile until it is written here.
v1::Hello& place(v1::Frame& frame, const Hello&) { return *frame.mutable_hello(); }
v1::Keys& place(v1::Frame& frame, const Keys&) { return *frame.mutable_keys(); }
v1::Group& place(v1::Frame& frame, const Group&) { return *frame.mutable_group(); }
v1::Envelope& place(v1::Frame& frame, const Envelope&) { return *frame.mutable_envelope(); }
v1::Ack& place(v1::Frame& frame, const Ack&) { return *frame.mutable_ack(); }
v1::Summary& place(v1::Frame& frame, const Summary&) { return *frame.mutable_summary(); }

Frame read(const v1::Frame& frame, Bounds& bounds) {
    switch (frame.kind_case()) {
    case v1::Frame::kHello: return read(frame.hello(), bounds);
    case v1::Frame::kKeys: return read(frame.keys(), bounds);
    case v1::Frame::kGroup: return read(frame.group(), bounds);
    case v1::Frame::kEnvelope: return read(frame.envelope(), bounds);
    case v1::Frame::kAck: return read(frame.ack(), bounds);
    case v1::Frame::kSummary: return read(frame.summary(), bounds);
    case v1::Frame::KIND_NOT_SET: break;
    }
    bounds.require(false);
    return {};
}

void wipe(std::string& text) noexcept { explicit_bzero(text.data(), text.size()); }

void wipe_keys(v1::Frame& frame) {
    if (frame.has_keys()) {
        wipe(*frame.mutable_keys()->mutable_session_key());
        wipe(*frame.mutable_keys()->mutable_index_key());
    }
}

// A body is exactly one length-delimited field, so that a cut frame, two frames in one and a foreign one are told apart.
std::optional<EventErrc> check_outline(BytesView body) {
    if (body.empty()) {
        return EventErrc::truncated;
    }
    const auto key = std::to_integer<unsigned>(body[0]);
    if (key < 0x0a || key > 0x7a || (key & 7U) != 2 || (key >> 3U) > 6) {
        return EventErrc::unknown_frame;
    }
    std::size_t length = 0;
    for (std::size_t i = 1; i <= 4;
         ++i) { // four groups of seven bits hold more than max_frame_bytes
        if (i >= body.size()) {
            return EventErrc::truncated;
        }
        const auto byte = std::to_integer<std::size_t>(body[i]);
        length |= (byte & 0x7fU) << (7 * (i - 1));
        if ((byte & 0x80U) == 0) {
            const std::size_t rest = body.size() - i - 1;
            if (length == rest) {
                return std::nullopt;
            }
            return length > rest ? EventErrc::truncated : EventErrc::malformed;
        }
    }
    return EventErrc::malformed;
}

} // namespace

std::string_view to_string(Kind kind) noexcept {
    return kind_words[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kind_from(std::string_view word) noexcept {
    for (std::size_t i = 0; i < std::size(kind_words); ++i) {
        if (kind_words[i] == word) {
            return static_cast<Kind>(i);
        }
    }
    return std::nullopt;
}

std::string_view describe(EventErrc error) noexcept {
    switch (error) {
    case EventErrc::truncated: return "the frame on the pipe is cut short";
    case EventErrc::too_long: return "the frame on the pipe or one of its fields is too long";
    case EventErrc::malformed: return "the frame on the pipe is not readable: protobuf or UTF-8";
    case EventErrc::unknown_frame:
        return "the frame on the pipe is of a kind that this build does not know";
    case EventErrc::bad_value:
        return "a field of the frame on the pipe has a value that is not allowed";
    }
    return "unknown pipe error";
}

namespace {

// The groups that the Keys frame in `out` announces behind itself.
void append_groups_behind(const Keys& keys, std::size_t behind, Bytes& out) {
    for (std::size_t i = keys.groups.size() - behind; i < keys.groups.size(); ++i) {
        append(out, encode(keys.groups[i]));
    }
}

std::size_t bytes_behind(const Keys& keys, std::size_t behind) {
    std::size_t bytes = 0;
    for (std::size_t i = keys.groups.size() - behind; i < keys.groups.size(); ++i) {
        const Group& group =
            keys.groups[i]; // U+FFFD for a byte is three: the most that a text can grow
        bytes += 3 * (group.jid.size() + group.name.size() + group.currency.size()) + 32;
    }
    return bytes;
}

} // namespace

Bytes encode(const Frame& frame) {
    v1::Frame message;
    std::visit([&message](const auto& kind) { write(kind, place(message, kind)); }, frame);
    const std::size_t size = message.ByteSizeLong();
    VESTARI_CHECK(size <= max_frame_bytes);
    const Keys* keys = std::get_if<Keys>(&frame);
    const std::size_t behind = keys != nullptr ? message.keys().groups_behind() : 0;
    Bytes out;
    // At once: growing would leave a copy of the keys behind.
    out.reserve(4 + size + (keys != nullptr ? bytes_behind(*keys, behind) : 0));
    append_be32(out, static_cast<std::uint32_t>(size));
    out.resize(4 + size);
    VESTARI_CHECK(message.SerializeToArray(out.data() + 4, static_cast<int>(size)));
    wipe_keys(message);
    if (keys != nullptr) {
        append_groups_behind(*keys, behind, out);
    }
    return out;
}

Result<Frame> decode(BytesView body) {
    if (body.size() > max_frame_bytes) {
        return EventErrc::too_long;
    }
    if (const auto broken = check_outline(body)) {
        return *broken;
    }
    // Protobuf would write a line to stderr for every text that is not UTF-8; the error code says it already.
    [[maybe_unused]] static const auto silenced = google::protobuf::SetLogHandler(nullptr);
    v1::Frame message;
    if (!message.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        return EventErrc::malformed;
    }
    Bounds bounds;
    Frame frame = read(message, bounds);
    wipe_keys(message);
    if (const auto broken = bounds.broken()) {
        return *broken;
    }
    return frame;
}

} // namespace vestari::event
