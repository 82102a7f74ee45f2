// Every kind of the closed set is written as the peers write it, and read by the guard: vectors of Baileys and of the message
// specification.
#include <algorithm>
#include <array>

#include <doctest/doctest.h>

#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;

namespace {

const outbound::Guard guard{own_account()};

template <std::size_t N> std::array<std::byte, N> array_of(BytesView bytes) {
    REQUIRE(bytes.size() == N);
    std::array<std::byte, N> array{};
    std::ranges::copy(bytes, array.begin());
    return array;
}

std::uint32_t number_of(BytesView bytes) {
    return static_cast<std::uint32_t>(std::stoul(to_hex(bytes), nullptr, 16));
}

// The same stanza, whatever the order of its attributes.
bool same_stanza(const wire::Node& left, const wire::Node& right) {
    if (left.tag != right.tag || left.attributes.size() != right.attributes.size() ||
        left.content() != right.content() || !std::ranges::equal(left.bytes(), right.bytes())) {
        return false;
    }
    for (const wire::Attribute& attribute : left.attributes) {
        const wire::Value* const other = right.find(attribute.key);
        if (other == nullptr || *other != attribute.value) {
            return false;
        }
    }
    return std::ranges::equal(left.children(), right.children(), same_stanza);
}

void check_is(const outbound::Outbound& ours, std::string_view frame_hex) {
    const Bytes mine = encoded(ours);
    const Bytes theirs = hex(frame_hex);
    const Result<wire::Document> left = wire::decode(mine);
    const Result<wire::Document> right = wire::decode(theirs);
    REQUIRE(left.has_value());
    REQUIRE(right.has_value());
    CAPTURE(to_hex(mine));
    CAPTURE(frame_hex);
    CHECK(same_stanza(left->root(), right->root()));
    CHECK(guard.check(mine).has_value());
}

struct Row {
    std::string_view name;
    outbound::Outbound stanza;
};

std::vector<Row> ours_of_outbound_stanzas() {
    const auto id = [](std::uint32_t count) { return RequestIds::make(count); };
    using enum out::CollectionName;
    using enum out::AckedTag;
    const Jid group = jid("120363021033254949@g.us");
    const Jid contact = jid("15557654321@s.whatsapp.net");
    const out::Addressed own{text("3EB0FE"), jid("15551234567@s.whatsapp.net")};
    return {
        {"ack_notification",
         out::Ack{{text("4211"), jid("s.whatsapp.net")}, notification, text("encrypt")}},
        {"ack_notification_group",
         out::Ack{{text("99"), group, jid("156535032389744@lid")}, notification, text("w:gp2")}},
        {"ack_receipt_read", out::Ack{{text("3EB0AA"), contact}, receipt, text("read")}},
        {"ack_receipt_delivery", out::Ack{{text("3EB0AB"), contact}, receipt}},
        {"ack_receipt_group",
         out::Ack{{text("3EB0AC"), group, jid("156535032389744:2@lid")}, receipt, text("read")}},
        {"ack_receipt_recipient",
         out::Ack{{text("3EB0AD"), own.from, {}, contact}, receipt, text("sender")}},
        {"ack_call", out::Ack{{text("77"), contact}, call}},
        {"ping_bare", out::Ping{id(1)}},
        {"pong_with_id", out::Pong{out::AnsweredId{text("1597")}}},
        {"pong_without_id", out::Pong{}},
        {"active", out::Delivery{id(1), out::DeliveryMode::active}},
        {"passive", out::Delivery{id(1), out::DeliveryMode::passive}},
        {"clean_dirty", out::Clean{id(1), out::DirtyBit::account_sync, 1700000000}},
        {"offline_batch", out::OfflineBatch{}},
        {"unlink", out::Unlink{id(1), jid("15551234567:5@s.whatsapp.net")}},
        {"receipt_inactive_dm", out::InactiveReceipt{direct_message()}},
        {"receipt_inactive_group", out::InactiveReceipt{group_message()}},
        {"receipt_sender", out::SenderReceipt{own_message()}},
        {"receipt_peer_msg", out::PeerReceipt{own}},
        {"receipt_hist_sync", out::HistoryReceipt{own}},
        {"appstate_fetch_patches", out::AppStateRead{id(1), {{regular_low, 12}}}},
        {"appstate_fetch_snapshot", out::AppStateRead{id(1), {{regular_low}}}},
        {"group_info", out::GroupQuery{id(2), out::Group::of(group).value()}},
        {"groups_all", out::GroupList{id(3)}},
        {"media_conn", out::MediaHosts{id(1)}},
        {"retry_receipt_first", retry_of(direct_message(), 1)},
    };
}

} // namespace

