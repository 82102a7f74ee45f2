#include <doctest/doctest.h>

#include "bridge/link/pair_success.hpp"
#include "bridge/link/proto_text.hpp"
#include "link.pb.h"
#include "tests/unit/bridge/link/support.hpp"
#include "vestari/crypto/hash.hpp"

using namespace vestari;

namespace {

using Verdict = std::variant<link::Paired, link::Rejected>;
constexpr TimePoint now{std::chrono::milliseconds{1'766'000'000'000}};

const boost::json::array& cases() {
    static const boost::json::object read = test::connection_vectors("adv_pairing.json");
    return read.at("cases").as_array();
}

const boost::json::object& case_named(std::string_view name) {
    for (const auto& entry : cases()) {
        if (test::text_of(entry.as_object(), "name") == name) {
            return entry.as_object();
        }
    }
    throw std::out_of_range{"no such vector"};
}

wire::OutNode told_device() {
    wire::OutNode device{.tag = "device"};
    device.attributes = {{"jid", Jid::parse("15551234567:5@s.whatsapp.net").value()},
                         {"lid", Jid::parse("156535032389744:5@lid").value()}};
    return device;
}

Verdict verdict_of(BytesView proof, wire::OutNode device = told_device()) {
    const test::Stanza stanza{test::parent(
        "iq",
        {test::parent("pair-success", {test::leaf("device-identity", proof), std::move(device)})})};
    return link::verify_pair_success(stanza.root(), test::vector_device(), now);
}

// The container around `inner`, with the HMAC that the device's secret gives.
Bytes vouched(const link::proto::SignedDeviceIdentity& inner) {
    link::proto::SignedDeviceIdentityHmac container;
    container.set_details(link::text_of(link::serialised(inner)));
    const auto device = test::vector_device();
    container.set_hmac(link::text_of(
        crypto::hmac_sha256(device.adv_secret.expose(), as_bytes(container.details()))));
    return link::serialised(container);
}

link::proto::SignedDeviceIdentity valid_inner() {
    link::proto::SignedDeviceIdentity inner;
    const Bytes bytes = test::hex_of(case_named("valid_e2ee").at("parts").as_object(),
                                     "signed_device_identity_hex");
    REQUIRE(link::parse_limited(inner, bytes));
    return inner;
}

void check_reply(const link::Paired& paired, const boost::json::object& row) {
    const auto& peer = row.at("peer_reply").as_object();
    link::proto::SignedDeviceIdentity ours;
    link::proto::SignedDeviceIdentity theirs;
    REQUIRE(link::parse_limited(ours, paired.reply.device_identity));
    REQUIRE(link::parse_limited(theirs, test::hex_of(peer, "device_identity_hex")));
    const Bytes message = test::hex_of(peer, "device_signed_message_hex");
    const auto device = test::vector_device();
    CHECK(crypto::xeddsa_verify(device.identity.public_key, message,
                                as_bytes(ours.device_signature())));
    CHECK(!ours.has_account_signature_key());
    theirs.set_device_signature(ours.device_signature()); // random: it was verified instead
    CHECK(ours.SerializeAsString() == theirs.SerializeAsString());
    link::proto::SignedDeviceIdentity account;
    REQUIRE(link::parse_limited(account, paired.linked.account));
    CHECK(account.account_signature_key() == link::text_of(paired.linked.account_key));
}

void check_stored(const link::Paired& paired, const boost::json::object& stored) {
    CHECK(paired.linked.me.to_string() == test::text_of(stored, "jid"));
    CHECK(paired.linked.lid.value().to_string() == test::text_of(stored, "lid"));
    CHECK(paired.linked.platform == test::text_of(stored, "platform"));
    CHECK(paired.linked.business_name == test::text_of(stored, "business_name"));
    CHECK(paired.linked.key_index == stored.at("key_index").to_number<std::uint32_t>());
    CHECK(paired.reply.key_index == paired.linked.key_index);
    CHECK(to_hex(paired.linked.account_key) == test::text_of(stored, "account_identity_key_hex"));
    CHECK(paired.linked.since == now);
}

} // namespace

TEST_CASE("pair-success: every published case, accepted or refused as published") {
    REQUIRE(cases().size() == 13);
    for (const auto& entry : cases()) {
        const auto& row = entry.as_object();
        CAPTURE(std::string{test::text_of(row, "name")});
        const test::Stanza stanza{test::hex_of(row, "pair_success_frame_hex")};
        const Verdict verdict =
            link::verify_pair_success(stanza.root(), test::vector_device(), now);
        if (test::text_of(row, "expect") == "accept") {
            REQUIRE(std::holds_alternative<link::Paired>(verdict));
            const auto& paired = std::get<link::Paired>(verdict);
            check_reply(paired, row);
            check_stored(paired, row.at("stored").as_object());
            CHECK(paired.server_time == stanza.root().number_of("t"));
            CHECK(paired.server_time.has_value());
        } else {
            REQUIRE(std::holds_alternative<link::Rejected>(verdict));
            const auto& reply = row.at("error_reply").as_object();
            const auto& refused = std::get<link::Rejected>(verdict);
            CHECK(std::to_string(refused.code) == test::text_of(reply, "code"));
            CHECK(refused.text == test::text_of(reply, "text"));
        }
    }
}

