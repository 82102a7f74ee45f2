#include <doctest/doctest.h>

#include <sstream>

#include "bridge/link/attempt_limit.hpp"
#include "bridge/link/link_error.hpp"
#include "bridge/link/link_event.hpp"
#include "bridge/link/qr.hpp"
#include "tests/unit/bridge/link/support.hpp"

using namespace vestari;
using namespace std::chrono_literals;
using link::LinkErrc;

namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };
template <class T>
concept Comparable = requires(const T& value) { value == value; };

// A secret can be neither formatted nor streamed, copied nor compared.
static_assert(!fmt::is_formattable<link::SecretText>::value && !Streamable<link::SecretText>);
static_assert(!std::is_copy_constructible_v<link::SecretText> && !Comparable<link::SecretText>);
static_assert(!std::is_convertible_v<link::SecretText, std::string_view>);
static_assert(!fmt::is_formattable<link::AdvSecret>::value && !Streamable<link::AdvSecret>);
static_assert(!fmt::is_formattable<link::DeviceSecrets>::value);
static_assert(!fmt::is_formattable<link::QrShown>::value && !Streamable<link::QrShown>);

test::Stanza offer(const std::vector<std::string>& refs) {
    std::vector<wire::OutNode> children;
    for (const std::string& ref : refs) {
        children.push_back(test::leaf("ref", as_bytes(ref)));
    }
    return test::Stanza{test::parent("iq", {test::parent("pair-device", std::move(children))})};
}

constexpr Instant start{1h};

} // namespace

TEST_CASE("qr: the published texts") {
    const auto vectors = test::connection_vectors("qr.json");
    const link::DeviceSecrets device = test::vector_device();
    std::size_t compared = 0;
    for (const auto& entry : vectors.at("cases").as_array()) {
        const auto& row = entry.as_object();
        for (const link::Platform platform : {link::Platform::chrome, link::Platform::desktop}) {
            if (test::text_of(row, "client_type").front() == link::client_type(platform)) {
                ++compared;
                const auto text = link::qr_text(test::text_of(row, "ref"), device, platform);
                CHECK(text.expose() == test::text_of(row, "qr"));
            }
        }
    }
    CHECK(compared == 4);
}

TEST_CASE("qr: the references of the published pair-device") {
    const auto vectors = test::connection_vectors("qr.json");
    const test::Stanza stanza{
        test::hex_of(vectors.at("pair_device_frame").as_object(), "frame_hex")};
    const auto refs = link::refs_of(stanza.root()).value();
    REQUIRE(refs.size() == 2);
    CHECK(refs[0] == "2@uJ7Ez0Yb9nD5kq3b0tKqfSgk2vQ5nAo8aZ1Lx4cW6pM=");
}

TEST_CASE("qr: an offer that could change the text's other fields is refused") {
    struct Row {
        std::vector<std::string> refs;
        std::optional<LinkErrc> want;
    };
    const Row rows[] = {
        {{"a"}, std::nullopt},
        {{std::string(1024, 'r')}, std::nullopt},
        {std::vector<std::string>(20, "r"), std::nullopt},
        {std::vector<std::string>(21, "r"), LinkErrc::too_many_refs},
        {{std::string(1025, 'r')}, LinkErrc::bad_ref},
        {{"a", ""}, LinkErrc::bad_ref},
        {{"a,b"}, LinkErrc::bad_ref},
        {{"a b"}, LinkErrc::bad_ref},
        {{"a\n"}, LinkErrc::bad_ref},
        {{"\x1b[2J"}, LinkErrc::bad_ref},
        {{"ü"}, LinkErrc::bad_ref},
        {{}, LinkErrc::no_refs},
    };
    for (const Row& row : rows) {
        const test::Stanza stanza = offer(row.refs);
        const auto refs = link::refs_of(stanza.root());
        CHECK(refs.has_value() == !row.want.has_value());
        if (row.want) {
            CHECK(refs.error() == *row.want);
        }
    }
    const test::Stanza other{test::parent("iq", {test::leaf("pair-device", as_bytes("ref"))})};
    CHECK(link::refs_of(other.root()).error() == LinkErrc::no_refs);
}

TEST_CASE("qr: the first reference lasts a minute, each further one 20 seconds") {
    link::Refs refs{{"a", "b", "c"}, start};
    CHECK(refs.all_until() == start + 100s);
    struct Row {
        std::chrono::milliseconds at;
        std::string_view want;
        std::chrono::seconds until;
    };
    const Row rows[] = {{0ms, "a", 60s},      {59'999ms, "a", 60s},  {60'000ms, "b", 80s},
                        {79'999ms, "b", 80s}, {80'000ms, "c", 100s}, {99'999ms, "c", 100s}};
    for (const Row& row : rows) {
        REQUIRE(refs.current(start + row.at) != nullptr);
        CHECK(*refs.current(start + row.at) == row.want);
        CHECK(refs.shown_until() == start + row.until);
        CHECK(refs.all_until() == start + 100s);
    }
    CHECK(refs.current(start + 100s) == nullptr);
    CHECK(refs.current(start + 1h) == nullptr);
}

TEST_CASE("qr: a late caller gets the reference of its time, not the next in the list") {
    link::Refs refs{{"a", "b", "c"}, start};
    CHECK(*refs.current(start + 85s) == "c");
    link::Refs late{{"a"}, start};
    CHECK(late.current(start + 1h) == nullptr);
}

TEST_CASE("attempts: five in ten minutes, then one for each that has aged") {
    link::AttemptLimit limit;
    for (int i = 0; i < 5; ++i) {
        CHECK(limit.begin(start + i * 1min).has_value());
    }
    CHECK(limit.begin(start + 9min + 59s).error() == LinkErrc::too_many_attempts);
    CHECK(limit.next_at() == start + 10min);
    CHECK(limit.begin(start + 10min).has_value());
    CHECK(limit.begin(start + 10min).error() == LinkErrc::too_many_attempts);
    CHECK(limit.begin(start + 11min).has_value());
}

TEST_CASE("link events: every failure names a state of SETTLED section 7 and a next step") {
    for (int i = 0; i <= static_cast<int>(link::Failure::passkey_wanted); ++i) {
        const auto failure = static_cast<link::Failure>(i);
        CHECK(!link::state_of(failure).empty());
        CHECK(link::next_of(failure).size() > 20);
    }
}
