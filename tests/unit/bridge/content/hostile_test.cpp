// What a hostile sender may put into a message (ASSURANCE H1, H3, H4, H7, H11).
#include "bridge/content/extract.hpp"

#include <doctest/doctest.h>

#include "build.hpp"
#include "vectors.hpp"
#include "vestari/base/utf8.hpp"

using namespace vestari;
using namespace vestari::content;
using test::field;
using test::join;
using test::nest;
using test::number_field;

namespace {

Bytes conversation(std::string_view text) { return field(1, text); }

// `depth` times the fields of `layer` around `core`, without copying it `depth` times over. `beside` stands in front of each
// layer's innermost field.
Bytes nested(std::size_t depth, const std::vector<std::uint32_t>& layer, BytesView core,
             const Bytes& beside = {}) {
    std::vector<Bytes> heads; // innermost first
    std::size_t size = core.size();
    for (std::size_t i = 0; i < depth; ++i) {
        for (auto number = layer.rbegin(); number != layer.rend(); ++number) {
            Bytes head = number == layer.rbegin() ? beside : Bytes{};
            append(head, test::varint_bytes((static_cast<std::uint64_t>(*number) << 3U) | 2U));
            append(head, test::varint_bytes(size));
            size += head.size();
            heads.push_back(std::move(head));
        }
    }
    Bytes out;
    out.reserve(size);
    for (auto head = heads.rbegin(); head != heads.rend(); ++head) {
        append(out, *head);
    }
    append(out, core);
    return out;
}

Bytes key_of(std::string_view id) {
    return join({field(1, "120363000000000001@g.us"), number_field(2, 1), field(3, id)});
}

Bytes edit_of(std::string_view id, const Bytes& content) {
    return field(12, join({field(1, key_of(id)), number_field(2, 14), field(14, content),
                           number_field(15, 1'780'000'000'000)}));
}

} // namespace

