#include "tests/sim/referee/referee.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t listed = 100;

struct Shape {
    std::string_view name;
    std::string_view pattern;
};

// wire/10-connection.md section 14, row by row. Row 17: for an own message in a group `to` is the group and `participant` the own
// user (section 11.4: `to` = `from`). Row 15: error 500 is the second step of 20-messages.md section 2.4.
constexpr std::array shapes{
    Shape{"1 pair-device result", "iq to=$server type=result id=*"},
    Shape{"2 pair-device-sign", "iq to=$server type=result id=* { pair-device-sign { "
                                "device-identity key-index=# :1-4096 } }"},
    Shape{"3 pairing refused", "iq to=$server type=error id=* { error code=401|500 text=* }"},
    Shape{"4 companion_hello",
          "iq to=$server type=set id=* xmlns=md { link_code_companion_reg jid=* "
          "stage=companion_hello should_show_push_notification=true|false { "
          "link_code_pairing_wrapped_companion_ephemeral_pub :80 companion_server_auth_key_pub :32 "
          "companion_platform_id :1 companion_platform_display :1-100 link_code_pairing_nonce :1 } "
          "}"},
    Shape{"5 companion_finish",
          "iq to=$server type=set id=* xmlns=md { link_code_companion_reg jid=* "
          "stage=companion_finish { link_code_pairing_wrapped_key_bundle :156 "
          "companion_identity_public :32 link_code_pairing_ref :* } }"},
    Shape{"6 pre-key count", "iq to=$server type=get id=* xmlns=encrypt { count }"},
    Shape{"7 pre-key upload", "iq to=$server type=set id=* xmlns=encrypt { registration :4 type :1 "
                              "identity :32 list { key+ { id :3 value :32 } } skey { id :3 value "
                              ":32 signature :64 } }"},
    Shape{"8 digest", "iq to=$server type=get id=* xmlns=encrypt { digest }"},
    Shape{"9 rotate", "iq to=$server type=set id=* xmlns=encrypt { rotate { skey { id :3 value :32 "
                      "signature :64 } } }"},
    Shape{"10 active", "iq to=$server type=set id=* xmlns=passive { active }"},
    Shape{"10 passive", "iq to=$server type=set id=* xmlns=passive { passive }"},
    Shape{"11 keep-alive", "iq to=$server type=get id=* xmlns=w:p"},
    Shape{"12 pong", "iq to=$server type=result id?=*"},
    Shape{"13 clean", "iq to=$server type=set id=* xmlns=urn:xmpp:whatsapp:dirty { clean type=* "
                      "timestamp?=# }"},
    Shape{"14 offline_batch", "ib { offline_batch count=# }"},
    Shape{"15 ack", "ack class=message|receipt|notification|call|status|appdata id=* to=* "
                    "participant?=* recipient?=* type?=* error?=487|500"},
    Shape{"16 receipt inactive", "receipt id=* to=* participant?=* recipient?=* type=inactive"},
    Shape{"17 receipt sender", "receipt id=* to=$mine participant?=* recipient?=* type=sender"},
    Shape{"17 receipt sender, in a group",
          "receipt id=* to=$group participant=$mine recipient?=* type=sender"},
    Shape{"18 receipt peer_msg", "receipt id=* to=$user type=peer_msg"},
    Shape{"19 receipt hist_sync", "receipt id=* to=$user type=hist_sync"},
    Shape{"20 retry",
          "receipt id=* to=* participant?=* recipient?=* category?=peer type=retry { retry "
          "count=#1-4 id=* t=# v=1 error?=#0-13 registration :4 keys? { type :1 identity :32 key { "
          "id :3 value :32 } skey { id :3 value :32 signature :64 } device-identity :1-4096 } }"},
    Shape{"21 app-state read", "iq to=$server type=set id=* xmlns=w:sync:app:state { sync { "
                               "collection+ name=* version?=# return_snapshot=true|false } }"},
    Shape{"22 group details",
          "iq to=$group type=get id=* xmlns=w:g2 { query request=interactive }"},
    Shape{
        "23 group list",
        "iq to=$groups type=get id=* xmlns=w:g2 { participating { participants? description? } }"},
    Shape{"24 media_conn", "iq to=$server type=set id=* xmlns=w:m { media_conn }"},
    Shape{"25 media re-upload",
          "receipt id=* to=$user type=server-error { encrypt { enc_p :* enc_iv :12 } rmr jid=* "
          "from_me=true|false participant?=* }"},
    Shape{"26 unlink", "iq to=$server type=set id=* xmlns=md { remove-companion-device jid=$own "
                       "reason=user_initiated }"},
    Shape{"27 usync", "iq to=$server type=get id=* xmlns=usync { usync context=* mode=query sid=* "
                      "index=0 last=true { query { contact? lid? devices? } list { user+ jid=* } } "
                      "}"},
};

