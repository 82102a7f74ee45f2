#include "bridge/content/extract.hpp"

#include <map>

#include <doctest/doctest.h>

#include "vectors.hpp"

using namespace vestari;
using namespace vestari::content;
namespace json = boost::json;
using test::hex;
using test::str;

namespace {

std::string_view word(MediaType type) {
    switch (type) {
    case MediaType::image: return "image";
    case MediaType::video: return "video";
    case MediaType::audio: return "audio";
    case MediaType::document: return "document";
    }
    return "";
}

void check_media(const json::object& want, const Media& got) {
    CHECK(word(got.type) == str(want, "type"));
    CHECK(got.mime_type == str(want, "mimetype"));
    CHECK(got.direct_path == str(want, "directPath"));
    CHECK(got.file_name == str(want, "fileName"));
    CHECK(got.media_key == hex(want, "mediaKey"));
    CHECK(got.file_hash == hex(want, "fileSha256"));
    CHECK(got.encrypted_hash == hex(want, "fileEncSha256"));
    CHECK(got.length == want.at("fileLength").to_number<std::uint64_t>());
    if (want.contains("width")) {
        CHECK(got.width == want.at("width").to_number<std::uint32_t>());
        CHECK(got.height == want.at("height").to_number<std::uint32_t>());
    }
}

void check_target(const json::object& want, const Target& got) {
    CHECK(got.id == str(want, "id"));
    if (want.contains("from_me")) {
        CHECK(got.from_me == want.at("from_me").as_bool());
        CHECK(got.participant == str(want, "participant"));
        CHECK(got.remote_jid == str(want, "remote_jid"));
    }
}

// What the vector says about how the message relates to others; what it does not mention must be absent.
void check_relations(const json::object& want, const Message& got) {
    REQUIRE(got.quote.has_value() == want.contains("quoted"));
    if (got.quote) {
        const json::object& quoted = want.at("quoted").as_object();
        CHECK(got.quote->id == str(quoted, "id"));
        CHECK(got.quote->participant == str(quoted, "participant"));
    }
    REQUIRE(got.album.has_value() == want.contains("album"));
    if (got.album) {
        const json::object& album = want.at("album").as_object();
        CHECK(got.album->expected_images == album.at("expected_images").to_number<std::uint32_t>());
        CHECK(got.album->expected_videos == album.at("expected_videos").to_number<std::uint32_t>());
    }
    REQUIRE(got.association.has_value() == want.contains("association"));
    if (got.association) {
        const json::object& association = want.at("association").as_object();
        CHECK(got.association->type == association.at("type").to_number<std::int32_t>());
        CHECK(got.association->parent_id == str(association, "parent_id"));
        CHECK(got.association->index == association.at("index").to_number<std::int32_t>());
    }
    if (want.contains("target")) {
        REQUIRE(got.target.has_value());
        check_target(want.at("target").as_object(), *got.target);
    }
}

void check_message(const json::object& want, const Message& got) {
    std::vector<std::string> wrappers;
    for (const std::uint32_t wrapper : got.wrappers) {
        wrappers.emplace_back(field_name(wrapper));
    }
    std::vector<std::string> want_wrappers;
    for (const json::value& name : want.at("wrappers").as_array()) {
        want_wrappers.push_back(str(name));
    }
    CHECK(wrappers == want_wrappers);
    CHECK(to_string(got.kind) == str(want, "kind"));
    CHECK(field_name(got.field) == str(want, "field"));
    CHECK(got.text == str(want, "text"));
    CHECK_FALSE(got.text_cut);
    REQUIRE(got.media.has_value() == want.contains("media"));
    if (got.media) {
        check_media(want.at("media").as_object(), *got.media);
    }
    check_relations(want, got);
    CHECK(got.distribution.has_value() == want.contains("has_sender_key_distribution"));
    CHECK(got.message_secret == hex(want, "message_secret"));
    if (want.contains("protocol_type")) {
        CHECK(got.protocol_type == want.at("protocol_type").to_number<std::int32_t>());
    }
    if (want.contains("edited_kind")) {
        CHECK(to_string(got.edited_kind) == str(want, "edited_kind"));
    }
    if (want.contains("secret_type")) {
        CHECK(got.secret_type == want.at("secret_type").to_number<std::int32_t>());
    }
}

} // namespace

