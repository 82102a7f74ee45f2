#include <doctest/doctest.h>

#include "bridge/receive/resend/resends.hpp"
#include "bridge/store/inbox/resends.hpp"
#include "bridge/store/signal_records.hpp"
#include "bridge/store/waiting.hpp"
#include "tests/unit/bridge/receive/inbox/office.hpp"

using namespace vestari;
using test::Lines;
using test::Office;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view alice = "1001@lid";
constexpr std::string_view chat = test::trade_desk;

bool is_retry(const std::string& line) { return line.find("type=retry") != std::string::npos; }
bool has_keys(const std::string& line) { return line.find("<keys>") != std::string::npos; }

std::size_t retries_in(const Lines& lines) {
    return static_cast<std::size_t>(std::ranges::count_if(lines, is_retry));
}

// A message without the key that it needs.
synth::Stanza keyless(Office& office, std::string_view sender, const std::string& device,
                      std::string_view id, std::string_view words = "126610LN 12k") {
    synth::Stanza stanza = Office::message(sender, id);
    office.key_part(device); // made, and never sent
    stanza.children = {office.group_part(device, synth::content::text(words))};
    return stanza;
}

synth::Stanza garbage(std::string_view sender, std::string_view id, std::string type = "msg",
                      std::string count = {}) {
    Bytes bytes(80, std::byte{0x33});
    synth::Stanza part = Office::enc(std::move(type), std::move(bytes));
    if (!count.empty()) {
        part.with("count", std::move(count));
    }
    synth::Stanza stanza = Office::message(sender, id);
    stanza.children = {part};
    return stanza;
}

// What the sender does about a retry receipt: everything in one pairwise ciphertext.
synth::Stanza resend(Office& office, std::string_view sender, const std::string& device,
                     std::string_view id, std::string_view words, std::string count = "1") {
    synth::Stanza part =
        office.pairwise_part(device, office.both(device, synth::content::text(words)));
    part.with("count", std::move(count));
    synth::Stanza stanza = Office::message(sender, id);
    stanza.children = {part};
    return stanza;
}

} // namespace

TEST_CASE("resend: a missing group key is asked for with keys, and the answer is read once") {
    Office office;
    const std::size_t keys_before = store::PreKeys{*office.sessions}.ids().size();
    const Lines asked = office.take(keyless(office, alice, "alice", "A"));
    REQUIRE(asked.size() == 2);
    CHECK(asked[0] == "receipt id=A participant=1001@lid to=120363000000000001@g.us type=retry "
                      "<retry count=1 error=1 id=A t=1780000000 v=1> <registration> <keys>");
    CHECK(asked[1] == "ack class=message id=A participant=1001@lid to=120363000000000001@g.us");
    CHECK(store::PreKeys{*office.sessions}.ids().size() == keys_before + 1); // stored with it
    CHECK(store::PreKeys{*office.sessions}.fresh(100).empty()); // and never published again

    const synth::Stanza answer = resend(office, alice, "alice", "A", "126610LN 12k");
    CHECK(office.take(answer).size() == 1);
    CHECK(office.texts() == Lines{"126610LN 12k"});
    CHECK(office.take(answer).size() == 1); // once more: cleared again, nothing new
    CHECK(office.spooled().empty());
    CHECK(store::KeptCiphertexts{*office.sessions}.rows() == 0);
    office.clock.advance(48h);
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.spooled().empty()); // it is no gap
}

TEST_CASE("resend: the keys of a receipt are those with which a sender can answer") {
    Office office;
    office.take(keyless(office, alice, "alice", "A"));
    signal::OwnKeys own{*office.sessions};
    const std::uint32_t id = store::PreKeys{*office.sessions}.ids().back();
    // The published half of the new key, as the receipt carried it.
    const std::optional<Bytes> record = store::PreKeys{*office.sessions}.load(id);
    REQUIRE(record.has_value());
    synth::DeviceKeys reader = office.reader();
    reader.first_pre_key_id = id;
    Bytes public_key(record->begin() + 4,
                     record->begin() + 37); // field 1 and its tag, then field 2
    CHECK(public_key.front() == std::byte{5});
    reader.pre_keys = {{public_key, Bytes(32)}};
    synth::SignalContext signal{99};
    synth::SenderDevice device{signal, reader, 0};
    Bytes all = synth::content::distribution(chat, device.distribution(chat));
    append(all, synth::content::text("5711 80k"));
    synth::Stanza part = Office::enc("pkmsg", device.pairwise(synth::content::pad(all, 3)));
    part.with("count", "1");
    synth::Stanza stanza = Office::message(alice, "A");
    stanza.children = {part};
    CHECK(office.take(stanza).size() == 1);
    CHECK(office.texts() == Lines{"5711 80k"});
    CHECK_FALSE(store::PreKeys{*office.sessions}.load(id).has_value()); // used up
}

