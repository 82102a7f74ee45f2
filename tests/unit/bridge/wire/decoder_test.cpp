#include "bridge/wire/decoder.hpp"

#include <doctest/doctest.h>

#include "bridge/wire/encoder.hpp"
#include "bridge/wire/tokens.hpp"
#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

bool is_inside(BytesView part, BytesView whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

} // namespace

TEST_CASE("decoder: payloads and texts are not copied out of the frame") {
    // enc v="2" type="msg" id="plain text", content of four bytes
    const Bytes frame = test::hex("00f8081d5145044d08fc0a706c61696e2074657874fc0400ff10a0");
    const Document document = decode(frame).value();
    const Node& root = document.root();
    CHECK(to_hex(root.bytes()) == "00ff10a0");
    CHECK(is_inside(root.bytes(), frame));
    CHECK(root.text_of("id") == "plain text");
    CHECK(is_inside(as_bytes(*root.text_of("id")), frame));
    CHECK(is_inside(as_bytes(root.tag), as_bytes(tokens::canonical())));
}

TEST_CASE("decoder: a document can be passed on, and a decoder used again") {
    const Bytes frame = test::hex("00f8031908ff0412345678");
    Document first = decode(frame).value();
    const Document moved = std::move(first);
    CHECK(moved.root().text_of("id") == "12345678");

    Decoder decoder;
    const Bytes small = test::compress(frame);
    for (int i = 0; i < 3; ++i) {
        CHECK((*decoder.decode(frame))->text_of("id") == "12345678");
        CHECK((*decoder.decode(small))->text_of("id") == "12345678");
        CHECK(decoder.decode(test::hex("00f803190812")).has_value());
        CHECK(decoder.decode(test::hex("00f8031908")).error() == WireErrc::truncated);
        decoder.rest();
    }
}

TEST_CASE("node: look-ups find what is there, of the kind that was asked for") {
    // iq to=120363@g.us id="7" t="x" category="s.whatsapp.net" with children <ping/><item/><ping/>
    wire::OutNode out{.tag = "iq",
                      .attributes = {{"to", Jid::parse("120363@g.us").value()},
                                     {"id", std::string{"7"}},
                                     {"t", std::string{"7x"}},
                                     {"from", std::string{"1:2@lid"}},
                                     {"size", std::string{"18446744073709551616"}}}};
    out.content = std::vector<OutNode>{
        {.tag = "ping", .content = std::string{"first"}}, {.tag = "item"}, {.tag = "ping"}};
    const Bytes frame = encode(out);
    const Document document = decode(frame).value();
    const Node& root = document.root();
    CHECK(root.jid_of("to")->to_string() == "120363@g.us");
    CHECK_FALSE(root.text_of("to").has_value());
    CHECK(root.jid_of("from")->device == 2); // a JID that was sent as text
    CHECK(root.text_of("from") == "1:2@lid");
    CHECK_FALSE(root.jid_of("none").has_value());
    CHECK(root.number_of("id") == 7U);
    for (const std::string_view key : {"t", "to", "size", "none"}) {
        CAPTURE(key);
        CHECK_FALSE(root.number_of(key).has_value());
    }
    CHECK(root.children().size() == 3);
    CHECK(root.child("ping")->text() == "first");
    CHECK(root.child("pong") == nullptr);
    CHECK(root.bytes().empty());
    CHECK(root.child("item")->content() == Node::Content::none);
}

TEST_CASE("node: JIDs convert to what can be acted on, or to nothing") {
    struct Row {
        std::string_view value; // an attribute's value, in hex
        std::string_view printed;
        std::string_view acted_on; // empty: never
    };
    const Row rows[] = {
        {"fa0003", "s.whatsapp.net", "s.whatsapp.net"},
        {"f70005ff021234", "1234:5@s.whatsapp.net", "1234:5@s.whatsapp.net"},
        {"f70105ff021234", "1234:5@lid", "1234:5@lid"},
        {"f78063ff021234", "1234:99@hosted", "1234:99@hosted"},
        {"f78163ff021234", "1234:99@hosted.lid", "1234:99@hosted.lid"},
        {"f70205ff021234", "1234:5@s.whatsapp.net", ""},
        {"f78205ff021234", "1234:5@s.whatsapp.net", ""},
        {"f5ff02123400030011fc07696e7465726f70", "17-1234:3@interop", "17-1234:3@interop"},
        {"f6fc03616263ffff"
         "fc046d736772",
         "abc:65535@msgr", "abc:65535@msgr"},
        {"faff03123b4503", "123.45@s.whatsapp.net", "123@s.whatsapp.net"}, // the agent is dropped
        {"faff03123b4576", "123.45@lid", "123.45@lid"},                    // a LID may hold a dot
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        const Bytes frame = test::hex("00f8031911" + std::string{row.value});
        const Result<Document> document = decode(frame);
        REQUIRE(document.has_value());
        const JidView jid = document->root().jid_of("to").value();
        CHECK(jid.to_string() == row.printed);
        const Result<Jid> acted_on = jid.to_jid();
        CHECK((acted_on ? acted_on->to_string() : "") == row.acted_on);
    }
}

