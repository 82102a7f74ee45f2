#include <doctest/doctest.h>

#include "tests/unit/bridge/receive/inbox/office.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

using namespace vestari;

namespace {

using boost::json::object;

std::string told(const object& stanza) {
    std::map<std::string, std::string> attributes;
    for (const auto& [key, value] : stanza.at("attrs").as_object()) {
        attributes[std::string{key}] = std::string{value.as_string()};
    }
    std::string line{test::text_of(stanza, "tag")};
    for (const auto& [key, value] : attributes) {
        line += ' ' + key + '=' + value;
    }
    return line;
}

void check_outbound(const object& expect, const test::Lines& lines) {
    if (const boost::json::value* const outbound = expect.if_contains("outbound")) {
        test::Lines wanted;
        for (const boost::json::value& stanza : outbound->as_array()) {
            wanted.push_back(told(stanza.as_object()));
        }
        CHECK(lines == wanted);
    }
    if (const boost::json::value* const retry = expect.if_contains("retry")) {
        REQUIRE(lines.size() == 2);
        CHECK(lines[0].starts_with("receipt "));
        CHECK(lines[0].find("type=retry") != std::string::npos);
        CHECK(lines[0].find("<retry count=1 error=1 ") != std::string::npos);
        CHECK((lines[0].find("<keys>") != std::string::npos) ==
              retry->as_object().at("keys").as_bool());
        CHECK(lines[1].starts_with("ack class=message id="));
    }
}

} // namespace

TEST_CASE("inbox: the whole session of vector h is cleared as the vector says") {
    const boost::json::value vectors = test::read_vectors("h-endtoend.json");
    const boost::json::value keys = test::read_vectors("a-pairwise.json");
    test::Sessions sessions;
    ManualClock clock{test::at(test::office_opens)};
    const route::Own own{test::jid("12025550199:12@s.whatsapp.net"),
                         test::jid("77777777777777:12@lid")};
    signal::Decryptor decryptor{*sessions, clock};
    REQUIRE(decryptor.install(test::receiver_keys(keys.at("receiver").as_object())));
    receive::Inbox inbox{
        *sessions,
        {"main", own,
         route::IncludeList::of(std::vector<std::string>{"120363000000000001@g.us"}).value(),
         config::Receipts::inactive, false, to_bytes("identity"), 1U << 30U},
        clock};
    for (const boost::json::value& entry : vectors.at("steps").as_array()) {
        const object& step = entry.as_object();
        CAPTURE(std::string{test::text_of(step, "name")});
        clock.advance(std::chrono::seconds{1});
        CHECK(inbox.take(test::hex_of(step, "binary"), clock.now(), 1) ==
              receive::Inbox::Took::yes);
        check_outbound(step.at("expect").as_object(), test::told(inbox.commit(), own));
    }
    CHECK(inbox.tally().counts().failed == 1);
    CHECK(store::Spool{*sessions}.rows() == 7);
}
