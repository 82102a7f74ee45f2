#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "bridge/link/link_error.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/link/support.hpp"

using namespace vestari;
using link::LinkErrc;

namespace {

const ManualClock at{TimePoint{std::chrono::milliseconds{1'766'000'000'000}}};

bool same(const link::DeviceSecrets& a, const link::DeviceSecrets& b) {
    return std::ranges::equal(a.noise.private_key.expose(), b.noise.private_key.expose()) &&
           a.noise.public_key == b.noise.public_key &&
           std::ranges::equal(a.identity.private_key.expose(), b.identity.private_key.expose()) &&
           a.identity.public_key == b.identity.public_key &&
           a.registration_id == b.registration_id && a.signed_pre_key.id == b.signed_pre_key.id &&
           a.signed_pre_key.public_key == b.signed_pre_key.public_key &&
           a.signed_pre_key.signature == b.signed_pre_key.signature &&
           std::ranges::equal(a.adv_secret.expose(), b.adv_secret.expose());
}

} // namespace

TEST_CASE("device: made once, and the same after the process is gone") {
    test::Sessions database;
    CHECK(!link::load_device(*database).value());
    const link::DeviceSecrets made = link::open_device(*database, at).value();
    CHECK(same(made, link::open_device(*database, at).value()));
    database.reopen();
    CHECK(same(made, *link::load_device(*database).value()));
    CHECK(made.registration_id >= 1);
    CHECK(made.registration_id <= 16380);
}

TEST_CASE("device: two devices share nothing") {
    test::Sessions first;
    test::Sessions second;
    const auto a = link::open_device(*first, at).value();
    const auto b = link::open_device(*second, at).value();
    CHECK(a.noise.public_key != b.noise.public_key);
    CHECK(a.identity.public_key != b.identity.public_key);
    CHECK(a.signed_pre_key.public_key != b.signed_pre_key.public_key);
    CHECK(!std::ranges::equal(a.adv_secret.expose(), b.adv_secret.expose()));
}

TEST_CASE("device: the signed pre-key is signed over its Signal form, and Signal can use it") {
    test::Sessions database;
    const auto device = link::open_device(*database, at).value();
    Bytes message{std::byte{5}};
    append(message, BytesView{device.signed_pre_key.public_key});
    CHECK(crypto::xeddsa_verify(device.identity.public_key, message,
                                device.signed_pre_key.signature));
    message.back() ^= std::byte{1};
    CHECK(!crypto::xeddsa_verify(device.identity.public_key, message,
                                 device.signed_pre_key.signature));
    CHECK(store::SignedPreKeys{*database}.load(device.signed_pre_key.id).has_value());
    CHECK(store::Device{*database}.identity()->registration_id == device.registration_id);
}

TEST_CASE("device: half a device is damage, never repaired by new keys") {
    struct Row {
        std::string_view name;
        bool erased;
    };
    const Row rows[] = {{"link.device", true},
                        {"link.device", false},
                        {"link.adv", true},
                        {"link.adv", false},
                        {"identity", true}};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        test::Sessions database;
        REQUIRE(link::open_device(*database, at).has_value());
        store::Device values{*database};
        if (row.erased) {
            values.erase(row.name);
        } else {
            Bytes cut = *values.get(row.name);
            cut.pop_back();
            values.put(row.name, cut);
        }
        CHECK(link::load_device(*database).error() == LinkErrc::damaged_device);
        CHECK(link::open_device(*database, at).error() == LinkErrc::damaged_device);
    }
}

TEST_CASE("device: keys of another identity are damage") {
    test::Sessions database;
    test::Sessions other;
    REQUIRE(link::open_device(*database, at).has_value());
    REQUIRE(link::open_device(*other, at).has_value());
    store::Device{*database}.set_identity(*store::Device{*other}.identity());
    CHECK(link::load_device(*database).error() == LinkErrc::damaged_device);
}

TEST_CASE("device: a new ADV secret replaces the old one and nothing else") {
    test::Sessions database;
    const auto before = link::open_device(*database, at).value();
    const auto secret = link::AdvSecret::random();
    link::replace_adv_secret(*database, secret);
    database.reopen();
    const auto after = *link::load_device(*database).value();
    CHECK(std::ranges::equal(after.adv_secret.expose(), secret.expose()));
    CHECK(after.noise.public_key == before.noise.public_key);
    CHECK(after.identity.public_key == before.identity.public_key);
}

TEST_CASE("device: no secret stands in the clear in the database's files") {
    test::Sessions database;
    const auto device = link::open_device(*database, at).value();
    std::string everything;
    for (const auto& entry : std::filesystem::directory_iterator{database.folder.path()}) {
        std::ifstream file{entry.path(), std::ios::binary};
        std::stringstream bytes;
        bytes << file.rdbuf();
        everything += bytes.str();
    }
    REQUIRE(everything.size() > 4096);
    for (const BytesView secret :
         {BytesView{device.noise.private_key.expose()},
          BytesView{device.identity.private_key.expose()}, BytesView{device.adv_secret.expose()},
          BytesView{device.noise.public_key}, BytesView{device.identity.public_key}}) {
        CHECK(everything.find(as_text(secret)) == std::string::npos);
    }
}
