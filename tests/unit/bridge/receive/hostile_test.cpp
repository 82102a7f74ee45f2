#include <doctest/doctest.h>

#include "tests/unit/bridge/receive/sending.hpp"

using namespace vestari;
using receive::Outcome;
using test::Desk;

namespace {

constexpr std::string_view alice = "1001@lid";
constexpr std::string_view alice_pn = "491@s.whatsapp.net";

Bytes offer() { return synth::content::text("126610LN 12k"); }

} // namespace

TEST_CASE("hostile: whatever a stanza claims of time and name, the stream can carry its event") {
    using Attributes = std::map<std::string, std::string>;
    const Attributes rows[] = {
        {{"notify", std::string(5000, 'x')}},
        {{"notify", "\x1b[2J\u202e"}},
        {{"t", "253402300800"}},        // the year 10000
        {{"t", "9223372036854775807"}}, // overflows in milliseconds
        {{"t", "18446744073709551615"}},
        {{"t", "99999999999999999999"}}, // no number that fits
        {{"t", "-1"}},
        {{"t", "soon"}},
    };
    for (const Attributes& row : rows) {
        CAPTURE(row.begin()->second.substr(0, 30));
        Desk desk;
        synth::Stanza stanza = Desk::message(alice, "A", row);
        stanza.children = {desk.key_part("alice"), desk.group_part("alice", offer())};
        CHECK(desk.take(stanza, test::at(1'780'000'007)) == Outcome::decrypted);
        const std::vector<event::Envelope> spooled = desk.spooled(); // decodes each
        REQUIRE(spooled.size() == 1);
        CHECK(spooled[0].sent_at == test::at(row.contains("t") ? 1'780'000'007 : 1'780'000'000));
        CHECK(spooled[0].push_name.size() <= (row.contains("t") ? 6 : 400));
    }
}

TEST_CASE("hostile: an edit's claimed time may be anything") {
    for (const std::int64_t claimed : {std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min(), std::int64_t{0}}) {
        Desk desk;
        synth::Stanza first = Desk::message(alice, "A");
        first.children = {desk.key_part("alice"), desk.group_part("alice", offer())};
        synth::Stanza second = Desk::message(alice, "B");
        second.children = {desk.group_part("alice", synth::content::edit("A", offer(), claimed))};
        desk.take(first);
        CHECK(desk.take(second) == Outcome::decrypted);
        CHECK(desk.spooled().size() == 2);
    }
}

TEST_CASE("hostile: a message counts as read for its content, not for the key beside it") {
    struct Row {
        std::string_view what;
        bool damaged;
        std::string type, version;
    };
    const Row rows[] = {
        {"damaged", true, "skmsg", "2"},
        {"another product's envelope", false, "skmsg", "3"},
        {"an assistant's secret", false, "msmsg", "2"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Desk desk;
        synth::Stanza stanza = Desk::message(alice, "A");
        stanza.children = {desk.key_part("alice"), desk.group_part("alice", offer())};
        const synth::Stanza whole = stanza;
        stanza.children[1] = Desk::enc(row.type, whole.children[1].bytes, row.version);
        if (row.damaged) {
            stanza.children[1].bytes[40] ^= std::byte{1};
        }
        CHECK(desk.take(stanza) == Outcome::failed);
        CHECK(desk.take(stanza) == Outcome::failed); // delivered once more: still unread
        CHECK(desk.take(whole) == Outcome::decrypted);
        CHECK(desk.take(whole) == Outcome::duplicate);
        CHECK(desk.spooled().size() == 1);
    }
}

TEST_CASE("hostile: a key alone is a duplicate the second time, under whichever name") {
    Desk desk;
    synth::Stanza key_alone = Desk::message(alice_pn, "K");
    key_alone.children = {desk.key_part("alice")};
    CHECK(desk.take(key_alone) == Outcome::decrypted);
    synth::Stanza named = Desk::message(
        alice_pn, "A", {{"participant_lid", std::string{alice}}}); // from now on a LID
    named.children = {desk.group_part("alice", offer())};
    CHECK(desk.take(named) == Outcome::decrypted);
    CHECK(desk.take(key_alone) == Outcome::duplicate);
}

TEST_CASE("hostile: what waited long in the server's queue is kept for its key like any other") {
    Desk desk;
    const synth::Stanza key = desk.key_part("alice");
    synth::Stanza early = Desk::message(alice, "A");
    early.children = {desk.group_part("alice", offer())};
    const TimePoint arrival = test::at(1'780'000'000) + std::chrono::hours{5};
    CHECK(desk.take(early, arrival) == Outcome::failed);
    desk.receiver.forget_kept(arrival + std::chrono::minutes{59});
    synth::Stanza late = Desk::message(alice, "B");
    late.children = {key};
    CHECK(desk.take(late, arrival + std::chrono::minutes{59}) == Outcome::decrypted);
    CHECK(desk.spooled().size() == 1);
}

TEST_CASE("a group that goes over to LIDs takes its members' keys along, if it says who is who") {
    Desk desk;
    synth::Stanza before = Desk::message(alice_pn, "A");
    before.children = {desk.key_part("alice"), desk.group_part("alice", offer())};
    CHECK(desk.take(before) == Outcome::decrypted);

    synth::Stanza change{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    change.with_jid("from", test::trade_desk).with("type", "w:gp2").with("id", "N");
    synth::Stanza member{.tag = "participant", .attributes = {}, .children = {}, .bytes = {}};
    member.with_jid("jid", alice).with_jid("phone_number", alice_pn);
    change.children = {{.tag = "promote", .attributes = {}, .children = {member}, .bytes = {}}};
    CHECK(desk.take(change) == Outcome::other);

    synth::Stanza after = Desk::message(alice, "B");
    after.children = {
        desk.group_part("alice", synth::content::edit("A", offer(), 1'780'000'100'000))};
    CHECK(desk.take(after) == Outcome::decrypted);
    CHECK(desk.spooled().size() == 2); // her own message, edited under her other name
    CHECK(desk.take(before) == Outcome::duplicate);
}

TEST_CASE("hostile: of thousands of ciphertexts in one stanza sixteen of a kind are tried") {
    for (const std::size_t before : {15U, 16U}) {
        CAPTURE(before);
        Desk desk;
        synth::Stanza stanza = Desk::message(alice, "A");
        stanza.children.assign(before, Desk::enc("msg", Bytes(60, std::byte{0x33})));
        stanza.children.push_back(desk.pairwise_part("alice", offer()));
        const Outcome wanted = before < 16 ? Outcome::decrypted : Outcome::failed;
        CHECK(desk.take(stanza) == wanted);
    }
}
