#include <doctest/doctest.h>

#include "bridge/link/code_keys.hpp"
#include "bridge/link/link_error.hpp"
#include "bridge/link/pair_code.hpp"
#include "tests/unit/bridge/link/support.hpp"
#include "vestari/crypto/aead.hpp"

using namespace vestari;
using link::LinkErrc;

namespace {

const boost::json::object& vector() {
    static const boost::json::object read = test::connection_vectors("pair_code.json");
    return read;
}
const boost::json::object& part(std::string_view name) { return vector().at(name).as_object(); }

wire::OutNode wrapped_in_reg(std::string tag, std::vector<wire::OutNode> children) {
    return test::parent(std::move(tag),
                        {test::parent("link_code_companion_reg", std::move(children))});
}

wire::OutNode ref_node(std::string_view ref) {
    return test::leaf("link_code_pairing_ref", as_bytes(ref));
}

// The phone: knows the code, has keys of its own, and reads what the companion sends.
struct PhoneSide {
    link::CurvePair identity = link::CurvePair::create();
    link::CurvePair ephemeral = link::CurvePair::create();

    link::WrappedKey answer(std::string_view code) const {
        std::array<std::byte, 48> salt_and_iv;
        crypto::fill_random(salt_and_iv);
        return link::wrap(code, salt_and_iv, ephemeral.public_key);
    }

    // The ADV secret that the phone computes from the companion's two stanzas; none if the bundle does not open.
    std::optional<link::AdvSecret> secret(std::string_view code, const link::CompanionHello& hello,
                                          const link::CompanionFinish& finish) const {
        const auto theirs = link::unwrap(code, hello.wrapped_ephemeral);
        const link::SharedSecrets shared =
            link::agree(ephemeral, theirs, identity, finish.identity).value();
        const std::span<const std::byte, 156> bundle{finish.wrapped_bundle};
        const auto plain = crypto::aead_open(link::bundle_key(shared, bundle.first<32>()).expose(),
                                             bundle.subspan<32>(), {});
        if (!plain || plain->size() != 96 ||
            !std::ranges::equal(BytesView{*plain}.subspan(0, 32), finish.identity) ||
            !std::ranges::equal(BytesView{*plain}.subspan(32, 32), identity.public_key)) {
            return std::nullopt;
        }
        const auto random = link::AdvRandom::from(BytesView{*plain}.subspan(64)).value();
        return link::adv_secret(shared, random);
    }
};

std::string typed(const link::PairCode& code) {
    std::string text{code.shown().expose()};
    REQUIRE(text.size() == 9);
    REQUIRE(text[4] == '-');
    text.erase(4, 1);
    return text;
}

test::Stanza notification(std::string_view ref, BytesView wrapped, BytesView identity) {
    return test::Stanza{wrapped_in_reg(
        "notification",
        {ref_node(ref), test::leaf("link_code_pairing_wrapped_primary_ephemeral_pub", wrapped),
         test::leaf("primary_identity_pub", identity)})};
}

const test::Stanza& answer() {
    static const test::Stanza stanza{wrapped_in_reg("iq", {ref_node("REF-1")})};
    return stanza;
}

} // namespace

TEST_CASE("pair code: the published key derivation and wrapping") {
    const auto random = test::fixed_hex<5>(vector(), "code_bytes_hex");
    const std::string code = link::code_text(random);
    CHECK(code == test::text_of(vector(), "code"));
    const auto salt = test::fixed_hex<32>(part("pbkdf2"), "salt_hex");
    CHECK(to_hex(link::code_key(code, salt).expose()) == test::text_of(part("pbkdf2"), "key_hex"));
    Bytes both = to_bytes(BytesView{salt});
    append(both, test::hex_of(vector(), "iv_hex"));
    const link::CurvePair ephemeral = test::pair_of(part("companion_ephemeral"));
    CHECK(to_hex(ephemeral.public_key) == test::text_of(part("companion_ephemeral"), "public_hex"));
    CHECK(to_hex(link::wrap(code, std::span<const std::byte, 48>{both}, ephemeral.public_key)) ==
          test::text_of(vector(), "wrapped_companion_ephemeral_hex"));
    const auto wrapped = test::fixed_hex<80>(vector(), "wrapped_primary_ephemeral_hex");
    CHECK(to_hex(link::unwrap(code, wrapped)) ==
          test::text_of(part("primary_ephemeral"), "public_hex"));
}

TEST_CASE("pair code: the published bundle opens, and gives the published ADV secret") {
    const link::SharedSecrets shared =
        link::agree(test::pair_of(part("companion_ephemeral")),
                    test::pair_of(part("primary_ephemeral")).public_key,
                    test::pair_of(part("companion_identity")),
                    test::pair_of(part("primary_identity")).public_key)
            .value();
    CHECK(to_hex(shared.ephemeral.expose()) == test::text_of(vector(), "ephemeral_shared_hex"));
    CHECK(to_hex(shared.identity.expose()) == test::text_of(vector(), "identity_shared_hex"));
    const auto& bundle = part("bundle");
    const auto salt = test::fixed_hex<32>(bundle, "salt_hex");
    const link::CodeKey key = link::bundle_key(shared, salt);
    CHECK(to_hex(key.expose()) == test::text_of(bundle, "key_hex"));
    const auto wrapped = test::fixed_hex<156>(bundle, "wrapped_hex");
    const auto plain =
        crypto::aead_open(key.expose(), std::span{wrapped}.subspan<32>(), {}).value();
    CHECK(to_hex(plain) == test::text_of(bundle, "plaintext_hex"));
    const auto random = test::secret_of<link::AdvRandom>(bundle, "adv_random_hex");
    CHECK(to_hex(link::adv_secret(shared, random).expose()) ==
          test::text_of(vector(), "adv_secret_hex"));
}