TEST_CASE("hostile: wrappers are followed 8 deep and no further, however many there are") {
    for (const std::uint32_t wrapper : {40U, 37U, 58U, 103U}) {
        for (const std::size_t depth : {0U, 1U, 7U, 8U, 9U, 10U, 100U, 1'000U, 10'000U, 100'000U}) {
            CAPTURE(wrapper);
            CAPTURE(depth);
            const Result<Message> got = extract(nested(depth, {wrapper, 1}, conversation("deep")));
            if (depth <= max_wrappers) {
                REQUIRE(got.has_value());
                CHECK(got->text == "deep");
                CHECK(got->wrappers.size() == depth);
            } else {
                CHECK(got.error() == ContentErrc::too_many_wrappers);
            }
        }
    }
}

TEST_CASE("hostile: messages within messages are followed 32 deep and no further") {
    struct Row {
        std::string_view what;
        std::vector<std::uint32_t> layer;
        Bytes core;
        Bytes beside;
    };
    const Row rows[] = {
        {"carousel in carousel", {7, 1}, field(2, field(1, "card")), {}},
        {"edit in edit", {12, 14}, conversation("x"), number_field(2, 14)},
        {"comment in comment", {77, 1}, conversation("x"), {}},
        {"device sent in ephemeral", {40, 1, 31, 2}, conversation("x"), {}},
    };
    for (const Row& row : rows) {
        for (const std::size_t depth : {1U, 2U, 14U, 15U, 16U, 17U, 100U, 10'000U, 100'000U}) {
            CAPTURE(row.what);
            CAPTURE(depth);
            Bytes input = nested(depth, row.layer, row.core, row.beside);
            if (row.layer[0] == 7) {
                input = field(45, input); // interactiveMessage
            }
            const Result<Message> got = extract(input);
            if (depth > 16) {
                CHECK(!got.has_value());
            }
            if (depth == 1) {
                CHECK(got.has_value());
            }
        }
    }
}

TEST_CASE("hostile: a quote in a quote is not looked into, whatever its depth") {
    // extendedTextMessage.contextInfo.quotedMessage, again and again
    for (const std::size_t depth : {1U, 2U, 9U, 33U, 1'000U, 100'000U}) {
        CAPTURE(depth);
        const Bytes deep = nested(depth, {6, 17, 3}, conversation("bottom"));
        const Bytes input = join({field(6, field(1, "reply")), deep});
        const Result<Message> got = extract(input);
        REQUIRE(got.has_value());
        CHECK(got->text == "reply");
        REQUIRE(got->quote.has_value());
        CHECK(got->quote->text == (depth == 1 ? "bottom" : ""));
    }
}

TEST_CASE("hostile: a spoilt quote does not spoil the message that quotes it") {
    const Bytes spoilt[] = {from_hex("ffff").value(), from_hex("0aff").value(),
                            from_hex("0b").value(), nested(9, {40, 1}, conversation("x")),
                            nested(100'000, {40, 1}, {})};
    for (const Bytes& quoted : spoilt) {
        const Bytes context = join({field(1, "3EB0AAAA"), field(3, quoted)});
        const Result<Message> got = extract(field(6, join({field(1, "sold"), field(17, context)})));
        REQUIRE(got.has_value());
        CHECK(got->text == "sold");
        REQUIRE(got->quote.has_value());
        CHECK(got->quote->id == "3EB0AAAA");
        CHECK(got->quote->text.empty());
    }
}

TEST_CASE("hostile: a quote from another chat is never read, wherever remoteJid stands") {
    const Bytes quoted = field(3, conversation("private words"));
    const Bytes elsewhere = field(4, "15550001111@s.whatsapp.net");
    const Bytes contexts[] = {
        join({field(1, "3EB0AAAA"), quoted, elsewhere}),
        join({elsewhere, field(1, "3EB0AAAA"), quoted}),
        join({field(1, "3EB0AAAA"), field(4, ""), quoted}),         // empty, but there
        join({field(1, "3EB0AAAA"), quoted, field(4, "\xff\x01")}), // not a JID, but there
    };
    for (const Bytes& context : contexts) {
        const Result<Message> got = extract(field(6, join({field(1, "sold"), field(17, context)})));
        REQUIRE(got.has_value());
        CHECK(got->quotes_elsewhere);
        CHECK_FALSE(got->quote.has_value());
        CHECK_FALSE(quote_of(*got).has_value());
    }
    // The context in two parts: the prohibition stands in the other one.
    const Result<Message> got =
        extract(field(6, join({field(17, join({field(1, "3EB0AAAA"), quoted})), field(1, "sold"),
                               field(17, elsewhere)})));
    REQUIRE(got.has_value());
    CHECK_FALSE(got->quote.has_value());
}

TEST_CASE("hostile: every vector cut at any byte is read or refused, never more") {
    const boost::json::value file = test::read_json("vectors/messages/c-messages.json");
    for (const boost::json::value& entry : file.at("vectors").as_array()) {
        const Bytes whole = test::hex(entry.as_object(), "unpadded");
        for (std::size_t cut = 0; cut < whole.size(); ++cut) {
            const Bytes part{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)};
            const Result<Message> got = extract(part); // ASan sees any step outside
            if (got.has_value()) {
                CHECK(is_valid_utf8(got->text));
            }
        }
    }
}

TEST_CASE("hostile: lengths that lie allocate nothing and are refused") {
    for (const std::string_view length : {"01", "7f", "ffffff7f", "ffffffff07", "ffffffff7f"}) {
        for (const std::string_view head :
             {"0a", "32", "1a", "62", "c202", "9a02", "9205", "fa01"}) {
            CAPTURE(length);
            CAPTURE(head);
            CHECK(extract(from_hex(std::string{head} + std::string{length}).value()).error() ==
                  ContentErrc::truncated);
        }
    }
    Message got = extract(field(3, join({number_field(5, UINT64_MAX), field(3, "c")}))).value();
    CHECK(got.media->length == UINT64_MAX); // a claim and no more
    CHECK_FALSE(photo_of(got).has_value());
}

TEST_CASE(
    "hostile: ten thousand fields are read in one pass, singular ones no more than four times") {
    Bytes conversations;
    Bytes unknowns;
    Bytes images;
    Bytes options;
    for (int i = 0; i < 10'000; ++i) {
        append(conversations, conversation("n" + std::to_string(i)));
        append(unknowns, field(static_cast<std::uint32_t>(5'000 + i), "x"));
        append(images, field(3, field(3, "caption")));
        append(options, field(3, field(1, "option")));
    }
    CHECK(extract(conversations)->text ==
          "n9999"); // the last of a string counts, as protobuf has it
    CHECK(extract(unknowns)->kind == Kind::unknown);
    CHECK(extract(unknowns)->field == 5'000);
    CHECK(extract(join({unknowns, conversation("found"), unknowns}))->text == "found");
    CHECK(extract(images).error() == ContentErrc::too_many_parts);
    const Message poll = extract(field(64, options)).value();
    CHECK(poll.text.size() == event::max_text_bytes);
    CHECK(poll.text_cut);
}

TEST_CASE("hostile: text ends at 64 KiB, at a character") {
    struct Row {
        std::string text;
        std::size_t want;
        bool cut;
    };
    const std::size_t limit = event::max_text_bytes;
    const Row rows[] = {
        {std::string(limit - 1, 'x'), limit - 1, false},
        {std::string(limit, 'x'), limit, false},
        {std::string(limit + 1, 'x'), limit, true},
        {std::string(16 << 20, 'x'), limit, true},
        {std::string(limit - 1, 'x') + "\xc3\xa9", limit - 1, true},
        {std::string(limit, '\xff'), limit - 1, true}, // three bytes for each: 21845 whole ones
    };
    for (const Row& row : rows) {
        CAPTURE(row.text.size());
        const Message got = extract(conversation(row.text)).value();
        CHECK(got.text.size() == row.want);
        CHECK(got.text_cut == row.cut);
        CHECK(is_valid_utf8(got.text));
    }
}

TEST_CASE("hostile: text is kept as written, made valid UTF-8 and nothing else") {
    struct Row {
        std::string text;
        std::string want;
    };
    const std::string nul{"12\0"
                          "500",
                          6};
    const std::string marks = [] {
        std::string text = "7";
        for (int i = 0; i < 10'000; ++i) {
            text += "\xcc\x81";
        }
        return text;
    }();
    const Row rows[] = {
        {nul, nul},
        {"\xe2\x80\xae"
         "005.21",
         "\xe2\x80\xae"
         "005.21"}, // right-to-left override: kept, flagged by the reader of text
        {"12\xe2\x80\x8b"
         "500",
         "12\xe2\x80\x8b"
         "500"},                                  // zero width
        {"\xd9\xa1\xd9\xa2", "\xd9\xa1\xd9\xa2"}, // Arabic digits
        {marks, marks},
        {"a\xff"
         "b",
         "a\xef\xbf\xbd"
         "b"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd"}, // an over-long NUL
    };
    for (const Row& row : rows) {
        CHECK(extract(conversation(row.text))->text == row.want);
        CHECK(extract(field(6, field(1, row.text)))->text == row.want);
        CHECK(extract(field(3, field(3, row.text)))->text == row.want);
    }
}

TEST_CASE("hostile: ids and JIDs that are none are left out, and control messages without a target "
          "have no effect") {
    for (const std::string& id :
         {std::string{}, std::string(129, 'x'), std::string{"A\0B", 3}, std::string{"A\nB"},
          std::string{"A\xff"}, std::string{"A\x7f"}}) {
        const Message revoke = extract(field(12, field(1, key_of(id)))).value();
        CHECK(revoke.kind == Kind::protocol_other);
        CHECK(event_kind(revoke) == event::Kind::other);
        const Message edit = extract(edit_of(id, conversation("new"))).value();
        CHECK(edit.kind == Kind::protocol_other);
        CHECK(edit.text.empty());
        const Message quoting =
            extract(
                field(6, join({field(1, "t"), field(17, join({field(1, id), field(2, "\x01")}))})))
                .value();
        CHECK_FALSE(quoting.quote.has_value());
    }
    CHECK(extract(field(12, field(1, key_of(std::string(128, 'x')))))->kind == Kind::revoke);
    CHECK(extract(field(12, Bytes{}))->kind == Kind::protocol_other);
}

TEST_CASE("hostile: an edit carries text or media, never another control message") {
    CHECK(extract(edit_of("3EB0", conversation("new")))->kind == Kind::edit);
    const Bytes contents[] = {
        {},
        edit_of("3EB1", conversation("x")),
        field(12, field(1, key_of("3EB1"))),                             // a revoke
        field(12, join({number_field(2, 5), field(6, field(5, "/x"))})), // a history notification
        field(46, field(1, key_of("3EB1"))),                             // a reaction
        field(83, number_field(2, 3)),                                   // an album
        field(2, field(1, "120363000000000001@g.us")),                   // a key distribution
    };
    for (const Bytes& content : contents) {
        const Message got = extract(edit_of("3EB0", content)).value();
        CHECK(got.kind == Kind::protocol_other);
        CHECK_FALSE(got.distribution.has_value());
        const Message comment = extract(field(77, field(1, content))).value();
        CHECK(comment.kind == Kind::ignored);
        CHECK_FALSE(comment.distribution.has_value());
        CHECK(comment.protocol_type == -1);
    }
}

TEST_CASE("hostile: key distributions count outermost and below deviceSentMessage only") {
    const Bytes keyed = join({field(2, field(2, "bytes")), conversation("t")});
    CHECK(extract(keyed)->distribution.has_value());
    CHECK(extract(nest({31, 2}, keyed))->distribution.has_value());
    CHECK_FALSE(extract(nest({40, 1}, keyed))->distribution.has_value());
    CHECK_FALSE(extract(nest({31, 2, 31, 2}, keyed))->distribution.has_value());
    CHECK_FALSE(extract(edit_of("3EB0", keyed))->distribution.has_value());
}

TEST_CASE("hostile: control data in a chat message is recognised and not read") {
    struct Row {
        std::uint64_t type;
        std::uint32_t data;
        Kind want;
    };
    const Row rows[] = {
        {5, 6, Kind::history_sync_notification},
        {6, 7, Kind::app_state_sync_key_share},
        {22, 23, Kind::lid_migration_mapping_sync},
        {17, 17, Kind::protocol_other},
        {9, 9, Kind::protocol_other},
        {UINT64_MAX, 6, Kind::protocol_other},
    };
    for (const Row& row : rows) {
        CAPTURE(row.type);
        const Bytes control =
            field(12, join({number_field(2, row.type), field(row.data, "\xff\xff")}));
        for (const Bytes& input : {control, nest({40, 1}, control), nest({31, 2}, control)}) {
            const Result<Message> got = extract(input); // its data is damaged: nobody looked
            REQUIRE(got.has_value());
            CHECK(got->kind == row.want);
            CHECK(event_kind(*got) == event::Kind::other);
        }
    }
}

TEST_CASE("hostile: a photo is offered only with a path, key and hashes in full") {
    const auto image = [](std::string_view path, std::size_t key, std::size_t hash,
                          std::size_t encrypted) {
        return extract(field(3, join({field(2, "image/jpeg"), field(4, std::string(hash, 'h')),
                                      field(8, std::string(key, 'k')),
                                      field(9, std::string(encrypted, 'e')), field(11, path)})))
            .value();
    };
    CHECK(photo_of(image("/v/t62/x?ccb=1", 32, 32, 32)).has_value());
    CHECK_FALSE(photo_of(image("/v/t62/x?ccb=1", 31, 32, 32)).has_value());
    CHECK_FALSE(photo_of(image("/v/t62/x?ccb=1", 32, 0, 32)).has_value());
    CHECK_FALSE(photo_of(image("/v/t62/x?ccb=1", 32, 32, 65)).has_value());
    for (const std::string& path :
         {std::string{}, std::string{"@evil.example/x"}, std::string{":1@evil.example/"},
          std::string{"/a b"}, std::string{"/a\r\nHost: evil"}, std::string{"/\xc3\xa9"},
          "/" + std::string(2048, 'x')}) {
        CAPTURE(path);
        CHECK_FALSE(photo_of(image(path, 32, 32, 32)).has_value());
    }
}

TEST_CASE("hostile: which content counts does not depend on the order on the wire") {
    const Bytes text = conversation("shown");
    const Bytes image = field(3, field(3, "caption"));
    const Bytes control = field(12, field(1, key_of("3EB0")));
    const Bytes unknown = field(200, "x");
    for (const Bytes& input :
         {join({text, image, control, unknown}), join({unknown, control, image, text})}) {
        const Message got = extract(input).value();
        CHECK(got.kind == Kind::text);
        CHECK(got.text == "shown");
    }
    // A wrapper goes before what stands beside it, and the outer list's order decides between two.
    const Bytes ephemeral = nest({40, 1}, conversation("ephemeral"));
    const Bytes edited = nest({58, 1}, conversation("edited"));
    for (const Bytes& input : {join({text, ephemeral, edited}), join({edited, ephemeral, text})}) {
        const Message got = extract(input).value();
        CHECK(got.text == "ephemeral");
        CHECK(got.wrappers == std::vector<std::uint32_t>{40});
    }
    // A wrapper that holds nothing is none.
    CHECK(extract(join({field(40, Bytes{}), text}))->text == "shown");
}
