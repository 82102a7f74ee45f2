#include "vestari/service/audit.hpp"

#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "tests/support/temporary_folder.hpp"

using namespace vestari;
using namespace vestari::service;

namespace {

struct Kept {
    test::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "audit.jsonl";
    ManualClock clock{TimePoint{std::chrono::milliseconds{1'766'000'000'042}}};

    std::unique_ptr<Audit> open() const { return Audit::open(file, clock).value(); }
    void fill(int entries) const {
        const auto audit = open();
        for (int i = 0; i < entries; ++i) {
            audit->append({.what = "refused",
                           .by = 1000,
                           .account = "main",
                           .values = 2,
                           .note = "POST /v1/send"});
        }
    }
    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        REQUIRE(read_audit(file, [&all](std::string_view line) {
            all.emplace_back(line);
            return true;
        }));
        return all;
    }
    void write(const std::vector<std::string>& all) const {
        std::ofstream out{file, std::ios::binary | std::ios::trunc};
        for (const std::string& line : all) {
            out << line << '\n';
        }
    }
};

} // namespace

TEST_CASE("audit: entries are chained, private, and go on after a restart") {
    const Kept kept;
    kept.fill(3);
    kept.fill(2);
    const Result<AuditCheck> check = verify_audit(kept.file);
    REQUIRE(check.has_value());
    CHECK(check->entries == 5);
    CHECK(check->values == 10);
    CHECK_FALSE(check->broken_at);
    struct stat info{};
    REQUIRE(::stat(kept.file.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600);
    CHECK(kept.lines()[0] ==
          R"({"n":1,"at":"2025-12-17T19:33:20.042Z","what":"refused","by":1000,"account":"main",)"
          R"("values":2,"note":"POST /v1/send","prev":")" +
              std::string(64, '0') + "\"}");
}

TEST_CASE("audit: a line changed, taken out, doubled, moved or made up is noticed") {
    struct Row {
        std::string_view what;
        void (*spoil)(std::vector<std::string>&);
        std::uint64_t at;
    };
    const Row rows[] = {
        {"changed", [](auto& l) { l[1].replace(l[1].find("main"), 4, "mine"); }, 3},
        {"taken out", [](auto& l) { l.erase(l.begin() + 1); }, 2},
        {"doubled", [](auto& l) { l.insert(l.begin() + 1, l[1]); }, 3},
        {"moved", [](auto& l) { std::swap(l[1], l[2]); }, 2},
        {"first taken out", [](auto& l) { l.erase(l.begin()); }, 1},
        {"made up", [](auto& l) { l.insert(l.begin() + 2, R"({"n":3})"); }, 3},
        {"no JSON", [](auto& l) { l[3] = "x"; }, 4},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        const Kept kept;
        kept.fill(5);
        std::vector<std::string> lines = kept.lines();
        row.spoil(lines);
        kept.write(lines);
        CHECK(verify_audit(kept.file)->broken_at == row.at);
    }
}

TEST_CASE("audit: a line that a crash cut short is taken away, and that is said") {
    const Kept kept;
    kept.fill(2);
    std::ofstream{kept.file, std::ios::app} << R"({"n":3,"at":"2025-)";
    kept.fill(1);
    const Result<AuditCheck> check = verify_audit(kept.file);
    CHECK(check->entries == 4);
    CHECK_FALSE(check->broken_at);
    CHECK(kept.lines()[2].find("recovered") != std::string::npos);
}

TEST_CASE("audit: a second writer and a file of somebody else are refused") {
    const Kept kept;
    const auto first = kept.open();
    CHECK(Audit::open(kept.file, kept.clock).error() == AuditErrc::locked);
    kept.folder.write("other", "not ours\n");
    CHECK(Audit::open(kept.folder.path() / "other", kept.clock).error() == AuditErrc::broken_chain);
    CHECK(Audit::open(kept.folder.path() / "no" / "folder", kept.clock).error() ==
          AuditErrc::cannot_open);
}

TEST_CASE("audit: a note is cut to its bound") {
    const Kept kept;
    kept.open()->append(
        {.what = "long", .by = {}, .account = "a", .values = 0, .note = std::string(100'000, 'x')});
    CHECK(kept.lines()[0].size() < 1000);
    CHECK(verify_audit(kept.file)->entries == 1);
}
