// The forms of content that c-messages has no vector for (wire/20-messages.md sections 7.1 to 7.4).
#include "bridge/content/extract.hpp"

#include <doctest/doctest.h>

#include "build.hpp"

using namespace vestari;
using namespace vestari::content;
using test::field;
using test::join;
using test::nest;
using test::number_field;

namespace {

Bytes body(std::string_view text) { return field(1, text); }
Bytes image(std::string_view caption) { return join({field(2, "image/jpeg"), field(3, caption)}); }

Bytes associated(std::uint64_t type) {
    return join(
        {field(3, field(3, "c")),
         field(35, field(10, join({number_field(1, type), field(2, field(3, "3EB0PARENT"))})))});
}

} // namespace

TEST_CASE("forms: each wrapper of section 7.1 is taken off and named") {
    const std::pair<std::uint32_t, std::string_view> wrappers[] = {
        {31, "deviceSentMessage"},
        {40, "ephemeralMessage"},
        {37, "viewOnceMessage"},
        {55, "viewOnceMessageV2"},
        {59, "viewOnceMessageV2Extension"},
        {53, "documentWithCaptionMessage"},
        {58, "editedMessage"},
        {91, "associatedChildMessage"},
        {62, "groupMentionedMessage"},
        {67, "botInvokeMessage"},
        {96, "groupStatusMessage"},
        {103, "groupStatusMessageV2"},
        {92, "groupStatusMentionMessage"},
        {85, "eventCoverImage"},
        {90, "pollCreationOptionImageMessage"},
        {93, "pollCreationMessageV4"},
        {87, "statusMentionMessage"},
        {95, "statusAddYours"},
        {101, "questionMessage"},
        {106, "questionReplyMessage"},
        {104, "botForwardedMessage"},
        {99, "limitSharingMessage"},
        {74, "lottieStickerMessage"},
        {118, "spoilerMessage"},
        {100, "botTaskMessage"},
    };
    for (const auto& [number, name] : wrappers) {
        CAPTURE(number);
        const Message got =
            extract(nest({number, number == 31 ? 2U : 1U}, field(1, "inside"))).value();
        CHECK(got.text == "inside");
        REQUIRE(got.wrappers.size() == 1);
        CHECK(field_name(got.wrappers[0]) == name);
        CHECK(got.view_once == (number == 37 || number == 55 || number == 59));
        CHECK(got.device_sent_to.has_value() == (number == 31));
    }
}

