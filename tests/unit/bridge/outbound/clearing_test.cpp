// No stanza that a peer can send makes the inbox answer with what the guard refuses: that would shut the account for good.
#include <doctest/doctest.h>

#include "bridge/receive/inbox/clearing.hpp"
#include "bridge/route/route.hpp"
#include "tests/unit/bridge/outbound/dice.hpp"
#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;
using receive::Case;

namespace {

constexpr std::string_view people[] = {"15551234567@s.whatsapp.net",
                                       "15551234567:5@s.whatsapp.net",
                                       "15551234567:300@s.whatsapp.net",
                                       "15551234567@c.us",
                                       "15551234567:3@c.us",
                                       "15551234567@hosted",
                                       "15551234567:99@hosted",
                                       "77777777777777@lid",
                                       "77777777777777:2@lid",
                                       "77777777777777:99@hosted.lid",
                                       "15557654321@s.whatsapp.net",
                                       "15557654321:3@s.whatsapp.net",
                                       "156535032389744:2@lid",
                                       "156535032389744.1:2@lid",
                                       "120363021033254949@g.us",
                                       "1-2@g.us",
                                       "120363144038483540@newsletter",
                                       "status@broadcast",
                                       "1@broadcast",
                                       "1@bot",
                                       "1:4@bot",
                                       "1:4@msgr",
                                       "1:4@interop",
                                       "0@s.whatsapp.net",
                                       "s.whatsapp.net",
                                       "g.us",
                                       "lid",
                                       "newsletter",
                                       "broadcast",
                                       "x@y"};
constexpr std::string_view ids[] = {"3EB0AA", "A b", "receipt", "1", "@", "\xe2\x82\xac", ""};

wire::OutNode message(Dice& dice) {
    wire::OutNode node{.tag = "message"};
    node.attributes.emplace_back("id", std::string{dice.of(ids)});
    for (const std::string_view key : {"from", "participant", "recipient"}) {
        if (key == "from" || dice.one_in(2)) {
            const std::string_view who = dice.of(people);
            node.attributes.emplace_back(key, dice.one_in(5)
                                                  ? wire::OutNode::Value{std::string{who}}
                                                  : wire::OutNode::Value{jid(who)});
        }
    }
    if (dice.one_in(4)) {
        node.attributes.emplace_back("category", std::string{"peer"});
    }
    return node;
}

std::vector<Case::What> outcomes(const route::Decision& decided, bool included) {
    using What = Case::What;
    switch (decided.route) {
    case route::Route::decrypt:
    case route::Route::unavailable: return {What::read, What::unreadable, What::unparsable};
    case route::Route::own_peer:
        return {What::peer, What::peer_history, What::unreadable, What::unparsable};
    case route::Route::drop:
        return included && decided.reason == route::DropReason::malformed
                   ? std::vector{What::unparsable}
                   : std::vector{What::excluded};
    case route::Route::not_message: break;
    }
    return {};
}

} // namespace

TEST_CASE("clearing: whatever message comes, the guard lets pass what clears it") {
    const outbound::Own own = own_account();
    const outbound::Guard guard{own};
    const route::Own me{.pn = *own.pn, .lid = own.lid};
    const route::IncludeList included =
        route::IncludeList{}.with("120363021033254949@g.us").value();
    Dice dice{0x5eed'0003};
    std::size_t left = 0;
    for (std::size_t round = 0; round < 20'000; ++round) {
        const Bytes frame = wire::encode(message(dice));
        const Result<wire::Document> document = wire::decode(frame);
        if (!document) {
            continue;
        }
        const route::StanzaHeader header = route::header_of(document->root());
        const std::optional<out::Addressed> stanza = receive::addressed(header);
        if (!stanza) {
            continue;
        }
        const route::Decision decided = route::decide(header, included, me);
        Case happened;
        happened.by = receive::sender_of_dropped(header, decided.reason, me);
        if (decided.route != route::Route::drop) {
            const auto& author = header.participant ? header.participant : header.from;
            happened.by = me.is(*author) ? Case::By::own_device : Case::By::others;
        }
        for (const Case::What what : outcomes(decided, included.contains(*header.from))) {
            happened.what = what;
            for (happened.deliveries = 1; happened.deliveries <= 4; ++happened.deliveries) {
                for (const outbound::Outbound& leaving : receive::clearing(*stanza, happened)) {
                    const Bytes bytes = encoded(leaving);
                    ++left;
                    if (!guard.check(bytes)) {
                        FAIL_CHECK("refused: kind ", leaving.index(), ", from ",
                                   stanza->from.to_string(), ": ", to_hex(bytes));
                    }
                }
            }
        }
    }
    CHECK(left > 20'000);
}
