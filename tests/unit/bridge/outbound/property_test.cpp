// The guard on random stanzas: trees of the codec's own vocabulary, and allowed stanzas with one to three changes. Whatever it lets
// pass a second table has to know too, and the other way round. 50,000 stanzas; 1,000,000 with VESTARI_ASSURE=1.
#include <cstdlib>
#include <set>

#include <doctest/doctest.h>

#include "bridge/wire/tokens.hpp"
#include "tests/unit/bridge/outbound/dice.hpp"
#include "tests/unit/bridge/outbound/second_opinion.hpp"
#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;

namespace {

std::size_t stanzas() {
    return std::getenv("VESTARI_ASSURE") != nullptr ? 1'000'000 : 50'000;
} // NOLINT(concurrency-mt-unsafe)

using Nodes = std::vector<wire::OutNode>;

constexpr std::string_view tags[] = {
    "iq",  "ib",    "ack",   "receipt", "message", "presence", "chatstate", "call",
    "enc", "retry", "query", "sync",    "item",    "patch",    "list",      "participant"};
constexpr std::string_view keys[] = {
    "id",      "to",  "type",     "xmlns", "class", "participant", "recipient",
    "from",    "t",   "category", "count", "error", "v",           "name",
    "version", "jid", "reason",   "stage", "text",  "code",        "timestamp"};
constexpr std::string_view values[] = {"get",       "set",
                                       "result",    "error",
                                       "inactive",  "sender",
                                       "read",      "played",
                                       "view",      "retry",
                                       "peer",      "peer_msg",
                                       "hist_sync", "delivery",
                                       "message",   "receipt",
                                       "call",      "notification",
                                       "encrypt",   "w:g2",
                                       "w:p",       "md",
                                       "passive",   "w:m",
                                       "status",    "privacy",
                                       "blocklist", "w:sync:app:state",
                                       "1.2-3",     "1",
                                       "0",         "5",
                                       "487",       "500",
                                       "true",      "false",
                                       "3EB0AA",    "available",
                                       "composing", "interactive",
                                       "1@g.us",    "2@lid",
                                       "regular",   "appdata"};
constexpr std::string_view jids[] = {"s.whatsapp.net",
                                     "g.us",
                                     "15551234567@s.whatsapp.net",
                                     "15551234567:5@s.whatsapp.net",
                                     "15551234567:6@s.whatsapp.net",
                                     "15551234567@c.us",
                                     "77777777777777@lid",
                                     "77777777777777:5@lid",
                                     "15557654321@s.whatsapp.net",
                                     "15557654321:3@s.whatsapp.net",
                                     "156535032389744:2@lid",
                                     "120363021033254949@g.us",
                                     "120363144038483540@newsletter",
                                     "status@broadcast",
                                     "1@broadcast",
                                     "1@bot",
                                     "1:300@s.whatsapp.net"};

std::string token(Dice& dice) {
    return std::string{wire::tokens::at(1 + dice.below(wire::tokens::count - 1))};
}

std::string word(Dice& dice, std::span<const std::string_view> usual) {
    std::string made = dice.one_in(4) ? token(dice) : std::string{dice.of(usual)};
    return made.empty() ? "x" : made;
}

wire::OutNode::Value value(Dice& dice) {
    if (dice.one_in(3)) {
        return jid(dice.of(jids));
    }
    return dice.one_in(8) ? std::to_string(dice.next() >> dice.below(64)) : word(dice, values);
}

constexpr std::size_t sizes[] = {0, 1, 2, 3, 4, 5, 31, 32, 33, 64, 80, 100, 156, 200};

wire::OutNode tree(Dice& dice, std::size_t depth) {
    wire::OutNode node{.tag = word(dice, tags)};
    for (std::size_t left = dice.below(6); left > 0; --left) {
        node.attributes.emplace_back(word(dice, keys), value(dice));
    }
    if (depth > 1 && dice.one_in(2)) {
        Nodes children;
        for (std::size_t left = dice.below(4); left > 0; --left) {
            children.push_back(tree(dice, depth - 1));
        }
        node.content = std::move(children);
    } else if (dice.one_in(3)) {
        node.content = Bytes(dice.of(sizes), std::byte{5});
    } else if (dice.one_in(6)) {
        node.content = word(dice, values);
    }
    return node;
}

wire::OutNode& any_node(Dice& dice, wire::OutNode& root) {
    auto* const children = std::get_if<Nodes>(&root.content);
    return children == nullptr || children->empty() || dice.one_in(3)
               ? root
               : any_node(dice, (*children)[dice.below(children->size())]);
}

void change_attributes(Dice& dice, wire::OutNode& node) {
    auto& all = node.attributes;
    if (all.empty() || dice.one_in(4)) {
        all.emplace_back(word(dice, keys), value(dice));
        return;
    }
    const std::size_t at = dice.below(all.size());
    switch (dice.below(5)) {
    case 0: all.erase(all.begin() + static_cast<std::ptrdiff_t>(at)); break;
    case 1: all[at].first = word(dice, keys); break;
    case 2: std::swap(all[at], all[dice.below(all.size())]); break; // order carries no meaning
    default: all[at].second = value(dice); break;
    }
}

void change_content(Dice& dice, wire::OutNode& node) {
    auto* const children = std::get_if<Nodes>(&node.content);
    if (children == nullptr || children->empty() || dice.one_in(6)) {
        switch (dice.below(4)) {
        case 0: node.content = std::monostate{}; break;
        case 1:
            node.content =
                Bytes(dice.of(sizes), std::byte{static_cast<std::uint8_t>(dice.below(64))});
            break;
        case 2: node.content = word(dice, values); break;
        default: node.content = Nodes(dice.below(2), tree(dice, 1)); break;
        }
        return;
    }
    const std::size_t at = dice.below(children->size());
    const auto place = children->begin() + static_cast<std::ptrdiff_t>(at);
    switch (dice.below(5)) {
    case 0: children->erase(place); break;
    case 1: children->insert(place, wire::OutNode{(*children)[at]}); break;
    case 2: std::swap((*children)[at], (*children)[dice.below(children->size())]); break;
    case 3: children->insert(place, tree(dice, 2)); break;
    default: (*children)[at] = tree(dice, 2); break;
    }
}

void change(Dice& dice, wire::OutNode& root, const Nodes& allowed) {
    wire::OutNode& node = any_node(dice, root);
    switch (dice.below(8)) {
    case 0: node.tag = word(dice, tags); break;
    case 1:
    case 2: change_content(dice, node); break;
    case 3: node.content = dice.of(allowed).content; break; // what another stanza holds
    case 4: node.attributes = dice.of(allowed).attributes; break;
    default: change_attributes(dice, node); break;
    }
}

Nodes allowed_stanzas() {
    Nodes all;
    for (const outbound::Outbound& stanza : every_kind()) {
        const auto* const upload = std::get_if<out::PreKeyUpload>(&stanza);
        if (upload == nullptr || upload->keys.size() < 10) { // the large one only costs time here
            all.push_back(outbound::encode(stanza));
        }
    }
    return all;
}

struct Counts {
    std::size_t passed = 0, refused = 0, unreadable = 0;
};

void judge(const outbound::Guard& guard, const wire::OutNode& node, Counts& counts) {
    const Bytes bytes = wire::encode(node);
    const Result<outbound::Shape> shape = guard.check(bytes);
    const Result<wire::Document> document = wire::decode(bytes);
    const bool allowed = document && second_opinion(document->root(), own_account());
    if (allowed != shape.has_value()) { // cheaper than a CHECK for each
        FAIL_CHECK("the guard says ", shape.has_value(), ", the second table ", allowed, ": ",
                   to_hex(bytes));
    }
    if (shape && (node.tag == "message" || node.tag == "presence" || node.tag == "chatstate" ||
                  node.tag == "call")) {
        FAIL_CHECK("a stanza that somebody else sees passed: ", to_hex(bytes));
    }
    counts.passed += shape ? 1U : 0U;
    counts.refused += shape ? 0U : 1U;
    counts.unreadable += !shape && shape.error() == outbound::GuardErrc::unreadable ? 1U : 0U;
}

} // namespace

