// Opening an archive: who may, with which key, and what a file that is not one gets.
#include <doctest/doctest.h>

#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/store/database/schema.hpp"
#include "ingest/store/database/state.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"
#include "vestari/crypto/secret.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

namespace {

mode_t mode_of(const std::filesystem::path& path) {
    struct stat found{};
    REQUIRE(::stat(path.c_str(), &found) == 0);
    return found.st_mode & 0777U;
}

ErrorCode error_of(const Workshop& shop, const ArchiveLocation& where) {
    const Result<Archive> archive = Archive::open(where, shop.master, shop.clock);
    return archive ? ErrorCode{} : archive.error();
}

std::string contents(const std::filesystem::path& path) {
    std::ifstream in{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("an archive is made once, private, and opens again") {
    Workshop shop;
    CHECK(error_of(shop, shop.location(OpenMode::existing)) == ArchiveErrc::missing);
    {
        Archive archive = shop.open();
        archive.include({rolex_group, "Dealers", Currency::of("HKD")});
        const auto file = shop.location().file;
        CHECK(mode_of(file.parent_path()) == 0700);
        for (const auto& entry : std::filesystem::directory_iterator{file.parent_path()}) {
            CAPTURE(entry.path().string());
            CHECK(mode_of(entry.path()) == 0600);
        }
    }
    Archive again = shop.open(OpenMode::existing);
    CHECK(again.group(rolex_group) == GroupEntry{rolex_group, "Dealers", Currency::of("HKD")});
    CHECK(again.groups().size() == 1);
    CHECK(again.exclude(rolex_group));
    CHECK(!again.exclude(rolex_group));
    CHECK(again.groups().empty());
}

TEST_CASE("a file that others could read is taken away from them") {
    Workshop shop;
    shop.open();
    const auto file = shop.location().file;
    REQUIRE(::chmod(file.c_str(), 0644) == 0);
    shop.open(OpenMode::existing);
    CHECK(mode_of(file) == 0600);
}

TEST_CASE(
    "a second opener is told that the archive is in use, and it becomes free with its owner") {
    Workshop shop;
    {
        Archive archive = shop.open();
        CHECK(error_of(shop, shop.location()) == ArchiveErrc::locked);
        CHECK(exit_code(ArchiveErrc::locked) == ExitCode::try_again);
        const pid_t child = ::fork();
        if (child == 0) {
            ::_exit(error_of(shop, shop.location()) == ArchiveErrc::locked ? 75 : 1);
        }
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        CHECK(WEXITSTATUS(status) == 75);
    }
    CHECK(!error_of(shop, shop.location()).failed());
}

TEST_CASE("another key, another account: refused, and nothing is changed") {
    Workshop shop;
    shop.open();
    const std::string before = contents(shop.location().file);
    ArchiveLocation elsewhere = shop.location();
    elsewhere.account = "second";
    CHECK(error_of(shop, elsewhere) == ArchiveErrc::other_account);

    const crypto::MasterSecret same_name{crypto::MasterKey::random(), shop.master.id};
    const crypto::MasterSecret other_name{shop.master.key.duplicate(), "test-2"};
    for (const crypto::MasterSecret* wrong : {&same_name, &other_name}) {
        const Result<Archive> archive = Archive::open(shop.location(), *wrong, shop.clock);
        REQUIRE(!archive);
        CHECK(archive.error() == ArchiveErrc::wrong_master_key);
    }
    CHECK(contents(shop.location().file) == before);
    CHECK(exit_code(ArchiveErrc::wrong_master_key) == ExitCode::configuration);
}

TEST_CASE("a database from a newer version is refused by name and left alone") {
    Workshop shop;
    shop.open();
    {
        SQLite::Database db{shop.location().file.string(), SQLite::OPEN_READWRITE};
        db.exec("PRAGMA user_version = " + std::to_string(newest_schema + 1));
    }
    const std::string before = contents(shop.location().file);
    CHECK(error_of(shop, shop.location()) == ArchiveErrc::newer_schema);
    CHECK(std::string{describe(ArchiveErrc::newer_schema)}.find("newer version") !=
          std::string::npos);
    CHECK(contents(shop.location().file) == before);
}

TEST_CASE("what is not an archive, or no longer a whole one, is refused and left alone") {
    Workshop shop;
    {
        Archive archive = shop.open();
        Pipeline pipeline{archive, shop.clock};
        for (int i = 0; i < 300; ++i) {
            pipeline.accept(
                message("M" + std::to_string(i), "WTS 126610LN $" + std::to_string(11'000 + i)));
        }
        pipeline.flush();
    }
    const auto file = shop.location().file;
    const std::string whole = contents(file);
    struct Row {
        const char* what;
        std::string bytes;
        std::vector<ArchiveErrc> want;
    };
    std::string damaged = whole;
    std::fill(damaged.begin() + 4096, damaged.begin() + 8 * 4096, '\x5a');
    const Row rows[] = {
        {"text", std::string(5000, 'x'), {ArchiveErrc::not_an_archive}},
        {"half", whole.substr(0, whole.size() / 2), {ArchiveErrc::corrupt}},
        {"a few bytes", whole.substr(0, 50), {ArchiveErrc::not_an_archive, ArchiveErrc::corrupt}},
        {"damaged pages", damaged, {ArchiveErrc::corrupt}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        std::ofstream{file, std::ios::binary | std::ios::trunc} << row.bytes;
        const ErrorCode error = error_of(shop, shop.location());
        CAPTURE(error.message());
        CHECK(std::ranges::any_of(row.want, [&](ArchiveErrc want) { return error == want; }));
        CHECK(contents(file) == row.bytes);
    }
    std::filesystem::remove(file);
    {
        SQLite::Database foreign{file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
        foreign.exec("CREATE TABLE notes(text)");
    }
    const std::string before = contents(file);
    CHECK(error_of(shop, shop.location()) == ArchiveErrc::not_an_archive);
    CHECK(contents(file) == before);
}

TEST_CASE("the bridge is lent session and index keys and the include-list, and no other key") {
    Workshop shop;
    Archive archive = shop.open();
    archive.include({rolex_group, "Dealers", Currency::of("HKD")});
    event::Keys lent = archive.lend_keys();
    CHECK(lent.account == "main");
    CHECK(lent.session_key.size() == 32);
    CHECK(lent.index_key.size() == 32);
    CHECK(lent.session_key != lent.index_key);
    REQUIRE(lent.groups.size() == 1);
    CHECK(lent.groups[0].currency == "HKD");
    CHECK(lent.groups[0].included);
    wipe_keys(lent);
    CHECK(lent.session_key.empty());
}

TEST_CASE("seals are counted ahead, durably") {
    Workshop shop;
    const auto reserved = [&shop] {
        const SQLite::Database db{shop.location().file.string()};
        SQLite::Statement sum{const_cast<SQLite::Database&>(db),
                              "SELECT sum(reserved) FROM seal_count"};
        sum.executeStep();
        return sum.getColumn(0).getInt64();
    };
    shop.open().include({rolex_group, "Dealers", {}});
    CHECK(reserved() == 65'536);
    shop.open().include({rolex_group, "Dealers", {}});
    CHECK(reserved() == 2 * 65'536);
}