TEST_CASE("resend: four times at most, then the message is a gap") {
    Office office;
    for (std::uint64_t count = 1; count <= 4; ++count) {
        CAPTURE(count);
        // Each answer is as broken as the first delivery; a restart in between changes nothing.
        const Lines lines = office.take(
            garbage(alice, "A", "msg", count == 1 ? std::string{} : std::to_string(count - 1)));
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].find("<retry count=" + std::to_string(count) + " ") != std::string::npos);
        CHECK(has_keys(lines[0]) == (count > 1 || lines[0].find("error=1") != std::string::npos));
        office.restart();
    }
    CHECK(office.spooled().empty());
    office.inbox->take_notices();
    CHECK(retries_in(office.take(garbage(alice, "A", "msg", "4"))) == 0);
    CHECK(office.texts() == Lines{"gap A"});
    CHECK(office.inbox->take_notices().size() == 1);
    CHECK(office.take(garbage(alice, "A", "msg", "5")).size() == 1); // an ack, and no second gap
    CHECK(office.spooled().empty());
    CHECK(retries_in(office.take(garbage(alice, "B", "msg", "4"))) == 0); // a count that is used up
}

TEST_CASE("resend: reasons, and when keys are sent at once") {
    struct Row {
        std::string_view what;
        std::string type;
        Bytes bytes;
        bool keys_at_first;
        std::string_view reason;
        bool keys;
    };
    Bytes old(80, std::byte{0x22});
    Bytes unknown_session(80, std::byte{0x33});
    const Row rows[] = {
        {"msg, too short", "msg", Bytes(4, std::byte{0x33}), false, "error=4", false},
        {"msg, too short, keys wanted", "msg", Bytes(4, std::byte{0x33}), true, "error=4", true},
        {"skmsg without a key", "skmsg", {}, false, "error=1", true},
        {"another version", "msg", old, false, "error=4", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Office office;
        office.options.retry_keys_at_first = row.keys_at_first;
        office.open();
        synth::Stanza stanza =
            row.bytes.empty() ? keyless(office, alice, "alice", "A") : Office::message(alice, "A");
        if (!row.bytes.empty()) {
            stanza.children = {Office::enc(row.type, row.bytes)};
        }
        const Lines lines = office.take(stanza);
        REQUIRE(lines.size() == 2);
        CHECK(is_retry(lines[0]));
        CHECK(lines[0].find(row.reason) != std::string::npos);
        CHECK(has_keys(lines[0]) == row.keys);
    }
}

TEST_CASE("resend: what cannot be asked for is not, and what nobody would miss is no gap") {
    Office office;
    office.options.device_identity.clear(); // no keys can be shown without it
    office.open();
    CHECK_FALSE(has_keys(office.take(keyless(office, alice, "alice", "A")).front()));

    Office hidden;
    for (std::uint64_t count = 0; count <= 4; ++count) {
        synth::Stanza stanza =
            garbage(alice, "E", "msg", count == 0 ? std::string{} : std::to_string(count));
        stanza.children.front().with("decrypt-fail", "hide");
        hidden.take(stanza);
        hidden.clock.advance(10s);
    }
    CHECK(hidden.spooled().empty());
}

TEST_CASE("resend: one message of a sender in flight; its answer saves the others' receipts") {
    Office office;
    // A key of the time before B, C and D: a later one could not open them.
    const synth::Stanza answer = resend(office, alice, "alice", "A", "one");
    CHECK(retries_in(office.take(keyless(office, alice, "alice", "A", "one"))) == 1);
    for (const std::string_view id : {"B", "C", "D"}) {
        CHECK(office.take(keyless(office, alice, "alice", id, id)) ==
              Lines{test::ack_of(id, chat, "participant=1001@lid")});
    }
    CHECK(office.inbox->wake_at() == office.clock.now() + 5s);
    CHECK(office.tick().empty());
    CHECK(office.take(answer).size() == 1);
    Lines texts = office.texts();
    std::ranges::sort(texts);
    CHECK(texts == Lines{"B", "C", "D", "one"});
    CHECK_FALSE(office.inbox->wake_at().has_value());
    office.clock.advance(1min);
    CHECK(office.tick().empty());
}

TEST_CASE("resend: those that wait get their turn, also after a restart") {
    Office office;
    office.take(garbage(alice, "A", "msg"));
    office.take(garbage(alice, "B", "msg"));
    office.take(garbage(alice, "C", "msg"));
    office.restart();
    Lines asked;
    for (int second = 0; second < 20; ++second) {
        for (std::string& line : office.tick()) {
            asked.push_back(std::move(line));
        }
        office.clock.advance(1s);
    }
    REQUIRE(asked.size() == 2);
    CHECK(asked[0].find("id=B ") != std::string::npos);
    CHECK(asked[1].find("id=C ") != std::string::npos);
    CHECK_FALSE(office.inbox->wake_at().has_value());
}

TEST_CASE("resend: all senders together have ten a second") {
    Office office;
    std::size_t at_once = 0;
    for (int sender = 0; sender < 40; ++sender) {
        const std::string jid = std::to_string(2000 + sender) + "@lid";
        at_once += retries_in(office.take(garbage(jid, "A", "msg")));
    }
    CHECK(at_once == 10);
    std::size_t later = 0;
    for (int second = 0; second < 10; ++second) {
        office.clock.advance(1s);
        const std::size_t now = retries_in(office.tick());
        CHECK(now <= 10);
        later += now;
    }
    CHECK(later == 30);
}

TEST_CASE("resend: a flood of broken messages costs a bounded number of receipts and pre-keys") {
    Office office;
    const std::size_t keys_before = store::PreKeys{*office.sessions}.ids().size();
    std::size_t receipts = 0;
    for (int minute = 0; minute < 10; ++minute) { // 1,000 a minute for 10 minutes (H14)
        for (int i = 0; i < 1000; ++i) {
            office.offer(garbage(alice, std::to_string(minute * 1000 + i), "msg",
                                 i % 2 == 0 ? std::string{} : std::string{"1"}));
            office.clock.advance(60ms);
        }
        receipts += retries_in(test::told(office.inbox->commit()));
        receipts += retries_in(office.tick());
    }
    CHECK(receipts <= 30);
    CHECK(store::PreKeys{*office.sessions}.ids().size() - keys_before <= 30);
    CHECK(store::Resends{*office.sessions}.of_member(chat, "1001_1:0", test::at(0)).waiting <= 256);
    CHECK(store::Resends{*office.sessions}.rows() <= 256 + 60);
    // Somebody else in the same group is asked all the same.
    CHECK(retries_in(office.take(garbage("1002@lid", "A", "msg"))) == 1);
}

TEST_CASE("resend: what is never answered is a gap after a day, and is read if it still comes") {
    Office office;
    office.take(keyless(office, alice, "alice", "A"));
    office.clock.advance(23h);
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.spooled().empty());
    office.clock.advance(2h);
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.texts() == Lines{"gap A"});
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.spooled().empty());
    CHECK(office.take(resend(office, alice, "alice", "A", "at last")).size() == 1);
    CHECK(office.texts() == Lines{"at last"});
}

