// What the guard refuses beyond the vectors.
#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;
using outbound::Guard;
using outbound::GuardErrc;

namespace {

using Attributes = std::vector<std::pair<std::string, std::string>>;

struct Stanza { // a stanza by hand; "@s" is the server
    std::string tag;
    Attributes attributes;
    std::vector<Stanza> children{};

    wire::OutNode node() const {
        wire::OutNode made{.tag = tag};
        for (const auto& [key, value] : attributes) {
            made.attributes.emplace_back(key, value == "@s"
                                                  ? wire::OutNode::Value{jid("s.whatsapp.net")}
                                                  : out_value(value));
        }
        std::vector<wire::OutNode> nodes;
        for (const Stanza& child : children) {
            nodes.push_back(child.node());
        }
        if (!nodes.empty()) {
            made.content = std::move(nodes);
        }
        return made;
    }
};

const std::string group = "120363021033254949@g.us";
const std::string user = "15557654321@s.whatsapp.net";
const std::string me = "15551234567@s.whatsapp.net";

Attributes receipt(const std::string& to, const std::string& type) {
    return {{"id", "A"}, {"to", to}, {"type", type}};
}
Attributes iq(const std::string& to, const std::string& type, const std::string& xmlns,
              const std::string& id = "1.2-3") {
    return {{"id", id}, {"to", to}, {"type", type}, {"xmlns", xmlns}};
}
Attributes ack(const std::string& stanza_class) {
    return {{"class", stanza_class}, {"id", "A"}, {"to", user}};
}
Attributes with(Attributes attributes, const std::string& key, const std::string& value) {
    attributes.emplace_back(key, value);
    return attributes;
}

const Guard guard{own_account()};

void check_refused(std::initializer_list<Stanza> rows) {
    for (const Stanza& row : rows) {
        const Bytes bytes = wire::encode(row.node());
        CAPTURE(to_hex(bytes));
        CHECK(guard.check(bytes).error() == GuardErrc::not_allowed);
    }
}

} // namespace

TEST_CASE("guard: receipts that somebody could see do not leave") {
    check_refused({
        {"receipt", {{"id", "A"}, {"to", user}}},
        {"receipt", receipt(user, "view")},
        {"receipt", receipt(user, "played-self")},
        {"receipt", receipt(user, "delivery")},
        {"receipt", receipt("1@newsletter", "inactive")},
        {"receipt", receipt("status@broadcast", "inactive")},
        {"receipt", receipt(user, "inactive"), {{"list", {}, {{"item", {{"id", "B"}}}}}}},
        {"receipt", with(receipt(user, "inactive"), "t", "1700000000")},
        {"receipt", receipt(user, "inactive"), {{"offer", {}}}},
        {"receipt", {{"id", "A"}, {"to", user}}, {{"offer", {{"call-id", "C"}}}}},
        {"receipt", receipt(user, "sender")},
        {"receipt", receipt(group, "sender")},
        {"receipt", with(receipt(group, "sender"), "participant", user)},
        {"receipt", receipt(user, "peer_msg")},
        {"receipt", receipt("15551234567:5@s.whatsapp.net", "peer_msg")},
        {"receipt", receipt(user, "hist_sync")},
        {"receipt", receipt(me, "server-error")},
        {"receipt", receipt(user, "retry")},
    });
}

TEST_CASE("guard: acks have the one form") {
    check_refused({
        {"ack", with(ack("message"), "type", "text")},
        {"ack", with(ack("message"), "from", "15551234567:5@s.whatsapp.net")},
        {"ack", with(ack("message"), "error", "488")},
        {"ack", with(ack("notification"), "error", "487")},
        {"ack", ack("presence")},
        {"ack", ack("message"), {{"list", {}}}},
        {"ack", {{"class", "message"}, {"id", "A"}}},
        {"ack", {{"class", "message"}, {"to", user}}},
        {"ack", {{"id", "A"}, {"to", user}}},
    });
}