TEST_CASE("forms: business content joins its texts in the order of section 7.2") {
    const Bytes card = join({field(1, field(1, "c1")), field(2, body("c2")), field(3, body("c3"))});
    const Bytes interactive =
        join({field(7, join({field(1, card), field(1, card)})), field(3, body("footer")),
              field(2, body("body")), field(1, join({field(2, "subtitle"), field(1, "title")}))});
    const Bytes hydrated = join({field(7, "F"), field(6, "B"), field(2, "T")});
    struct Row {
        std::string_view what;
        Bytes message;
        std::string_view want;
    };
    const Row rows[] = {
        {"interactive", field(45, interactive),
         "title\nsubtitle\nbody\nfooter\nc1\nc2\nc3\nc1\nc2\nc3"},
        {"template 4", field(25, field(4, hydrated)), "T\nB\nF"},
        {"template 2", field(25, field(2, hydrated)), "T\nB\nF"},
        {"template 4 before 2", field(25, join({field(2, field(2, "no")), field(4, hydrated)})),
         "T\nB\nF"},
        {"template interactive", field(25, field(5, interactive)),
         "title\nsubtitle\nbody\nfooter\nc1\nc2\nc3\nc1\nc2\nc3"},
        {"buttons", field(42, join({field(7, "f"), field(6, "c"), field(1, "t")})), "t\nc\nf"},
        {"list", field(36, join({field(7, "f"), field(3, "open"), field(2, "d"), field(1, "t")})),
         "t\nd\nf"},
        {"template reply", field(29, join({field(1, "id"), field(2, "Yes")})), "Yes"},
        {"interactive response", field(48, field(1, body("picked"))), "picked"},
        {"invitation",
         field(28, join({field(2, "secret code"), field(4, "Group"), field(6, "join us")})),
         "join us"},
        {"event", field(75, join({field(4, "d"), field(3, "n"), field(6, "https://x")})), "n\nd"},
        {"poll 49", field(49, join({field(3, body("a")), field(2, "q"), field(3, body("b"))})),
         "q\na\nb"},
        {"poll 60", field(60, field(2, "q")), "q"},
        {"poll 111", field(111, field(2, "q")), "q"},
        {"poll 119", field(119, field(2, "q")), "q"},
        {"order", field(38, join({field(6, "m"), field(7, "t")})), "t\nm"},
        {"nothing but commas", field(36, join({field(1, ""), field(2, ""), field(7, "f")})), "f"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const Message got = extract(row.message).value();
        CHECK(got.kind == Kind::text);
        CHECK(got.text == row.want);
        CHECK(event_kind(got) == event::Kind::text);
    }
}

TEST_CASE("forms: contextInfo is read at its own number of each content") {
    const Bytes context =
        join({field(1, "3EB0Q"), field(2, "1@lid"), number_field(22, 1), number_field(25, 86'400)});
    struct Row {
        std::uint32_t content;
        std::uint32_t number;
    };
    const Row rows[] = {{6, 17},  {3, 17},  {9, 17},  {66, 17}, {7, 17},  {8, 17},
                        {83, 17}, {30, 17}, {38, 17}, {45, 15}, {48, 15}, {42, 8},
                        {36, 8},  {25, 3},  {43, 3},  {29, 3},  {39, 4},  {49, 5},
                        {60, 5},  {64, 5},  {111, 5}, {119, 5}, {75, 1},  {28, 7}};
    for (const Row& row : rows) {
        CAPTURE(row.content);
        const Message got = extract(field(row.content, field(row.number, context))).value();
        REQUIRE(got.quote.has_value());
        CHECK(got.quote->id == "3EB0Q");
        CHECK(got.quote->participant == "1@lid");
        CHECK(got.forwarded);
        CHECK(got.expiration_seconds == 86'400);
    }
}

TEST_CASE(
    "forms: a quoted text is read from conversation, extended text and captions, below wrappers") {
    struct Row {
        std::string_view what;
        Bytes quoted;
        std::string_view want;
    };
    const Row rows[] = {
        {"conversation", field(1, "q"), "q"},
        {"extended", field(6, field(1, "q")), "q"},
        {"image", field(3, image("q")), "q"},
        {"video", field(9, field(7, "q")), "q"},
        {"document", nest({53, 1, 7}, field(20, "q")), "q"},
        {"ephemeral", nest({40, 1, 6}, field(1, "q")), "q"},
        {"eight wrappers",
         nest({40, 1, 37, 1, 40, 1, 37, 1, 40, 1, 37, 1, 40, 1, 37, 1}, field(1, "q")), "q"},
        {"nine wrappers",
         nest({40, 1, 37, 1, 40, 1, 37, 1, 40, 1, 37, 1, 40, 1, 37, 1, 40, 1}, field(1, "q")), ""},
        {"a reaction", field(46, field(2, "q")), ""},
        {"a revoke", field(12, field(1, field(3, "3EB0"))), ""},
        {"nothing", {}, ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const Bytes context = join({field(1, "3EB0Q"), field(3, row.quoted)});
        const Message got = extract(field(6, join({field(1, "sold"), field(17, context)}))).value();
        REQUIRE(quote_of(got).has_value());
        CHECK(quote_of(got)->text == row.want);
        CHECK(quote_of(got)->id == "3EB0Q");
    }
}

TEST_CASE("forms: a document's caption counts inside wrapper 53 only") {
    const Bytes document = field(7, join({field(8, "list.pdf"), field(20, "price list")}));
    CHECK(extract(document)->text.empty());
    CHECK(extract(nest({53, 1}, document))->text == "price list");
    CHECK(extract(nest({40, 1, 53, 1}, document))->text == "price list");
}

TEST_CASE("forms: how a media message belongs to another one decides what it is for the archive") {
    struct Row {
        std::uint64_t type;
        Association::Role role;
        event::Kind kind;
    };
    const Row rows[] = {
        {0, Association::Role::none, event::Kind::image},
        {1, Association::Role::album_child, event::Kind::image},
        {5, Association::Role::better_rendition, event::Kind::other},
        {10, Association::Role::better_rendition, event::Kind::other},
        {19, Association::Role::better_rendition, event::Kind::other},
        {12, Association::Role::skip, event::Kind::other},
        {6, Association::Role::skip, event::Kind::other},
        {7, Association::Role::none, event::Kind::image},
        {99, Association::Role::none, event::Kind::image},
    };
    for (const Row& row : rows) {
        CAPTURE(row.type);
        const Message got = extract(associated(row.type)).value();
        REQUIRE(got.association.has_value());
        CHECK(got.association->role == row.role);
        CHECK(got.association->parent_id == "3EB0PARENT");
        CHECK(event_kind(got) == row.kind);
    }
}

TEST_CASE("forms: an inner messageContextInfo overrides the outer one, field by field") {
    const std::string outer_secret(32, 'o');
    const std::string inner_secret(32, 'i');
    const Bytes association = field(10, join({number_field(1, 1), field(2, field(3, "3EB0P"))}));
    const auto wrapped = [&](const Bytes& outer, const Bytes& inner) {
        return extract(join({field(91, field(1, join({field(3, image("c")), field(35, inner)}))),
                             field(35, outer)}))
            .value();
    };
    const Message both =
        wrapped(join({field(3, outer_secret), association}), field(3, inner_secret));
    CHECK(to_string(both.message_secret) == inner_secret);
    CHECK(both.association->parent_id == "3EB0P");
    CHECK(to_string(wrapped(field(3, outer_secret), association).message_secret) == outer_secret);
    CHECK(wrapped(field(3, "short"), {}).message_secret.empty());
}

TEST_CASE("forms: a comment is its inner message with the target as quote") {
    const Bytes comment = field(77, join({field(1, field(1, "how much?")),
                                          field(2, join({field(3, "3EB0T"), field(4, "2@lid")}))}));
    const Message got = extract(comment).value();
    CHECK(got.kind == Kind::text);
    CHECK(field_name(got.field) == "commentMessage");
    CHECK(got.text == "how much?");
    CHECK(got.quote->id == "3EB0T");
    CHECK(got.quote->participant == "2@lid");
}

TEST_CASE("forms: view-once is known from the wrapper and from the media's own flag") {
    CHECK(extract(field(3, number_field(25, 1)))->view_once);
    CHECK(extract(field(9, number_field(20, 1)))->view_once);
    CHECK(extract(field(8, number_field(21, 1)))->view_once);
    CHECK_FALSE(extract(field(3, number_field(25, 0)))->view_once);
}

TEST_CASE("forms: what is recognised and what is new are told apart by number") {
    for (const std::uint32_t number : {4U, 5U, 10U, 13U, 16U, 18U, 22U, 26U, 41U, 44U, 46U, 50U,
                                       51U, 56U, 63U, 69U, 71U, 86U, 102U}) {
        CAPTURE(number);
        const Message got = extract(field(number, Bytes{})).value();
        CHECK(got.kind == Kind::ignored);
        CHECK(got.field == number);
        CHECK(event_kind(got) == event::Kind::other);
    }
    for (const std::uint32_t number :
         {11U, 14U, 97U, 114U, 115U, 123U, 127U, 131U, 132U, 255U, 256U, 536'870'911U}) {
        CAPTURE(number);
        const Message got = extract(field(number, Bytes{})).value();
        CHECK(got.kind == Kind::unknown);
        CHECK(got.field == number);
    }
    CHECK(extract({})->kind == Kind::unknown);
    CHECK(extract({})->field == 0);
    CHECK(extract(field(15, Bytes{}))->kind ==
          Kind::unknown); // a second key distribution, of live locations: no content
}

TEST_CASE("forms: an edit keeps the sender's time and what the new content is") {
    const Bytes edit = field(
        12, join({field(1, join({number_field(2, 1), field(3, "3EB0E")})), number_field(2, 14),
                  field(14, nest({40, 1}, field(3, image("new caption")))),
                  number_field(15, 1'780'000'000'123)}));
    for (const Bytes& input : {edit, nest({58, 1}, edit), nest({31, 2, 58, 1}, edit)}) {
        const Message got = extract(input).value();
        CHECK(got.kind == Kind::edit);
        CHECK(event_kind(got) == event::Kind::edit);
        CHECK(got.edited_kind == Kind::media);
        CHECK(got.text == "new caption");
        CHECK(got.edited_at_ms == 1'780'000'000'123);
        CHECK(got.target->id == "3EB0E");
        CHECK(got.target->from_me);
    }
}
