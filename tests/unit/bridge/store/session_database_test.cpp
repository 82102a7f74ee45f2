#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "bridge/store/dedupe.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "bridge/store/spool.hpp"
#include "bridge/store/waiting.hpp"
#include "tests/support/sessions.hpp"

namespace vestari::store {

namespace {

using test::at;

ErrorCode error_of_opening(const std::filesystem::path& file,
                           SessionSecrets secrets = test::secrets()) {
    const auto opened = SessionDatabase::open(file, std::move(secrets));
    return opened ? ErrorCode{} : opened.error();
}

void run_sql(const std::filesystem::path& file, const char* sql) {
    sqlite3* handle = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &handle) == SQLITE_OK);
    CHECK(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(handle);
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

} // namespace

TEST_CASE("session database: every wrong file, key or second process has its own error and leaves "
          "the file alone") {
    const test::TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "session.db";

    SUBCASE("a folder that is missing") {
        CHECK(error_of_opening(folder.path() / "missing" / "session.db") ==
              make_error_code(StoreErrc::cannot_open));
    }
    SUBCASE("a symbolic link") {
        REQUIRE(::symlink("elsewhere.db", file.c_str()) == 0);
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::cannot_open));
    }
    SUBCASE("garbage") {
        std::ofstream{file} << std::string(8192, 'x');
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::corrupt));
        CHECK(contents(file) == std::string(8192, 'x'));
    }
    SUBCASE("another program's database") {
        run_sql(file, "CREATE TABLE theirs (x)");
        const std::string before = contents(file);
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::foreign_file));
        CHECK(contents(file) == before);
    }
    SUBCASE("a newer schema") {
        CHECK(error_of_opening(file) == ErrorCode{});
        run_sql(file, "PRAGMA user_version = 1000");
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::newer_schema));
    }
    SUBCASE("a wrong key, a wrong account") {
        CHECK(error_of_opening(file) == ErrorCode{});
        CHECK(error_of_opening(file, test::secrets(2)) == make_error_code(StoreErrc::wrong_key));
        SessionSecrets other_account = test::secrets();
        other_account.account.fill(std::byte{9});
        CHECK(error_of_opening(file, std::move(other_account)) ==
              make_error_code(StoreErrc::wrong_key));
        CHECK(error_of_opening(file) == ErrorCode{});
    }
    SUBCASE("damage inside") {
        {
            auto database = SessionDatabase::open(file, test::secrets()).value();
            Transaction transaction{*database};
            for (std::uint32_t i = 1; i <= 500; ++i) {
                PreKeys{*database}.store(i, Bytes(200, std::byte{1}), PreKeys::State::fresh);
            }
            transaction.commit();
        }
        const auto size = std::filesystem::file_size(file);
        std::filesystem::resize_file(file, size / 2);
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::corrupt));
    }
    SUBCASE("a second opener, here and in another process, until the first has closed") {
        auto database = SessionDatabase::open(file, test::secrets()).value();
        CHECK(error_of_opening(file) == make_error_code(StoreErrc::locked));
        CHECK(error_of_opening(file) ==
              make_error_code(StoreErrc::locked)); // the first attempt took no lock away
        int status = 0;
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(error_of_opening(file) == make_error_code(StoreErrc::locked) ? 0 : 1);
        }
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(status == 0);
        database.reset();
        CHECK(error_of_opening(file) == ErrorCode{});
    }
}