TEST_CASE("pair-success: every flipped bit of the proof is refused") {
    for (const std::string_view name : {"valid_e2ee", "valid_hosted"}) {
        Bytes proof = test::hex_of(case_named(name), "device_identity_hex");
        REQUIRE(std::holds_alternative<link::Paired>(verdict_of(proof)));
        for (std::size_t at = 0; at < proof.size(); ++at) {
            for (unsigned bit = 0; bit < 8; ++bit) {
                CAPTURE(at);
                CAPTURE(bit);
                const std::byte flip{static_cast<unsigned char>(1U << bit)};
                proof[at] ^= flip;
                CHECK(std::holds_alternative<link::Rejected>(verdict_of(proof)));
                proof[at] ^= flip;
            }
        }
    }
}

TEST_CASE(
    "pair-success: behind a true HMAC every flipped byte of key, signature or details is refused") {
    const link::proto::SignedDeviceIdentity valid = valid_inner();
    REQUIRE(std::holds_alternative<link::Paired>(verdict_of(vouched(valid))));
    const auto flipped = [](std::string text, std::size_t at) {
        text[at] = static_cast<char>(text[at] ^ 1);
        return text;
    };
    const auto refused = [](const link::proto::SignedDeviceIdentity& inner) {
        const Verdict verdict = verdict_of(vouched(inner));
        return std::holds_alternative<link::Rejected>(verdict) &&
               (std::get<link::Rejected>(verdict) == link::signature_mismatch ||
                std::get<link::Rejected>(verdict) == link::internal_error);
    };
    for (std::size_t at = 0; at < 64; ++at) {
        CAPTURE(at);
        link::proto::SignedDeviceIdentity inner = valid;
        inner.set_account_signature(flipped(valid.account_signature(), at));
        CHECK(refused(inner));
        inner = valid;
        inner.set_account_signature_key(flipped(valid.account_signature_key(), at % 32));
        CHECK(refused(inner));
        inner = valid;
        inner.set_details(flipped(valid.details(), at % valid.details().size()));
        CHECK(refused(inner));
    }
    link::proto::SignedDeviceIdentity zero_key = valid; // a point of low order
    zero_key.set_account_signature_key(std::string(32, '\0'));
    CHECK(refused(zero_key));
}

TEST_CASE("pair-success: every cut of the proof is refused") {
    const Bytes proof = test::hex_of(case_named("valid_e2ee"), "device_identity_hex");
    for (std::size_t size = 0; size < proof.size(); ++size) {
        CHECK(std::holds_alternative<link::Rejected>(verdict_of(BytesView{proof}.first(size))));
    }
}

TEST_CASE("pair-success: an undeclared field of the container does not travel on") {
    link::proto::SignedDeviceIdentity inner = valid_inner();
    *inner.mutable_unknown_fields() = "\x9a\x06\x04leak"; // field 99
    const Verdict verdict = verdict_of(vouched(inner));
    REQUIRE(std::holds_alternative<link::Paired>(verdict));
    const auto& paired = std::get<link::Paired>(verdict);
    CHECK(as_text(paired.reply.device_identity).find("leak") == std::string_view::npos);
    CHECK(as_text(paired.linked.account).find("leak") == std::string_view::npos);
}

TEST_CASE("pair-success: the own device must be a companion of that account's kind") {
    const Bytes proof = test::hex_of(case_named("valid_e2ee"), "device_identity_hex");
    struct Row {
        std::string_view jid;
        std::string_view lid;
        bool accepted;
    };
    const Row rows[] = {
        {"15551234567:5@s.whatsapp.net", "156535032389744:5@lid", true},
        {"15551234567:5@s.whatsapp.net", "", true}, // <success> tells it later
        {"15551234567@s.whatsapp.net", "156535032389744:5@lid", false},
        {"156535032389744:5@lid", "156535032389744:5@lid", false},
        {"15551234567:5@s.whatsapp.net", "15551234567:5@s.whatsapp.net", false},
        {"15551234567:5@s.whatsapp.net", "x@g.us", false},
        {"x@g.us", "156535032389744:5@lid", false},
        {"", "156535032389744:5@lid", false},
        {"1555x:5@s.whatsapp.net", "156535032389744:5@lid", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.jid);
        CAPTURE(row.lid);
        wire::OutNode device{.tag = "device"};
        device.attributes = {{"jid", std::string{row.jid}}, {"lid", std::string{row.lid}}};
        const Verdict verdict = verdict_of(proof, device);
        CHECK(std::holds_alternative<link::Paired>(verdict) == row.accepted);
        if (!row.accepted) {
            CHECK(std::get<link::Rejected>(verdict) == link::internal_error);
        }
    }
}

TEST_CASE("pair-success: a stanza without its parts is an internal error") {
    const wire::OutNode stanzas[] = {
        {.tag = "iq"},
        test::parent("iq", {wire::OutNode{.tag = "pair-success"}}),
        test::parent("iq", {test::parent("pair-success", {told_device()})}),
    };
    for (const wire::OutNode& node : stanzas) {
        const test::Stanza stanza{node};
        const Verdict verdict =
            link::verify_pair_success(stanza.root(), test::vector_device(), now);
        REQUIRE(std::holds_alternative<link::Rejected>(verdict));
        CHECK(std::get<link::Rejected>(verdict) == link::internal_error);
    }
}
