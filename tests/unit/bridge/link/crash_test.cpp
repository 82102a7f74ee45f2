// Crash points while a device is made and linked: every write, sync and truncate made to fail in each way. What was acknowledged is
// there afterwards, what is there is whole, and doing it again completes it.
#include <doctest/doctest.h>

#include "bridge/link/device.hpp"
#include "bridge/link/pair_success.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/support/sessions.hpp"

using namespace vestari;
using testing::DiskFault;

namespace {

const ManualClock at{TimePoint{std::chrono::milliseconds{1'766'000'000'000}}};

link::Linked example() {
    link::Linked linked{.me = Jid::parse("15551234567:5@s.whatsapp.net").value(),
                        .lid = Jid::parse("156535032389744:5@lid").value(),
                        .platform = "android",
                        .business_name = "",
                        .key_index = 3,
                        .account = Bytes(140, std::byte{9}),
                        .since = at.now()};
    linked.account_key.fill(std::byte{7});
    return linked;
}

class Disk {
public:
    void clear() {
        vfs_.disarm();
        for (const auto& entry : std::filesystem::directory_iterator{folder_.path()}) {
            std::filesystem::remove(entry);
        }
        static_cast<void>(open()); // the empty database is no part of what is tested
    }
    std::unique_ptr<store::SessionDatabase> open() {
        return store::SessionDatabase::open(folder_.path() / "session.db", test::secrets(),
                                            vfs_.name().c_str())
            .value();
    }
    testing::FailingVfs& vfs() { return vfs_; }

private:
    test::TemporaryFolder folder_;
    testing::FailingVfs vfs_{"failing-link"};
};

// Runs `work` with the fault armed; false when the disk stopped it.
template <class Work>
bool attempt(Disk& disk, DiskFault fault, std::uint64_t operation, Work work) {
    const auto database = disk.open();
    disk.vfs().arm(fault, operation, 7);
    try {
        work(*database);
        return true;
    } catch (const boost::system::system_error&) {
        return false;
    }
}

// Every fault at every operation of `work`, until one run is through before its fault.
template <class Prepare, class Work, class Check>
std::uint64_t at_every_operation(Disk& disk, Prepare prepare, Work work, Check check) {
    std::uint64_t points = 0;
    for (const DiskFault fault :
         {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn, DiskFault::lost}) {
        for (std::uint64_t operation = 1;; ++operation, ++points) {
            CAPTURE(static_cast<int>(fault));
            CAPTURE(operation);
            disk.clear();
            prepare();
            const bool acknowledged = attempt(disk, fault, operation, work);
            const bool happened = disk.vfs().happened();
            disk.vfs().disarm();
            check(acknowledged);
            if (!happened) {
                break;
            }
        }
    }
    return points;
}

} // namespace

TEST_CASE("crash: a device is whole or absent, and one that was handed out stays") {
    Disk disk;
    std::optional<crypto::CurvePublicKey> handed_out;
    const std::uint64_t points = at_every_operation(
        disk, [&] { handed_out.reset(); },
        [&](store::SessionDatabase& database) {
            handed_out = link::open_device(database, at).value().noise.public_key;
        },
        [&](bool acknowledged) {
            const auto database = disk.open();
            const auto device = link::load_device(*database);
            REQUIRE(device.has_value()); // never damaged
            CHECK((!acknowledged || device->has_value()));
            if (acknowledged && *device) {
                CHECK((*device)->noise.public_key == *handed_out);
            }
            CHECK(link::open_device(*database, at).has_value());
        });
    CHECK(points > 20);
    MESSAGE(points << " crash points");
}

TEST_CASE("crash: a link is stored in full or not at all, and one that was acknowledged stays") {
    Disk disk;
    const std::uint64_t points = at_every_operation(
        disk, [&] { CHECK(link::open_device(*disk.open(), at).has_value()); },
        [&](store::SessionDatabase& database) { link::store_linked(database, example()); },
        [&](bool acknowledged) {
            const auto database = disk.open();
            const bool stored = link::load_linked(*database).has_value();
            const store::Identities identities{*database};
            CHECK((!acknowledged || stored));
            CHECK(identities.load("15551234567", 0).has_value() == stored);
            CHECK(identities.load("156535032389744_1", 0).has_value() == stored);
            CHECK(store::LidMap{*database}.lid_of("15551234567").has_value() == stored);
            CHECK(link::load_device(*database).value().has_value());
        });
    CHECK(points > 20);
    MESSAGE(points << " crash points");
}

TEST_CASE("crash: the ADV secret is the old one or the new one") {
    Disk disk;
    const auto fresh = link::AdvSecret::random();
    std::optional<link::AdvSecret> old;
    at_every_operation(
        disk, [&] { old = link::open_device(*disk.open(), at).value().adv_secret.duplicate(); },
        [&](store::SessionDatabase& database) { link::replace_adv_secret(database, fresh); },
        [&](bool acknowledged) {
            const auto database = disk.open();
            const auto device = std::move(link::load_device(*database).value().value());
            const bool is_new = std::ranges::equal(device.adv_secret.expose(), fresh.expose());
            CHECK((is_new || std::ranges::equal(device.adv_secret.expose(), old->expose())));
            CHECK((!acknowledged || is_new));
        });
}