// A result is row 1 or row 12 by what was asked.
bool was_asked(std::string_view row, const Stanza& stanza, const Sight& sight) {
    const std::string id = text_of(stanza, "id");
    if (row.starts_with("12")) {
        return has(stanza, "id") ? sight.ping_ids.contains(id) : sight.bare_pings;
    }
    if (row.starts_with("1 ") || row.starts_with("2 ") || row.starts_with("3 ")) {
        return sight.pair_ids.contains(id);
    }
    return true;
}

std::string fault_of_ack(const Stanza& stanza, const Sight& sight) {
    const std::string tag = text_of(stanza, "class");
    const auto type = sight.delivered(tag, stanza);
    if (!type) {
        return "acknowledges what was never delivered";
    }
    if (tag == "message") {
        return has(stanza, "type") ? "the ack of a message has a type" : "";
    }
    if (has(stanza, "error")) {
        return "a negative ack of what is no message";
    }
    const bool same = text_of(stanza, "type") == *type;
    const bool left_out = tag == "notification" && *type == "encrypt" && !has(stanza, "type");
    return same || left_out ? "" : "the ack's type is not the stanza's";
}

std::string fault_of_receipt(const Stanza& stanza, const Sight& sight) {
    const std::string type = text_of(stanza, "type");
    const bool elsewhere = type == "peer_msg" || type == "hist_sync" || type == "server-error";
    return elsewhere || sight.delivered("message", stanza)
               ? ""
               : "a receipt for what was never delivered";
}

} // namespace

Referee::Referee() {
    for (const Shape& shape : shapes) {
        rows_.push_back({std::string{shape.name}, read_pattern(shape.pattern)});
    }
}

void Referee::judge(const Stanza& stanza, const Sight& sight) {
    ++report_.stanzas;
    std::string why = "no shape of the closed set";
    for (const Row& row : rows_) {
        if (!matches(row.pattern, stanza, sight.own)) {
            continue;
        }
        why = fault_of(row, stanza, sight);
        if (why.empty()) {
            ++report_.shapes[row.name];
            return;
        }
    }
    forbidden(why, to_xml(stanza));
}

void Referee::undecodable(std::string_view why) {
    ++report_.stanzas;
    forbidden(why, {});
}

void Referee::forbidden(std::string_view why, std::string what) {
    if (report_.violations.size() < listed) {
        report_.violations.push_back({std::string{why}, std::move(what)});
    } else {
        ++report_.more_violations;
    }
}

std::string Referee::fault_of(const Row& row, const Stanza& stanza, const Sight& sight) const {
    if (!was_asked(row.name, stanza, sight)) {
        return "answers what was not asked";
    }
    if (stanza.tag == "ack") {
        return fault_of_ack(stanza, sight);
    }
    return stanza.tag == "receipt" ? fault_of_receipt(stanza, sight) : std::string{};
}

} // namespace vestari::sim
