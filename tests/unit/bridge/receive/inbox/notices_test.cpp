#include <doctest/doctest.h>

#include "bridge/receive/handling/history_form.hpp"
#include "bridge/store/inbox/history_references.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/unit/bridge/receive/inbox/office.hpp"

using namespace vestari;
using test::Lines;
using test::Office;
namespace notice = receive::notice;

namespace {

constexpr std::string_view alice = "1001@lid";

synth::Stanza node(std::string tag) {
    return {.tag = std::move(tag), .attributes = {}, .children = {}, .bytes = {}};
}

synth::Stanza notification(std::string type, std::string_view from,
                           std::vector<synth::Stanza> children) {
    synth::Stanza stanza = node("notification");
    stanza.with_jid("from", from).with("type", std::move(type)).with("id", "N");
    stanza.with("t", "1780000000");
    stanza.children = std::move(children);
    return stanza;
}

synth::Stanza with_bytes(std::string tag, Bytes bytes) {
    synth::Stanza child = node(std::move(tag));
    child.bytes = std::move(bytes);
    return child;
}

template <class What> const What* only(const std::vector<receive::Notice>& notices) {
    return notices.size() == 1 ? std::get_if<What>(&notices.front()) : nullptr;
}

// Own control traffic, encrypted by the own phone.
synth::Stanza from_phone(Office& office, std::string id, const Bytes& message,
                         std::string_view from = "1999@lid") {
    synth::Stanza stanza = node("message");
    stanza.with_jid("from", from).with("category", "peer").with("id", std::move(id));
    stanza.with("t", "1780000000");
    stanza.children = {office.pairwise_part("phone", message)};
    return stanza;
}

synth::MediaFile blob() {
    return {
        "/v/history", "", Bytes(32, std::byte{7}), Bytes(32, std::byte{8}), Bytes(32, std::byte{9}),
        4711};
}

} // namespace

TEST_CASE("notices: what the server says about our keys, and what is only acknowledged") {
    synth::Stanza count = node("count");
    count.with("value", "4");
    synth::Stanza collection = node("collection");
    collection.with("name", "regular_low").with("version", "12");
    struct Row {
        std::string_view what;
        synth::Stanza stanza;
        std::string_view ack;
        std::size_t notice; // its place in the variant
    };
    constexpr std::size_t none = std::variant_npos;
    const auto ack = [](std::string type) {
        return "ack class=notification id=N to=s.whatsapp.net type=" + type;
    };
    const std::string encrypt = ack("encrypt");
    const std::string sync = ack("server_sync");
    const std::string passkey = ack("passkey_prologue_request");
    const std::string mex = ack("mex");
    const Row rows[] = {
        {"few keys", notification("encrypt", "s.whatsapp.net", {count}), encrypt, 0},
        {"a check", notification("encrypt", "s.whatsapp.net", {node("digest")}), encrypt, 1},
        {"few keys, says a user", notification("encrypt", "3333@lid", {count}),
         "ack class=notification id=N to=3333@lid type=encrypt", none},
        {"identity of a stranger", notification("encrypt", "3333@lid", {node("identity")}),
         "ack class=notification id=N to=3333@lid", none},
        {"own devices", notification("account_sync", "9999@s.whatsapp.net", {node("devices")}),
         "ack class=notification id=N to=9999@s.whatsapp.net type=account_sync", 3},
        {"app state", notification("server_sync", "s.whatsapp.net", {collection}), sync, 5},
        {"passkey", notification("passkey_prologue_request", "s.whatsapp.net", {}), passkey, 7},
        {"something else", notification("mex", "s.whatsapp.net", {node("update")}), mex, none},
        {"another group", notification("w:gp2", "120363000000000099@g.us", {node("delete")}),
         "ack class=notification id=N to=120363000000000099@g.us type=w:gp2", 11},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Office office;
        CHECK(office.take(row.stanza) == Lines{std::string{row.ack}});
        const std::vector<receive::Notice> notices = office.inbox->take_notices();
        CHECK(notices.size() == (row.notice == none ? 0U : 1U));
        CHECK((notices.empty() ? none : notices.front().index()) == row.notice);
        CHECK(office.inbox->take_notices().empty()); // given out once
    }
}