TEST_CASE("decoder: every kind of damage has its own error") {
    struct Row {
        std::string_view frame;
        WireErrc error;
    };
    const Row rows[] = {
        {"", WireErrc::truncated},
        {"00", WireErrc::truncated},
        {"00f8", WireErrc::truncated},
        {"00f900", WireErrc::truncated},
        {"00f801ec", WireErrc::truncated},         // a dictionary without its index
        {"00f8031908fc0561", WireErrc::truncated}, // 5 bytes promised
        {"00f8031908fd00000561", WireErrc::truncated},
        {"00f8031908feffffffff61", WireErrc::truncated},
        {"00f8031908ff04123456", WireErrc::truncated},
        {"00f80219f803f80156", WireErrc::truncated}, // three children promised
        {"00f80219f9ffff", WireErrc::truncated},
        {"00f9010119", WireErrc::truncated}, // 128 attributes and no bytes
        {"00000156", WireErrc::empty_node},
        {"00f80056", WireErrc::empty_node},
        {"00f90000", WireErrc::empty_node},
        {"00fc0156", WireErrc::not_a_list},
        {"0056", WireErrc::not_a_list},
        {"00f801f0", WireErrc::unassigned_byte},
        {"00f801f4", WireErrc::unassigned_byte},
        {"00f8031908f2", WireErrc::unassigned_byte},
        {"00f80219f1", WireErrc::unassigned_byte}, // as content
        {"00f801f801", WireErrc::not_a_string},
        {"00f801fa001c", WireErrc::not_a_string},     // a JID as tag
        {"00f80319fa000355", WireErrc::not_a_string}, // a JID as key
        {"00f8031908f801", WireErrc::not_a_string},   // a list as value
        {"00f8031911fafa00031c", WireErrc::nested_jid},
        {"00f8031911faff0112fa0003", WireErrc::nested_jid},
        {"00f8031911f70001f70001ff0112", WireErrc::nested_jid},
        {"00f80100", WireErrc::bad_tag},
        {"00f801fc00", WireErrc::bad_tag},
        {"00f801fc0107", WireErrc::bad_tag},   // a control character
        {"00f801fc02c328", WireErrc::bad_tag}, // no UTF-8
        {"00f803190055", WireErrc::bad_key},
        {"00f80319fc0055", WireErrc::bad_key},
        {"00f80319ff0055", WireErrc::bad_key},
        {"00f80319fc020a6155", WireErrc::bad_key},
        {"00f80319fc027f6155", WireErrc::bad_key},
        {"00f80319fc02c32855", WireErrc::bad_key},
        {"00f8031908fc02c328", WireErrc::bad_value},
        {"00f8031908fc03610062", WireErrc::bad_value}, // NUL
        {"00f8031908fc03eda080", WireErrc::bad_value}, // a surrogate
        {"00f8031908ff80", WireErrc::bad_packed},
        {"00f8031908fb80", WireErrc::bad_packed},
        {"00f8031908ff01c1", WireErrc::bad_packed},
        {"00f8031908ff011f", WireErrc::bad_packed}, // padding, and the length is even
        {"00f8031908ff021f34", WireErrc::bad_packed},
        {"00f8031908ff81f1", WireErrc::bad_packed},
        {"00f8031908ff811c", WireErrc::bad_packed},    // the dropped digit is unassigned
        {"00f8031911faff02123400", WireErrc::bad_jid}, // no server
        {"00f8031911faff021234fc00", WireErrc::bad_jid},
        {"00f8031911f7000500", WireErrc::bad_jid}, // a device and no user
        {"00f8031911f6fc03616263000703", WireErrc::bad_jid},
        {"00f8031911f5ff0212340003001103", WireErrc::bad_jid},
        {"00f8031911fafc0361406203", WireErrc::bad_jid}, // a@b as user
        {"00f8031911fafc03613a3203", WireErrc::bad_jid}, // a:2 as user, in place of a device
        {"00f8031911fa2b03", WireErrc::bad_jid},         // the token urn:xmpp:ping as user
        {"00f8031911fafc03612062"
         "1c",
         WireErrc::bad_jid}, // a space
        {"00f8031911faff0112fc03614062", WireErrc::bad_jid},
        {"00f8051908ff011208ff0134", WireErrc::duplicate_attribute},
        {"00f8051908ff0112fc02696455", WireErrc::duplicate_attribute}, // "id" spelt out
        {"00f801560102", WireErrc::trailing_bytes},
    };
    for (const Row& row : rows) {
        CAPTURE(row.frame);
        const Bytes frame = test::hex(row.frame);
        const Result<Document> document = decode(frame);
        REQUIRE_FALSE(document.has_value());
        CHECK(document.error() == row.error);
    }
}

TEST_CASE("decoder: each error says something of its own") {
    std::vector<std::string> texts;
    for (int i = 1; i <= static_cast<int>(WireErrc::trailing_bytes); ++i) {
        texts.push_back(make_error_code(static_cast<WireErrc>(i)).message());
    }
    std::ranges::sort(texts);
    CHECK(std::ranges::adjacent_find(texts) == texts.end());
    CHECK(std::ranges::find(texts, "unknown stanza error") == texts.end());
}