TEST_CASE("vectors: every allowed stanza passes if its form is ours, and is then written by us as "
          "it stands") {
    // Forms of the peer that the specification does not choose: an ack of a message with `type` or `from` (section 11.2: neither), a
    // keep-alive with a child (sections 10.1 and 16: without).
    const std::vector<std::string_view> not_ours{
        "ack_message",        "ack_message_no_from",    "ack_group_message",
        "nack_message_parse", "nack_message_unhandled", "ack_newsletter",
        "ping_with_child"};
    const std::vector<Row> rows = ours_of_outbound_stanzas();
    const json::value all = vectors("connection/outbound_stanzas.json");
    for (const json::value& one : all.at("cases").as_array()) {
        const std::string_view name = text_at(one.as_object(), "name");
        const std::string_view frame = text_at(one.at("outbound").as_object(), "frame_hex");
        CAPTURE(name);
        const auto row = std::ranges::find(rows, name, &Row::name);
        const bool ours = row != rows.end();
        CHECK(ours == (std::ranges::find(not_ours, name) == not_ours.end()));
        CHECK(guard.check(hex(frame)).has_value() == ours);
        if (ours) {
            check_is(row->stanza, frame);
        }
    }
    CHECK(all.at("cases").as_array().size() == rows.size() + not_ours.size());
}

TEST_CASE("vectors: a peer's ack of a message passes once type and from are taken out") {
    const json::value all = vectors("connection/outbound_stanzas.json");
    std::size_t seen = 0;
    for (const json::value& one : all.at("cases").as_array()) {
        const json::object& tree = one.at("outbound").at("tree").as_object();
        wire::OutNode node = out_node(tree);
        if (node.tag != "ack" ||
            std::string_view{tree.at("attrs").at("class").as_string()} != "message") {
            continue;
        }
        CAPTURE(text_at(one.as_object(), "name"));
        std::erase_if(node.attributes,
                      [](const auto& a) { return a.first == "type" || a.first == "from"; });
        CHECK(*guard.check(wire::encode(node)) == outbound::Shape::message_ack);
        ++seen;
    }
    CHECK(seen == 6);
}

TEST_CASE("vectors: every stanza that must be impossible is refused") {
    const json::value all = vectors("connection/forbidden_stanzas.json");
    for (const json::value& one : all.at("cases").as_array()) {
        CAPTURE(text_at(one.as_object(), "name"));
        const Bytes frame = hex(text_at(one.at("outbound").as_object(), "frame_hex"));
        CHECK(guard.check(frame).error() == outbound::GuardErrc::not_allowed);
    }
    CHECK(all.at("cases").as_array().size() == 30);
}

TEST_CASE("vectors: keys are counted, uploaded, checked and rotated as the peer does it") {
    const json::object all = vectors("connection/prekeys.json").as_object();
    const auto frame = [&all](std::string_view name) {
        return text_at(all.at(name).as_object(), "frame_hex");
    };
    const auto key32 = [](const json::value& of) {
        return array_of<32>(hex(text_at(of.as_object(), "public_hex")));
    };
    const json::value& signed_json = all.at("signed_pre_key");
    const out::KeySignature signature =
        array_of<64>(hex(text_at(signed_json.as_object(), "signature_hex")));
    std::vector<out::PreKey> keys;
    for (const json::value& key : all.at("one_time_pre_keys").as_array()) {
        keys.push_back({key_id(static_cast<std::uint32_t>(key.at("id").as_int64())), key32(key)});
    }
    const out::RegistrationId registration{
        static_cast<std::uint32_t>(all.at("registration_id").as_int64())};
    check_is(out::PreKeyUpload{RequestIds::make(9),
                               registration,
                               key32(all.at("identity")),
                               keys,
                               {key_id(66051), key32(signed_json), signature}},
             frame("upload"));
    check_is(out::PreKeyCount{RequestIds::make(11)}, frame("count_query"));
    check_is(out::PreKeyDigest{RequestIds::make(12)}, frame("digest_query"));
    check_is(out::SignedPreKeyRotation{RequestIds::make(10),
                                       {key_id(66052), key32(signed_json), signature}},
             frame("rotate"));
}

