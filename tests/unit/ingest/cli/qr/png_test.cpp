#include <doctest/doctest.h>

#include <sys/stat.h>

#include "ingest/cli/qr/png.hpp"
#include "tests/unit/ingest/cli/qr/photograph.hpp"

using namespace vestari;
using namespace vestari::cli;

namespace {

mode_t mode_of(const std::string& path) {
    struct stat info{};
    REQUIRE(::lstat(path.c_str(), &info) == 0);
    return info.st_mode;
}

std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

TEST_CASE("png: what was written is read back") {
    if (!test::installed("zbarimg")) {
        MESSAGE("NOT RUN: zbar-tools is needed (./dev test installs it)");
        return;
    }
    const test::Folder folder;
    for (const std::size_t size : {1U, 40U, 237U, 250U, 425U, 1200U}) {
        CAPTURE(size);
        const std::string text = std::string(size, 'T');
        REQUIRE(qr::write_png(qr::Code::of(text).value(), folder / "code.png").has_value());
        CHECK(test::read_back(folder / "code.png") == text);
    }
}

TEST_CASE("png: the picture is for its owner only, even over a file that everybody could read") {
    const test::Folder folder;
    const std::string path = folder / "code.png";
    const qr::Code code = qr::Code::of("text").value();
    REQUIRE(qr::write_png(code, path).has_value());
    CHECK(mode_of(path) == (S_IFREG | 0600));
    CHECK(as_text(qr::png(code)) == content_of(path));
    REQUIRE(::chmod(path.c_str(), 0644) == 0);
    REQUIRE(qr::write_png(code, path).has_value());
    CHECK(mode_of(path) == (S_IFREG | 0600));
}

TEST_CASE("png: a symbolic link is replaced, what it points to stays") {
    const test::Folder folder;
    std::ofstream{folder / "other"} << "untouched";
    std::filesystem::create_symlink(folder / "other", folder / "code.png");
    REQUIRE(qr::write_png(qr::Code::of("text").value(), folder / "code.png").has_value());
    CHECK(content_of(folder / "other") == "untouched");
    CHECK(mode_of(folder / "code.png") == (S_IFREG | 0600));
}

TEST_CASE("png: where nothing can be written there is an error and no rest") {
    const test::Folder folder;
    const qr::Code code = qr::Code::of("text").value();
    CHECK(qr::write_png(code, folder / "missing/code.png").error() ==
          boost::system::errc::no_such_file_or_directory);
    std::filesystem::create_directory(folder / "taken");
    CHECK(qr::write_png(code, folder / "taken").has_error());
    std::size_t entries = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{folder / ""}) {
        ++entries;
    }
    CHECK(entries == 1); // the folder itself
}
