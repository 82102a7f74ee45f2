// The referee's table against the published examples of what may and what may not leave.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

#include "tests/sim/referee/referee.hpp"

namespace vestari::sim {

namespace {

boost::json::array cases_of(const std::string& file) {
    std::ifstream in{std::string{VESTARI_TEST_DATA} + "/vectors/connection/" + file};
    std::ostringstream text;
    text << in.rdbuf();
    return boost::json::parse(text.str()).at("cases").as_array();
}

Stanza stanza_in(const boost::json::value& named) {
    const Result<Bytes> frame = from_hex(named.at("frame_hex").as_string());
    return *parse(*frame);
}

// Everything was delivered and asked, so that the shape alone decides.
Sight generous(const boost::json::value& example, const Stanza& stanza) {
    Sight sight;
    sight.own = {.pn = jid("15551234567:5@s.whatsapp.net"), .lid = jid("156535032389744:5@lid")};
    sight.ping_ids.insert(text_of(stanza, "id"));
    sight.bare_pings = true;
    std::string type;
    if (example.as_object().contains("inbound")) {
        type = text_of(stanza_in(example.at("inbound")), "type");
    }
    sight.delivered = [type](std::string_view, const Stanza&) { return std::optional{type}; };
    return sight;
}

// What other clients send and this product does not (wire/10-connection.md section 16).
constexpr std::array other_forms{
    "ack_message",       "nack_message_parse", "nack_message_unhandled", "ack_message_no_from",
    "ack_group_message", "ack_newsletter",     "ping_with_child"};

} // namespace

TEST_CASE("the referee accepts the published outbound stanzas but for other clients' forms") {
    for (const auto& example : cases_of("outbound_stanzas.json")) {
        const std::string name{example.at("name").as_string()};
        const Stanza stanza = stanza_in(example.at("outbound"));
        CAPTURE(name);
        CAPTURE(to_xml(stanza));
        Referee referee;
        referee.judge(stanza, generous(example, stanza));
        const bool refused = std::ranges::count(other_forms, name) != 0;
        CHECK(referee.report().violations.size() == (refused ? 1 : 0));
    }
}

TEST_CASE("the referee refuses the published forbidden stanzas") {
    for (const auto& example : cases_of("forbidden_stanzas.json")) {
        const Stanza stanza = stanza_in(example.at("outbound"));
        CAPTURE(example.at("name").as_string().c_str());
        Referee referee;
        referee.judge(stanza, generous(example, stanza));
        CHECK(referee.report().violations.size() == 1);
    }
}

TEST_CASE("an answer that nobody asked for is a violation") {
    Referee referee;
    Sight sight;
    sight.delivered = [](std::string_view, const Stanza&) -> std::optional<std::string> {
        return std::nullopt;
    };
    Stanza result = element("iq");
    result.with("to", server_jid()).with("type", "result").with("id", "1");
    referee.judge(result, sight);
    sight.pair_ids.insert("1");
    referee.judge(result, sight);
    CHECK(referee.report().violations.size() == 1);
    CHECK(referee.report().shapes.at("1 pair-device result") == 1);
}

} // namespace vestari::sim
