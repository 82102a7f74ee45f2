#include <doctest/doctest.h>

#include "bridge/receive/inbox/clearing.hpp"
#include "bridge/store/waiting.hpp"
#include "tests/unit/bridge/receive/inbox/office.hpp"

using namespace vestari;
using receive::Case;
using test::Lines;
using test::Office;

namespace {

constexpr std::string_view alice = "1001@lid";

synth::Stanza from_user(std::string_view from, std::string_view id) {
    synth::Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", from).with("id", std::string{id}).with("t", "1780000000");
    stanza.with("type", "text");
    stanza.children = {test::People::enc("pkmsg", Bytes(64, std::byte{0x33}))};
    return stanza;
}

Lines kinds(const Case& happened) {
    const outbound::out::Addressed stanza{outbound::out::Text::of("A").value(),
                                          test::jid("9999@s.whatsapp.net"), std::nullopt,
                                          std::nullopt};
    Lines lines;
    for (const std::string& line : test::told(receive::clearing(stanza, happened))) {
        const std::string_view text{line};
        const auto word = [&](std::string_view key) {
            const std::size_t at = text.find(key);
            return at == std::string_view::npos
                       ? std::string{}
                       : std::string{text.substr(at + key.size(), text.find(' ', at + key.size()) -
                                                                      at - key.size())};
        };
        lines.push_back(text.starts_with("ack") ? "ack" + word("error=") : word("type="));
    }
    return lines;
}

} // namespace

