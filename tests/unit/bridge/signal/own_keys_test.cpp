#include <doctest/doctest.h>

#include "bridge/signal/decryptor.hpp"
#include "bridge/signal/own_keys.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

using namespace vestari;

TEST_CASE("own keys: what others may see is what was installed") {
    test::Sessions sessions;
    const ManualClock clock{test::at(1)};
    signal::OwnKeys own{*sessions};
    CHECK_FALSE(own.device().has_value());

    const boost::json::value vectors = test::read_vectors("a-pairwise.json");
    const signal::DeviceKeys keys = test::receiver_keys(vectors.at("receiver").as_object());
    signal::Decryptor decryptor{*sessions, clock};
    REQUIRE(decryptor.install(keys));

    const std::optional<signal::PublicDeviceKeys> device = own.device();
    REQUIRE(device.has_value());
    CHECK(device->registration_id == keys.registration_id);
    CHECK(std::ranges::equal(device->identity, std::span{keys.identity.public_key}.subspan(1)));
    CHECK(device->signed_pre_key.id == keys.signed_pre_key.id);
    CHECK(std::ranges::equal(device->signed_pre_key.key,
                             std::span{keys.signed_pre_key.keys.public_key}.subspan(1)));
    CHECK(device->signature == keys.signed_pre_key_signature);
}

TEST_CASE("own keys: a new pre-key has an id of its own, and is stored as it was asked for") {
    test::Sessions sessions;
    signal::OwnKeys own{*sessions};
    const auto fresh = own.make_pre_keys(3, store::PreKeys::State::fresh);
    const auto handed_out = own.make_pre_keys(1, store::PreKeys::State::published);
    REQUIRE(fresh.size() == 3);
    CHECK(handed_out.front().id == fresh.back().id + 1);
    CHECK(own.fresh(10).size() == 3);
    CHECK(own.fresh(10).front().key == fresh.front().key);
    CHECK(store::PreKeys{*sessions}.load(handed_out.front().id).has_value());
    CHECK(fresh[0].key != fresh[1].key);

    store::PreKeys{*sessions}.erase(handed_out.front().id); // used: its id never comes again
    CHECK(own.make_pre_keys(1, store::PreKeys::State::fresh).front().id ==
          handed_out.front().id + 1);
}
