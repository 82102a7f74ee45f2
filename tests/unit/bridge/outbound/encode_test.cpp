// Whatever the types allow is written in a form that the guard lets pass.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;
using outbound::Guard;
using outbound::OutboundErrc;

TEST_CASE("encode: every kind passes the guard, and every shape has a kind") {
    const Guard guard{own_account()};
    std::set<std::size_t> kinds;
    std::set<outbound::Shape> shapes;
    for (const outbound::Outbound& stanza : every_kind()) {
        const Bytes bytes = encoded(stanza);
        CAPTURE(stanza.index());
        CAPTURE(to_hex(BytesView{bytes}.first(std::min<std::size_t>(bytes.size(), 200))));
        const Result<outbound::Shape> shape = guard.check(bytes);
        REQUIRE(shape.has_value());
        kinds.insert(stanza.index());
        shapes.insert(*shape);
    }
    CHECK(kinds.size() == std::variant_size_v<outbound::Outbound>);
    CHECK(shapes.size() == outbound::shape_count);
}

TEST_CASE("encode: what a peer may have sent comes back to it in a form that passes") {
    const Guard guard{own_account()};
    const std::string long_text(60'000, 'x');
    const std::string_view ids[] = {"0",
                                    "receipt",
                                    "A@b@c",
                                    "a b",
                                    "\xe2\x82\xac",
                                    "12-3.4",
                                    "ABCDEF0",
                                    "s.whatsapp.net",
                                    long_text,
                                    "@",
                                    "\x01",
                                    "true",
                                    "-",
                                    "1",
                                    "3EB0"};
    const std::string_view froms[] = {"1@s.whatsapp.net",
                                      "1:3@s.whatsapp.net",
                                      "1:300@s.whatsapp.net",
                                      "1@c.us",
                                      "1:65535@lid",
                                      "1@hosted",
                                      "1:99@hosted.lid",
                                      "1@bot",
                                      "1:4@msgr",
                                      "1@interop",
                                      "1:2@interop",
                                      "1-2@g.us",
                                      "12:3@broadcast",
                                      "1@call",
                                      "status@broadcast",
                                      "1.2@lid",
                                      "1@newsletter",
                                      "s.whatsapp.net",
                                      "g.us",
                                      "x@y",
                                      "receipt@s.whatsapp.net"};
    for (const std::string_view id : ids) {
        for (const std::string_view from : froms) {
            CAPTURE(id.substr(0, 40));
            CAPTURE(from);
            const out::Addressed to{text(id), jid(from), jid(from), jid(from)};
            CHECK(guard.check(encoded(out::MessageAck{to})).has_value());
            CHECK(guard.check(encoded(out::Nack{to, out::NackReason::unparsable})).has_value());
            CHECK(guard.check(encoded(out::Ack{to, out::AckedTag::notification, text(id)}))
                      .has_value());
            CHECK(guard.check(encoded(out::Pong{out::AnsweredId{text(id)}})).has_value());
        }
    }
}

TEST_CASE("values: what cannot be sent cannot be made") {
    CHECK(out::Text::of("").error() == OutboundErrc::empty_text);
    CHECK(out::RetryCount::of(0).error() == OutboundErrc::bad_retry_count);
    CHECK(out::RetryCount::of(5).error() == OutboundErrc::bad_retry_count);
    CHECK(out::KeyId::of(0).error() == OutboundErrc::bad_key_id);
    CHECK(out::KeyId::of(0x100'0000).error() == OutboundErrc::bad_key_id);
    CHECK(out::Group::of(jid("1@s.whatsapp.net")).error() == OutboundErrc::not_a_group);
    for (const std::string_view phone :
         {"", "123456", "01234567", "+1234567", "1234567890123456", "12345 67"}) {
        CAPTURE(phone);
        CHECK(out::Phone::of(phone).error() == OutboundErrc::bad_phone);
    }
    CHECK(out::Phone::of("1234567").has_value());
    CHECK(RequestIds::make(4'294'967'295, 255, 0).text() == "255.0-4294967295");
}

TEST_CASE("shapes: each has its name") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < outbound::shape_count; ++i) {
        names.insert(outbound::name_of(static_cast<outbound::Shape>(i)));
    }
    CHECK(names.size() == outbound::shape_count);
    CHECK_FALSE(names.contains("unknown"));
}
