// The generator's own test: what it encrypts opens with the library's decryption, and holds what it says it holds.
#include <fstream>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "tests/synth/day/day.hpp"

namespace vestari::synth {

namespace {

constexpr std::uint64_t seed = 20261120;

struct Made {
    std::string fixture;
    std::string expected;
};

Made make(std::uint64_t with_seed) {
    Conductor conductor{make_world(), with_seed};
    Day day{conductor};
    day.half_a_year();
    day.busy_day();
    std::ostringstream fixture;
    std::ostringstream expected;
    conductor.fixture().write(fixture);
    conductor.fixture().write_expected(expected);
    return {fixture.str(), expected.str()};
}

// Opens one message stanza as far as it can be opened; the plaintexts, padded, joined.
Bytes open(Receiver& receiver, const wire::Node& message) {
    Bytes plain;
    const auto participant = message.jid_of("participant");
    const auto from = message.jid_of("from");
    if (!participant || !from) {
        return plain;
    }
    const std::string group = from->to_string();
    const auto lid = message.jid_of("participant_lid").value_or(*participant); // sessions go by LID
    const std::string name{lid.user};
    std::vector<const wire::Node*> parts;
    for (const wire::Node& child : message.children()) {
        if (child.tag == "enc") { // the sender key first, wherever it stands
            parts.insert(child.text_of("type") == "pkmsg" ? parts.begin() : parts.end(), &child);
        }
    }
    for (const wire::Node* part : parts) {
        if (part->text_of("type") == "pkmsg") {
            const auto opened = receiver.pairwise(name, participant->device, part->bytes());
            CHECK(opened.code == SG_SUCCESS);
            const std::string_view text = as_text(opened.padded);
            const std::size_t at = text.find(group);
            REQUIRE(at != std::string_view::npos); // the wrapper: group, then the distribution
            const std::size_t start = at + group.size() + 2;
            const auto length = std::to_integer<std::size_t>(opened.padded[start - 1]);
            CHECK(receiver.distribute(group, name, participant->device,
                                      BytesView{opened.padded}.subspan(start, length)) ==
                  SG_SUCCESS);
            continue;
        }
        const auto opened = receiver.group(group, name, participant->device, part->bytes());
        append(plain, opened.padded);
    }
    return plain;
}

} // namespace

TEST_CASE("synth: the same seed makes the same bytes, another seed makes others") {
    const Made first = make(seed);
    const Made second = make(seed);
    CHECK(first.fixture == second.fixture);
    CHECK(first.expected == second.expected);
    CHECK(make(seed + 1).fixture != first.fixture);
}

TEST_CASE("synth: the bundled day of ./dev demo is what the generator makes") {
    const Made made = make(seed);
    const auto bundled = [](const char* name) {
        std::ifstream in{std::string{VESTARI_TEST_DATA "/fixtures/demo/"} + name, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>{in}, {}};
    };
    // As bool: a difference of hundreds of kilobytes says no more than that there is one.
    const bool same_fixture = made.fixture == bundled("fixture.jsonl");
    const bool same_expected = made.expected == bundled("expected.json");
    CHECK(same_fixture);
    CHECK(same_expected);
}

TEST_CASE("synth: a reader with the header's keys opens every message that is meant to be read") {
    Conductor conductor{make_world(), seed};
    Day day{conductor};
    day.half_a_year();
    day.busy_day();
    Fixture& fixture = conductor.fixture();
    CHECK(fixture.stanzas() >= 300);

    SignalContext signal{1};
    Receiver receiver{signal, conductor.keys()};
    std::map<std::string, Bytes> opened; // by message id
    std::set<std::string> included;
    for (const ChatGroup& group : conductor.world().groups) {
        if (group.included) {
            included.insert(group.jid);
        }
    }
    CHECK(included.size() == 6);
    for (std::size_t i = 0; i < fixture.stanzas(); ++i) {
        const auto document = wire::decode(fixture.line(i));
        REQUIRE(document.has_value());
        const wire::Node& root = document->root();
        const auto from = root.jid_of("from");
        if (root.tag == "message" && from && included.contains(from->to_string())) {
            const std::string id{root.text_of("id").value_or("")};
            if (!opened.contains(id)) { // the server repeats some
                opened[id] = open(receiver, root);
            }
        }
    }
    for (const Learned& message : fixture.learned()) {
        CAPTURE(message.id);
        CAPTURE(message.category);
        const std::string_view plain = as_text(opened[message.id]);
        CHECK(plain.find(message.text.value_or("")) != std::string_view::npos);
        CHECK(plain.find(message.target.value_or("")) != std::string_view::npos);
        CHECK(!plain.empty());
    }
}

TEST_CASE("synth: forty canaries, each planted, none twice") {
    World world = make_world();
    Canaries canaries{seed};
    Day::name_people(world, canaries);
    Conductor conductor{std::move(world), seed};
    Day day{conductor};
    day.plant(canaries);
    CHECK(canaries.size() == 40);
    std::ostringstream list;
    canaries.write(list);
    std::set<std::string> lines;
    std::istringstream in{list.str()};
    for (std::string line; std::getline(in, line);) {
        lines.insert(line.substr(line.find("\"hex\"")));
    }
    CHECK(lines.size() == 40);
}

TEST_CASE("synth: amounts are written as dealers write them") {
    CHECK(grouped(12'400, ',') == "12,400");
    CHECK(grouped(1'980'000, ',') == "1,980,000");
    CHECK(grouped(900, '.') == "900");
    CHECK(in_units(12'400, 1000) == "12.4");
    CHECK(in_units(12'000, 1000) == "12");
    CHECK(in_units(12'050, 1000) == "12.05");
    CHECK(in_units(1'980'000, 10'000) == "198");
    CHECK(convert(12'700, "GBP") == 9'900);
    CHECK(convert(12'700, "JPY") == 1'930'000);
}

} // namespace vestari::synth
