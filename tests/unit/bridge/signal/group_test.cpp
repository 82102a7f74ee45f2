// Sender-key messages on the vectors of a live peer (tests/vectors/messages/b-senderkeys.json) and beside the library's own decryption.
#include <doctest/doctest.h>

#include <random>

#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/reference.hpp"
#include "tests/unit/bridge/signal/sending.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

namespace vestari::signal {

namespace {

using boost::json::object;

constexpr std::string_view group_jid = "120363000000000001@g.us";

struct Reader {
    test::Sessions sessions;
    ManualClock clock{test::at(1'700'000'000)};
    Decryptor decryptor{*sessions, clock};
    store::SenderKeys records{*sessions};

    Bytes record(std::string_view group, const Address& sender) const {
        return records.load(records.key_of(group, sender.name, sender.device)).value_or(Bytes{});
    }
};

// What the library answers where we answer `error`.
int code_of_library(const ErrorCode& error) {
    if (error == make_error_code(SignalErrc::duplicate)) {
        return SG_ERR_DUPLICATE_MESSAGE;
    }
    if (error == make_error_code(SignalErrc::no_sender_key)) {
        return SG_ERR_NO_SESSION;
    }
    return SG_ERR_INVALID_MESSAGE; // it folds the others into one
}

SignalErrc expected_error(std::string_view reason) {
    static const std::map<std::string_view, SignalErrc> reasons{
        {"duplicate", SignalErrc::duplicate},
        {"bad_signature", SignalErrc::bad_signature},
        {"too_far_in_future", SignalErrc::too_far_ahead},
        {"unknown_key_id", SignalErrc::unknown_sender_key_id},
        {"no_sender_key", SignalErrc::no_sender_key},
    };
    return reasons.at(reason);
}

// One step in both; they must agree in everything.
void run_in_both(Reader& reader, test::ReferenceGroup& reference, std::string_view group,
                 const Address& sender, BytesView ciphertext) {
    const Bytes before = reader.record(group, sender);
    const Result<Bytes> ours = reader.decryptor.group(group, sender, ciphertext);
    Bytes theirs;
    const int result = reference.decrypt(ciphertext, theirs);
    REQUIRE(ours.has_value() == (result == SG_SUCCESS));
    if (ours) {
        CHECK(*ours == theirs);
    } else {
        CHECK(code_of_library(ours.error()) == result);
        CHECK(reader.record(group, sender) == before);
    }
    CHECK(reader.record(group, sender) == reference.record);
}

void run_step(Reader& reader, std::string_view group, const Address& sender, const object& step) {
    if (test::text_of(step, "op") == "skdm") {
        CHECK(reader.decryptor.distribute(group, sender, test::hex_of(step, "bytes")).has_value());
        return;
    }
    const Bytes before = reader.record(group, sender);
    const Result<Bytes> plain =
        reader.decryptor.group(group, sender, test::hex_of(step, "ciphertext"));
    const object& expect = step.at("expect").as_object();
    if (test::text_of(expect, "result") == "ok") {
        CAPTURE(plain.error().message());
        REQUIRE(plain.has_value());
        CHECK(*plain == test::hex_of(expect, "padded_plaintext"));
        CHECK(reader.record(group, sender) != before);
        return;
    }
    REQUIRE(plain.has_error());
    const SignalErrc want = expected_error(test::text_of(expect, "reason"));
    CHECK(plain.error() == make_error_code(want));
    CHECK(reader.record(group, sender) == before);
    if (const auto* code = step.if_contains("expect_retry_error_code")) {
        CHECK(retry_code(want) == code->to_number<int>());
    }
}

enum class Scope { none, transaction };

} // namespace

TEST_CASE("group: every scenario of the vectors decrypts as the peer did, in and outside of a "
          "transaction") {
    const boost::json::value vectors = test::read_vectors("b-senderkeys.json");
    for (const Scope scope : {Scope::none, Scope::transaction}) {
        for (const boost::json::value& value : vectors.as_object().at("scenarios").as_array()) {
            const object& scenario = value.as_object();
            CAPTURE(test::text_of(scenario, "name"));
            Reader reader;
            std::optional<store::Transaction> transaction;
            if (scope == Scope::transaction) {
                transaction.emplace(*reader.sessions);
            }
            const Address sender = test::address_in(scenario.at("sender").as_object());
            int number = 0;
            for (const boost::json::value& step : scenario.at("steps").as_array()) {
                CAPTURE(number++);
                run_step(reader, test::text_of(scenario, "group"), sender, step.as_object());
            }
            if (transaction) {
                transaction->commit();
            }
        }
    }
}

TEST_CASE(
    "group: agrees with the library on every scenario, in plaintext, error and stored bytes") {
    const boost::json::value vectors = test::read_vectors("b-senderkeys.json");
    for (const boost::json::value& value : vectors.as_object().at("scenarios").as_array()) {
        const object& scenario = value.as_object();
        const std::string_view name = test::text_of(scenario, "name");
        if (name == "same_key_redistributed") {
            continue; // the one place where the specification asks for something else
        }
        CAPTURE(name);
        Reader reader;
        const std::string_view group = test::text_of(scenario, "group");
        const Address sender = test::address_in(scenario.at("sender").as_object());
        test::ReferenceGroup reference{std::string{group}, sender};
        for (const boost::json::value& entry : scenario.at("steps").as_array()) {
            const object& step = entry.as_object();
            if (test::text_of(step, "op") == "skdm") {
                const Bytes distribution = test::hex_of(step, "bytes");
                CHECK(reader.decryptor.distribute(group, sender, distribution).has_value());
                CHECK(reference.distribute(distribution) == SG_SUCCESS);
                CHECK(reader.record(group, sender) == reference.record);
            } else {
                run_in_both(reader, reference, group, sender, test::hex_of(step, "ciphertext"));
            }
        }
    }
}

TEST_CASE("group: agrees with the library on shuffled, repeated, rotated and damaged messages") {
    for (unsigned seed = 0; seed < 12; ++seed) {
        CAPTURE(seed);
        std::mt19937 random{seed};
        Reader reader;
        const Context context;
        const Address sender{"11111111111111_1", seed % 3};
        test::ReferenceGroup reference{std::string{group_jid}, sender};
        std::optional<store::Transaction> transaction;
        if (seed % 2 == 0) {
            transaction.emplace(*reader.sessions);
        }
        std::vector<Bytes> messages;
        for (std::uint32_t key_id = 1; key_id <= 3; ++key_id) {
            test::GroupSender from{key_id, std::byte{static_cast<unsigned char>(seed)}};
            const Bytes distribution = from.distribution();
            CHECK(reader.decryptor.distribute(group_jid, sender, distribution).has_value());
            CHECK(reference.distribute(distribution) == SG_SUCCESS);
            for (int i = 0; i < 24; ++i) {
                messages.push_back(from.next(Bytes(random() % 100, std::byte{0x61})));
            }
        }
        for (int i = 0; i < 24; ++i) { // copies, whole and damaged in one bit
            Bytes copy = messages[random() % messages.size()];
            if (i % 2 == 0) {
                copy[random() % copy.size()] ^= static_cast<std::byte>(1U << (random() % 8));
            }
            messages.push_back(std::move(copy));
        }
        std::ranges::shuffle(messages, random);
        for (const Bytes& message : messages) {
            const bool parsed_by_library =
                [&] { // its parse errors have codes of their own: compared in the next case
                    sender_key_message* made = nullptr;
                    const int result = sender_key_message_deserialize(
                        &made, raw(message), message.size(), context.get());
                    const SignalRef<sender_key_message> owned{result < 0 ? nullptr : made};
                    return result == SG_SUCCESS;
                }();
            if (parsed_by_library) {
                run_in_both(reader, reference, group_jid, sender, message);
            } else {
                CHECK(reader.decryptor.group(group_jid, sender, message).has_error());
            }
        }
    }
}

TEST_CASE("group: a malformed message or distribution is refused with its own code") {
    Reader reader;
    const Address sender{"11111111111111_1", 0};
    test::GroupSender from{5};
    const Bytes distribution = from.distribution();
    REQUIRE(reader.decryptor.distribute(group_jid, sender, distribution).has_value());
    const Bytes good = from.next(as_bytes("text"));
    const Bytes before = reader.record(group_jid, sender);

    const auto with_first = [](Bytes bytes, unsigned char first) {
        bytes.front() = std::byte{first};
        return bytes;
    };
    struct Row {
        Bytes message;
        SignalErrc want;
    };
    const Row messages[] = {
        {{}, SignalErrc::malformed},
        {Bytes(65, std::byte{0x33}), SignalErrc::malformed},
        {Bytes(66, std::byte{0x33}), SignalErrc::malformed},
        {with_first(good, 0x23), SignalErrc::invalid_version},
        {with_first(good, 0x43), SignalErrc::invalid_version},
        {with_first(good, 0x34),
         SignalErrc::bad_signature}, // the low half of the version is signed, not judged
    };
    for (const Row& row : messages) {
        const Result<Bytes> plain = reader.decryptor.group(group_jid, sender, row.message);
        REQUIRE(plain.has_error());
        CHECK(plain.error() == make_error_code(row.want));
    }
    Bytes wrong_type = distribution;
    wrong_type[wrong_type.size() - 33] = std::byte{0x06}; // the signing key stands last
    const Row distributions[] = {
        {{}, SignalErrc::malformed},
        {Bytes(1, std::byte{0x33}), SignalErrc::malformed},
        {with_first(distribution, 0x43), SignalErrc::invalid_version},
        {{distribution.begin(), distribution.end() - 1}, SignalErrc::malformed},
        {wrong_type, SignalErrc::invalid_key},
    };
    for (const Row& row : distributions) {
        const Result<> done = reader.decryptor.distribute(group_jid, sender, row.message);
        REQUIRE(done.has_error());
        CHECK(done.error() == make_error_code(row.want));
    }
    CHECK(reader.record(group_jid, sender) == before);
    CHECK(reader.decryptor.group(group_jid, sender, good).has_value());
}

TEST_CASE("group: a forged message cannot poison the state") {
    Reader reader;
    const Address sender{"11111111111111_1", 2};
    test::GroupSender honest{900};
    test::GroupSender forger{
        900}; // knows the chain key as every member does, signs with a key of its own
    REQUIRE(reader.decryptor.distribute(group_jid, sender, honest.distribution()).has_value());
    store::Transaction transaction{*reader.sessions};
    for (int i = 0; i < 50; ++i) {
        const Result<Bytes> forged =
            reader.decryptor.group(group_jid, sender, forger.next(as_bytes("buy mine")));
        REQUIRE(forged.has_error());
        CHECK(forged.error() == make_error_code(SignalErrc::bad_signature));
    }
    for (int i = 0; i < 3; ++i) {
        CHECK(reader.decryptor.group(group_jid, sender, honest.next(as_bytes("genuine"))).value() ==
              to_bytes("genuine"));
    }
    transaction.commit();
}

TEST_CASE("group: a signed message with a broken ciphertext changes nothing, and its place stays "
          "usable") {
    // Only the sender can make one: the signature is right, the padding inside is not.
    Reader reader;
    const Address sender{"11111111111111_1", 2};
    test::GroupSender from{1};
    REQUIRE(reader.decryptor.distribute(group_jid, sender, from.distribution()).has_value());
    std::vector<Bytes> messages;
    for (int i = 0; i < 5; ++i) {
        messages.push_back(from.next(as_bytes("text")));
    }
    REQUIRE(reader.decryptor.group(group_jid, sender, messages[4]).has_value());
    const Bytes broken = from.next_unpadded();
    for (const bool within : {false, true}) {
        std::optional<store::Transaction> transaction;
        if (within) {
            transaction.emplace(*reader.sessions);
        }
        const Bytes before = reader.record(group_jid, sender);
        const Result<Bytes> plain = reader.decryptor.group(group_jid, sender, broken);
        REQUIRE(plain.has_error());
        CHECK(plain.error() == make_error_code(SignalErrc::invalid_message));
        CHECK(reader.record(group_jid, sender) == before);
        CHECK(reader.decryptor.group(group_jid, sender, messages[within ? 1 : 0]).has_value());
    }
}

TEST_CASE(
    "group: a key that another device of the sender distributed is found for a bare participant") {
    Reader reader;
    test::GroupSender from{77};
    REQUIRE(reader.decryptor.distribute(group_jid, {"11111111111111_1", 12}, from.distribution())
                .has_value());
    const Bytes message = from.next(as_bytes("text"));
    struct Row {
        std::string_view group;
        Address sender;
        std::optional<SignalErrc> want;
    };
    const Row rows[] = {
        {group_jid,
         {"11111111111111_1", 3},
         SignalErrc::no_sender_key}, // a named device is taken at its word
        {group_jid, {"22222222222222_1", 0}, SignalErrc::no_sender_key}, // another user
        {"120363000000000002@g.us",
         {"11111111111111_1", 0},
         SignalErrc::no_sender_key}, // another group
        {group_jid, {"11111111111111_1", 0}, std::nullopt},
        {group_jid, {"11111111111111_1", 0}, SignalErrc::duplicate},
        {group_jid, {"11111111111111_1", 12}, SignalErrc::duplicate},
    };
    for (const Row& row : rows) {
        const Result<Bytes> plain = reader.decryptor.group(row.group, row.sender, message);
        CHECK(plain.has_value() == !row.want.has_value());
        if (row.want) {
            CHECK(plain.error() == make_error_code(*row.want));
        }
    }
}

TEST_CASE("group: a rollback takes the state in memory back as well") {
    Reader reader;
    const Address sender{"11111111111111_1", 0};
    test::GroupSender from{1};
    REQUIRE(reader.decryptor.distribute(group_jid, sender, from.distribution()).has_value());
    const Bytes first = from.next(as_bytes("first"));
    const Bytes second = from.next(as_bytes("second"));
    const Bytes third = from.next(as_bytes("third"));

    store::Transaction transaction{*reader.sessions};
    CHECK(reader.decryptor.group(group_jid, sender, first).has_value());
    {
        const store::Savepoint undone{*reader.sessions};
        CHECK(reader.decryptor.group(group_jid, sender, second).has_value());
        {
            store::Savepoint kept{*reader.sessions};
            CHECK(reader.decryptor.group(group_jid, sender, third).has_value());
            kept.release();
        }
    }
    CHECK(reader.decryptor.group(group_jid, sender, first).error() ==
          make_error_code(SignalErrc::duplicate));
    CHECK(reader.decryptor.group(group_jid, sender, second).value() == to_bytes("second"));
    CHECK(reader.decryptor.group(group_jid, sender, third).value() == to_bytes("third"));
    {
        const store::Savepoint undone{*reader.sessions};
        test::GroupSender rotated{2};
        CHECK(reader.decryptor.distribute(group_jid, sender, rotated.distribution()).has_value());
        CHECK(reader.decryptor.group(group_jid, sender, rotated.next(as_bytes("x"))).has_value());
    }
    CHECK(reader.decryptor.group(group_jid, sender, test::GroupSender{2}.next(as_bytes("x")))
              .error() == make_error_code(SignalErrc::unknown_sender_key_id));
    transaction.commit();
    CHECK(reader.decryptor.group(group_jid, sender, third).error() ==
          make_error_code(SignalErrc::duplicate));
}

TEST_CASE("group: forgetting a group forgets its keys and no other's") {
    Reader reader;
    const Address sender{"11111111111111_1", 0};
    test::GroupSender one{1};
    test::GroupSender two{2};
    const std::string_view other = "120363000000000002@g.us";
    REQUIRE(reader.decryptor.distribute(group_jid, sender, one.distribution()).has_value());
    REQUIRE(reader.decryptor.distribute(other, sender, two.distribution()).has_value());
    reader.decryptor.forget_group(group_jid);
    CHECK(reader.decryptor.group(group_jid, sender, one.next(as_bytes("x"))).error() ==
          make_error_code(SignalErrc::no_sender_key));
    CHECK(reader.decryptor.group(other, sender, two.next(as_bytes("x"))).has_value());
}

} // namespace vestari::signal
