#include <doctest/doctest.h>

#include <map>

#include "bridge/noise/certificate.hpp"
#include "bridge/noise/errors.hpp"
#include "tests/support/noise_responder.hpp"
#include "tests/unit/bridge/noise/support.hpp"

using namespace vestari;
using namespace vestari::noise;
using test::ChainFault;

TEST_CASE("certificates: cert_chain.json, 1 valid and 14 not, each for its own reason") {
    const std::map<std::string_view, NoiseErrc> reasons = {
        {"intermediate_sig_flipped", NoiseErrc::certificate_not_signed_by_root},
        {"intermediate_signed_by_other_root", NoiseErrc::certificate_not_signed_by_root},
        {"leaf_sig_flipped", NoiseErrc::certificate_not_signed_by_intermediate},
        {"leaf_signed_by_root", NoiseErrc::certificate_not_signed_by_intermediate},
        {"intermediate_issuer_serial_1", NoiseErrc::certificate_not_issued_by_root},
        {"leaf_issuer_mismatch", NoiseErrc::certificate_not_issued_by_intermediate},
        {"leaf_key_mismatch", NoiseErrc::certificate_of_another_key},
        {"leaf_expired", NoiseErrc::clock_problem},
        {"leaf_not_yet", NoiseErrc::clock_problem},
        {"intermediate_expired", NoiseErrc::clock_problem},
        {"intermediate_key_31", NoiseErrc::certificate_malformed},
        {"leaf_sig_63", NoiseErrc::certificate_incomplete},
        {"no_leaf", NoiseErrc::certificate_incomplete},
        {"no_intermediate", NoiseErrc::certificate_incomplete},
    };
    const test::json::value file = test::connection_vectors("cert_chain.json");
    const auto root = test::array_of<32>(test::hex_at(file, "root_public_hex"));
    std::size_t cases = 0;
    for (const test::json::value& item : file.at("cases").as_array()) {
        const std::string name = item.at("name").as_string().c_str();
        CAPTURE(name);
        const auto key = test::array_of<32>(test::hex_at(item, "server_static_public_hex"));
        const Result<> verdict = verify_chain(test::hex_at(item, "cert_chain_hex"), root, key,
                                              test::at_seconds(item.at("now").as_int64()));
        CHECK(verdict.has_value() == (item.at("expect").as_string() == "accept"));
        if (!verdict) {
            REQUIRE(reasons.contains(name));
            CHECK(verdict.error() == reasons.at(name));
        }
        ++cases;
    }
    CHECK(cases == 15);
}

TEST_CASE("certificates: every way of being wrong is refused by name, and a right one is not") {
    const std::map<ChainFault, NoiseErrc> reasons = {
        {ChainFault::garbage, NoiseErrc::certificate_malformed},
        {ChainFault::no_leaf, NoiseErrc::certificate_incomplete},
        {ChainFault::no_intermediate, NoiseErrc::certificate_incomplete},
        {ChainFault::no_leaf_signature, NoiseErrc::certificate_incomplete},
        {ChainFault::short_intermediate_signature, NoiseErrc::certificate_incomplete},
        {ChainFault::intermediate_signature, NoiseErrc::certificate_not_signed_by_root},
        {ChainFault::intermediate_other_root, NoiseErrc::certificate_not_signed_by_root},
        {ChainFault::intermediate_issuer, NoiseErrc::certificate_not_issued_by_root},
        {ChainFault::intermediate_short_key, NoiseErrc::certificate_malformed},
        {ChainFault::leaf_signature, NoiseErrc::certificate_not_signed_by_intermediate},
        {ChainFault::leaf_signed_by_root, NoiseErrc::certificate_not_signed_by_intermediate},
        {ChainFault::leaf_issuer, NoiseErrc::certificate_not_issued_by_intermediate},
        {ChainFault::leaf_other_key, NoiseErrc::certificate_of_another_key},
        {ChainFault::leaf_details_garbage, NoiseErrc::certificate_malformed},
        {ChainFault::leaf_expired, NoiseErrc::clock_problem},
        {ChainFault::leaf_not_yet, NoiseErrc::clock_problem},
        {ChainFault::leaf_without_end, NoiseErrc::clock_problem},
        {ChainFault::intermediate_expired, NoiseErrc::clock_problem},
        {ChainFault::intermediate_not_yet, NoiseErrc::clock_problem},
    };
    const TimePoint now = test::at_seconds(1'790'000'000);
    const test::NoiseAuthority authority{1};
    const crypto::CurvePublicKey server = test::noise_key_of(1, "server").public_key;
    CHECK(verify_chain(authority.chain_for(server, now), authority.root_key(), server, now));
    for (int i = 1; i <= static_cast<int>(test::last_chain_fault); ++i) {
        CAPTURE(i);
        const auto fault = static_cast<ChainFault>(i);
        const Result<> verdict = verify_chain(authority.chain_for(server, now, fault),
                                              authority.root_key(), server, now);
        REQUIRE(reasons.contains(fault));
        REQUIRE_FALSE(verdict.has_value());
        CHECK(verdict.error() == reasons.at(fault));
    }
}

TEST_CASE("certificates: WhatsApp's root refuses a chain of anybody else") {
    const TimePoint now = test::at_seconds(1'790'000'000);
    const test::NoiseAuthority authority{1};
    const crypto::CurvePublicKey server = test::noise_key_of(1, "server").public_key;
    CHECK(verify_chain(authority.chain_for(server, now), whatsapp_root, server, now).error() ==
          NoiseErrc::certificate_not_signed_by_root);
    CHECK(to_hex(whatsapp_root) ==
          "142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b");
}

TEST_CASE("certificates: the validity includes its first and its last second") {
    const TimePoint made = test::at_seconds(1'790'000'000);
    const test::NoiseAuthority authority{1};
    const crypto::CurvePublicKey server = test::noise_key_of(1, "server").public_key;
    const Bytes chain = authority.chain_for(server, made);
    struct Row {
        std::chrono::milliseconds off;
        bool valid;
    };
    using namespace std::chrono_literals;
    for (const Row& row :
         {Row{-24h, true}, Row{-24h - 1ms, false}, Row{24h + 999ms, true}, Row{24h + 1s, false}}) {
        CAPTURE(row.off.count());
        CHECK(verify_chain(chain, authority.root_key(), server, made + row.off).has_value() ==
              row.valid);
    }
    CHECK(verify_chain(chain, authority.root_key(), server, test::at_seconds(-5)).error() ==
          NoiseErrc::clock_problem);
}

TEST_CASE("certificates: no bit of a valid chain can be changed unnoticed") {
    const TimePoint now = test::at_seconds(1'790'000'000);
    const test::NoiseAuthority authority{1};
    const crypto::CurvePublicKey server = test::noise_key_of(1, "server").public_key;
    const Bytes chain = authority.chain_for(server, now);
    for (std::size_t bit = 0; bit < chain.size() * 8; ++bit) {
        CAPTURE(bit);
        Bytes altered = chain;
        altered[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
        REQUIRE_FALSE(verify_chain(altered, authority.root_key(), server, now).has_value());
    }
    for (std::size_t length = 0; length < chain.size(); ++length) {
        REQUIRE_FALSE(
            verify_chain(BytesView{chain}.first(length), authority.root_key(), server, now)
                .has_value());
    }
}