TEST_CASE("session database: its files are for the owner alone") {
    test::Sessions sessions;
    Quarantine{*sessions}.put(as_bytes("x"), at(1));
    for (const auto& entry : std::filesystem::directory_iterator{sessions.folder.path()}) {
        CAPTURE(entry.path().filename().string());
        CHECK(std::filesystem::status(entry).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    }
    sessions.database.reset();
    REQUIRE(::chmod(sessions.file.c_str(), 0644) == 0);
    sessions.reopen();
    CHECK((std::filesystem::status(sessions.file).permissions() &
           std::filesystem::perms::others_read) == std::filesystem::perms::none);
}

TEST_CASE("session database: a scope keeps all or nothing, nested ones on their own") {
    test::Sessions sessions;
    Device device{*sessions};
    {
        Transaction transaction{*sessions};
        device.put("kept", as_bytes("1"));
        {
            const Savepoint undone{*sessions};
            device.put("undone", as_bytes("1"));
            {
                Savepoint inner{*sessions};
                device.put("inner", as_bytes("1"));
                inner.release();
            }
        }
        {
            Savepoint released{*sessions};
            device.put("released", as_bytes("1"));
            released.release();
        }
        transaction.commit();
    }
    {
        const Transaction abandoned{*sessions};
        device.put("abandoned", as_bytes("1"));
    }
    {
        Savepoint alone{*sessions}; // a transaction of its own
        device.put("alone", as_bytes("1"));
        alone.release();
    }
    sessions.reopen();
    Device again{*sessions};
    for (const std::string_view name : {"kept", "released", "alone"}) {
        CAPTURE(name);
        CHECK(again.get(name) == to_bytes("1"));
    }
    for (const std::string_view name : {"undone", "inner", "abandoned"}) {
        CAPTURE(name);
        CHECK_FALSE(again.get(name).has_value());
    }
    CHECK_FALSE((*sessions).in_scope());
}

TEST_CASE("session database: listeners hear which changes a rollback undid") {
    struct Listener final : ScopeListener {
        std::vector<std::uint64_t> heard;
        void rolled_back(std::uint64_t since) noexcept override { heard.push_back(since); }
    };
    test::Sessions sessions;
    Listener listener;
    (*sessions).add_listener(listener);
    {
        Transaction transaction{*sessions};
        const std::uint64_t before = (*sessions).stamp();
        std::uint64_t inside = 0;
        {
            const Savepoint undone{*sessions};
            inside = (*sessions).stamp();
        }
        REQUIRE(listener.heard.size() == 1);
        CHECK(before < listener.heard[0]);
        CHECK(inside >= listener.heard[0]);
        transaction.commit();
    }
    CHECK(listener.heard.size() == 1);
    (*sessions).remove_listener(listener);
}

TEST_CASE("session database: at rest it gives its memory back, and is used again as before") {
    test::Sessions sessions;
    const Bytes large(4096, std::byte{7});
    for (int i = 0; i < 64; ++i) {
        Device{*sessions}.put("row " + std::to_string(i), large);
    }
    const std::uint64_t uses = sessions.database->uses();
    const sqlite3_int64 busy = sqlite3_memory_used();
    sessions.database->rest();
    CHECK(sqlite3_memory_used() < busy - 64 * 4096);
    CHECK(sessions.database->uses() == uses);
    CHECK(Device{*sessions}.get("row 63") == large);
    CHECK(sessions.database->uses() > uses);
    {
        Transaction transaction{*sessions};
        Device{*sessions}.put("row 0", as_bytes("small"));
        transaction.commit();
    }
    sessions.database->rest();
    sessions.reopen();
    CHECK(Device{*sessions}.get("row 0")->size() == 5);
}

TEST_CASE("session database: a row that was changed or moved from outside is refused") {
    test::Sessions sessions;
    {
        store::Sessions records{*sessions};
        records.store("11111111111111_1", 1, as_bytes("first"));
        records.store("11111111111111_1", 2, as_bytes("second"));
        PreKeys{*sessions}.store(1, as_bytes("key"), PreKeys::State::fresh);
        PreKeys{*sessions}.store(2, as_bytes("key"), PreKeys::State::fresh);
    }
    sessions.database.reset();
    run_sql(sessions.file,
            "UPDATE session SET sealed = (SELECT sealed FROM session ORDER BY rowid DESC LIMIT 1);"
            "UPDATE pre_key SET sealed = (SELECT sealed FROM pre_key WHERE id = 2)");
    sessions.reopen();
    const store::Sessions records{*sessions};
    CHECK_THROWS_AS((void)records.load("11111111111111_1", 1), boost::system::system_error);
    CHECK(records.load("11111111111111_1", 2) == to_bytes("second"));
    CHECK_THROWS_AS((void)PreKeys{*sessions}.load(1), boost::system::system_error);
    CHECK(PreKeys{*sessions}.load(2).has_value());
}

TEST_CASE("session database: nobody's name, number or text stands in any file") {
    test::Sessions sessions;
    const std::string_view canaries[] = {"4917012345678", "99887766554433", "120363000000000001",
                                         "3EB0CANARY",    "Rolex for sale", "canary-record"};
    {
        Transaction transaction{*sessions};
        store::Sessions{*sessions}.store("4917012345678", 1, as_bytes("canary-record"));
        Identities{*sessions}.store("99887766554433_1", 1, as_bytes("canary-record"), at(1));
        SenderKeys keys{*sessions};
        keys.store(keys.key_of("120363000000000001@g.us", "99887766554433_1", 1),
                   "120363000000000001@g.us", "99887766554433_1", 1, as_bytes("canary-record"));
        LidMap{*sessions}.remember("99887766554433", "4917012345678", at(1));
        Dedupe dedupe{*sessions};
        dedupe.insert(
            dedupe.content_key("120363000000000001@g.us", "99887766554433@lid", "3EB0CANARY"),
            at(1));
        Pending{*sessions}.put("120363000000000001@g.us", "3EB0CANARY", as_bytes("Rolex for sale"),
                               at(1));
        KeptCiphertexts{*sessions}.put("120363000000000001@g.us", "99887766554433_1",
                                       as_bytes("Rolex for sale"), at(1));
        Quarantine{*sessions}.put(as_bytes("Rolex for sale"), at(1));
        Spool{*sessions}.append(1, as_bytes("Rolex for sale"));
        transaction.commit();
    }
    const auto scan = [&] {
        for (const auto& entry : std::filesystem::directory_iterator{sessions.folder.path()}) {
            const std::string bytes = contents(entry.path());
            for (const std::string_view canary : canaries) {
                CAPTURE(canary);
                CHECK(bytes.find(canary) == std::string::npos);
            }
        }
    };
    scan(); // with the write-ahead log
    sessions.database.reset();
    scan();
}

TEST_CASE(
    "session database: what a killed process had committed is there, what it had not is not") {
    const test::TemporaryFolder folder;
    const std::filesystem::path file = folder.path() / "session.db";
    const pid_t child = ::fork();
    if (child == 0) {
        auto database = SessionDatabase::open(file, test::secrets()).value();
        {
            Transaction committed{*database};
            Device{*database}.put("committed", as_bytes("1"));
            committed.commit();
        }
        const Transaction open{*database};
        Device{*database}.put("open", as_bytes("1"));
        ::_exit(0); // no destructor runs
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    auto database = SessionDatabase::open(file, test::secrets()).value();
    CHECK(Device{*database}.get("committed").has_value());
    CHECK_FALSE(Device{*database}.get("open").has_value());
}

} // namespace vestari::store
