#include <doctest/doctest.h>

#include "bridge/link/client_payload.hpp"
#include "bridge/link/proto_text.hpp"
#include "link.pb.h"
#include "tests/unit/bridge/link/support.hpp"

using namespace vestari;
using link::History;

namespace {

const boost::json::object& payloads() {
    static const boost::json::object read = test::connection_vectors("client_payload.json");
    return read;
}

link::DeviceSecrets device_of(const link::proto::ClientPayload::PairingData& data) {
    link::DeviceSecrets device = test::vector_device();
    device.registration_id = static_cast<std::uint32_t>(read_be<4>(as_bytes(data.e_regid())));
    device.signed_pre_key.id = static_cast<std::uint32_t>(read_be<3>(as_bytes(data.e_skey_id())));
    std::ranges::copy(as_bytes(data.e_skey_val()), device.signed_pre_key.public_key.begin());
    std::ranges::copy(as_bytes(data.e_skey_sig()), device.signed_pre_key.signature.begin());
    return device;
}

link::proto::DeviceProps props_of(History history) {
    link::DeviceProps props;
    props.history = history;
    link::proto::DeviceProps read;
    REQUIRE(link::parse_limited(read, link::device_props(props)));
    return read;
}

} // namespace

TEST_CASE("device props: byte for byte what a known client sends for the same wishes") {
    const auto& registration = payloads().at("registration").as_object();
    const link::DeviceProps props{"MyReader", 10, 15, 7, link::Platform::desktop, History::full};
    CHECK(to_hex(link::device_props(props)) == test::text_of(registration, "device_props_hex"));
}

TEST_CASE(
    "registration: the published payload, with the empty manufacturer that section 7.2 adds") {
    const auto& registration = payloads().at("registration").as_object();
    link::proto::ClientPayload expected;
    REQUIRE(link::parse_limited(expected, test::hex_of(registration, "payload_hex")));
    CHECK(to_hex(link::serialised(expected)) == test::text_of(registration, "payload_hex"));
    expected.mutable_user_agent()->set_manufacturer("");
    const link::DeviceSecrets device = device_of(expected.device_pairing_data());
    const link::DeviceProps props{"MyReader", 10, 15, 7, link::Platform::desktop, History::full};
    const auto version = link::Version::parse("2.3000.1035194821").value();
    CHECK(to_hex(link::registration_payload(device, version, props)) ==
          to_hex(link::serialised(expected)));
    CHECK(!expected.has_username());
    CHECK(!expected.has_device());
}

TEST_CASE("login: byte for byte the published payload with the LID flags") {
    const auto& login = payloads().at("login_with_lid_flags").as_object();
    const Jid me = Jid::parse("15551234567:5@s.whatsapp.net").value();
    const link::Version version{2, 3000, 1045649367};
    CHECK(to_hex(link::login_payload(me, version).value()) == test::text_of(login, "payload_hex"));
}

TEST_CASE("login: only a phone number in digits can log in") {
    for (const std::string_view text :
         {"156535032389744:5@lid", "12-3@g.us", "s.whatsapp.net", "abc:1@s.whatsapp.net",
          "0:1@s.whatsapp.net", "99999999999999999999999:1@s.whatsapp.net"}) {
        CAPTURE(text);
        CHECK(link::login_payload(Jid::parse(text).value(), link::built_in_version).has_error());
    }
}

TEST_CASE("history: what is asked for is what was wished, and on-demand history never") {
    const auto none = props_of(History::none);
    CHECK(!none.require_full_sync());
    CHECK(none.history_sync_config().recent_sync_days_limit() == 1);
    CHECK(none.history_sync_config().storage_quota_mb() == 1);
    const auto recent = props_of(History::recent);
    CHECK(!recent.require_full_sync());
    CHECK(!recent.history_sync_config().has_recent_sync_days_limit());
    CHECK(props_of(History::full).require_full_sync());
    // Numbers 16 and 18 are not even declared: what is sent reads back without a byte unknown.
    for (const History history : {History::none, History::recent, History::full}) {
        CHECK(props_of(history).history_sync_config().unknown_fields().empty());
        CHECK(link::history_from(link::word_of(history)) == history);
    }
    CHECK(!link::history_from("all"));
}