TEST_CASE("guard: requests that change or ask too much do not leave") {
    check_refused({
        {"iq", iq(group, "set", "w:g2"), {{"query", {{"request", "interactive"}}}}},
        {"iq", iq(group, "get", "w:g2"), {{"invite", {{"code", "x"}}}}},
        {"iq", iq("@s", "get", "encrypt"), {{"key", {}, {{"user", {{"jid", user}}}}}}},
        {"iq", iq(user, "get", "w:p")},
        {"iq", iq("@s", "get", "w:p", "message-id")},
        {"iq", iq("@s", "get", "w:p", "1.2-03")},
        {"iq", iq("@s", "get", "w:p", "256.2-3")},
        {"iq", iq("@s", "get", "w:p", "1-2.3")},
        {"iq", iq("@s", "get", "w:p", "1.2-4294967296")},
        {"iq", iq("@s", "set", "w:p")},
        {"iq", iq("@s", "get", "w:p"), {{"ping", {}}}},
        {"iq", iq("@s", "set", "w:sync:app:state"), {{"sync", {}}}},
        {"iq", iq("@s", "set", "tos"), {{"accept", {}}}},
        {"iq", iq("@s", "set", "w:biz"), {{"business_profile", {}}}},
        {"iq", iq("@s", "get", "usync"), {{"usync", {}}}},
        {"iq", iq("@s", "set", "md"), {{"passkey_prologue", {}}}},
        {"iq", iq("@s", "set", "urn:xmpp:whatsapp:dirty"), {{"clean", {{"type", "all"}}}}},
        {"iq", {{"to", "@s"}, {"type", "result"}}, {{"ping", {}}}},
        {"iq", {{"to", user}, {"type", "result"}}},
        {"iq",
         {{"to", "@s"}, {"type", "error"}, {"id", "1"}},
         {{"error", {{"code", "401"}, {"text", "internal-error"}}}}},
        {"ib", {}, {{"offline_batch", {{"count", "100"}}}, {"unified_session", {{"id", "1"}}}}},
        {"stream:error", {}},
        {"failure", {}},
        {"success", {}},
    });
}

TEST_CASE("guard: to oneself means this account and no other") {
    const outbound::Outbound to_self[] = {
        out::SenderReceipt{own_message()},
        out::SenderReceipt{{text("A"), jid("1@g.us"), jid("15551234567@s.whatsapp.net")}},
        out::PeerReceipt{own_message()},
        out::HistoryReceipt{own_message()},
        retry_of_peer(),
        out::Unlink{RequestIds::make(1), *own_account().pn},
    };
    const outbound::Own others[] = {
        {}, {.pn = jid("15557654321:5@s.whatsapp.net"), .lid = jid("1:5@lid")}};
    for (const outbound::Outbound& stanza : to_self) {
        CAPTURE(stanza.index());
        CHECK(guard.check(encoded(stanza)).has_value());
        for (const outbound::Own& other : others) {
            CHECK(Guard{other}.check(encoded(stanza)).error() == GuardErrc::not_allowed);
        }
    }
}

TEST_CASE("guard: unlinks this very device and never the phone") {
    const auto unlink = [](std::string_view device) {
        return encoded(out::Unlink{RequestIds::make(1), jid(device)});
    };
    for (const std::string_view device :
         {"15551234567:6@s.whatsapp.net", "15551234567@s.whatsapp.net", "77777777777777:5@lid",
          "15557654321:5@s.whatsapp.net", "15551234567:5@c.us", "15551234567:261@s.whatsapp.net"}) {
        CAPTURE(device);
        CHECK(guard.check(unlink(device)).error() == GuardErrc::not_allowed);
    }
    const Guard of_phone{{.pn = jid(me)}};
    CHECK(of_phone.check(unlink(me)).error() == GuardErrc::not_allowed);
}

TEST_CASE("guard: an app-state read holds no change and asks for each collection once") {
    using enum out::CollectionName;
    const auto read = [](std::vector<out::Collection> all) {
        return out::AppStateRead{RequestIds::make(1), std::move(all)};
    };
    CHECK(guard.check(encoded(read({}))).error() == GuardErrc::not_allowed);
    CHECK(guard.check(encoded(read({{regular, 1}, {regular}}))).error() == GuardErrc::not_allowed);
    wire::OutNode patched = outbound::encode(read({{regular, 1}}));
    REQUIRE(guard.check(wire::encode(patched)).has_value());
    auto& sync = std::get<std::vector<wire::OutNode>>(patched.content)[0];
    auto& collection = std::get<std::vector<wire::OutNode>>(sync.content)[0];
    for (const wire::OutNode& patch :
         {wire::OutNode{.tag = "patch"}, wire::OutNode{.tag = "patch", .content = Bytes(3)}}) {
        collection.content = std::vector{patch};
        CHECK(guard.check(wire::encode(patched)).error() == GuardErrc::not_allowed);
    }
    collection.content = Bytes(3); // a patch without its node
    CHECK(guard.check(wire::encode(patched)).error() == GuardErrc::not_allowed);
    collection.content = {};
    collection.attributes.pop_back(); // a snapshot and since a version contradict each other
    CHECK(guard.check(wire::encode(patched)).error() == GuardErrc::not_allowed);
}

