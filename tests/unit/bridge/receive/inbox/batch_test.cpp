// A batch under a disk that fails: nothing leaves that is not durable, nothing durable is lost, and the inbox goes on.
#include <doctest/doctest.h>

#include <sqlite3.h>
#include <sys/resource.h>

#include "bridge/store/dedupe.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/unit/bridge/receive/inbox/office.hpp"

using namespace vestari;
using test::Lines;
using test::Office;
using testing::DiskFault;

namespace {

constexpr std::string_view alice = "1001@lid";
constexpr std::string_view bob = "1002@lid";

std::vector<Bytes> a_batch(test::People& people) {
    std::vector<Bytes> frames;
    const auto add = [&](std::string_view sender, std::string_view id,
                         std::vector<synth::Stanza> parts) {
        synth::Stanza stanza = test::People::message(sender, id);
        stanza.children = std::move(parts);
        frames.push_back(synth::encode(stanza, synth::Packing::plain));
    };
    add(alice, "A",
        {people.key_part("alice"),
         people.group_part("alice", synth::content::text("126610LN 12k"))});
    add(alice, "B", {people.group_part("alice", synth::content::text("5711 80k"))});
    people.key_part("bob"); // lost
    add(bob, "C", {people.group_part("bob", synth::content::text("lost key"))});
    synth::Stanza direct{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    direct.with_jid("from", "3333@lid").with("id", "D");
    frames.push_back(synth::encode(direct, synth::Packing::plain));
    add(alice, "E",
        {people.group_part("alice", synth::content::edit("A", synth::content::text("126610LN 11k"),
                                                         1'780'000'001'000))});
    return frames;
}

// A database of its own on the failing disk, from the same original every time.
class Crashes {
public:
    Crashes() {
        Office office;
        frames_ = a_batch(office);
        options_ = office.options;
        office.inbox.reset();
        office.sessions.database.reset();
        std::filesystem::copy(office.sessions.file.parent_path(), folder_.path() / "original",
                              std::filesystem::copy_options::recursive);
    }

    void fresh_copy() {
        std::filesystem::remove_all(folder_.path() / "copy");
        std::filesystem::copy(folder_.path() / "original", folder_.path() / "copy");
    }

    // One batch of all. What left, or nothing when the disk stopped it.
    std::optional<Lines> drain_on(receive::ConnectionNumber connection) {
        auto database = open();
        receive::Inbox inbox{*database, options_, clock_};
        return drain(inbox, connection);
    }
    template <class Arm> std::optional<Lines> drain_armed(Arm arm) {
        auto database = open();
        receive::Inbox inbox{*database, options_, clock_};
        arm();
        return drain(inbox, 1);
    }
    std::optional<Lines> drain(receive::Inbox& inbox, receive::ConnectionNumber connection) {
        try {
            for (const Bytes& frame : frames_) {
                inbox.take(frame, clock_.now(), connection);
            }
            return test::told(inbox.commit());
        } catch (const boost::system::system_error& error) {
            CHECK(error.code().category() == make_error_code(store::StoreErrc::io).category());
            CHECK(inbox.batched() == 0);
            CHECK(inbox.take_notices().empty());
            return std::nullopt;
        }
    }

    std::vector<Bytes> spooled() {
        auto database = open();
        std::vector<Bytes> payloads;
        for (store::Spooled& row : store::Spool{*database}.after(0, 100)) {
            payloads.push_back(std::move(row.payload));
        }
        return payloads;
    }

    std::unique_ptr<store::SessionDatabase> open() {
        return store::SessionDatabase::open(folder_.path() / "copy" / "session.db", test::secrets(),
                                            vfs.name().c_str())
            .value();
    }

    testing::FailingVfs vfs{"failing-inbox"};

private:
    test::TemporaryFolder folder_;
    ManualClock clock_{test::at(test::office_opens)};
    receive::InboxOptions options_;
    std::vector<Bytes> frames_;
};

} // namespace

TEST_CASE("batch: at every write and sync of a batch, all of it is durable or none left") {
    Crashes crashes;
    crashes.fresh_copy();
    std::optional<Lines> whole;
    {
        whole = crashes.drain_armed([&] { crashes.vfs.count(); });
    }
    const std::uint64_t operations = crashes.vfs.operations();
    crashes.vfs.disarm();
    REQUIRE(whole.has_value());
    CHECK(whole->size() == 6); // receipts of A, B, E; retry and ack of C; ack of D
    const std::vector<Bytes> after = crashes.spooled();
    CHECK(after.size() == 3);
    REQUIRE(operations > 5);
    for (std::uint64_t operation = 1; operation <= operations; ++operation) {
        for (const DiskFault fault :
             {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn, DiskFault::lost}) {
            CAPTURE(operation);
            CAPTURE(static_cast<int>(fault));
            crashes.fresh_copy();
            const std::optional<Lines> left = crashes.drain_armed(
                [&] { crashes.vfs.arm(fault, operation, static_cast<std::uint32_t>(operation)); });
            crashes.vfs.disarm();
            const std::vector<Bytes> now = crashes.spooled();
            CHECK((now.empty() || now == after));
            CHECK((!left || now == after));         // what left is stored
            CHECK(crashes.drain_on(2).has_value()); // and the server's next delivery completes it
            CHECK(crashes.spooled() == after);
        }
    }
    MESSAGE(operations << " operations, 4 ways each");
}

TEST_CASE("batch: a full disk stops clearing, and the same inbox goes on when there is room") {
    Crashes crashes;
    crashes.fresh_copy();
    Office office; // for its frames and options only
    auto database = crashes.open();
    ManualClock clock{test::at(test::office_opens)};
    receive::Inbox inbox{*database, office.options, clock};
    for (int attempt = 0; attempt < 3; ++attempt) {
        crashes.vfs.arm(DiskFault::disk_full, 1);
        CHECK_FALSE(crashes.drain(inbox, 1).has_value());
        CHECK(store::Spool{*database}.rows() == 0);
        CHECK(inbox.tally().counts().stanzas == 0);
    }
    crashes.vfs.disarm();
    const std::optional<Lines> left = crashes.drain(inbox, 2);
    REQUIRE(left.has_value());
    CHECK(left->size() == 6);
    CHECK(store::Spool{*database}.rows() == 3);
    CHECK(inbox.tally().counts().stanzas == 5);
}

TEST_CASE("batch: a connection that is lost takes its open batch with it") {
    Office office;
    const std::vector<Bytes> frames = a_batch(office);
    for (const Bytes& frame : frames) {
        office.inbox->take(frame, office.clock.now(), 1);
    }
    CHECK(office.inbox->batched() == frames.size());
    office.inbox->roll_back();
    CHECK(office.inbox->batched() == 0);
    CHECK(office.inbox->commit().empty());
    CHECK(office.spooled().empty());
    for (const Bytes& frame : frames) {
        office.inbox->take(frame, office.clock.now(), 2);
    }
    CHECK(test::told(office.inbox->commit()).size() == 6);
    CHECK(office.spooled().size() == 3);
    CHECK(office.inbox->spooled());
    CHECK_FALSE(office.inbox->spooled());
}

TEST_CASE("batch: 5,000 messages drain through batches of 500 in bounded memory") {
    Office office{16};
    std::vector<Bytes> frames;
    for (int i = 0; i < 5000; ++i) {
        const std::string device = "d" + std::to_string(i % 10);
        synth::Stanza stanza =
            Office::message(std::to_string(1001 + i % 10) + "@lid", "M" + std::to_string(i));
        if (i < 10) {
            stanza.children.push_back(office.key_part(device));
        }
        stanza.children.push_back(
            office.group_part(device, synth::content::text("offer " + std::to_string(i))));
        frames.push_back(synth::encode(stanza, synth::Packing::plain));
    }
    const auto resident = [] {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        return usage.ru_maxrss;
    };
    const long before = resident();
    std::size_t cleared = 0;
    for (const Bytes& frame : frames) {
        office.inbox->take(frame, office.clock.now(), 1);
        if (office.inbox->batched() == 500) {
            cleared += office.inbox->commit().size();
        }
    }
    cleared += office.inbox->commit().size();
    CHECK(cleared == 5000);
#ifndef __SANITIZE_ADDRESS__                // that keeps what is freed
    CHECK(resident() - before < 64 * 1024); // KiB, the test's own included
#else
    CHECK(before > 0);
#endif
    CHECK(office.inbox->tally().counts().decrypted == 5000);
    CHECK(store::Spool{*office.sessions}.rows() == 5000);
    // Delivered again on the next connection: cleared again, nothing twice.
    ++office.connection;
    for (std::size_t i = 0; i < frames.size(); i += 10) {
        office.inbox->take(frames[i], office.clock.now(), office.connection);
    }
    CHECK(office.inbox->commit().size() == 1000); // receipt and ack
    CHECK(store::Spool{*office.sessions}.rows() == 5000);
}

TEST_CASE("batch: a full spool takes nothing and clears nothing until there is room") {
    Office office;
    const std::vector<Bytes> frames = a_batch(office);
    office.options.spool_max_bytes = 1;
    office.open();
    CHECK_FALSE(office.inbox->full());
    CHECK(office.inbox->take(frames[0], office.clock.now(), 1) == receive::Inbox::Took::yes);
    CHECK(office.inbox->full()); // what was taken in this batch counts
    CHECK(office.inbox->take(frames[1], office.clock.now(), 1) == receive::Inbox::Took::full);
    CHECK(test::told(office.inbox->commit()).size() == 1);
    CHECK(office.inbox->take(frames[1], office.clock.now(), 1) == receive::Inbox::Took::full);
    CHECK(office.inbox->commit().empty());
    store::Spool{*office.sessions}.erase_through(1); // ingest has answered
    CHECK(office.inbox->take(frames[1], office.clock.now(), 1) == receive::Inbox::Took::yes);
    CHECK(test::told(office.inbox->commit()).size() == 1);
}

TEST_CASE("batch: a record that was changed from outside stops its sender alone") {
    Office office;
    const auto post = [&](std::string_view sender, const std::string& device, std::string_view id) {
        synth::Stanza stanza = Office::message(sender, id);
        stanza.children = {office.key_part(device),
                           office.group_part(device, synth::content::text(id))};
        return stanza;
    };
    office.take(post(alice, "alice", "A"));
    office.take(post(bob, "bob", "B"));
    office.inbox.reset();
    office.sessions.database.reset();
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(office.sessions.file.c_str(), &raw) == SQLITE_OK);
    // The first session is alice's.
    CHECK(sqlite3_exec(raw,
                       "UPDATE session SET sealed = zeroblob(length(sealed)) "
                       "WHERE rowid = (SELECT min(rowid) FROM session)",
                       nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(raw);
    office.restart();
    office.offer(post(alice, "alice", "C"));
    office.offer(post(bob, "bob", "D"));
    const Lines left = test::told(office.inbox->commit());
    REQUIRE(left.size() == 1); // C stays at the server
    CHECK(left.front().find("id=D ") != std::string::npos);
    CHECK(office.texts() == Lines{"A", "B", "D"});
    CHECK(office.inbox->tally().counts().stanzas == 1);
}
