#include "bridge/wire/tokens.hpp"

#include <openssl/evp.h>

#include <doctest/doctest.h>

#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

std::string sha256(std::string_view text) {
    std::array<std::byte, 32> digest{};
    unsigned size = 0;
    VESTARI_CHECK(EVP_Digest(text.data(), text.size(),
                             reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(),
                             nullptr) == 1);
    return to_hex(digest);
}

std::string canonical(std::size_t from, std::size_t count) {
    std::string text;
    for (std::size_t i = from; i < from + count; ++i) {
        text += tokens::at(i);
        text += '\n';
    }
    return text;
}

} // namespace

TEST_CASE("tokens: the tables have the hashes of wire/tokens.md") {
    CHECK(sha256(canonical(0, 236)) ==
          "34af7d0ba6b51a2a59091374163c9fc6be56ee7957781d6ec4cda91c4ae09cc0");
    const std::string_view dictionaries[] = {
        "9caea4f9c169762e49bbe19e6af8cf9a04a9e0ebb76584f202ebd7b59c87d769",
        "7c99ed9e1ae1c8a3274dc560664a5d7b808396ba3aaafe5b11da8e838de6750b",
        "ee7425b329885fcf5aaaf4a184f30e1fed21fcf0bbdcf98bd8cef1fe3dd66803",
        "056e3944ba065b904089f490a3f0fc588248825e3d84768c849436515fc7661a"};
    for (std::size_t i = 0; i < 4; ++i) {
        CAPTURE(i);
        CHECK(sha256(canonical(236 + i * 256, 256)) == dictionaries[i]);
    }
    CHECK(sha256(tokens::canonical()) ==
          "dce2ff462a48a33e39a47064ff98bd98c2786230dc1959c00631bfdbb6ded6af");
    CHECK(canonical(0, tokens::count) == tokens::canonical());
}

TEST_CASE("tokens: the tables are those of tokens.json, entry by entry") {
    const test::json::value file = test::vectors("tokens.json");
    const test::json::array& single = file.at("single_byte").as_array();
    REQUIRE(single.size() == tokens::single_count);
    for (std::size_t i = 0; i < single.size(); ++i) {
        CHECK(tokens::single(static_cast<std::uint8_t>(i)) ==
              std::string_view{single[i].as_string()});
    }
    for (std::size_t d = 0; d < tokens::dictionary_count; ++d) {
        const test::json::array& words = file.at("double_byte").as_array().at(d).as_array();
        REQUIRE(words.size() == tokens::dictionary_size);
        for (std::size_t i = 0; i < words.size(); ++i) {
            CHECK(tokens::pair(d, static_cast<std::uint8_t>(i)) ==
                  std::string_view{words[i].as_string()});
        }
    }
}

TEST_CASE("tokens: the spot checks of wire/tokens.md") {
    CHECK(tokens::single(1) == "xmlstreamstart");
    CHECK(tokens::single(3) == "s.whatsapp.net");
    CHECK(tokens::single(19) == "message");
    CHECK(tokens::single(235) == "screen_height");
    CHECK(tokens::pair(0, 0) == "read-self");
    CHECK(tokens::pair(0, 255) == "mute_v2");
    CHECK(tokens::pair(1, 0) == "reject");
    CHECK(tokens::pair(2, 0) == "64");
    CHECK(tokens::pair(3, 0) == "1724");
    CHECK(tokens::pair(3, 255) == "1961");
}

TEST_CASE("tokens: each text finds its own code, and no other text finds one") {
    for (std::size_t i = 1; i < tokens::count; ++i) {
        const std::optional<tokens::Code> code = tokens::find(tokens::at(i));
        REQUIRE(code);
        const std::size_t back =
            code->second ? tokens::single_count + (code->first - 236U) * 256U + *code->second
                         : code->first;
        CHECK(back == i);
    }
    for (const std::string_view text : {"", "messag", "messages", "Message", "no such token"}) {
        CAPTURE(text);
        CHECK_FALSE(tokens::find(text));
    }
    CHECK_FALSE(tokens::find(std::string(49, 'a')));
}
