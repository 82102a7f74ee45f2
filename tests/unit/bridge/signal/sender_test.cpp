#include <doctest/doctest.h>

#include "bridge/signal/sender.hpp"
#include "bridge/store/counters.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/sending.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

namespace vestari::signal {

namespace {

using boost::json::object;
using test::at;

constexpr std::string_view group_jid = "120363000000000001@g.us";

Jid jid(std::string_view text) { return Jid::parse(text).value(); }

struct Reader {
    test::Sessions sessions;
    ManualClock clock{at(1'700'000'000)};
    Decryptor decryptor{*sessions, clock};
    boost::json::value vectors = test::read_vectors("a-pairwise.json");

    Reader() { REQUIRE(decryptor.install(keys()).has_value()); }

    DeviceKeys keys() const {
        return test::receiver_keys(vectors.as_object().at("receiver").as_object());
    }
    const object& scenario(std::string_view name) const {
        for (const boost::json::value& value : vectors.as_object().at("scenarios").as_array()) {
            if (test::text_of(value.as_object(), "name") == name) {
                return value.as_object();
            }
        }
        FAIL("no such scenario");
        return vectors.as_object();
    }
    Bytes ciphertext(std::string_view name, std::size_t step) const {
        return test::hex_of(scenario(name).at("steps").as_array()[step].as_object(), "ciphertext");
    }
    std::optional<Sender> resolve(std::string_view participant, std::string_view alternative = {}) {
        const std::optional<Jid> other =
            alternative.empty() ? std::nullopt : std::optional<Jid>{jid(alternative)};
        return signal::resolve(*sessions, decryptor, jid(participant), other, at(1));
    }
};

} // namespace

TEST_CASE("address: the name tells the namespace, the device is the JID's") {
    struct Row {
        std::string_view jid;
        std::optional<Address> want;
    };
    const Row rows[] = {
        {"4917012345678@s.whatsapp.net", Address{"4917012345678", 0}},
        {"4917012345678:5@s.whatsapp.net", Address{"4917012345678", 5}},
        {"4917012345678@c.us", Address{"4917012345678", 0}},
        {"11111111111111:20@lid", Address{"11111111111111_1", 20}},
        {"4917012345678:99@hosted", Address{"4917012345678_128", 99}},
        {"11111111111111:99@hosted.lid", Address{"11111111111111_129", 99}},
        {"120363000000000001@g.us", std::nullopt},
        {"status@broadcast", std::nullopt},
        {"s.whatsapp.net", std::nullopt},
    };
    for (const Row& row : rows) {
        CAPTURE(row.jid);
        const std::optional<Address> address = address_of(jid(row.jid));
        CHECK(address.has_value() == row.want.has_value());
        if (address && row.want) {
            CHECK(address->to_string() == row.want->to_string());
        }
    }
}

TEST_CASE("sender: LID first, from the stanza or from memory, with the sender's device") {
    Reader reader;
    struct Row {
        std::string_view participant, alternative, address, canonical;
    };
    const Row rows[] = {
        {"4917:3@s.whatsapp.net", "", "4917:3", "4917@s.whatsapp.net"}, // nothing known yet
        {"111:3@lid", "", "111_1:3", "111@lid"},
        {"4917:3@s.whatsapp.net", "111@lid", "111_1:3", "111@lid"}, // the stanza tells
        {"4917:4@s.whatsapp.net", "", "111_1:4", "111@lid"},        // and is remembered
        {"222:5@lid", "4918@s.whatsapp.net", "222_1:5", "222@lid"},
        {"4918@c.us", "", "222_1:0", "222@lid"},
        {"4917:99@hosted", "", "111_129:99", "111@lid"},
        {"111:99@hosted.lid", "", "111_129:99", "111@lid"},
        {"4917@s.whatsapp.net", "4999@s.whatsapp.net", "111_1:0",
         "111@lid"}, // an alternative of the same kind is none
    };
    for (const Row& row : rows) {
        CAPTURE(row.participant);
        const std::optional<Sender> sender = reader.resolve(row.participant, row.alternative);
        REQUIRE(sender.has_value());
        CHECK(sender->address.to_string() == row.address);
        CHECK(sender->canonical.to_string() == row.canonical);
    }
    const std::optional<Sender> both = reader.resolve("111:3@lid");
    CHECK(both->phone->to_string() == "4917@s.whatsapp.net");
    CHECK(both->lid->to_string() == "111@lid");
    CHECK_FALSE(reader.resolve("120363000000000001@g.us").has_value());
}

TEST_CASE("sender: records move from the phone number to the LID before the stanza that told is "
          "decrypted") {
    Reader reader;
    const Address phone{"4917", 3};
    test::GroupSender from{1};
    REQUIRE(reader.decryptor
                .pairwise(EncType::pkmsg, phone, reader.ciphertext("in_order_never_answered", 0))
                .has_value());
    REQUIRE(reader.decryptor.distribute(group_jid, phone, from.distribution()).has_value());
    REQUIRE(reader.decryptor.group(group_jid, phone, from.next(as_bytes("a"))).has_value());

    const Sender sender = reader.resolve("4917:3@s.whatsapp.net", "111@lid").value();
    CHECK(sender.address == Address{"111_1", 3});
    CHECK(reader.decryptor
              .pairwise(EncType::pkmsg, sender.address,
                        reader.ciphertext("in_order_never_answered", 1))
              .has_value());
    CHECK(reader.decryptor.group(group_jid, sender.address, from.next(as_bytes("b"))).value() ==
          to_bytes("b"));
    const store::Sessions records{*reader.sessions};
    CHECK(records.of_user("4917").empty());
    CHECK(store::SenderKeys{*reader.sessions}.of_user("4917").empty());
    CHECK(store::Identities{*reader.sessions}.of_user("4917").empty());
    CHECK(store::Identities{*reader.sessions}.of_user("111_1").size() == 1);
}

TEST_CASE("sender: what the LID has already stays when records move") {
    Reader reader;
    store::Sessions records{*reader.sessions};
    records.store("4917", 0, as_bytes("by phone"));
    records.store("4917", 1, as_bytes("by phone"));
    records.store("111_1", 0, as_bytes("by lid"));
    reader.decryptor.migrate("4917", "111");
    CHECK(records.load("111_1", 0) == to_bytes("by lid"));
    CHECK(records.load("111_1", 1) == to_bytes("by phone"));
    CHECK(records.of_user("4917").empty());
}

TEST_CASE("decryptor: a session left under the phone number is found when the LID has none") {
    Reader reader;
    REQUIRE(reader.decryptor
                .pairwise(EncType::pkmsg, {"4917", 0},
                          reader.ciphertext("out_of_order_duplicate_tampered", 0))
                .has_value());
    store::LidMap{*reader.sessions}.remember("111", "4917",
                                             at(1)); // learned without a stanza of the sender
    const Bytes later = reader.ciphertext("out_of_order_duplicate_tampered", 7); // of type msg
    Bytes tampered = later;
    tampered.back() ^= std::byte{1};
    CHECK(reader.decryptor.pairwise(EncType::msg, {"111_1", 0}, tampered).error() ==
          make_error_code(SignalErrc::invalid_message));
    CHECK(store::Sessions{*reader.sessions}.contains("4917", 0)); // a failure moves nothing
    CHECK(reader.decryptor.pairwise(EncType::msg, {"111_1", 0}, later).has_value());
    CHECK_FALSE(store::Sessions{*reader.sessions}.contains("4917", 0));
    CHECK(reader.decryptor.pairwise(EncType::msg, {"111_1", 1}, later).error() ==
          make_error_code(SignalErrc::no_session));
}

TEST_CASE("decryptor: a failed <enc> undoes itself and nothing before it") {
    Reader reader;
    const Address sender{"22222222222222_1", 0};
    const Bytes tampered = reader.ciphertext("out_of_order_duplicate_tampered",
                                             4); // names a prekey, saves an identity
    test::GroupSender from{1};
    {
        store::Transaction stanza{*reader.sessions};
        REQUIRE(reader.decryptor.distribute(group_jid, sender, from.distribution()).has_value());
        CHECK(reader.decryptor.pairwise(EncType::pkmsg, sender, tampered).error() ==
              make_error_code(SignalErrc::invalid_message));
        stanza.commit();
    }
    CHECK_FALSE(store::Identities{*reader.sessions}.load(sender.name, sender.device).has_value());
    CHECK_FALSE(store::Sessions{*reader.sessions}.contains(sender.name, sender.device));
    CHECK(store::PreKeys{*reader.sessions}.ids().size() == 6);
    CHECK(reader.decryptor.group(group_jid, sender, from.next(as_bytes("text"))).has_value());
}

TEST_CASE(
    "decryptor: what is too short or of another version is refused before the library sees it") {
    Reader reader;
    const Address sender{"1_1", 0};
    struct Row {
        EncType type;
        Bytes ciphertext;
        SignalErrc want;
    };
    const Row rows[] = {
        {EncType::msg, {}, SignalErrc::malformed},
        {EncType::msg, Bytes(9, std::byte{0x33}), SignalErrc::malformed},
        {EncType::msg, Bytes(10, std::byte{0x33}), SignalErrc::malformed},
        {EncType::msg, Bytes(60, std::byte{0x23}), SignalErrc::invalid_version},
        {EncType::msg, Bytes(60, std::byte{0x44}), SignalErrc::invalid_version},
        {EncType::pkmsg, {}, SignalErrc::malformed},
        {EncType::pkmsg, Bytes(1, std::byte{0x33}), SignalErrc::malformed},
        {EncType::pkmsg, Bytes(2, std::byte{0x33}), SignalErrc::malformed},
        {EncType::pkmsg, Bytes(60, std::byte{0x43}), SignalErrc::invalid_version},
    };
    for (const Row& row : rows) {
        CHECK(reader.decryptor.pairwise(row.type, sender, row.ciphertext).error() ==
              make_error_code(row.want));
    }
    test::Sessions unlinked;
    Decryptor decryptor{*unlinked, reader.clock};
    CHECK(
        decryptor.pairwise(EncType::pkmsg, sender, reader.ciphertext("in_order_never_answered", 0))
            .error() == make_error_code(SignalErrc::no_identity));
}

TEST_CASE("decryptor: keys whose halves do not belong together are not installed") {
    Reader reader;
    const store::PreKeys pre_keys{*reader.sessions};
    const std::vector<std::uint32_t> before = pre_keys.ids();
    const auto refused = [&](auto change) {
        DeviceKeys keys = reader.keys();
        keys.pre_keys.front().id = 99;
        change(keys);
        const Result<> done = reader.decryptor.install(keys);
        return done.has_error() && done.error() == make_error_code(SignalErrc::invalid_key) &&
               pre_keys.ids() == before;
    };
    CHECK(refused([](DeviceKeys& keys) { keys.identity.public_key[5] ^= std::byte{1}; }));
    CHECK(refused([](DeviceKeys& keys) { keys.identity.public_key[0] = std::byte{6}; }));
    CHECK(
        refused([](DeviceKeys& keys) { keys.signed_pre_key.keys.public_key[5] ^= std::byte{1}; }));
    CHECK(refused([](DeviceKeys& keys) { keys.signed_pre_key.id = 0; }));
    CHECK(refused([](DeviceKeys& keys) { keys.pre_keys.back().id = 1U << 24U; }));
    CHECK(refused(
        [](DeviceKeys& keys) { keys.pre_keys.back().keys.private_key[5] ^= std::byte{1}; }));
}

TEST_CASE(
    "decryptor: sessions survive a restart, a changed identity is counted, a reset one forgotten") {
    Reader reader;
    const Address sender =
        test::address_in(reader.scenario("identity_change").at("sender_address").as_object());
    REQUIRE(
        reader.decryptor.pairwise(EncType::pkmsg, sender, reader.ciphertext("identity_change", 0))
            .has_value());
    CHECK(store::Counters{*reader.sessions}.total("identity changed") == 0);
    REQUIRE(
        reader.decryptor.pairwise(EncType::pkmsg, sender, reader.ciphertext("identity_change", 1))
            .has_value());
    CHECK(store::Counters{*reader.sessions}.total("identity changed") == 1);
    test::GroupSender from{1};
    REQUIRE(reader.decryptor.distribute(group_jid, sender, from.distribution()).has_value());
    reader.decryptor.forget_user(sender.name);
    CHECK(store::Sessions{*reader.sessions}.of_user(sender.name).empty());
    CHECK(store::Identities{*reader.sessions}.of_user(sender.name).empty());
    CHECK(reader.decryptor.group(group_jid, sender, from.next(as_bytes("x"))).has_value());
}

} // namespace vestari::signal
