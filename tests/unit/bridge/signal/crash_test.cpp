// Crash points of one receive transaction: every write, sync and truncate made to fail in each way. Afterwards the database is whole and
// stands where it stood before the stanza or where it stands after it, and receiving the stanza again completes it.
#include <doctest/doctest.h>

#include "bridge/signal/sender.hpp"
#include "bridge/store/dedupe.hpp"
#include "bridge/store/signal_records.hpp"
#include "bridge/store/spool.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/sending.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

namespace vestari::signal {

namespace {

using test::at;
using testing::DiskFault;

constexpr std::string_view group_jid = "120363000000000001@g.us";

// A stanza that touches everything: it teaches a LID, its pkmsg uses up a prekey and carries a group key, its skmsg is read.
struct Stanza {
    boost::json::value vectors = test::read_vectors("a-pairwise.json");
    const boost::json::object& scenario =
        vectors.as_object().at("scenarios").as_array()[0].as_object();
    Jid participant = Jid::parse("4917012345678:3@s.whatsapp.net").value();
    Jid alternative = Jid::parse("11111111111111@lid").value();
    Bytes pairwise = test::hex_of(scenario.at("steps").as_array()[0].as_object(), "ciphertext");
    test::GroupSender from{1};
    Bytes distribution = from.distribution();
    Bytes earlier = from.next(as_bytes("earlier"));
    Bytes group = from.next(as_bytes("text"));

    DeviceKeys keys() const {
        return test::receiver_keys(vectors.as_object().at("receiver").as_object());
    }
};

// What tells before from after.
struct State {
    bool handled, session, identity, group_key, left_under_phone;
    std::size_t pre_keys;
    std::uint64_t spooled, next_sequence;
    bool operator==(const State&) const = default;
};

class Crashes {
public:
    Crashes() {
        auto database = store::SessionDatabase::open(original(), test::secrets()).value();
        Decryptor decryptor{*database, clock_};
        REQUIRE(decryptor.install(stanza_.keys()).has_value());
        test::GroupSender old{9};
        REQUIRE(
            decryptor.distribute(group_jid, {"4917012345678", 3}, old.distribution()).has_value());
    }

    void fresh_copy() {
        std::filesystem::remove_all(folder_.path() / "copy");
        std::filesystem::copy(folder_.path() / "original", folder_.path() / "copy");
    }

    // As the receive path does: false when the disk stopped it.
    template <class Arm> bool receive(Arm arm) {
        auto database = open();
        Decryptor decryptor{*database, clock_};
        arm();
        try {
            store::Transaction transaction{*database};
            store::Dedupe dedupe{*database};
            const store::RowKey content =
                dedupe.content_key(group_jid, stanza_.alternative.to_string(), "ID");
            if (!dedupe.insert(content, at(1))) {
                return true;
            }
            const Sender sender =
                resolve(*database, decryptor, stanza_.participant, stanza_.alternative, at(1))
                    .value();
            CHECK(decryptor.pairwise(EncType::pkmsg, sender.address, stanza_.pairwise).has_value());
            CHECK(
                decryptor.distribute(group_jid, sender.address, stanza_.distribution).has_value());
            const Result<Bytes> plain = decryptor.group(group_jid, sender.address, stanza_.group);
            CHECK(plain.has_value());
            store::Spool spool{*database};
            spool.append(spool.next_sequence(), *plain);
            transaction.commit();
            return true;
        } catch (const boost::system::system_error& error) {
            CHECK(error.code().category() == make_error_code(store::StoreErrc::io).category());
            return false;
        }
    }

    State state() {
        auto database = open();
        const store::Dedupe dedupe{*database};
        const store::Spool spool{*database};
        const store::SenderKeys keys{*database};
        return {
            dedupe.contains(dedupe.content_key(group_jid, stanza_.alternative.to_string(), "ID")),
            store::Sessions{*database}.contains("11111111111111_1", 3),
            store::Identities{*database}.load("11111111111111_1", 3).has_value(),
            keys.load(keys.key_of(group_jid, "11111111111111_1", 3)).has_value(),
            !keys.of_user("4917012345678").empty(),
            store::PreKeys{*database}.ids().size(),
            spool.after(0, 10).size(),
            spool.next_sequence()};
    }

    void check_point(DiskFault fault, std::uint64_t operation, std::uint32_t seed,
                     const State& before, const State& after) {
        CAPTURE(static_cast<int>(fault));
        CAPTURE(operation);
        CAPTURE(seed);
        fresh_copy();
        const bool acknowledged = receive([&] { vfs_.arm(fault, operation, seed); });
        CHECK(vfs_.happened());
        vfs_.disarm();
        const State now = state();
        CHECK((now == before || now == after));
        CHECK((!acknowledged || now == after));
        CHECK(receive([] {}));
        CHECK(state() == after);
    }

    testing::FailingVfs& vfs() { return vfs_; }

private:
    std::filesystem::path original() const {
        std::filesystem::create_directory(folder_.path() / "original");
        return folder_.path() / "original" / "session.db";
    }
    std::unique_ptr<store::SessionDatabase> open() {
        return store::SessionDatabase::open(folder_.path() / "copy" / "session.db", test::secrets(),
                                            vfs_.name().c_str())
            .value();
    }

    test::TemporaryFolder folder_;
    testing::FailingVfs vfs_{"failing-sessions"};
    ManualClock clock_{at(1'700'000'000)};
    Stanza stanza_;
};

} // namespace

TEST_CASE("crash: a receive transaction is all or nothing at every write and sync") {
    Crashes crashes;
    crashes.fresh_copy();
    const State before = crashes.state();
    CHECK_FALSE(before.handled);
    CHECK(before.left_under_phone);
    REQUIRE(crashes.receive([&] { crashes.vfs().count(); }));
    const std::uint64_t operations = crashes.vfs().operations();
    crashes.vfs().disarm();
    const State after = crashes.state();
    CHECK(after == State{true, true, true, true, false, 5, 1, 2});
    REQUIRE(operations > 10);
    for (std::uint64_t operation = 1; operation <= operations; ++operation) {
        for (const DiskFault fault : {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn}) {
            crashes.check_point(fault, operation, 0, before, after);
        }
        for (std::uint32_t seed = 0; seed < 3; ++seed) {
            crashes.check_point(DiskFault::lost, operation, seed, before, after);
        }
    }
    MESSAGE(operations << " operations, 6 ways each");
}

TEST_CASE("crash: a database whose creation was cut short opens the next time") {
    const test::TemporaryFolder folder;
    testing::FailingVfs vfs{"failing-creation"};
    const std::filesystem::path file = folder.path() / "session.db";
    for (const DiskFault fault :
         {DiskFault::io_error, DiskFault::disk_full, DiskFault::torn, DiskFault::lost}) {
        for (std::uint64_t operation = 1;; ++operation) {
            CAPTURE(static_cast<int>(fault));
            CAPTURE(operation);
            for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
                std::filesystem::remove(entry);
            }
            vfs.arm(fault, operation);
            (void)store::SessionDatabase::open(file, test::secrets(), vfs.name().c_str());
            const bool happened = vfs.happened();
            vfs.disarm();
            CHECK(store::SessionDatabase::open(file, test::secrets(), vfs.name().c_str())
                      .has_value());
            if (!happened) {
                break;
            }
        }
    }
}

} // namespace vestari::signal