TEST_CASE("guard: random stanzas of the real vocabulary are refused") {
    const outbound::Guard guard{own_account()};
    Dice dice{0x5eed'0001};
    Counts counts;
    for (std::size_t left = stanzas(); left > 0; --left) {
        judge(guard, tree(dice, 3), counts);
    }
    MESSAGE("refused ", counts.refused, ", of them unreadable ", counts.unreadable,
            "; allowed by chance ", counts.passed);
    CHECK(counts.refused > stanzas() - stanzas() / 1000);
}

TEST_CASE(
    "guard: an allowed stanza with one to three changes is refused, unless that is allowed too") {
    const outbound::Guard guard{own_account()};
    const Nodes allowed = allowed_stanzas();
    Dice dice{0x5eed'0002};
    Counts counts;
    for (std::size_t left = stanzas(); left > 0; --left) {
        wire::OutNode node = dice.of(allowed);
        for (std::size_t changes = 1 + dice.below(3); changes > 0; --changes) {
            change(dice, node, allowed);
        }
        judge(guard, node, counts);
    }
    MESSAGE("refused ", counts.refused, ", of them unreadable ", counts.unreadable,
            "; still allowed ", counts.passed);
    CHECK(counts.passed > stanzas() / 100); // neither answer is a matter of course
    CHECK(counts.refused > stanzas() / 2);
}

TEST_CASE("guard: no attribute or child can be added anywhere, none that is needed left out") {
    const outbound::Guard guard{own_account()};
    Counts counts;
    for (const wire::OutNode& stanza : allowed_stanzas()) {
        std::set<std::string> names{"unknown"};
        for (std::size_t entry = 1; entry < wire::tokens::count; ++entry) {
            names.insert(std::string{wire::tokens::at(entry)});
        }
        names.erase("");
        for (const std::string& name : names) {
            wire::OutNode more = stanza;
            more.attributes.emplace_back(name, std::string{"1"});
            judge(guard, more, counts);
            more = stanza;
            auto* const children = std::get_if<Nodes>(&more.content);
            Nodes added = children == nullptr ? Nodes{} : *children;
            added.push_back(wire::OutNode{.tag = name});
            more.content = std::move(added);
            judge(guard, more, counts);
            more = stanza;
            more.tag = name;
            judge(guard, more, counts);
        }
        for (std::size_t at = 0; at < stanza.attributes.size(); ++at) {
            wire::OutNode less = stanza;
            less.attributes.erase(less.attributes.begin() + static_cast<std::ptrdiff_t>(at));
            judge(guard, less, counts);
        }
    }
    CHECK(counts.refused > 100'000);
}
