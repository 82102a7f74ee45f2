// Published vectors: RFC 7914 section 11 (PBKDF2-HMAC-SHA-256), SP 800-38A F.5.5 (AES-256-CTR), RFC 1321 A.5 (MD5).
#include <doctest/doctest.h>

#include "vestari/crypto/linking.hpp"

using namespace vestari;

TEST_CASE("PBKDF2: the published keys") {
    struct Row {
        std::string_view password;
        std::string_view salt;
        std::uint32_t iterations;
        std::string_view want;
    };
    const Row rows[] = {
        {"passwd", "salt", 1,
         "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
         "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
        {"Password", "NaCl", 80000,
         "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
         "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"},
    };
    for (const Row& row : rows) {
        Bytes out(64);
        crypto::pbkdf2_sha256(as_bytes(row.password), as_bytes(row.salt), row.iterations, out);
        CHECK(to_hex(out) == row.want);
    }
}

TEST_CASE("AES-256-CTR: the published blocks, there and back") {
    const Bytes key =
        from_hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").value();
    const Bytes iv = from_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff").value();
    const Bytes plain =
        from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51").value();
    const std::span<const std::byte, 32> key_view{key};
    const std::span<const std::byte, 16> iv_view{iv};
    Bytes out(plain.size());
    crypto::aes_256_ctr(key_view, iv_view, plain, out);
    CHECK(to_hex(out) == "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5");
    Bytes back(plain.size());
    crypto::aes_256_ctr(key_view, iv_view, out, back);
    CHECK(back == plain);
}

TEST_CASE("MD5: the published digests") {
    CHECK(to_hex(crypto::md5({})) == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(to_hex(crypto::md5(as_bytes("message digest"))) == "f96b697d7cb7938d525a2f31aaf161d0");
}
