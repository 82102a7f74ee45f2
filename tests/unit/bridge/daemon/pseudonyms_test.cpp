#include "bridge/daemon/capture/pseudonyms.hpp"

#include <doctest/doctest.h>

#include "bridge/daemon/capture/capture.hpp"
#include "bridge/receive/inbox.hpp"
#include "vestari/base/clock.hpp"

using namespace vestari;
using namespace vestari::daemon;

namespace {
std::string digits_of(std::string_view text) {
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits),
                         [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}
} // namespace

TEST_CASE("pseudonyms: what names somebody becomes something else of the same length") {
    const Pseudonyms pseudonyms;
    for (const std::string_view text :
         {"85291234567@s.whatsapp.net", "158463770390303:7@lid", "120363029887193611@g.us",
          "85291234567-1580000000@g.us", "call +852 9123 4567 now", "(+1) +1-555-000-1111",
          "@85291234567 sold?", "15550001111"}) {
        CAPTURE(text);
        const std::string other = pseudonyms.text(text);
        CHECK(other.size() == text.size());
        CHECK(other != text);
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool digit = text[i] >= '0' && text[i] <= '9';
            CHECK((digit ? other[i] >= '0' && other[i] <= '9' : other[i] == text[i]));
        }
    }
}

TEST_CASE("pseudonyms: prices, references and years stay as they are") {
    const Pseudonyms pseudonyms;
    for (const std::string_view text :
         {"126610LN 2024 98k hkd", "1250000 hkd", "5711/1A-010 € 98.500,-", "310.30.42.50.01.001",
          "29/03/2024 full set", "12,500,000 jpy", "80000000"}) {
        CAPTURE(text);
        CHECK(pseudonyms.text(text) == text);
    }
}

TEST_CASE("pseudonyms: one number has one pseudonym however it is written, and another elsewhere") {
    const Pseudonyms pseudonyms;
    const std::string bare = digits_of(pseudonyms.text("85291234567@s.whatsapp.net"));
    CHECK(digits_of(pseudonyms.text("+852 9123 4567")) == bare);
    CHECK(digits_of(pseudonyms.text("ask @85291234567")) == bare);
    CHECK(digits_of(pseudonyms.text("+852-9123-4568")) != bare);
    CHECK(digits_of(Pseudonyms{}.text("+852 9123 4567")) != bare);
}

TEST_CASE("pseudonyms: secrets and pictures in a message become noise, its shape stays") {
    const Pseudonyms pseudonyms;
    Bytes secret;
    for (int i = 0; i < 32; ++i) {
        secret.push_back(static_cast<std::byte>(i * 7 + 1));
    }
    Bytes message = from_hex("0a05").value(); // a text of five
    append(message, std::string_view{"hello"});
    Bytes inner = from_hex("0a20").value(); // a key inside a message
    append(inner, secret);
    append(inner, from_hex("1206ffd8ffaabbcc").value()); // a picture
    append(message, from_hex("1a2a").value());
    append(message, inner);
    const Bytes other = pseudonyms.message(message);
    REQUIRE(other.size() == message.size());
    CHECK(to_hex(other).starts_with("0a0568656c6c6f1a2a0a20"));
    CHECK(to_hex(other).ends_with("1206ffd8ff000000"));
    CHECK(to_hex(other).find(to_hex(secret)) == std::string::npos);
    const Bytes rubbish = from_hex("ffffffffffffffffffffffff0a").value();
    CHECK(pseudonyms.message(rubbish) == rubbish); // no protobuf, no number: left alone
}

TEST_CASE("capture: header and line are a content fixture without the people in it") {
    const Pseudonyms pseudonyms;
    const std::string header = capture_header(
        pseudonyms,
        {{.jid = "120363029887193611@g.us", .name = "Ann's", .currency = "HKD", .included = true}});
    CHECK(header.starts_with(R"({"vestari_capture":1,)"));
    CHECK(header.find("120363029887193611") == std::string::npos);
    CHECK(header.find("Ann") == std::string::npos);
    const Bytes message = from_hex("0a0568656c6c6f").value();
    const std::string line = capture_line(
        pseudonyms, {.chat = "120363029887193611@g.us",
                     .sender = {.lid = "158463770390303@lid", .pn = "85291234567@s.whatsapp.net"},
                     .id = "3EB0AAAA",
                     .at = TimePoint{std::chrono::milliseconds{1'766'000'000'000}},
                     .message = message});
    CHECK(line.starts_with(R"({"at":1766000000000,"content":{"chat":")"));
    CHECK(line.ends_with(R"(@lid","id":"3EB0AAAA","message":"0a0568656c6c6f"}})"));
    CHECK(line.find("158463770390303") == std::string::npos);
    CHECK(header.find(pseudonyms.text("120363029887193611@g.us")) != std::string::npos);
    CHECK(line.find(pseudonyms.text("120363029887193611@g.us")) != std::string::npos);
}