TEST_CASE("extract: the 55 vectors of c-messages give what they say") {
    const json::value file = test::read_json("vectors/messages/c-messages.json");
    std::size_t count = 0;
    for (const json::value& entry : file.at("vectors").as_array()) {
        const json::object& vector = entry.as_object();
        CAPTURE(str(vector, "name"));
        const Bytes padded = hex(vector, "padded_plaintext");
        const Result<BytesView> plain = unpad(padded, vector.at("v").to_number<int>());
        REQUIRE(plain.has_value());
        CHECK(to_bytes(*plain) == hex(vector, "unpadded"));
        const Result<Message> message = extract(*plain);
        REQUIRE(message.has_value());
        check_message(vector.at("expect").as_object(), *message);
        ++count;
    }
    CHECK(count == 55);
}

TEST_CASE("unpad: the padding vectors give what they say") {
    const json::value file = test::read_json("vectors/messages/c-messages.json");
    std::size_t count = 0;
    for (const json::value& entry : file.at("padding").as_array()) {
        const json::object& vector = entry.as_object();
        CAPTURE(str(vector, "name"));
        const Bytes padded = hex(vector, "bytes");
        const json::object& want = vector.at("expect").as_object();
        const Result<BytesView> got = unpad(padded, vector.at("v").to_number<int>());
        if (str(want, "result") == "ok") {
            REQUIRE(got.has_value());
            CHECK(to_bytes(*got) == hex(want, "unpadded"));
        } else {
            CHECK(got.error() ==
                  (str(want, "reason") == "empty" ? ContentErrc::empty : ContentErrc::bad_padding));
        }
        ++count;
    }
    CHECK(count == 8);
    const Bytes some = from_hex("0a01").value();
    CHECK(unpad(some, 1).error() == ContentErrc::unsupported_version);
    CHECK(unpad(some, 4).error() == ContentErrc::unsupported_version);
    CHECK(unpad(from_hex("0101").value(), 2).value().size() ==
          1); // only as many as the last byte says
    CHECK(unpad(from_hex("0202").value(), 2).value().empty());
}

TEST_CASE("extract: the fixture content-1 gives the archive's kinds, texts and targets") {
    std::map<std::pair<std::string, std::string>, json::object> wanted;
    const json::value expected = test::read_json("fixtures/content-1/expected.json");
    for (const char* list : {"messages", "optional"}) {
        for (const json::value& entry : expected.at(list).as_array()) {
            const json::object& message = entry.as_object();
            wanted.emplace(std::pair{str(message, "chat"), str(message, "id")}, message);
        }
    }
    std::size_t found = 0;
    for (const json::value& line : test::read_json_lines("fixtures/content-1/fixture.jsonl")) {
        const json::value* content = line.as_object().if_contains("content");
        if (content == nullptr) {
            continue;
        }
        const json::object& stanza = content->as_object();
        CAPTURE(str(stanza, "id"));
        const Result<Message> message = extract(hex(stanza, "message"));
        REQUIRE(message.has_value());
        const auto want = wanted.find({str(stanza, "chat"), str(stanza, "id")});
        if (want == wanted.end()) {
            continue;
        }
        ++found;
        CHECK(event::to_string(event_kind(*message)) == str(want->second, "kind"));
        CHECK(message->text == str(want->second, "text"));
        CHECK((message->target ? message->target->id : "") == str(want->second, "target"));
        const json::value& quoted = want->second.at("quoted");
        CHECK((message->quote ? message->quote->id : "") == (quoted.is_object()
                                                                 ? str(quoted.as_object(), "id")
                                                             : quoted.is_string() ? str(quoted)
                                                                                  : ""));
    }
    CHECK(found >= wanted.size());
}
