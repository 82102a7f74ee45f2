#include "bridge/route/origin.hpp"

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "tests/unit/bridge/route/support.hpp"

using namespace vestari;
using namespace vestari::route;

namespace {

const Own me = test::own_of("15550100001:5@s.whatsapp.net", "77777777777777:5@lid");

Origin origin(const std::vector<std::pair<std::string, std::string>>& attributes) {
    wire::OutNode node{.tag = "message"};
    for (const auto& [key, value] : attributes) {
        node.attributes.emplace_back(key, test::out_value(value));
    }
    const Bytes frame = wire::encode(node);
    return origin_of(header_of(wire::decode(frame).value().root()), me).value();
}

} // namespace

TEST_CASE("origin: the other name has the sender's device and comes from the right hint") {
    const Origin by_lid = origin({{"from", "1@g.us"},
                                  {"participant", "2:3@lid"},
                                  {"participant_pn", "15550100002@s.whatsapp.net"}});
    CHECK(by_lid.lid()->to_string() == "2:3@lid");
    CHECK(by_lid.pn()->to_string() == "15550100002:3@s.whatsapp.net");
    CHECK_FALSE(by_lid.from_me);
    const Origin by_pn = origin({{"from", "1@g.us"},
                                 {"participant", "15550100002:3@s.whatsapp.net"},
                                 {"participant_lid", "2@lid"}});
    CHECK(by_pn.lid()->to_string() == "2:3@lid");
    CHECK(by_pn.sender.to_string() == "15550100002:3@s.whatsapp.net");
}

TEST_CASE("origin: a hint of the wrong kind, or of another stanza kind, is no hint") {
    struct Row {
        std::string_view participant, key, hint;
    };
    const Row rows[] = {
        {"2:3@lid", "participant_pn", "9@lid"},
        {"2:3@lid", "participant_pn", "9@g.us"},
        {"2:3@lid", "participant_pn", "s.whatsapp.net"},
        {"2:3@lid", "participant_lid", "9@lid"},
        {"2:3@lid", "sender_pn", "15550100009@s.whatsapp.net"},
        {"2:3@lid", "peer_recipient_pn", "15550100009@s.whatsapp.net"},
        {"2:3@lid", "participant_pn", "a@b@c"},
        {"15550100002@s.whatsapp.net", "participant_lid", "9@s.whatsapp.net"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.hint);
        CHECK_FALSE(origin({{"from", "1@g.us"},
                            {"participant", std::string{row.participant}},
                            {std::string{row.key}, std::string{row.hint}}})
                        .other.has_value());
    }
}

TEST_CASE("origin: our own names are known without a hint, and a hint cannot change them") {
    const Origin phone = origin(
        {{"from", "15550100001@s.whatsapp.net"}, {"category", "peer"}, {"sender_lid", "9@lid"}});
    CHECK(phone.from_me);
    CHECK(phone.lid()->to_string() == "77777777777777@lid");
    const Origin in_group = origin({{"from", "1@g.us"},
                                    {"participant", "77777777777777:2@lid"},
                                    {"participant_pn", "15550100009@s.whatsapp.net"}});
    CHECK(in_group.from_me);
    CHECK(in_group.pn()->to_string() == "15550100001:2@s.whatsapp.net");
}
