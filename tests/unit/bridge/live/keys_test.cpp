// Prekeys: counted, uploaded, filled up at a bounded rate, compared, the signed one renewed.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include <boost/json.hpp>

#include "bridge/live/keys/digest.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/unit/bridge/live/server.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::test {

namespace {

struct Upload {
    Sent request;
    std::vector<std::uint64_t> ids;
    std::vector<Bytes> keys;
};

std::vector<Upload> uploads(World& world) {
    std::vector<Upload> found;
    for (Sent& request : world.take_sent("iq")) {
        const wire::Node* const list = request->child("list");
        if (list == nullptr) {
            continue;
        }
        Upload upload{std::move(request), {}, {}};
        for (const wire::Node& key : list->children()) {
            upload.ids.push_back(read_be<3>(key.child("id")->bytes()));
            upload.keys.push_back(to_bytes(key.child("value")->bytes()));
        }
        found.push_back(std::move(upload));
    }
    return found;
}

wire::OutNode keys_low(const std::string& id, const std::string& left) {
    return node("notification",
                {{"from", Jid::parse("s.whatsapp.net").value()}, {"id", id}, {"type", "encrypt"}},
                {node("count", {{"value", left}})});
}

std::vector<Sent> with_child(World& world, std::string_view child) {
    std::vector<Sent> found;
    for (Sent& request : world.take_sent("iq")) {
        if (request->child(child) != nullptr) {
            found.push_back(std::move(request));
        }
    }
    return found;
}

boost::json::object vectors() {
    std::ifstream file{VESTARI_TEST_DATA "/vectors/connection/prekeys.json"};
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str()).as_object();
}

Bytes hex(const boost::json::value& value) { return from_hex(value.as_string()).value(); }

template <std::size_t Size> std::array<std::byte, Size> fixed(const boost::json::value& value) {
    std::array<std::byte, Size> array{};
    std::ranges::copy(hex(value), array.begin());
    return array;
}

} // namespace

TEST_CASE("the digest's hash is that of the published vector") {
    const boost::json::object all = vectors();
    const boost::json::object& signed_key = all.at("signed_pre_key").as_object();
    signal::PublishedKeys::Signed own{};
    own.key = fixed<32>(signed_key.at("public_hex"));
    own.signature = fixed<64>(signed_key.at("signature_hex"));
    std::vector<signal::PublicPreKey> keys;
    for (const boost::json::value& key : all.at("one_time_pre_keys").as_array()) {
        keys.push_back({static_cast<std::uint32_t>(key.as_object().at("id").as_int64()),
                        fixed<32>(key.as_object().at("public_hex"))});
    }
    const auto identity = fixed<32>(all.at("identity").as_object().at("public_hex"));
    const Bytes frame = hex(all.at("digest_result").as_object().at("frame_hex"));
    const auto document = wire::decode(frame).value();
    const auto read = live::read_digest(*document.root().child("digest"));
    REQUIRE(read.has_value());
    CHECK(read->registration_id == 13103);
    CHECK(read->key_ids.size() == keys.size());
    CHECK(read->hash == live::digest_of(identity, own, keys));
    CHECK(to_hex(read->hash) == all.at("digest_sha1_hex").as_string());
}

TEST_CASE("first 812, later 100, each stored before it is sent, never the same id twice") {
    World world;
    world.be_linked();
    world.keys_left = 4;
    world.obliging = false;
    world.log_in();
    const auto asked = world.take_sent("iq");
    world.answer(asked.at(0), {node("count", {{"value", "4"}})});
    world.run();
    auto first = uploads(world);
    REQUIRE(first.size() == 1);
    CHECK(first[0].ids.size() == 812);
    for (std::size_t i = 1; i < first[0].ids.size(); ++i) {
        REQUIRE(first[0].ids[i] == first[0].ids[i - 1] + 1);
    }
    const wire::Node* const signed_key = first[0].request->child("skey");
    REQUIRE(signed_key != nullptr);
    Bytes message{std::byte{5}};
    append(message, signed_key->child("value")->bytes());
    CHECK(crypto::xeddsa_verify(first[0].request->child("identity")->bytes(), message,
                                signed_key->child("signature")->bytes()));
    CHECK(store::PreKeys{*world.sessions}.ids().size() == 812);
    world.answer(first[0].request);
    world.run();
    CHECK(with_child(world, "active").size() == 1); // only now
    world.obliging = true;
    world.pass(std::chrono::minutes{2});
    world.take_sent("iq");
    world.send(keys_low("N1", "3"));
    world.run();
    const auto later = uploads(world);
    REQUIRE(later.size() == 1);
    CHECK(later[0].ids.size() == 100);
    CHECK(later[0].ids.front() > first[0].ids.back());
}

TEST_CASE("a count that is refused is asked for again after a minute") {
    World world;
    world.be_linked();
    world.keys_left = 0;
    bool refused = false;
    world.oblige_first = [&](const Sent& request) {
        if (refused || request->child("count") == nullptr) {
            return false;
        }
        refused = true;
        world.send(node("iq",
                        {{"from", Jid::parse("s.whatsapp.net").value()},
                         {"id", request.id()},
                         {"type", "error"}},
                        {node("error", {{"code", "500"}, {"text", "internal-server-error"}})}));
        return true;
    };
    world.log_in();
    CHECK(uploads(world).empty());
    world.pass(std::chrono::minutes{2});
    CHECK(uploads(world).size() == 1);
}

TEST_CASE("five keys are enough") {
    World world;
    world.be_linked();
    world.keys_left = 5;
    world.log_in();
    CHECK(uploads(world).empty());
    world.send(keys_low("N1", "5"));
    world.run();
    CHECK(uploads(world).empty());
}

