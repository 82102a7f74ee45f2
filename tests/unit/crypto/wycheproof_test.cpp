// The published vectors of project Wycheproof, all that apply, counted. The folder with them is named by VESTARI_WYCHEPROOF;
// without it the test says so and passes, unless VESTARI_REQUIRE_WYCHEPROOF=1.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <boost/json.hpp>

#include "crypto/primitive/gcm.hpp"
#include "crypto/primitive/openssl.hpp"
#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/hash.hpp"

using namespace vestari;
using namespace vestari::crypto;
namespace json = boost::json;

namespace {

const char* folder() { return std::getenv("VESTARI_WYCHEPROOF"); }

bool required() {
    const char* value = std::getenv("VESTARI_REQUIRE_WYCHEPROOF");
    return value != nullptr && std::string_view{value} == "1";
}

Bytes bytes_of(const json::value& of, std::string_view name) {
    const json::string& text = of.at(name).as_string();
    return from_hex({text.data(), text.size()}).value();
}

std::size_t number_of(const json::value& of, std::string_view name) {
    return json::value_to<std::size_t>(of.at(name));
}

// Calls run(group, test, result) for each test of the file; how many there were.
template <class Run> std::size_t for_each_test(const std::string& name, Run run) {
    std::ifstream file{std::string{folder()} + "/" + name, std::ios::binary};
    REQUIRE_MESSAGE(file.good(), name);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const json::value root = json::parse(text);
    std::size_t count = 0;
    for (const json::value& group : root.at("testGroups").as_array()) {
        for (const json::value& test : group.at("tests").as_array()) {
            CAPTURE(name);
            const std::int64_t id = test.at("tcId").as_int64();
            CAPTURE(id);
            const json::string& result = test.at("result").as_string();
            run(group, test, std::string_view{result.data(), result.size()});
            ++count;
        }
    }
    CHECK(count == number_of(root, "numberOfTests"));
    return count;
}

// Whether this run has vectors; says so when it has not.
bool have_vectors() {
    if (folder() != nullptr) {
        return true;
    }
    MESSAGE("NOT RUN: Wycheproof (set VESTARI_WYCHEPROOF to the folder of its vectors)");
    CHECK_FALSE(required());
    return false;
}

Result<Bytes> open_any(std::size_t key_bits, const json::value& test) {
    const std::string name = "AES-" + std::to_string(key_bits) + "-GCM";
    const openssl::Cipher cipher{EVP_CIPHER_fetch(nullptr, name.c_str(), nullptr)};
    REQUIRE(cipher != nullptr);
    const Bytes key = bytes_of(test, "key");
    const Bytes nonce = bytes_of(test, "iv");
    const Bytes aad = bytes_of(test, "aad");
    const Bytes ciphertext = bytes_of(test, "ct");
    const Bytes tag = bytes_of(test, "tag");
    Bytes plain(ciphertext.size());
    const Result<> opened = gcm::open(cipher.get(),
                                      {.key = key,
                                       .nonce = nonce,
                                       .aad = aad,
                                       .ciphertext = ciphertext,
                                       .tag = std::span<const std::byte, 16>{tag}},
                                      plain);
    if (!opened) {
        return opened.error();
    }
    return plain;
}

} // namespace