TEST_CASE("resend: own control traffic is asked for as such") {
    Office office;
    synth::Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", "1999@lid").with("id", "P").with("category", "peer");
    stanza.with("t", "1780000000");
    stanza.children = {Office::enc("msg", Bytes(80, std::byte{0x33}))};
    const Lines lines = office.take(stanza);
    REQUIRE(lines.size() == 2);
    CHECK(
        lines[0].starts_with("receipt category=peer id=P to=1999@lid type=retry <retry count=1 "));
    CHECK(lines[1] == "ack class=message id=P to=1999@lid");
}

TEST_CASE("resend: a message that waits reads back as it was written") {
    receive::Missing missing{{outbound::out::Text::of("3EB0").value(), test::jid("1@g.us"),
                              test::jid("1001:3@lid"), std::nullopt}};
    missing.sent_at = 1'780'000'000;
    missing.code = outbound::out::RetryCode::invalid_message;
    missing.gap = event::Envelope{};
    missing.gap->account = "main";
    missing.gap->chat = "1@g.us";
    missing.gap->sender.lid = "1001@lid";
    missing.gap->id = "3EB0";
    missing.gap->kind = event::Kind::gap;
    const Bytes encoded = receive::encode(missing);
    const std::optional<receive::Missing> read = receive::decode_missing(encoded);
    REQUIRE(read.has_value());
    CHECK(read->stanza.id == missing.stanza.id);
    CHECK(read->stanza.participant == missing.stanza.participant);
    CHECK(read->sent_at == missing.sent_at);
    CHECK(read->code == missing.code);
    CHECK(read->gap == missing.gap);
    for (std::size_t length = 0; length < encoded.size(); ++length) { // cut anywhere: no crash
        const auto cut = receive::decode_missing(BytesView{encoded}.first(length));
        CHECK((!cut || !cut->gap));
    }
}

TEST_CASE("resend: of one sender a bounded number of ciphertexts waits for a key") {
    Office office;
    office.key_part("alice"); // lost
    for (int i = 0; i < 400; ++i) {
        synth::Stanza stanza = Office::message(alice, std::to_string(i));
        stanza.children = {office.group_part("alice", synth::content::text("x"))};
        office.offer(stanza);
    }
    test::told(office.inbox->commit());
    CHECK(store::KeptCiphertexts{*office.sessions}.rows() == store::most_waiting);
}