TEST_CASE("vectors: pairing is answered as the peer answers it") {
    const json::value all = vectors("connection/adv_pairing.json");
    const out::AnsweredId answered{text("1234")};
    std::size_t signs = 0;
    std::size_t refusals = 0;
    for (const json::value& one : all.at("cases").as_array()) {
        const json::object& row = one.as_object();
        if (const json::value* const reply = row.if_contains("peer_reply");
            reply != nullptr && reply->is_object()) {
            const json::value& sign =
                reply->at("node").at("content").at("nodes").at(0).at("content").at("nodes").at(0);
            const std::string index{sign.at("attrs").at("key-index").as_string()};
            check_is(out::PairDeviceSign{answered, static_cast<std::uint32_t>(std::stoul(index)),
                                         hex(text_at(reply->as_object(), "device_identity_hex"))},
                     text_at(reply->as_object(), "frame_hex"));
            ++signs;
        }
        if (const json::value* const frame = row.if_contains("error_reply_frame_hex");
            frame != nullptr && frame->is_string()) {
            const std::string_view reason = text_at(row.at("error_reply").as_object(), "text");
            const out::PairFault fault = reason == "hmac-mismatch" ? out::PairFault::hmac_mismatch
                                         : reason == "signature-mismatch"
                                             ? out::PairFault::signature_mismatch
                                             : out::PairFault::internal_error;
            check_is(out::PairDeviceRefused{answered, fault}, std::string_view{frame->as_string()});
            ++refusals;
        }
    }
    CHECK(signs == 2);
    CHECK(refusals == 11);
}

TEST_CASE("vectors: retry receipts carry what the message specification wants") {
    const json::value all = vectors("messages/g-stanzas.json");
    for (const json::value& one : all.at("retry_receipts").as_array()) {
        CAPTURE(text_at(one.as_object(), "name"));
        const Bytes frame = hex(text_at(one.as_object(), "binary"));
        const Result<wire::Document> document = wire::decode(frame);
        REQUIRE(document.has_value());
        const wire::Node& root = document->root();
        const wire::Node& retry = root.children()[0];
        out::RetryReceipt ours =
            retry_of({text(*root.text_of("id")), root.jid_of("to")->to_jid().value(),
                      root.jid_of("participant")->to_jid().value()},
                     retry.number_of("count").value());
        ours.sent_at = retry.number_of("t").value();
        ours.registration = out::RegistrationId{number_of(root.children()[1].bytes())};
        if (retry.find("error") != nullptr) {
            ours.code = static_cast<out::RetryCode>(retry.number_of("error").value());
        }
        if (const wire::Node* const keys = root.child("keys")) {
            const auto part = [keys](std::size_t i) { return keys->children()[i]; };
            const std::span<const wire::Node> key = part(2).children();
            const std::span<const wire::Node> signed_key = part(3).children();
            ours.keys = {array_of<32>(part(1).bytes()),
                         {key_id(number_of(key[0].bytes())), array_of<32>(key[1].bytes())},
                         {key_id(number_of(signed_key[0].bytes())),
                          array_of<32>(signed_key[1].bytes()), array_of<64>(signed_key[2].bytes())},
                         to_bytes(part(4).bytes())};
        }
        check_is(ours, text_at(one.as_object(), "binary"));
    }
    CHECK(all.at("retry_receipts").as_array().size() >= 3);
}