TEST_CASE("pair code: companion and phone arrive at the same secret") {
    const link::DeviceSecrets device = test::vector_device();
    const PhoneSide phone;
    link::PairCode code = link::PairCode::begin("+1 (555) 123-4567", device).value();
    CHECK(code.hello().phone == "15551234567");
    CHECK(code.hello().platform_id == '1');
    CHECK(code.hello().platform_display == "Chrome (Linux)");
    CHECK(code.hello().noise_key == device.noise.public_key);
    const std::string text = typed(code);
    REQUIRE(code.answered(answer().root()).has_value());
    const test::Stanza stanza =
        notification("REF-1", phone.answer(text), phone.identity.public_key);
    const link::CodeFinished done = code.finish(stanza.root(), device).value();
    CHECK(as_text(done.finish.ref) == "REF-1");
    CHECK(done.finish.phone == "15551234567");
    CHECK(done.finish.identity == device.identity.public_key);
    const auto secret = phone.secret(text, code.hello(), done.finish);
    REQUIRE(secret.has_value());
    CHECK(std::ranges::equal(secret->expose(), done.adv_secret.expose()));
    CHECK(code.finish(stanza.root(), device).error() == LinkErrc::code_out_of_step);
}

TEST_CASE("pair code: whoever does not know the code gets no secret") {
    const link::DeviceSecrets device = test::vector_device();
    const PhoneSide phone;
    link::PairCode code = link::PairCode::begin("15551234567", device).value();
    REQUIRE(code.answered(answer().root()).has_value());
    const std::string wrong = typed(code) == "11111111" ? "22222222" : "11111111";
    const test::Stanza stanza =
        notification("REF-1", phone.answer(wrong), phone.identity.public_key);
    const link::CodeFinished done = code.finish(stanza.root(), device).value();
    CHECK(!phone.secret(wrong, code.hello(), done.finish));
}

TEST_CASE("pair code: steps out of order, wrong refs and wrong lengths are refused") {
    const link::DeviceSecrets device = test::vector_device();
    const PhoneSide phone;
    const Bytes wrapped(80, std::byte{1});
    link::PairCode code = link::PairCode::begin("15551234567", device).value();
    const BytesView identity{phone.identity.public_key};
    CHECK(code.finish(notification("REF-1", wrapped, identity).root(), device).error() ==
          LinkErrc::code_out_of_step);
    const test::Stanza empty{wire::OutNode{.tag = "iq"}};
    CHECK(code.answered(empty.root()).error() == LinkErrc::bad_code_answer);
    REQUIRE(code.answered(answer().root()).has_value());
    CHECK(code.answered(answer().root()).error() == LinkErrc::code_out_of_step);
    struct Row {
        std::string_view ref;
        std::size_t wrapped;
        std::size_t identity;
    };
    for (const Row& row : {Row{"REF-2", 80, 32}, Row{"REF-1", 79, 32}, Row{"REF-1", 81, 32},
                           Row{"REF-1", 80, 31}, Row{"REF-1", 80, 33}, Row{"", 80, 32}}) {
        const test::Stanza bad = notification(row.ref, Bytes(row.wrapped, std::byte{1}),
                                              Bytes(row.identity, std::byte{1}));
        CHECK(code.finish(bad.root(), device).error() == LinkErrc::bad_code_request);
    }
    CHECK(code.finish(empty.root(), device).error() == LinkErrc::bad_code_request);
    const test::Stanza weak = notification("REF-1", wrapped, Bytes(32)); // a zero identity
    CHECK(code.finish(weak.root(), device).error() == LinkErrc::weak_key);
}

TEST_CASE("pair code: only an international number begins") {
    const link::DeviceSecrets device = test::vector_device();
    for (const std::string_view phone :
         {"", "123456", "0123456789", "1234567890123456", "1555x1234567", "15551234567@s",
          "1+5551234567", "++15551234567", "\n15551234567"}) {
        CAPTURE(phone);
        CHECK(link::PairCode::begin(phone, device).error() == LinkErrc::bad_phone);
    }
}

TEST_CASE("passkey: both notifications of that flow are recognised, and no other") {
    for (const auto& [type, want] :
         {std::pair{"passkey_prologue_request", true}, std::pair{"crsc_continuation", true},
          std::pair{"link_code_companion_reg", false}, std::pair{"encrypt", false}}) {
        wire::OutNode node{.tag = "notification"};
        node.attributes = {{"type", std::string{type}}};
        CHECK(link::wants_passkey(test::Stanza{node}.root()) == want);
    }
    CHECK(!link::wants_passkey(test::Stanza{wire::OutNode{.tag = "notification"}}.root()));
}