TEST_CASE("clearing: what clears what, on the first connection and on later ones") {
    using enum Case::What;
    using By = Case::By;
    struct Row {
        std::string_view what;
        Case::What happened;
        By by;
        config::Receipts receipts;
        Lines first, second, third;
    };
    const auto inactive = config::Receipts::inactive;
    const auto ack_only = config::Receipts::ack_only;
    const Row rows[] = {
        {"read",
         read,
         By::others,
         inactive,
         {"inactive"},
         {"inactive", "ack"},
         {"inactive", "ack", "ack500"}},
        {"read, acks only",
         read,
         By::others,
         ack_only,
         {"ack"},
         {"inactive", "ack"},
         {"inactive", "ack", "ack500"}},
        {"own",
         read,
         By::own_device,
         inactive,
         {"sender"},
         {"sender", "ack"},
         {"sender", "ack", "ack500"}},
        {"own, acks only",
         read,
         By::own_device,
         ack_only,
         {"sender"},
         {"sender", "ack"},
         {"sender", "ack", "ack500"}},
        {"peer",
         peer,
         By::own_device,
         inactive,
         {"peer_msg"},
         {"peer_msg", "ack"},
         {"peer_msg", "ack", "ack500"}},
        {"history",
         peer_history,
         By::own_device,
         inactive,
         {"peer_msg", "hist_sync"},
         {"peer_msg", "hist_sync", "ack"},
         {"peer_msg", "hist_sync", "ack", "ack500"}},
        {"unreadable", unreadable, By::others, inactive, {"ack"}, {"ack"}, {"ack", "ack500"}},
        {"not parsable",
         unparsable,
         By::others,
         inactive,
         {"ack487"},
         {"ack487", "ack"},
         {"ack487", "ack", "ack500"}},
        {"excluded", excluded, By::others, inactive, {"ack"}, {"ack500"}, {"ack500", "inactive"}},
        {"excluded, acks only",
         excluded,
         By::others,
         ack_only,
         {"ack"},
         {"ack500"},
         {"ack500", "inactive"}},
        {"excluded own",
         excluded,
         By::own_device,
         inactive,
         {"sender"},
         {"sender", "ack"},
         {"sender", "ack", "ack500"}},
        {"channel", excluded, By::channel, inactive, {"ack"}, {"ack500"}, {"ack500"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        CHECK(kinds({row.happened, row.by, 1, row.receipts}) == row.first);
        CHECK(kinds({row.happened, row.by, 2, row.receipts}) == row.second);
        CHECK(kinds({row.happened, row.by, 3, row.receipts}) == row.third);
        CHECK(kinds({row.happened, row.by, 9, row.receipts}) == row.third);
    }
}

TEST_CASE("clearing: however strangely a message is addressed, what clears it passes the guard") {
    const std::string_view jids[] = {"",
                                     "120363000000000001@g.us",
                                     "120363000000000099@g.us",
                                     "g.us",
                                     "s.whatsapp.net",
                                     "3333:2@lid",
                                     "491@s.whatsapp.net",
                                     "491@c.us",
                                     "9999@hosted",
                                     "1999@lid",
                                     "1999:7@hosted.lid",
                                     "9999:5@s.whatsapp.net",
                                     "status@broadcast",
                                     "1@newsletter",
                                     "1@bot",
                                     "1@somewhere.else",
                                     "lid",
                                     "a b"};
    std::vector<synth::Stanza> stanzas;
    for (const std::string_view from : jids) {
        for (const std::string_view participant : jids) {
            for (const std::string_view recipient : {"", "1999@lid", "3333@lid"}) {
                const std::size_t id = stanzas.size();
                synth::Stanza stanza{
                    .tag = "message", .attributes = {}, .children = {}, .bytes = {}};
                stanza.with("from", std::string{from}).with("id", "I" + std::to_string(id));
                stanza.with("participant", std::string{participant});
                stanza.with("recipient", std::string{recipient});
                stanza.with("category", id % 5 == 0 ? "peer" : "");
                stanzas.push_back(std::move(stanza));
            }
        }
    }
    Office office;
    std::size_t told = 0;
    for (int connection = 0; connection < 4; ++connection) {
        ++office.connection;
        std::ranges::for_each(stanzas, [&](const synth::Stanza& stanza) { office.offer(stanza); });
        told += test::told(office.inbox->commit()).size(); // each is shown to the guard there
    }
    CHECK(told > 4000);
}

TEST_CASE("clearing: every excluded chat, as its kind demands, unopened") {
    struct Row {
        std::string_view what;
        synth::Stanza stanza;
        Lines first;
    };
    synth::Stanza other_group = from_user("120363000000000099@g.us", "A");
    other_group.with_jid("participant", alice);
    synth::Stanza status = from_user("status@broadcast", "A");
    status.with_jid("participant", alice);
    synth::Stanza own_elsewhere = from_user("1999@lid", "A");
    own_elsewhere.with_jid("recipient", "3333@lid");
    synth::Stanza forged = from_user("3333@lid", "A");
    forged.with("category", "peer");
    synth::Stanza companion = from_user("1999:7@lid", "A");
    companion.with("category", "peer");
    const Row rows[] = {
        {"another group",
         other_group,
         {"ack class=message id=A participant=1001@lid to=120363000000000099@g.us"}},
        {"direct", from_user("3333:2@lid", "A"), {"ack class=message id=A to=3333:2@lid"}},
        {"a status post",
         status,
         {"ack class=message id=A participant=1001@lid to=status@broadcast"}},
        {"a channel",
         from_user("120363000000009999@newsletter", "A"),
         {"ack class=message id=A to=120363000000009999@newsletter"}},
        {"an own device writes",
         own_elsewhere,
         {"receipt id=A recipient=3333@lid to=1999@lid type=sender"}},
        {"control traffic of a stranger", forged, {"ack class=message id=A to=3333@lid"}},
        {"control traffic of an own companion",
         companion,
         {"receipt id=A to=1999:7@lid type=sender"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Office office;
        CHECK(office.take(row.stanza) == row.first);
        CHECK(office.spooled().empty());
        CHECK(store::Quarantine{*office.sessions}.rows() == 0);
        CHECK(office.inbox->tally().counts().dropped == 1);
    }
}

TEST_CASE("clearing: an excluded stanza is cleared in another way only on a later connection") {
    Office office;
    const synth::Stanza direct = from_user("3333:2@lid", "A");
    const Lines ack{"ack class=message id=A to=3333:2@lid"};
    const Lines nack{"ack class=message error=500 id=A to=3333:2@lid"};
    CHECK(office.take(direct) == ack);
    CHECK(office.take(direct) == ack); // the same connection: the first ack may be on its way
    ++office.connection;
    CHECK(office.take(direct) == nack);
    CHECK(office.take(from_user("3333:2@lid", "B")) ==
          Lines{"ack class=message id=B to=3333:2@lid"});
    office.inbox->take_notices();
    office.restart(); // another process is another connection
    CHECK(office.take(direct) == Lines{nack.front(), "receipt id=A to=3333:2@lid type=inactive"});
    const std::vector<receive::Notice> notices = office.inbox->take_notices();
    REQUIRE(notices.size() == 1);
    CHECK(std::get<receive::notice::Trouble>(notices.front()).what ==
          receive::notice::Trouble::What::clearing_in_vain);
    office.restart();
    office.connection = 1;                  // numbers may come again after a restart
    CHECK(office.take(direct).size() == 2); // and the alarm is not repeated
    CHECK(office.inbox->take_notices().empty());
    CHECK(store::Quarantine{*office.sessions}.rows() == 0); // nothing of an excluded chat is kept
}

TEST_CASE("clearing: a read message that comes again is cleared again and not decrypted twice") {
    Office office;
    synth::Stanza message = Office::message(alice, "A");
    message.children = {office.key_part("alice"),
                        office.group_part("alice", synth::content::text("126610LN 12k"))};
    const std::string receipt =
        "receipt id=A participant=1001@lid to=120363000000000001@g.us type=inactive";
    const std::string ack =
        "ack class=message id=A participant=1001@lid to=120363000000000001@g.us";
    CHECK(office.take(message) == Lines{receipt});
    CHECK(office.take(message) == Lines{receipt});
    office.restart();
    CHECK(office.take(message) == Lines{receipt, ack});
    office.restart();
    office.inbox->take_notices();
    CHECK(office.take(message).size() == 3);
    CHECK(office.inbox->take_notices().size() == 1);
    CHECK(office.texts() == Lines{"126610LN 12k"});
    CHECK(store::Quarantine{*office.sessions}.rows() == 1); // the poison stanza, as it came
}

TEST_CASE("clearing: acks alone give way to receipts when they do not clear") {
    Office office;
    office.options.receipts = config::Receipts::ack_only;
    office.open();
    const auto post = [&](std::string_view id) {
        synth::Stanza message = Office::message(alice, id);
        message.children = {office.key_part("alice"),
                            office.group_part("alice", synth::content::text("126610LN"))};
        return message;
    };
    const synth::Stanza first = post("A");
    CHECK(office.take(first).front().starts_with("ack "));
    CHECK(office.take(first).front().starts_with("ack "));
    ++office.connection;
    CHECK(office.take(first).front().find("type=inactive") != std::string::npos);
    const std::vector<receive::Notice> notices = office.inbox->take_notices();
    REQUIRE(notices.size() == 1);
    CHECK(std::get<receive::notice::Trouble>(notices.front()).what ==
          receive::notice::Trouble::What::receipts_wanted);
    CHECK(office.take(post("B")).front().find("type=inactive") != std::string::npos);
    office.restart(); // it is remembered
    CHECK(office.take(post("C")).front().find("type=inactive") != std::string::npos);
}

TEST_CASE("clearing: broken stanzas of an included group are refused and kept, others are left") {
    struct Row {
        std::string_view what;
        synth::Stanza stanza;
        Lines lines;
        std::uint64_t kept;
    };
    synth::Stanza nobody{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    nobody.with_jid("from", test::trade_desk).with("id", "A");
    synth::Stanza no_id{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    no_id.with_jid("from", test::trade_desk).with_jid("participant", alice);
    synth::Stanza no_from{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    no_from.with("id", "A");
    synth::Stanza foreign = Office::message(alice, "A");
    foreign.children = {Office::enc("msmsg", Bytes(8))};
    synth::Stanza unavailable = Office::message(alice, "A");
    unavailable.children = {{.tag = "unavailable", .attributes = {}, .children = {}, .bytes = {}}};
    const std::string ack =
        "ack class=message id=A participant=1001@lid to=120363000000000001@g.us";
    const Row rows[] = {
        {"without a sender",
         nobody,
         {"ack class=message error=487 id=A to=120363000000000001@g.us"},
         1},
        {"without an id", no_id, {}, 0},
        {"without a chat", no_from, {}, 0},
        {"an assistant's ciphertext", foreign, {ack}, 0},
        {"nothing for this device", unavailable, {ack}, 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Office office;
        CHECK(office.take(row.stanza) == row.lines);
        CHECK(store::Quarantine{*office.sessions}.rows() == row.kept);
    }
}

TEST_CASE("clearing: a stanza whose body is damaged is refused as it came") {
    Office office;
    synth::Stanza message = Office::message(alice, "A");
    message.children = {Office::enc("skmsg", Bytes(40, std::byte{1}))};
    Bytes frame = synth::encode(message, synth::Packing::plain);
    frame.resize(frame.size() - 20);
    CHECK(office.inbox->take(frame, office.clock.now(), 1) == receive::Inbox::Took::yes);
    CHECK(
        test::told(office.inbox->commit()) ==
        Lines{"ack class=message error=487 id=A participant=1001@lid to=120363000000000001@g.us"});
    CHECK(store::Quarantine{*office.sessions}.oldest(1).front().payload == frame);
    CHECK(office.inbox->take(Bytes(3, std::byte{0xff}), office.clock.now(), 1) ==
          receive::Inbox::Took::yes);
    CHECK(office.inbox->commit().empty()); // nobody to answer
}
