#include "vestari/base/jid.hpp"

#include <doctest/doctest.h>

using namespace vestari;

TEST_CASE("jid: reads the forms of wire/10-connection.md section 6") {
    struct Row {
        std::string_view text, user, server;
        std::uint16_t device;
        std::string_view printed;
    };
    const Row rows[] = {
        {"15550100001@s.whatsapp.net", "15550100001", "s.whatsapp.net", 0,
         "15550100001@s.whatsapp.net"},
        {"15550100001:5@s.whatsapp.net", "15550100001", "s.whatsapp.net", 5,
         "15550100001:5@s.whatsapp.net"},
        {"15550100001.0:5@s.whatsapp.net", "15550100001", "s.whatsapp.net", 5,
         "15550100001:5@s.whatsapp.net"},
        {"15550100001_1:5@s.whatsapp.net", "15550100001", "s.whatsapp.net", 5,
         "15550100001:5@s.whatsapp.net"},
        {"a.b:3@lid", "a.b", "lid", 3, "a.b:3@lid"},
        {"120363-99@g.us", "120363-99", "g.us", 0, "120363-99@g.us"},
        {"g.us", "", "g.us", 0, "g.us"},
        {"@g.us", "", "g.us", 0, "g.us"},
        {"1:99@hosted.lid", "1", "hosted.lid", 99, "1:99@hosted.lid"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const Jid jid = Jid::parse(row.text).value();
        CHECK(jid.user() == row.user);
        CHECK(jid.server() == row.server);
        CHECK(jid.device() == row.device);
        CHECK(jid.to_string() == row.printed);
    }
}

TEST_CASE("jid: refuses what is no JID") {
    CHECK(Jid::parse("").error() == JidErrc::empty);
    CHECK(Jid::parse("a@b@c").error() == JidErrc::two_at_signs);
    CHECK(Jid::parse("a@").error() == JidErrc::no_server);
    CHECK(Jid::parse("a:70000@lid").error() == JidErrc::bad_device);
    CHECK(Jid::parse("a:@lid").error() == JidErrc::bad_device);
    CHECK(Jid::parse("1:2:3@lid").error() == JidErrc::bad_device);
    CHECK(Jid::parse(":5@lid").error() == JidErrc::no_user);
    CHECK(Jid::parse(".5@s.whatsapp.net").error() == JidErrc::no_user);
    CHECK(Jid::parse("a\n@lid").error() == JidErrc::control_character);
    CHECK(Jid::parse(std::string(300, '1') + "@lid").error() == JidErrc::too_long);
}

TEST_CASE("jid: parts that would print as another JID are refused") {
    CHECK(Jid::make("a@b", "g.us").error() == JidErrc::two_at_signs);
    CHECK(Jid::make("a", "lid@g.us").error() == JidErrc::two_at_signs);
    CHECK(Jid::make("1:2", "lid").error() == JidErrc::bad_device);
    CHECK(Jid::make("", "lid", 3).error() == JidErrc::no_user);
    CHECK(Jid::make("1.0", "s.whatsapp.net", 2).value().to_string() == "1:2@s.whatsapp.net");
    CHECK(Jid::make("a:b", "g.us").value().to_string() == "a:b@g.us");
}

TEST_CASE("jid: the same user whatever the device and spelling, never across families") {
    const auto jid = [](std::string_view text) { return Jid::parse(text).value(); };
    CHECK(jid("1:3@s.whatsapp.net").same_user(jid("1@c.us")));
    CHECK(jid("1:99@hosted").same_user(jid("1@s.whatsapp.net")));
    CHECK(jid("7:99@hosted.lid").same_user(jid("7:2@lid")));
    CHECK_FALSE(jid("1@s.whatsapp.net").same_user(jid("1@lid")));
    CHECK(jid("1:3@s.whatsapp.net").same_user("1.0", "c.us"));
    CHECK_FALSE(jid("1@g.us").same_user(jid("1@newsletter")));
}
