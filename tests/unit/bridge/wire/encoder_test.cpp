#include "bridge/wire/encoder.hpp"

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

// The bytes of one attribute's value.
std::string value_hex(OutNode::Value value) {
    const Bytes frame = encode(OutNode{.tag = "iq", .attributes = {{"id", std::move(value)}}});
    return to_hex(BytesView{frame}.subspan(5)); // behind 00 f8 03 19 08
}

std::string text_hex(std::string text) { return value_hex(std::move(text)); }
std::string jid_hex(std::string_view text) { return value_hex(Jid::parse(text).value()); }

} // namespace

TEST_CASE("encoder: the shortest form of a text") {
    struct Row {
        std::string text;
        std::string_view want;
    };
    const Row rows[] = {
        {"1", "55"},           // a token before digits
        {"read-self", "ec00"}, // a dictionary
        {"1234", "ff021234"},  // digits
        {"3-.7", "ff023ab7"},
        {"123", "ff82123f"},
        {"A1", "fb01a1"}, // hexadecimal
        {"ABC", "fb82abcf"},
        {"abc", "fc03616263"}, // lower case is not packed
        {"\xc3\xbc", "fc02c3bc"},
        {"--1", "ff82aa1f"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        CHECK(text_hex(row.text) == row.want);
    }
    CHECK(text_hex(std::string(127, '8')).starts_with("ffc0"));
    CHECK(text_hex(std::string(128, '8')).starts_with("fc80"));
    CHECK(text_hex(std::string(255, 'x')).starts_with("fcff"));
    CHECK(text_hex(std::string(256, 'x')).starts_with("fd000100"));
}

TEST_CASE("encoder: the forms of a JID") {
    struct Row {
        std::string_view jid, want;
    };
    const Row rows[] = {
        {"s.whatsapp.net", "fa0003"},
        {"g.us", "fa001c"},
        {"1234@s.whatsapp.net", "faff02123403"},
        {"1234:5@s.whatsapp.net", "f70005ff021234"},
        {"1234:255@lid", "f701ffff021234"},
        {"1234@hosted", "f78000ff021234"},
        {"1234:99@hosted.lid", "f78163ff021234"},
        {"1234@lid", "faff02123476"},
        {"abc:7@msgr", "f6fc036162630007cc"},
        {"status@broadcast", "fa0b0d"},
        {"1234:256@lid", "fc0c313233343a323536406c6964"}, // no binary form holds the device
    };
    for (const Row& row : rows) {
        CAPTURE(row.jid);
        CHECK(jid_hex(row.jid) == row.want);
    }
}

TEST_CASE("encoder: attributes without a value are left out") {
    const OutNode node{.tag = "iq",
                       .attributes = {{"id", std::string{}}, {"type", std::string{"get"}}}};
    CHECK(to_hex(encode(node)) == "00f803190429");
}

TEST_CASE("encoder: lengths of content and of lists choose their form") {
    const auto head = [](std::size_t size) {
        OutNode node{.tag = "iq"};
        node.content = Bytes(size);
        const Bytes frame = encode(node);
        return to_hex({frame.data() + 4, 5});
    };
    CHECK(head(255).starts_with("fcff"));
    CHECK(head(256).starts_with("fd000100"));
    CHECK(head((1U << 20U) - 1).starts_with("fd0fffff"));
    CHECK(head(1U << 20U).starts_with("fe00100000"));

    const auto list = [](std::size_t size) {
        OutNode node{.tag = "iq"};
        node.content = std::vector<OutNode>(size, OutNode{.tag = "ping"});
        const Bytes frame = encode(node);
        return to_hex(BytesView{frame}.subspan(4).first(frame.size() - 4 < 3 ? 1 : 3));
    };
    CHECK(list(0) == "00");
    CHECK(list(1).starts_with("f801"));
    CHECK(list(255).starts_with("f8ff"));
    CHECK(list(256).starts_with("f90100"));
}

TEST_CASE("encoder: what it writes, the decoder reads") {
    OutNode node{
        .tag = "receipt",
        .attributes = {{"to", Jid::parse("1:2@lid").value()}, {"custom key", std::string{"v"}}}};
    node.content = std::vector<OutNode>{{.tag = "a", .content = Bytes(300)},
                                        {.tag = "b", .content = std::string{"text"}},
                                        {.tag = "c", .content = std::vector<OutNode>{}}};
    const Bytes frame = encode(node);
    const Document document = decode(frame).value();
    CHECK(document.root().jid_of("to")->to_string() == "1:2@lid");
    CHECK(document.root().text_of("custom key") == "v");
    CHECK(document.root().child("a")->bytes().size() == 300);
    CHECK(document.root().child("b")->text() == "text");
    CHECK(document.root().child("c")->children().empty());
    CHECK(encode(document.root()) == frame);
}
