#include <doctest/doctest.h>

#include "bridge/link/link_error.hpp"
#include "bridge/link/version.hpp"
#include "tests/unit/bridge/link/support.hpp"

using namespace vestari;
using link::LinkErrc;
using link::Version;

TEST_CASE("version: text and number are one, and nothing else is a version") {
    CHECK(Version::parse("2.3000.1035194821").value().to_string() == "2.3000.1035194821");
    for (const std::string_view text :
         {"", "2.3000.", "2.3000.0", "2.3000.01", "2.3000.-1", "2.3000.1 ", "2.3000.4294967296",
          "2.3001.1", "3.3000.1", "2.3000.1.1", "2.3000.0x1"}) {
        CAPTURE(text);
        CHECK(Version::parse(text).error() == LinkErrc::bad_version);
    }
}

TEST_CASE("version: the build hash is the MD5 of the text") {
    const auto vectors = test::connection_vectors("client_payload.json");
    const auto& version = vectors.at("version").as_object();
    const Version parsed = Version::parse(test::text_of(version, "text")).value();
    CHECK(to_hex(parsed.build_hash()) == test::text_of(version, "build_hash_md5_hex"));
}

TEST_CASE("version: the revision is found where the pages have it") {
    struct Row {
        std::string_view page;
        std::optional<std::uint64_t> want;
    };
    const Row rows[] = {
        {R"({"client_revision":1035194821,"x":1})", 1035194821U},
        {R"(JSON.parse("{\"client_revision\": 1035194821,\"x\":1}"))", 1035194821U},
        {R"("client_revision":"soon" "client_revision":7,)", 7U},
        {R"("client_revision":12)", std::nullopt}, // cut by the end of the page
        {R"("client_revision":)", std::nullopt},
        {R"("client_revision")", std::nullopt},
        {R"(client_revision":12,)", std::nullopt},
        {R"("client_revision_x":12,)", std::nullopt},
        {R"("client_revision":99999999999999999999999,)", std::nullopt},
        {"", std::nullopt},
    };
    for (const Row& row : rows) {
        CAPTURE(row.page);
        const Result<std::uint64_t> found = link::revision_in(row.page);
        CHECK(found.has_value() == row.want.has_value());
        if (found && row.want) {
            CHECK(*found == *row.want);
        }
    }
}

TEST_CASE("version: what stands behind the first 2 MiB of a page is not looked at") {
    std::string page(link::max_page_bytes, ' ');
    page += R"("client_revision":1035194821,)";
    CHECK(link::revision_in(page).error() == LinkErrc::no_revision);
    CHECK(link::revision_in(std::string_view{page}.substr(1000)).value() == 1035194821U);
}

TEST_CASE("version: a revision is believed when it is newer and plausible") {
    const Version built_in{2, 3000, 1'000'000'000};
    CHECK(link::accept_revision(1'000'000'001, built_in).value() ==
          Version{2, 3000, 1'000'000'001});
    CHECK(link::accept_revision(1'400'000'000, built_in).value().tertiary == 1'400'000'000);
    CHECK(link::accept_revision(1'000'000'000, built_in).error() == LinkErrc::revision_not_newer);
    CHECK(link::accept_revision(0, built_in).error() == LinkErrc::revision_not_newer);
    CHECK(link::accept_revision(1'400'000'001, built_in).error() == LinkErrc::revision_implausible);
    CHECK(link::accept_revision(4'294'967'296, {2, 3000, 4'200'000'000}).error() ==
          LinkErrc::revision_implausible);
    CHECK(link::accept_revision(4'294'967'295, {2, 3000, 4'200'000'000}).value().tertiary ==
          4'294'967'295U);
    CHECK(link::accept_revision(~std::uint64_t{0}, built_in).error() ==
          LinkErrc::revision_implausible);
}