TEST_CASE("notices: the second step of linking with a code, before the device is linked") {
    Office office;
    office.options.own.reset();
    office.open();
    synth::Stanza code = node("link_code_companion_reg");
    code.children = {
        with_bytes("link_code_pairing_ref", to_bytes("REF")),
        with_bytes("link_code_pairing_wrapped_primary_ephemeral_pub", Bytes(80, std::byte{1})),
        with_bytes("primary_identity_pub", Bytes(32, std::byte{2}))};
    CHECK(office.take(notification("link_code_companion_reg", "s.whatsapp.net", {code})).size() ==
          1);
    const std::vector<receive::Notice> notices = office.inbox->take_notices();
    const auto* const link = only<notice::LinkCode>(notices);
    REQUIRE(link != nullptr);
    CHECK(link->ref == to_bytes("REF"));
    CHECK(link->wrapped_primary_ephemeral.size() == 80);
    CHECK(link->primary_identity.size() == 32);
    CHECK(office.take(notification("link_code_companion_reg", "3333@lid", {code})).size() == 1);
    CHECK(office.inbox->take_notices().empty()); // a user cannot say it

    synth::Stanza message = Office::message(alice, "A");
    message.children = {office.key_part("alice")};
    CHECK(office.take(message).empty()); // not ours to clear
    office.inbox->set_device(test::own_device(), to_bytes("identity"));
    CHECK(office.take(message).size() == 1);
}

TEST_CASE("notices: a user's identity was reset: sessions and identities go under both names") {
    Office office;
    synth::Stanza message = Office::message(alice, "A", {{"participant_pn", "491@s.whatsapp.net"}});
    message.children = {office.key_part("alice"),
                        office.group_part("alice", synth::content::text("one"))};
    office.take(message);
    const store::Sessions sessions{*office.sessions};
    CHECK(sessions.contains("1001_1", 0));
    CHECK(only<notice::MappingsLearnt>(office.inbox->take_notices()) != nullptr);
    // Told under the phone number, meant is the LID's session too.
    CHECK(office.take(notification("encrypt", "491@s.whatsapp.net", {node("identity")})) ==
          Lines{"ack class=notification id=N to=491@s.whatsapp.net"});
    CHECK_FALSE(sessions.contains("1001_1", 0));
    CHECK(store::Identities{*office.sessions}.of_user("1001_1").empty());
    CHECK(only<notice::IdentityReset>(office.inbox->take_notices()) != nullptr);
    // The sender key still serves until its sender makes a new one.
    synth::Stanza next = Office::message(alice, "B");
    next.children = {office.group_part("alice", synth::content::text("two"))};
    office.take(next);
    CHECK(office.texts() == Lines{"one", "two"});
}

TEST_CASE("notices: names of people are kept only for those whose messages are read here") {
    Office office;
    synth::Stanza devices = notification("devices", "491@s.whatsapp.net", {});
    devices.with_jid("lid", alice);
    office.take(devices);
    CHECK_FALSE(store::LidMap{*office.sessions}.lid_of("491").has_value());

    synth::Stanza message = Office::message("491@s.whatsapp.net", "A");
    message.children = {office.key_part("alice")};
    office.take(message);
    office.take(devices);
    CHECK(store::LidMap{*office.sessions}.lid_of("491") == "1001");
    CHECK(store::Sessions{*office.sessions}.contains("1001_1", 0)); // the records moved
}

