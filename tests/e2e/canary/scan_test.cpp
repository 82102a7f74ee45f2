// The scanner's own test: a scan that finds nothing is worth something only if it would have found it.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include "tests/e2e/canary/scan.hpp"

namespace vestari::canary {

namespace {

const Bytes word = to_bytes("kdjfhgqpwrtzxcvbnmlkjhgf");

Bytes around(std::size_t before, BytesView what) {
    Bytes out(before, std::byte{0x5a});
    append(out, what);
    out.insert(out.end(), 5, std::byte{0xa5});
    return out;
}

// What OpenSSL's encoder makes of it: an encoder of its own, so that scanner and test cannot share an error.
Bytes encoded(BytesView bytes) {
    std::string out(bytes.size() * 2 + 4, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return to_bytes(out);
}

} // namespace

TEST_CASE("canary scan: finds a canary in every form it knows") {
    const Scanner scanner{{{"test", word}}};
    for (const Form& form : forms_of(word)) {
        CAPTURE(form.name);
        CHECK(form.bytes.size() >= 24);
        const auto hits = scanner.find(around(1000, form.bytes));
        REQUIRE(!hits.empty());
        CHECK(hits.front().offset == 1000);
    }
}

TEST_CASE("canary scan: finds what another encoder made of it, at every alignment") {
    const Scanner scanner{{{"test", word}}};
    for (std::size_t before = 0; before < 7; ++before) {
        CAPTURE(before);
        const auto hits = scanner.find(encoded(around(before, word)));
        REQUIRE(!hits.empty());
        CHECK(hits.front().form.starts_with("base64"));
    }
    Bytes utf16;
    for (const char c : as_text(word)) {
        append_be16(utf16, static_cast<std::uint16_t>(c));
    }
    CHECK(!scanner.find(utf16).empty());
    std::ranges::rotate(utf16, utf16.begin() + 1); // the other byte order
    CHECK(!scanner.find(utf16).empty());
}

TEST_CASE("canary scan: finds bytes that are no text, and no half of them") {
    Bytes secret;
    for (int i = 0; i < 24; ++i) {
        secret.push_back(static_cast<std::byte>(i * 37 + 200));
    }
    const Scanner scanner{{{"key", secret}}};
    CHECK(!scanner.find(around(3, secret)).empty());
    CHECK(!scanner.find(encoded(around(2, secret))).empty());
    CHECK(!scanner.find(as_bytes(to_hex(secret))).empty());
    CHECK(scanner.find(around(3, BytesView{secret}.first(23))).empty());
    CHECK(scanner.find({}).empty());
}

TEST_CASE("canary scan: reads every file below a folder") {
    const auto root = std::filesystem::temp_directory_path() /
                      ("vestari-scan-" + std::to_string(static_cast<long>(getpid())));
    std::filesystem::create_directories(root / "a/b");
    std::ofstream{root / "a/b/one", std::ios::binary} << as_text(word);
    std::ofstream{root / "two"};
    CHECK(files_below(root).size() == 2);
    CHECK(read_file(root / "a/b/one") == word);
    CHECK(read_file(root / "two").empty());
    std::filesystem::remove_all(root);
}

} // namespace vestari::canary
