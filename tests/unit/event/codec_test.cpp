#include "vestari/event/codec.hpp"

#include <doctest/doctest.h>

#include "vestari/base/utf8.hpp"

using namespace vestari;
using namespace vestari::event;

namespace {

Bytes filled(std::size_t size, int value) { return Bytes(size, static_cast<std::byte>(value)); }

Envelope full_envelope() {
    return Envelope{.account = "shop",
                    .sequence = 41,
                    .chat = "120363000000000001@g.us",
                    .sender = {.lid = "10000000000001@lid", .pn = "12025550101@s.whatsapp.net"},
                    .push_name = "Ann \xf0\x9f\x92\x8e",
                    .id = "3EB0AAAA",
                    .sent_at = TimePoint{std::chrono::milliseconds{1'780'000'000'123}},
                    .kind = Kind::edit,
                    .text = "price now 90",
                    .target = "3EB0EDIT",
                    .edited_at = TimePoint{std::chrono::milliseconds{1'780'000'000'456}},
                    .quote = Quote{.id = "3EB0BBBB", .author = "1@lid", .text = "sold"},
                    .album_parent = "3EB0CCCC",
                    .photo = PhotoReference{.direct_path = "/v/t62/x?ccb=1",
                                            .mime_type = "image/jpeg",
                                            .media_key = filled(32, 2),
                                            .file_hash = filled(32, 1),
                                            .encrypted_hash = filled(32, 3),
                                            .length = 123'456},
                    .forwarded = true,
                    .sender_is_admin = true,
                    .from_me = true};
}

Keys full_keys() {
    Keys keys{.account = "shop",
              .account_id = {},
              .session_key = filled(32, 7),
              .session_key_version = 3,
              .index_key = filled(32, 8),
              .index_key_version = 4,
              .lease_epoch = 99,
              .groups = {{.jid = "1@g.us", .name = "Watches", .currency = "HKD", .included = true}},
              .groups_behind = 0};
    keys.account_id.fill(std::byte{0xab});
    return keys;
}

std::vector<Frame> every_frame() {
    return {Hello{.protocol = 1,
                  .program = "vestari-bridge 0.1.0",
                  .account = "shop",
                  .me_pn = "12025550199@s.whatsapp.net",
                  .me_lid = "77777777777777@lid",
                  .default_currency = "USD"},
            full_keys(),
            Group{.jid = "1@g.us", .name = "Watches", .currency = "", .included = false},
            full_envelope(),
            Ack{.sequence = 18'446'744'073'709'551'615U},
            Summary{.counts = {.stanzas = 1,
                               .dropped = 2,
                               .decrypted = 3,
                               .failed = 4,
                               .duplicates = 5,
                               .other = 6},
                    .refused = 7,
                    .dropped_by_reason = {{"direct", 2}, {"status", 1}}},
            Hello{.protocol = 0,
                  .program = "",
                  .account = "",
                  .me_pn = "",
                  .me_lid = "",
                  .default_currency = ""},
            Envelope{},
            Summary{}};
}

BytesView body_of(const Bytes& encoded) { return BytesView{encoded}.subspan(4); }

// A frame that holds `field` of an Envelope and nothing else.
Bytes envelope_with(BytesView field) {
    Bytes body{std::byte{0x22}};
    std::size_t length = field.size();
    while (length >= 0x80) {
        body.push_back(static_cast<std::byte>((length & 0x7fU) | 0x80U));
        length >>= 7U;
    }
    body.push_back(static_cast<std::byte>(length));
    append(body, field);
    return body;
}

} // namespace

TEST_CASE("codec: every kind of frame comes back as it went") {
    for (const Frame& frame : every_frame()) {
        CAPTURE(frame.index());
        const Bytes encoded = encode(frame);
        CHECK(read_be<4>(encoded) == encoded.size() - 4);
        const Result<Frame> back = decode(body_of(encoded));
        REQUIRE(back.has_value());
        CHECK(*back == frame);
    }
}

TEST_CASE("codec: a frame cut at any byte is refused as truncated") {
    for (const Frame& frame : every_frame()) {
        const Bytes encoded = encode(frame);
        for (std::size_t cut = 0; cut < encoded.size() - 4; ++cut) {
            CAPTURE(cut);
            CHECK(decode(body_of(encoded).first(cut)).error() == EventErrc::truncated);
        }
    }
}

TEST_CASE("codec: a frame with bytes behind it, and two in one, are refused") {
    Bytes encoded = encode(Ack{.sequence = 5});
    encoded.push_back(std::byte{0});
    CHECK(decode(body_of(encoded)).error() == EventErrc::malformed);
    Bytes two = to_bytes(body_of(encode(Ack{.sequence = 5})));
    append(two, body_of(encode(Ack{.sequence = 6})));
    CHECK(decode(two).error() == EventErrc::malformed);
}

TEST_CASE("codec: what is not a frame of this build is refused") {
    struct Row {
        std::string_view hex;
        EventErrc want;
    };
    const Row rows[] = {
        {"", EventErrc::truncated},
        {"3a00", EventErrc::unknown_frame}, // field 7
        {"0801", EventErrc::unknown_frame}, // field 1 as a number
        {"ff", EventErrc::unknown_frame},
        {"2a8080808000", EventErrc::malformed},               // a length in five bytes
        {"2a0108", EventErrc::malformed},                     // inside: a number without its value
        {"2a010b", EventErrc::malformed},                     // inside: a group without an end
        {"22024000", EventErrc::bad_value},                   // kind 0
        {"2202400b", EventErrc::bad_value},                   // kind 11
        {"220b40ffffffffffffffffff01", EventErrc::bad_value}, // kind -1
        {"220d38ffffffffffffffffff014001", EventErrc::bad_value}, // before 1970
        {"220a38ffffffffffff3f4001", EventErrc::bad_value},       // after the year 9999
        {"22054a01ff4001", EventErrc::malformed},                 // text that is not UTF-8
        {"120101", EventErrc::malformed},                         // field 0
        {"1200", EventErrc::bad_value},                           // keys without keys
        {"22056a004001", EventErrc::truncated},
        {"22046a004001", EventErrc::bad_value}, // a photo without its key
    };
    for (const Row& row : rows) {
        CAPTURE(row.hex);
        CHECK(decode(from_hex(row.hex).value()).error() == row.want);
    }
}

TEST_CASE("codec: bounds hold to the byte") {
    Envelope envelope;
    envelope.text.assign(max_text_bytes, 'x');
    envelope.id.assign(128, 'x');
    CHECK(decode(body_of(encode(envelope))).has_value());
    Bytes long_text = from_hex("40014a818004").value(); // kind, then a text of 65,537 bytes
    long_text.resize(long_text.size() + max_text_bytes + 1, std::byte{'x'});
    CHECK(decode(envelope_with(long_text)).error() == EventErrc::too_long);
    Bytes long_id = from_hex("4001328101").value(); // kind, then an id of 129 bytes
    long_id.resize(long_id.size() + 129, std::byte{'x'});
    CHECK(decode(envelope_with(long_id)).error() == EventErrc::too_long);
    const Bytes huge = envelope_with(filled(max_frame_bytes, 0));
    CHECK(decode(huge).error() == EventErrc::too_long);

    Keys keys = full_keys();
    keys.index_key.pop_back();
    CHECK(decode(body_of(encode(keys))).error() == EventErrc::bad_value);
}

TEST_CASE("codec: whatever texts and times an outsider chose, what leaves can be read") {
    for (const std::string_view part : {"x", "\xff", "\xe2\x82", "\xf0\x9f\x92\x8e"}) {
        std::string endless;
        while (endless.size() <= max_text_bytes) {
            endless += part;
        }
        Envelope envelope = full_envelope();
        for (std::string* field :
             {&envelope.chat, &envelope.sender.lid, &envelope.sender.pn, &envelope.push_name,
              &envelope.id, &envelope.text, &envelope.target, &envelope.quote->id,
              &envelope.quote->author, &envelope.quote->text, &envelope.album_parent,
              &envelope.photo->direct_path, &envelope.photo->mime_type}) {
            *field = endless;
        }
        for (const std::int64_t milliseconds : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) {
            envelope.sent_at = TimePoint{std::chrono::milliseconds{milliseconds}};
            CHECK(decode(body_of(encode(envelope))).has_value());
        }
        CHECK(decode(body_of(encode(Group{endless, endless, endless, true}))).has_value());
    }
}

TEST_CASE("codec: a text that is not UTF-8 leaves with U+FFFD in place of what is wrong") {
    Envelope envelope;
    envelope.push_name = "A\xff"
                         "B\xe2\x82";
    const Result<Frame> back = decode(body_of(encode(envelope)));
    REQUIRE(back.has_value());
    CHECK(std::get<Envelope>(*back).push_name == "A\xef\xbf\xbd"
                                                 "B\xef\xbf\xbd");
}

TEST_CASE("codec: the kind words are those of the contract and read back") {
    const std::string_view words[] = {"text", "image",  "video", "document", "album",
                                      "edit", "revoke", "group", "gap",      "other"};
    for (std::size_t i = 0; i < std::size(words); ++i) {
        CHECK(to_string(static_cast<Kind>(i)) == words[i]);
        CHECK(kind_from(words[i]) == static_cast<Kind>(i));
    }
    CHECK(kind_from("Text") == std::nullopt);
    CHECK(kind_from("") == std::nullopt);
}

TEST_CASE("frame reader: frames come out whole however the bytes were cut") {
    Bytes stream;
    for (const Frame& frame : every_frame()) {
        append(stream, encode(frame));
    }
    for (const std::size_t step : {1U, 2U, 3U, 7U, 64U, 100'000U}) {
        CAPTURE(step);
        FrameReader reader;
        std::vector<Frame> got;
        for (std::size_t at = 0; at < stream.size(); at += step) {
            reader.feed(
                BytesView{stream}.subspan(at, std::min<std::size_t>(step, stream.size() - at)));
            for (;;) {
                Result<std::optional<Frame>> next = reader.next();
                REQUIRE(next.has_value());
                if (!*next) {
                    break;
                }
                got.push_back(std::move(**next));
            }
        }
        CHECK(got == every_frame());
        CHECK(reader.empty());
    }
}

TEST_CASE("frame reader: a refused frame is skipped, a length over the limit is not followed") {
    FrameReader reader;
    reader.feed(from_hex("000000023a00").value());
    reader.feed(encode(Ack{.sequence = 9}));
    CHECK(reader.next().error() == EventErrc::unknown_frame);
    CHECK(reader.next().value() == Frame{Ack{.sequence = 9}});
    CHECK(reader.empty());

    FrameReader hostile;
    hostile.feed(from_hex("00100001").value());
    CHECK(hostile.next().error() == EventErrc::too_long);
    CHECK(hostile.next().error() == EventErrc::too_long);

    FrameReader half;
    half.feed(from_hex("00100000").value()); // exactly the limit: wait for it
    CHECK(half.next().value() == std::nullopt);
    CHECK_FALSE(half.empty());
}

TEST_CASE(
    "frame reader: Keys with thousands of long names cross in several frames and come back whole") {
    Keys keys = full_keys();
    keys.groups.clear();
    for (int i = 0; i < 5000; ++i) {
        keys.groups.push_back({.jid = std::to_string(i) + "@g.us",
                               .name = std::string(1024, static_cast<char>('a' + i % 26)),
                               .currency = "USD",
                               .included = true});
    }
    const Bytes encoded = encode(keys);
    REQUIRE(encoded.size() > max_frame_bytes);
    FrameReader reader;
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < encoded.size(); at += 65'536) {
        reader.feed(
            BytesView{encoded}.subspan(at, std::min<std::size_t>(65'536, encoded.size() - at)));
        for (auto frame = reader.next(); *frame; frame = reader.next()) {
            frames.push_back(std::move(**frame));
        }
        CHECK(reader.empty() == (at + 65'536 >= encoded.size()));
    }
    REQUIRE(frames.size() == 1);
    CHECK(std::get<Keys>(frames[0]) == keys);
}

TEST_CASE("frame reader: Keys whose groups do not follow are refused") {
    Keys keys = full_keys();
    keys.groups.assign(
        1000, {.jid = "1@g.us", .name = std::string(1000, 'x'), .currency = "", .included = true});
    const Bytes encoded = encode(keys);
    FrameReader reader;
    const std::size_t first = 4 + read_be<4>(encoded);
    REQUIRE(first < encoded.size());
    reader.feed(BytesView{encoded}.first(first));
    CHECK_FALSE(*reader.next());
    CHECK_FALSE(reader.empty());
    reader.feed(encode(Ack{.sequence = 1}));
    CHECK(reader.next().error() == EventErrc::bad_value);
    reader.feed(encode(Ack{.sequence = 2}));
    CHECK(std::get<Ack>(**reader.next()).sequence == 2);
}