TEST_CASE("notices: changes of an included group, told once") {
    synth::Stanza subject = node("subject");
    subject.with("subject", "Watches HK");
    synth::Stanza self = node("participant");
    self.with_jid("jid", "1999@lid");
    synth::Stanza other = node("participant");
    other.with_jid("jid", alice);
    synth::Stanza removed = node("remove");
    removed.children = {self};
    synth::Stanza added = node("add");
    added.children = {self};
    synth::Stanza another = node("add");
    another.children = {other};
    using What = notice::GroupChanged::What;
    const std::pair<synth::Stanza, What> rows[] = {
        {subject, What::name},
        {removed, What::left},
        {added, What::joined},
        {another, What::members},
        {node("locked"), What::settings},
    };
    for (const auto& [change, what] : rows) {
        CAPTURE(change.tag);
        Office office;
        const synth::Stanza stanza = notification("w:gp2", test::trade_desk, {change});
        CHECK(office.take(stanza) ==
              Lines{"ack class=notification id=N to=120363000000000001@g.us type=w:gp2"});
        const std::vector<receive::Notice> notices = office.inbox->take_notices();
        const auto* const changed = only<notice::GroupChanged>(notices);
        REQUIRE(changed != nullptr);
        CHECK(changed->jid == test::trade_desk);
        CHECK(changed->what == what);
        CHECK(office.take(stanza).size() == 1);
        CHECK(office.inbox->take_notices().empty());
    }
}

TEST_CASE("notices: a history blob's place is kept sealed, then cleared; the blob is not read") {
    Office office;
    const synth::Stanza offer =
        from_phone(office, "H", synth::content::history_notification(blob()));
    const Lines cleared{"receipt id=H to=1999@lid type=peer_msg",
                        "receipt id=H to=1999@lid type=hist_sync"};
    CHECK(office.take(offer) == cleared);
    CHECK(only<notice::HistoryOffered>(office.inbox->take_notices()) != nullptr);
    CHECK(office.take(offer) == cleared); // cleared again, kept once
    CHECK(office.inbox->take_notices().empty());
    office.restart();
    const std::vector<store::WaitingRow> rows =
        store::HistoryReferences{*office.sessions}.oldest(10);
    REQUIRE(rows.size() == 1);
    const auto kept = receive::decode_history(rows.front().payload);
    REQUIRE(kept.has_value());
    CHECK(kept->direct_path == "/v/history");
    CHECK(kept->media_key == Bytes(32, std::byte{7}));
    CHECK(kept->length == 4711);
    for (std::size_t length = 0; length < rows.front().payload.size(); ++length) {
        CHECK_FALSE(
            receive::decode_history(BytesView{rows.front().payload}.first(length)).has_value());
    }
    CHECK(office.spooled().empty());
}

TEST_CASE("notices: nobody but the own phone can offer a history or name people (H11)") {
    for (const std::string_view from :
         {"1999:7@lid", "9999:7@s.whatsapp.net", "3333@lid", "491@s.whatsapp.net"}) {
        CAPTURE(from);
        Office office;
        const Lines lines = office.take(
            from_phone(office, "H", synth::content::history_notification(blob()), from));
        REQUIRE(lines.size() == 1);
        CHECK(lines.front().find("hist_sync") == std::string::npos);
        CHECK(office.inbox->take_notices().empty());
        CHECK(store::HistoryReferences{*office.sessions}.rows() == 0);
        CHECK(store::Sessions{*office.sessions}.of_user("1999_1").empty()); // unopened
    }
}

TEST_CASE("notices: receipts and calls are acknowledged, what needs no answer gets none") {
    Office office;
    synth::Stanza receipt = node("receipt");
    receipt.with_jid("from", "3333:2@lid").with("id", "R");
    CHECK(office.take(receipt) == Lines{"ack class=receipt id=R to=3333:2@lid"});
    receipt.with("type", "retry"); // somebody asks us to send again: nothing was ever sent
    CHECK(office.take(receipt) == Lines{"ack class=receipt id=R to=3333:2@lid type=retry"});
    synth::Stanza call = node("call");
    call.with_jid("from", "3333@lid").with("id", "C");
    call.children = {node("offer")};
    CHECK(office.take(call) == Lines{"ack class=call id=C to=3333@lid"});
    synth::Stanza status = node("status");
    status.with_jid("from", "120363000000009999@newsletter").with("id", "S");
    CHECK(office.take(status) == Lines{"ack class=status id=S to=120363000000009999@newsletter"});
    for (const char* tag : {"presence", "chatstate", "ack", "whatever"}) {
        synth::Stanza other = node(tag);
        other.with_jid("from", "3333@lid").with("id", "X");
        CHECK(office.take(other).empty());
    }
}
