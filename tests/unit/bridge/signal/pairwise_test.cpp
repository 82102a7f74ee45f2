// Pairwise sessions on the vectors of a live peer: tests/vectors/messages/a-pairwise.json.
#include <doctest/doctest.h>

#include "bridge/store/counters.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

namespace vestari::signal {

namespace {

using boost::json::object;

const object& vectors() {
    static const boost::json::value read = test::read_vectors("a-pairwise.json");
    return read.as_object();
}

// A device as every scenario starts.
struct Device {
    test::Sessions sessions;
    ManualClock clock{test::at(1'700'000'000)};
    Decryptor decryptor{*sessions, clock};
    store::Sessions records{*sessions};
    store::PreKeys pre_keys{*sessions};

    Device() {
        REQUIRE(decryptor.install(test::receiver_keys(vectors().at("receiver").as_object()))
                    .has_value());
    }
};

SignalErrc expected_error(std::string_view reason) {
    static const std::map<std::string_view, SignalErrc> reasons{
        {"duplicate", SignalErrc::duplicate},
        {"bad_mac", SignalErrc::invalid_message},
        {"one_time_prekey_missing", SignalErrc::unknown_pre_key},
        {"too_far_in_future", SignalErrc::invalid_message}, // the library does not tell them apart
        {"no_session", SignalErrc::no_session},
    };
    return reasons.at(reason);
}

void run_step(Device& device, const Address& sender, const object& step) {
    const EncType type = enc_type_from(test::text_of(step, "enc_type")).value();
    const std::optional<Bytes> before = device.records.load(sender.name, sender.device);
    const std::vector<std::uint32_t> keys_before = device.pre_keys.ids();
    const store::Identities identities{*device.sessions};
    const auto identity_before = identities.load(sender.name, sender.device);

    const Result<Bytes> plain =
        device.decryptor.pairwise(type, sender, test::hex_of(step, "ciphertext"));
    const object& expect = step.at("expect").as_object();
    if (test::text_of(expect, "result") == "ok") {
        CAPTURE(plain.error().message());
        REQUIRE(plain.has_value());
        CHECK(*plain == test::hex_of(expect, "padded_plaintext"));
        CHECK(device.records.load(sender.name, sender.device) != before);
    } else {
        REQUIRE(plain.has_error());
        const SignalErrc want = expected_error(test::text_of(expect, "reason"));
        CHECK(plain.error() == make_error_code(want));
        if (const auto* code = step.if_contains("expect_retry_error_code")) {
            CHECK(retry_code(want) == code->to_number<int>());
        }
        CHECK(device.records.load(sender.name, sender.device) == before);
        CHECK(device.pre_keys.ids() == keys_before);
        const auto identity_after = identities.load(sender.name, sender.device);
        CHECK(identity_after.has_value() == identity_before.has_value());
        CHECK((!identity_after || identity_after->key == identity_before->key));
    }
    if (const auto* left = step.if_contains("expect_prekeys_left")) {
        CHECK(device.pre_keys.ids() == boost::json::value_to<std::vector<std::uint32_t>>(*left));
    }
    if (const auto* identity = step.if_contains("sender_identity")) {
        CHECK(identities.load(sender.name, sender.device).value().key ==
              from_hex(std::string_view{identity->as_string()}).value());
    }
}

} // namespace

TEST_CASE("pairwise: every scenario of the vectors decrypts as the peer did") {
    for (const boost::json::value& value : vectors().at("scenarios").as_array()) {
        const object& scenario = value.as_object();
        CAPTURE(test::text_of(scenario, "name"));
        Device device;
        const Address sender = test::address_in(scenario.at("sender_address").as_object());
        if (const auto* removed = scenario.if_contains("remove_prekeys_before")) {
            for (const boost::json::value& id : removed->as_array()) {
                CHECK(device.pre_keys.erase(id.to_number<std::uint32_t>()));
            }
        }
        if (scenario.contains("initial_session_record")) {
            device.records.store(sender.name, sender.device,
                                 test::hex_of(scenario, "initial_session_record"));
        }
        int number = 0;
        for (const boost::json::value& step : scenario.at("steps").as_array()) {
            CAPTURE(number++);
            run_step(device, sender, step.as_object());
        }
    }
}

} // namespace vestari::signal