TEST_CASE("guard: a retry receipt is about one message, at most four times") {
    wire::OutNode node = outbound::encode(retry_of(group_message(), 1));
    auto& retry = std::get<std::vector<wire::OutNode>>(node.content)[0];
    const auto set = [&retry](std::string_view name, const std::string& to) {
        for (auto& [key, value] : retry.attributes) {
            if (key == name) {
                value = to;
            }
        }
    };
    for (const std::string_view count : {"0", "5", "10", "01", "one"}) {
        CAPTURE(count);
        set("count", std::string{count});
        CHECK(guard.check(wire::encode(node)).error() == GuardErrc::not_allowed);
    }
    set("count", "4");
    CHECK(guard.check(wire::encode(node)).has_value());
    set("id", "OTHER");
    CHECK(guard.check(wire::encode(node)).error() == GuardErrc::not_allowed);
}

TEST_CASE("guard: keys have their size, and not more of them leave than are allowed") {
    const out::PreKey key{key_id(1), filled<32>(9)};
    const auto upload = [&key](std::size_t count) {
        return encoded(out::PreKeyUpload{RequestIds::make(1), out::RegistrationId{1}, filled<32>(7),
                                         std::vector(count, key), signed_key()});
    };
    CHECK(guard.check(upload(0)).error() == GuardErrc::not_allowed);
    CHECK(guard.check(upload(1000)).has_value());
    CHECK(guard.check(upload(1001)).error() == GuardErrc::not_allowed);
    wire::OutNode node =
        outbound::encode(out::SignedPreKeyRotation{RequestIds::make(1), signed_key()});
    auto& rotate = std::get<std::vector<wire::OutNode>>(node.content)[0];
    auto& parts = std::get<std::vector<wire::OutNode>>(
        std::get<std::vector<wire::OutNode>>(rotate.content)[0].content);
    for (const std::size_t size : {0U, 31U, 33U, 64U}) { // a private and a public key together
        parts[1].content = Bytes(size, std::byte{1});
        CHECK(guard.check(wire::encode(node)).error() == GuardErrc::not_allowed);
    }
    parts[1].content = std::string(32, 'x'); // text of that size is bytes on the wire
    CHECK(guard.check(wire::encode(node)).has_value());
    parts[1].content = std::string(32, '1'); // packed digits are not
    CHECK(guard.check(wire::encode(node)).error() == GuardErrc::not_allowed);
}

TEST_CASE("guard: reads only plain, whole stanzas in the one form") {
    const Bytes good = encoded(out::Ping{RequestIds::make(1)});
    REQUIRE(guard.check(good).has_value());
    CHECK(guard.check({}).error() == GuardErrc::unreadable);
    CHECK(guard.check(compress(good)).error() == GuardErrc::unreadable);
    Bytes longer = good;
    longer.push_back(std::byte{0});
    CHECK(guard.check(longer).error() == GuardErrc::unreadable);
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK(guard.check(BytesView{good}.first(size)).error() == GuardErrc::unreadable);
    }
    // The word "iq" spelled out in place of its token: another reader might see another stanza.
    const Bytes spelled = hex("00f809fc02697108ff0326b7a111fa000304291657");
    REQUIRE(wire::decode(spelled).has_value());
    CHECK(guard.check(spelled).error() == GuardErrc::unreadable);
}

TEST_CASE("guard: an address of an unassigned domain is nobody's") {
    Bytes bytes =
        encoded(out::MessageAck{direct_message()}); // to an AD_JID: f7, domain, device, user
    const auto place = std::ranges::find(bytes, std::byte{0xf7});
    REQUIRE(place != bytes.end());
    CHECK(guard.check(bytes).has_value());
    *(place + 1) = std::byte{1}; // a LID
    CHECK(guard.check(bytes).has_value());
    *(place + 1) = std::byte{7};
    CHECK(guard.check(bytes).error() == GuardErrc::not_allowed);
}

TEST_CASE("guard: an address with an agent, or of nobody, is none of ours") {
    for (const std::string_view name : {"15557654321.1", ".5557654321"}) {
        CAPTURE(name);
        const wire::Attribute attributes[] = {
            {"id", "A"},
            {"to", wire::JidView{.user = name, .server = server::phone, .device = 3}},
            {"class", "message"}};
        wire::Node node;
        node.tag = "ack";
        node.attributes = attributes;
        CHECK(guard.check(wire::encode(node)).error() == GuardErrc::not_allowed);
    }
}
