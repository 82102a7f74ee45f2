// The exact table of shapes, row by row of wire/10-connection.md section 14. Written from the specification, not from encode.cpp.
#include "bridge/outbound/shape/rules.hpp"

namespace vestari::outbound::rule {

namespace {

using enum Kind;
constexpr Need maybe = Need::optional;

constexpr Node empty(std::string_view tag) { return {.tag = tag}; }
constexpr Node bytes(std::string_view tag, std::size_t least, std::size_t most) {
    return {.tag = tag, .content = Content::bytes, .least = least, .most = most};
}
constexpr Node bytes(std::string_view tag, std::size_t size) { return bytes(tag, size, size); }
constexpr Node one_of(std::string_view tag, std::string_view words) {
    return {.tag = tag, .content = Content::words, .words = words};
}
constexpr Node parent(std::string_view tag, std::span<const Child> children) {
    return {.tag = tag, .content = Content::children, .children = children};
}
constexpr Node leaf(std::string_view tag, std::span<const Attribute> attributes) {
    return {.tag = tag, .attributes = attributes};
}
constexpr Node parent(std::string_view tag, std::span<const Attribute> attributes,
                      std::span<const Child> children) {
    return {
        .tag = tag, .attributes = attributes, .content = Content::children, .children = children};
}

// Requests to the server: id, to, type, xmlns.
constexpr Attribute iq_attribute_id{"id", request_id};
constexpr Attribute to_server{"to", server};
#define VESTARI_REQUEST(name, type, xmlns)                                                         \
    constexpr Attribute name[] = {                                                                 \
        iq_attribute_id, to_server, {"type", word, type}, {"xmlns", word, xmlns}}
VESTARI_REQUEST(get_encrypt, "get", "encrypt");
VESTARI_REQUEST(set_encrypt, "set", "encrypt");
VESTARI_REQUEST(set_md, "set", "md");
VESTARI_REQUEST(set_passive, "set", "passive");
VESTARI_REQUEST(get_ping, "get", "w:p");
VESTARI_REQUEST(set_dirty, "set", "urn:xmpp:whatsapp:dirty");
VESTARI_REQUEST(set_app_state, "set", "w:sync:app:state");
VESTARI_REQUEST(set_media, "set", "w:m");
#undef VESTARI_REQUEST

// 1, 12
constexpr Attribute result_attributes[] = {
    to_server, {"type", word, "result"}, {"id", text, {}, maybe}};
constexpr Node iq_result = leaf("iq", result_attributes);

// 2
constexpr Attribute answer_attributes[] = {to_server, {"type", word, "result"}, {"id", text}};
constexpr Attribute key_index[] = {{"key-index", number}};
constexpr Node paired_identity{.tag = "device-identity",
                               .attributes = key_index,
                               .content = Content::bytes,
                               .least = 1,
                               .most = 65536};
constexpr Child pair_sign_children[] = {{&paired_identity}};
constexpr Node pair_sign = parent("pair-device-sign", pair_sign_children);
constexpr Child pair_sign_iq_children[] = {{&pair_sign}};
constexpr Node pair_sign_iq = parent("iq", answer_attributes, pair_sign_iq_children);

// 3
constexpr Attribute error_attributes[] = {to_server, {"type", word, "error"}, {"id", text}};
constexpr Attribute unauthorized_attributes[] = {
    {"code", word, "401"}, {"text", word, "hmac-mismatch|signature-mismatch"}};
constexpr Attribute internal_attributes[] = {{"code", word, "500"},
                                             {"text", word, "internal-error"}};
constexpr Node unauthorized = leaf("error", unauthorized_attributes);
constexpr Node internal = leaf("error", internal_attributes);
constexpr Child unauthorized_children[] = {{&unauthorized}};
constexpr Child internal_children[] = {{&internal}};
constexpr Node unauthorized_iq = parent("iq", error_attributes, unauthorized_children);
constexpr Node internal_iq = parent("iq", error_attributes, internal_children);

// 4
constexpr Attribute hello_attributes[] = {{"jid", phone_user},
                                          {"stage", word, "companion_hello"},
                                          {"should_show_push_notification", word, "true"}};
constexpr Node wrapped_ephemeral = bytes("link_code_pairing_wrapped_companion_ephemeral_pub", 80);
constexpr Node noise_key = bytes("companion_server_auth_key_pub", 32);
constexpr Node platform_id = one_of("companion_platform_id", "1|7");
constexpr Node platform_display = bytes("companion_platform_display", 1, 100);
constexpr Node nonce = one_of("link_code_pairing_nonce", "0");
constexpr Child hello_children[] = {
    {&wrapped_ephemeral}, {&noise_key}, {&platform_id}, {&platform_display}, {&nonce}};
constexpr Node hello = parent("link_code_companion_reg", hello_attributes, hello_children);
constexpr Child hello_iq_children[] = {{&hello}};
constexpr Node hello_iq = parent("iq", set_md, hello_iq_children);

// 5
constexpr Attribute finish_attributes[] = {{"jid", phone_user},
                                           {"stage", word, "companion_finish"}};
constexpr Node bundle = bytes("link_code_pairing_wrapped_key_bundle", 156);
constexpr Node companion_identity = bytes("companion_identity_public", 32);
constexpr Node pairing_ref = bytes("link_code_pairing_ref", 1, 1024);
constexpr Child finish_children[] = {{&bundle}, {&companion_identity}, {&pairing_ref}};
constexpr Node finish = parent("link_code_companion_reg", finish_attributes, finish_children);
constexpr Child finish_iq_children[] = {{&finish}};
constexpr Node finish_iq = parent("iq", set_md, finish_iq_children);

// 6, 8
constexpr Node count = empty("count");
constexpr Node digest = empty("digest");
constexpr Child count_children[] = {{&count}};
constexpr Child digest_children[] = {{&digest}};
constexpr Node count_iq = parent("iq", get_encrypt, count_children);
constexpr Node digest_iq = parent("iq", get_encrypt, digest_children);

// 7, 9, and the keys of 20
constexpr Node registration = bytes("registration", 4);
constexpr Node key_type = one_of("type", "\x05");
constexpr Node identity = bytes("identity", 32);
constexpr Node key_id = bytes("id", 3);
constexpr Node key_value = bytes("value", 32);
constexpr Node signature = bytes("signature", 64);
constexpr Child key_children[] = {{&key_id}, {&key_value}};
constexpr Child signed_key_children[] = {{&key_id}, {&key_value}, {&signature}};
constexpr Node key = parent("key", key_children);
constexpr Node signed_key = parent("skey", signed_key_children);
constexpr Child list_children[] = {{&key, 1, 1000}};
constexpr Node key_list = parent("list", list_children);
constexpr Child upload_children[] = {
    {&registration}, {&key_type}, {&identity}, {&key_list}, {&signed_key}};
constexpr Node upload_iq = parent("iq", set_encrypt, upload_children);
constexpr Child rotate_children[] = {{&signed_key}};
constexpr Node rotate = parent("rotate", rotate_children);
constexpr Child rotate_iq_children[] = {{&rotate}};
constexpr Node rotate_iq = parent("iq", set_encrypt, rotate_iq_children);

// 10, 11
constexpr Node active = empty("active");
constexpr Node passive = empty("passive");
constexpr Child active_children[] = {{&active}};
constexpr Child passive_children[] = {{&passive}};
constexpr Node active_iq = parent("iq", set_passive, active_children);
constexpr Node passive_iq = parent("iq", set_passive, passive_children);
constexpr Node ping_iq = leaf("iq", get_ping);

// 13
constexpr Attribute clean_attributes[] = {
    {"type", word, "account_sync|groups|communities|syncd_app_state|newsletter_metadata"},
    {"timestamp", number, {}, maybe}};
constexpr Node clean = leaf("clean", clean_attributes);
constexpr Child clean_children[] = {{&clean}};
constexpr Node clean_iq = parent("iq", set_dirty, clean_children);

// 14
constexpr Attribute batch_attributes[] = {{"count", number}};
constexpr Node batch = leaf("offline_batch", batch_attributes);
constexpr Child batch_children[] = {{&batch}};
constexpr Node batch_ib = parent("ib", batch_children);

// 15. No `from`, and for messages no `type`: section 11.2.
constexpr Attribute message_ack_attributes[] = {{"class", word, "message|status|appdata"},
                                                {"id", text},
                                                {"to", anyone},
                                                {"participant", anyone, {}, maybe},
                                                {"recipient", anyone, {}, maybe},
                                                {"error", word, "487|500", maybe}};
constexpr Attribute ack_attributes[] = {{"class", word, "notification|receipt|call"},
                                        {"id", text},
                                        {"to", anyone},
                                        {"participant", anyone, {}, maybe},
                                        {"recipient", anyone, {}, maybe},
                                        {"type", text, {}, maybe}};
constexpr Node message_ack = leaf("ack", message_ack_attributes);
constexpr Node other_ack = leaf("ack", ack_attributes);

// 16 to 19
constexpr Attribute inactive_attributes[] = {{"id", text},
                                             {"to", conversation},
                                             {"participant", anyone, {}, maybe},
                                             {"recipient", anyone, {}, maybe},
                                             {"type", word, "inactive"}};
constexpr Attribute sender_attributes[] = {{"id", text},
                                           {"to", own_anywhere},
                                           {"participant", anyone, {}, maybe},
                                           {"recipient", anyone, {}, maybe},
                                           {"type", word, "sender"}};
// An own message in a group: `to` = `from`, and the author is oneself (wire/20-messages.md, vectors of the whole way).
constexpr Attribute sender_group_attributes[] = {{"id", text},
                                                 {"to", group_or_server},
                                                 {"participant", own_anywhere},
                                                 {"recipient", anyone, {}, maybe},
                                                 {"type", word, "sender"}};
constexpr Attribute peer_attributes[] = {
    {"id", text}, {"to", own_user}, {"type", word, "peer_msg|hist_sync"}};
constexpr Node inactive_receipt = leaf("receipt", inactive_attributes);
constexpr Node sender_receipt = leaf("receipt", sender_attributes);
constexpr Node sender_group_receipt = leaf("receipt", sender_group_attributes);
constexpr Node peer_receipt = leaf("receipt", peer_attributes);

// 20
constexpr Attribute retry_attributes[] = {{"count", word, "1|2|3|4"},
                                          {"id", text},
                                          {"t", number},
                                          {"v", word, "1"},
                                          {"error", word, "1|2|3|4|5|7", maybe}};
constexpr Attribute retry_receipt_attributes[] = {{"id", text},
                                                  {"to", conversation},
                                                  {"participant", anyone, {}, maybe},
                                                  {"recipient", anyone, {}, maybe},
                                                  {"category", word, "peer", maybe},
                                                  {"type", word, "retry"}};
constexpr Node retry = leaf("retry", retry_attributes);
constexpr Node full_identity = bytes("device-identity", 1, 65536);
constexpr Child keys_children[] = {
    {&key_type}, {&identity}, {&key}, {&signed_key}, {&full_identity}};
constexpr Node keys = parent("keys", keys_children);
constexpr Child retry_children[] = {{&retry}, {&registration}, {&keys, 0, 1}};
constexpr Node retry_receipt = parent("receipt", retry_receipt_attributes, retry_children);

// 21
constexpr Attribute collection_attributes[] = {
    {"name", word, "critical_block|critical_unblock_low|regular_high|regular_low|regular"},
    {"return_snapshot", word, "true|false"},
    {"version", number, {}, maybe}};
constexpr Node collection = leaf("collection", collection_attributes);
constexpr Child sync_children[] = {{&collection, 1, 5}};
constexpr Node sync = parent("sync", sync_children);
constexpr Child sync_iq_children[] = {{&sync}};
constexpr Node sync_iq = parent("iq", set_app_state, sync_iq_children);

// 22
constexpr Attribute group_attributes[] = {
    iq_attribute_id, {"to", group}, {"type", word, "get"}, {"xmlns", word, "w:g2"}};
constexpr Attribute query_attributes[] = {{"request", word, "interactive"}};
constexpr Node query = leaf("query", query_attributes);
constexpr Child query_children[] = {{&query}};
constexpr Node query_iq = parent("iq", group_attributes, query_children);

// 23
constexpr Attribute groups_attributes[] = {
    iq_attribute_id, {"to", group_server}, {"type", word, "get"}, {"xmlns", word, "w:g2"}};
constexpr Node participants = empty("participants");
constexpr Node description = empty("description");
constexpr Child participating_children[] = {{&participants}, {&description}};
constexpr Node participating = parent("participating", participating_children);
constexpr Child groups_children[] = {{&participating}};
constexpr Node groups_iq = parent("iq", groups_attributes, groups_children);

// 24
constexpr Node media = empty("media_conn");
constexpr Child media_children[] = {{&media}};
constexpr Node media_iq = parent("iq", set_media, media_children);

// 26
constexpr Attribute unlink_attributes[] = {{"jid", own_device}, {"reason", word, "user_initiated"}};
constexpr Node unlink = leaf("remove-companion-device", unlink_attributes);
constexpr Child unlink_children[] = {{&unlink}};
constexpr Node unlink_iq = parent("iq", set_md, unlink_children);

// A retry receipt names the message twice; it is about one. As peer traffic it goes to the own account.
bool one_message(const wire::Node& receipt, const Own& own) noexcept {
    const auto id = receipt.text_of("id");
    if (receipt.children().empty() || receipt.children()[0].text_of("id") != id) {
        return false;
    }
    const auto to = receipt.jid_of("to");
    return receipt.find("category") == nullptr ||
           (to && ((own.pn && to->same_user(*own.pn)) || (own.lid && to->same_user(*own.lid))));
}

// A whole snapshot, or what follows a version; each collection once.
bool whole_or_since(const wire::Node& iq, const Own&) noexcept {
    const std::span<const wire::Node> all = iq.children()[0].children();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if ((all[i].text_of("return_snapshot") == "true") == (all[i].find("version") != nullptr)) {
            return false;
        }
        for (std::size_t before = 0; before < i; ++before) {
            if (all[before].text_of("name") == all[i].text_of("name")) {
                return false;
            }
        }
    }
    return true;
}

constexpr Row rows[] = {
    {Shape::message_ack, &message_ack},
    {Shape::ack, &other_ack},
    {Shape::inactive_receipt, &inactive_receipt},
    {Shape::sender_receipt, &sender_receipt},
    {Shape::sender_receipt_group, &sender_group_receipt},
    {Shape::peer_receipt, &peer_receipt},
    {Shape::retry_receipt, &retry_receipt, one_message},
    {Shape::iq_result, &iq_result},
    {Shape::ping, &ping_iq},
    {Shape::pair_device_sign, &pair_sign_iq},
    {Shape::pair_device_refused, &unauthorized_iq},
    {Shape::pair_device_refused, &internal_iq},
    {Shape::companion_hello, &hello_iq},
    {Shape::companion_finish, &finish_iq},
    {Shape::pre_key_count, &count_iq},
    {Shape::pre_key_upload, &upload_iq},
    {Shape::pre_key_digest, &digest_iq},
    {Shape::signed_pre_key, &rotate_iq},
    {Shape::delivery, &active_iq},
    {Shape::delivery, &passive_iq},
    {Shape::clean, &clean_iq},
    {Shape::offline_batch, &batch_ib},
    {Shape::app_state_read, &sync_iq, whole_or_since},
    {Shape::group_query, &query_iq},
    {Shape::group_list, &groups_iq},
    {Shape::media_hosts, &media_iq},
    {Shape::unlink, &unlink_iq},
};

} // namespace

std::span<const Row> table() noexcept { return rows; }

} // namespace vestari::outbound::rule
