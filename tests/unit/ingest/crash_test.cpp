// Crash points: every write, sync and truncate of every kind of change, made to fail in each way. Afterwards the archive is whole
// and says either what it said before or what it says after, and doing the change again completes it.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>

#include "ingest/store/database/state.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;
using vestari::testing::DiskFault;
using vestari::testing::FailingVfs;

namespace {

std::string list_of(int items) {
    std::string text;
    for (int i = 0; i < items; ++i) {
        text += "WTS 126610LN $" + std::to_string(11'000 + i) + "\n";
    }
    return text;
}

struct Change {
    std::string what;
    std::function<void(Archive&, Pipeline&)> make;
};

const Change changes[] = {
    {"a deal", [](Archive&, Pipeline& p) { p.accept(message("N1", "WTS 126610LV $14,100", 3)); }},
    {"chatter", [](Archive&, Pipeline& p) { p.accept(message("N2", "good morning", 3)); }},
    {"a list", [](Archive&, Pipeline& p) { p.accept(message("N3", list_of(40), 3)); }},
    {"a repost",
     [](Archive&, Pipeline& p) { p.accept(message("N4", "WTS 126610LN $12,400", 4, 9)); }},
    {"an edit", [](Archive&, Pipeline& p) { p.accept(edit("N5", "A1", "WTS 126610LN $12,100")); }},
    {"a revoke", [](Archive&, Pipeline& p) { p.accept(revoke("N6", "A1")); }},
    {"an edit before its message",
     [](Archive&, Pipeline& p) { p.accept(edit("N7", "A9", "WTS 126610LN $12,100")); }},
    {"a group of messages",
     [](Archive&, Pipeline& p) {
         for (int i = 0; i < 5; ++i) {
             p.accept(message("G" + std::to_string(i),
                              "WTS 126610LN $" + std::to_string(15'000 + i), i));
         }
     }},
    {"a group of chats", [](Archive& a, Pipeline&) { a.include({other_group, "B", {}}); }},
    {"a deletion",
     [](Archive& a, Pipeline&) {
         const std::vector<StoredDeal> deals = all_deals(a);
         if (!deals.empty()) {
             const DealId id = deals.back().id;
             delete_deals(a, {&id, 1});
         }
     }},
    {"a purge", [](Archive& a, Pipeline&) { purge(a); }},
};

class Points {
public:
    Points() {
        Archive archive = shop_.open();
        archive.include({rolex_group, "Dealers", Currency::of("HKD")});
        Pipeline pipeline{archive, shop_.clock};
        pipeline.accept(message("A1", "WTS 126610LN $12,400", 1));
        pipeline.accept(message("A2", list_of(8), 2));
        pipeline.accept(message("A3", "hello", 3));
        pipeline.flush();
    }

    // The change on a fresh copy of the archive, with the disk as it is armed.
    bool try_change(const Change& change) {
        std::optional<Archive> archive = open();
        Pipeline pipeline{*archive, shop_.clock};
        arm_();
        try {
            change.make(*archive, pipeline);
            pipeline.flush();
            return true;
        } catch (const StorageFailure&) {
            return false;
        }
    }

    void fresh_copy() {
        std::filesystem::remove_all(copy());
        std::filesystem::copy(shop_.location().file.parent_path(), copy());
    }

    std::uint64_t operations_of(const Change& change) {
        fresh_copy();
        arm_ = [this] { vfs_.count(); };
        REQUIRE(try_change(change));
        return vfs_.operations(); // the closing checkpoint included
    }

    void check_point(const Change& change, DiskFault fault, std::uint64_t at, std::uint32_t seed,
                     const std::string& before, const std::string& after) {
        fresh_copy();
        arm_ = [&] { vfs_.arm(fault, at, seed); };
        const bool acknowledged = try_change(change);
        CHECK(vfs_.happened());
        vfs_.disarm();
        std::string now;
        {
            Archive archive = *open();
            Database& db = archive.state().db;
            Use check = db.use("PRAGMA integrity_check");
            REQUIRE(check.step());
            CHECK(check.text(0) == "ok");
            now = archive.logical_hash();
        }
        CHECK((now == before || now == after));
        if (acknowledged) {
            CHECK(now == after);
        }
        if (now != after) {
            arm_ = [] {};
            CHECK(try_change(change));
            CHECK(hash() == after);
        }
        ++points_;
    }

    // The first opening of all, in an empty folder: tables, account and keys.
    void check_creation(DiskFault fault, std::uint64_t at) {
        std::filesystem::remove_all(copy());
        vfs_.arm(fault, at);
        {
            const Result<Archive> interrupted =
                Archive::open(place(OpenMode::create_if_missing), shop_.master, shop_.clock);
        }
        CHECK(vfs_.happened());
        vfs_.disarm();
        const Result<Archive> again =
            Archive::open(place(OpenMode::create_if_missing), shop_.master, shop_.clock);
        CHECK(again.has_value());
        ++points_;
    }

    std::uint64_t operations_of_creation() {
        std::filesystem::remove_all(copy());
        vfs_.count();
        REQUIRE(Archive::open(place(OpenMode::create_if_missing), shop_.master, shop_.clock)
                    .has_value());
        return vfs_.operations();
    }

    std::string hash() { return open()->logical_hash(); }
    std::uint64_t points() const noexcept { return points_; }
    void disarm() { vfs_.disarm(); }
    std::optional<Archive> open() {
        Result<Archive> archive =
            Archive::open(place(OpenMode::existing), shop_.master, shop_.clock);
        REQUIRE(archive.has_value());
        return std::move(*archive);
    }

private:
    ArchiveLocation place(OpenMode mode) const {
        ArchiveLocation where = shop_.location(mode);
        where.file = copy() / "archive.db";
        where.vfs = vfs_.name();
        return where;
    }
    std::filesystem::path copy() const { return shop_.folder.path() / "copy"; }

    Workshop shop_;
    FailingVfs vfs_{"failing-ingest"};
    std::function<void()> arm_ = [] {};
    std::uint64_t points_ = 0;
};

} // namespace

TEST_CASE("whichever write or sync fails, only before or after is ever seen") {
    Points points;
    for (const Change& change : changes) {
        CAPTURE(change.what);
        points.fresh_copy();
        const std::string before = points.hash();
        const std::uint64_t operations = points.operations_of(change);
        points.disarm();
        const std::string after = points.hash();
        REQUIRE(operations > 0);
        for (const DiskFault fault : {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn}) {
            CAPTURE(static_cast<int>(fault));
            for (std::uint64_t at = 1; at <= operations; ++at) {
                CAPTURE(at);
                points.check_point(change, fault, at, 0, before, after);
            }
        }
    }
    const std::uint64_t creation = points.operations_of_creation();
    for (const DiskFault fault : {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn}) {
        for (std::uint64_t at = 1; at <= creation; ++at) {
            CAPTURE(at);
            points.check_creation(fault, at);
        }
    }
    MESSAGE("crash points: ", points.points());
    CHECK(points.points() >= 500);
}

TEST_CASE("when the power goes, what was acknowledged is there and the rest is whole") {
    Points points;
    for (const Change& change : changes) {
        CAPTURE(change.what);
        points.fresh_copy();
        const std::string before = points.hash();
        const std::uint64_t operations = points.operations_of(change);
        points.disarm();
        const std::string after = points.hash();
        for (std::uint64_t at = 1; at <= operations; at += 1 + operations / 12) {
            for (std::uint32_t seed = 0; seed < 3; ++seed) {
                CAPTURE(at);
                CAPTURE(seed);
                points.check_point(change, DiskFault::lost, at, seed, before, after);
            }
        }
    }
    MESSAGE("power cuts: ", points.points());
}

TEST_CASE(
    "on a full disk nothing is taken for durable, and with room again the same process goes on") {
    Workshop shop;
    FailingVfs vfs{"full-ingest"};
    ArchiveLocation where = shop.location();
    where.vfs = vfs.name();
    Archive archive = std::move(Archive::open(where, shop.master, shop.clock).value());
    Pipeline pipeline{archive, shop.clock};
    const event::Envelope first = message("A1", "WTS 126610LN $12,400");
    pipeline.accept(first);
    pipeline.flush();
    CHECK(pipeline.durable() == first.sequence);

    const event::Envelope second = message("A2", "WTS 126610LN $12,500");
    vfs.arm(DiskFault::disk_full, 1);
    pipeline.accept(second);
    const auto flush = [&] { pipeline.flush(); };
    CHECK_THROWS_WITH_AS(flush(), std::string{describe(ArchiveErrc::disk_full)}.c_str(),
                         StorageFailure);
    CHECK(pipeline.durable() == first.sequence);
    CHECK(all_deals(archive).size() == 1);
    const auto include = [&] { archive.include({rolex_group, "Dealers", {}}); };
    CHECK_THROWS_AS(include(), StorageFailure);

    vfs.disarm();
    CHECK(pipeline.accept(second).outcome == Outcome::deals);
    pipeline.flush();
    CHECK(pipeline.durable() == second.sequence);
    CHECK(all_deals(archive).size() == 2);
}

TEST_CASE("a failure beside the pipeline takes its open group along, and says so") {
    Workshop shop;
    FailingVfs vfs{"beside-ingest"};
    ArchiveLocation where = shop.location();
    where.vfs = vfs.name();
    Archive archive = std::move(Archive::open(where, shop.master, shop.clock).value());
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A1", "WTS 126610LN $12,400"));
    archive.state().abandon();
    const auto flush = [&] { pipeline.flush(); };
    CHECK_THROWS_AS(flush(), StorageFailure);
    CHECK(!pipeline.durable());
    CHECK(pipeline.accept(message("A1", "WTS 126610LN $12,400")).outcome == Outcome::deals);
    pipeline.flush();
    CHECK(all_deals(archive).size() == 1);
}