TEST_CASE("an upload without an answer is made again with the same keys, over a restart too") {
    World world;
    world.be_linked();
    world.obliging = false;
    world.log_in();
    world.answer(world.take_sent("iq").at(0), {node("count", {{"value", "0"}})});
    world.run();
    const auto first = uploads(world);
    REQUIRE(first.size() == 1);
    world.restart(); // before any answer
    world.log_in();
    world.answer(world.take_sent("iq").at(0), {node("count", {{"value", "0"}})});
    world.run();
    const auto again = uploads(world);
    REQUIRE(again.size() == 1);
    CHECK(again[0].ids == first[0].ids);
    CHECK(again[0].keys == first[0].keys);
}

TEST_CASE("a flood of low notifications: at most one upload a minute") {
    World world;
    world.be_linked();
    world.keys_left = 0;
    world.log_in();
    uploads(world);
    for (int i = 0; i < 10 * 60 * 4; ++i) {
        world.send(keys_low("N" + std::to_string(i), "0"));
        world.pass(std::chrono::milliseconds{250});
    }
    const std::size_t made = uploads(world).size();
    CHECK(made >= 9);
    CHECK(made <= 10);
}

TEST_CASE("a refused upload warns and is tried again after a minute") {
    World world;
    world.be_linked();
    world.obliging = false;
    world.log_in();
    world.answer(world.take_sent("iq").at(0), {node("count", {{"value", "0"}})});
    world.run();
    const auto first = uploads(world);
    world.send(node("iq",
                    {{"from", Jid::parse("s.whatsapp.net").value()},
                     {"id", first.at(0).request.id()},
                     {"type", "error"}},
                    {node("error", {{"code", "500"}, {"text", "internal-server-error"}})}));
    world.run();
    CHECK(world.told.warned("pre_key_upload"));
    world.obliging = true;
    world.pass(std::chrono::seconds{61});
    const auto again = uploads(world);
    REQUIRE(again.size() == 1);
    CHECK(again[0].ids == first[0].ids);
}

TEST_CASE("the server asks for a check: a difference is told, and nothing is uploaded blindly") {
    World world;
    world.be_linked();
    world.log_in();
    world.take_sent("iq");
    world.obliging = false;
    const wire::OutNode wanted =
        node("notification",
             {{"from", Jid::parse("s.whatsapp.net").value()}, {"id", "D1"}, {"type", "encrypt"}},
             {node("digest")});
    world.send(wanted);
    world.run();
    const auto asked = with_child(world, "digest");
    REQUIRE(asked.size() == 1);
    const std::array<std::byte, 4> registration{};
    const std::array<std::byte, 3> id{};
    const std::array<std::byte, 20> hash{};
    world.answer(asked[0], {node("digest", {},
                                 {with_bytes("registration", registration),
                                  node("skey", {}, {with_bytes("id", id)}), node("list"),
                                  with_bytes("hash", hash)})});
    world.run();
    CHECK(world.told.warned("pre_key_mismatch"));
    CHECK(uploads(world).empty());
}

TEST_CASE("the server has no keys at all: everything is uploaded") {
    World world;
    world.be_linked();
    world.log_in();
    world.take_sent("iq");
    world.obliging = false;
    world.send(
        node("notification",
             {{"from", Jid::parse("s.whatsapp.net").value()}, {"id", "D1"}, {"type", "encrypt"}},
             {node("digest")}));
    world.run();
    world.send(node("iq",
                    {{"from", Jid::parse("s.whatsapp.net").value()},
                     {"id", with_child(world, "digest").at(0).id()},
                     {"type", "error"}},
                    {node("error", {{"code", "404"}, {"text", "item-not-found"}})}));
    world.run();
    CHECK(uploads(world).size() == 1);
}

TEST_CASE("the signed prekey is renewed every 30 days, and the earlier ones stay") {
    World world;
    world.be_linked();
    world.log_in();
    world.pass(std::chrono::days{29});
    CHECK(with_child(world, "rotate").empty());
    world.pass(std::chrono::days{3});
    const auto first = with_child(world, "rotate");
    REQUIRE(first.size() == 1);
    const wire::Node* const key = first[0]->child("rotate")->child("skey");
    CHECK(read_be<3>(key->child("id")->bytes()) == 2);
    CHECK(store::SignedPreKeys{*world.sessions}.ids() == std::vector<std::uint32_t>{1, 2});
    world.pass(std::chrono::days{31});
    CHECK(with_child(world, "rotate").size() == 1);
    CHECK(store::SignedPreKeys{*world.sessions}.ids() == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE(
    "a renewal that the server refuses: keys are compared, the same one is offered next day") {
    World world;
    world.be_linked();
    world.log_in();
    world.pass(std::chrono::days{29});
    world.take_sent("iq");
    bool refused = false;
    std::set<std::uint64_t> offered;
    int checks = 0;
    world.oblige_first = [&](const Sent& request) {
        if (request->child("digest") != nullptr) {
            ++checks;
            return false;
        }
        if (const wire::Node* rotate = request->child("rotate"); rotate != nullptr) {
            offered.insert(read_be<3>(rotate->child("skey")->child("id")->bytes()));
            if (!refused) {
                refused = true;
                world.send(node("iq", {{"from", Jid::parse("s.whatsapp.net").value()},
                                       {"id", request.id()},
                                       {"type", "error"}}));
                return true;
            }
        }
        return false;
    };
    world.pass(std::chrono::days{5});
    CHECK(refused);
    CHECK(checks >= 1);
    CHECK(offered == std::set<std::uint64_t>{2});
}

} // namespace vestari::test