TEST_CASE("wycheproof: AES-GCM") {
    if (!have_vectors()) {
        return;
    }
    std::size_t through_aead = 0;
    std::size_t other_shapes = 0;
    std::size_t skipped = 0;
    const std::size_t all =
        for_each_test("aes_gcm_test.json", [&](const auto& group, const auto& test, auto result) {
            const std::size_t key_bits = number_of(group, "keySize");
            const std::size_t nonce_bits = number_of(group, "ivSize");
            if (nonce_bits > 1024) { // OpenSSL takes no longer ones
                ++skipped;
                return;
            }
            const Result<Bytes> opened = open_any(key_bits, test);
            CHECK(opened.has_value() == (result == "valid"));
            CHECK((!opened || *opened == bytes_of(test, "msg")));
            if (key_bits != 256 || nonce_bits != 96) {
                ++other_shapes;
                return;
            }
            ++through_aead;
            Bytes sealed = bytes_of(test, "iv");
            append(sealed, bytes_of(test, "ct"));
            append(sealed, bytes_of(test, "tag"));
            const Bytes key = bytes_of(test, "key");
            const Result<Bytes> ours = aead_open(AeadKeyView{key}, sealed, bytes_of(test, "aad"));
            CHECK(ours.has_value() == (result == "valid"));
            CHECK((!ours || *ours == bytes_of(test, "msg")));
        });
    CHECK(all == 316);
    CHECK(through_aead == 66);
    CHECK(other_shapes == 247);
    CHECK(skipped == 3);
    MESSAGE("AES-GCM: ", through_aead, " through aead_open, ", other_shapes,
            " of other shapes through gcm::open, ", skipped, " skipped");
}

TEST_CASE("wycheproof: HKDF-SHA-256") {
    if (!have_vectors()) {
        return;
    }
    const std::size_t all =
        for_each_test("hkdf_sha256_test.json", [](const auto&, const auto& test, auto result) {
            const Result<Bytes> okm = hkdf_sha256(bytes_of(test, "ikm"), bytes_of(test, "salt"),
                                                  bytes_of(test, "info"), number_of(test, "size"));
            CHECK(okm.has_value() == (result == "valid"));
            CHECK((!okm || *okm == bytes_of(test, "okm")));
        });
    CHECK(all == 86);
    MESSAGE("HKDF-SHA-256: ", all);
}

TEST_CASE("wycheproof: HMAC-SHA-256") {
    if (!have_vectors()) {
        return;
    }
    const std::size_t all = for_each_test(
        "hmac_sha256_test.json", [](const auto& group, const auto& test, auto result) {
            const Bytes expected = bytes_of(test, "tag");
            const Digest tag = hmac_sha256(bytes_of(test, "key"), bytes_of(test, "msg"));
            REQUIRE(expected.size() == number_of(group, "tagSize") / 8);
            CHECK(constant_time_equal(BytesView{tag}.first(expected.size()), expected) ==
                  (result == "valid"));
        });
    CHECK(all == 174);
    MESSAGE("HMAC-SHA-256: ", all);
}

TEST_CASE("wycheproof: X25519") {
    if (!have_vectors()) {
        return;
    }
    std::size_t refused = 0;
    const std::size_t all =
        for_each_test("x25519_test.json", [&](const auto&, const auto& test, auto result) {
            const Bytes theirs = bytes_of(test, "public");
            const Bytes expected = bytes_of(test, "shared");
            REQUIRE(theirs.size() == 32);
            const Result<SharedSecret> shared =
                x25519(CurvePrivateKey::from(bytes_of(test, "private")).value(),
                       std::span<const std::byte, 32>{theirs});
            const bool zero = expected == Bytes(32);
            CHECK(shared.has_value() != zero);
            CHECK((!zero || result == "acceptable"));
            CHECK((!shared || constant_time_equal(shared->expose(), expected)));
            refused += shared.has_error() ? 1U : 0U;
        });
    CHECK(all == 518);
    CHECK(refused == 31);
    MESSAGE("X25519: ", all, ", of which ", refused, " with a zero secret are refused");
}

TEST_CASE("wycheproof: Ed25519") {
    if (!have_vectors()) {
        return;
    }
    const std::size_t all =
        for_each_test("ed25519_test.json", [](const auto& group, const auto& test, auto result) {
            CHECK(ed25519_verify(bytes_of(group.at("publicKey"), "pk"), bytes_of(test, "msg"),
                                 bytes_of(test, "sig")) == (result == "valid"));
        });
    CHECK(all == 151);
    MESSAGE("Ed25519: ", all);
}
