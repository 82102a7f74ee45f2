#include <doctest/doctest.h>

#include "tests/unit/bridge/receive/sending.hpp"

using namespace vestari;
using receive::Outcome;
using test::Desk;

namespace {

constexpr std::string_view alice = "1001@lid";
constexpr std::string_view alice_pn = "491@s.whatsapp.net";

synth::Stanza renamed(std::string id, std::string name) {
    synth::Stanza subject{.tag = "subject", .attributes = {}, .children = {}, .bytes = {}};
    subject.with("subject", std::move(name));
    synth::Stanza stanza{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", test::trade_desk).with("type", "w:gp2").with("id", std::move(id));
    stanza.with("t", "1780000000");
    stanza.children = {subject};
    return stanza;
}

} // namespace

TEST_CASE("repeated: a notification that comes again does not take back what came after it") {
    Desk desk;
    for (const auto& [id, name] : {std::pair{"1", "Watches"}, std::pair{"2", "Watches HK"},
                                   std::pair{"1", "Watches"}, std::pair{"2", "Watches HK"}}) {
        CHECK(desk.take(renamed(id, name)) == Outcome::other);
    }
    const std::vector<event::Envelope> spooled = desk.spooled();
    REQUIRE(spooled.size() == 2);
    CHECK(spooled.back().text == "Watches HK");
}

TEST_CASE("repeated: what came under a phone number is read when its key comes under the LID") {
    Desk desk;
    const synth::Stanza key = desk.key_part("alice");
    synth::Stanza early = Desk::message(alice_pn, "A");
    early.children = {desk.group_part("alice", synth::content::text("126610LN 12k"))};
    CHECK(desk.take(early) == Outcome::failed);
    synth::Stanza late = Desk::message(alice, "B", {{"participant_pn", std::string{alice_pn}}});
    late.children = {key};
    CHECK(desk.take(late) == Outcome::decrypted);

    const std::vector<event::Envelope> spooled = desk.spooled();
    REQUIRE(spooled.size() == 1);
    CHECK(spooled.front().id == "A");
    CHECK(spooled.front().text == "126610LN 12k");
    CHECK(store::KeptCiphertexts{*desk.sessions}.rows() == 0);
}
