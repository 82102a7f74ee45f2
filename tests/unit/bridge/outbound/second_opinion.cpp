#include "tests/unit/bridge/outbound/second_opinion.hpp"

#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"

namespace vestari::test {

namespace {

constexpr std::string_view table[] = {
    "iq to=S type=result id?=T",
    "iq to=S type=result id=T { pair-device-sign { device-identity key-index=N #1-65536 } }",
    "iq to=S type=error id=T { error code=401 text=hmac-mismatch|signature-mismatch }",
    "iq to=S type=error id=T { error code=500 text=internal-error }",
    "iq to=S type=set id=Q xmlns=md { link_code_companion_reg jid=P stage=companion_hello "
    "should_show_push_notification=true { "
    "link_code_pairing_wrapped_companion_ephemeral_pub #80 ; companion_server_auth_key_pub #32 ; "
    "companion_platform_id $31|37 ; "
    "companion_platform_display #1-100 ; link_code_pairing_nonce $30 } }",
    "iq to=S type=set id=Q xmlns=md { link_code_companion_reg jid=P stage=companion_finish { "
    "link_code_pairing_wrapped_key_bundle #156 ; companion_identity_public #32 ; "
    "link_code_pairing_ref #1-1024 } }",
    "iq to=S type=get id=Q xmlns=encrypt { count }",
    "iq to=S type=set id=Q xmlns=encrypt { registration #4 ; type $05 ; identity #32 ; list { "
    "1-1000* key { id #3 ; value #32 } } ; "
    "skey { id #3 ; value #32 ; signature #64 } }",
    "iq to=S type=get id=Q xmlns=encrypt { digest }",
    "iq to=S type=set id=Q xmlns=encrypt { rotate { skey { id #3 ; value #32 ; signature #64 } } }",
    "iq to=S type=set id=Q xmlns=passive { active }",
    "iq to=S type=set id=Q xmlns=passive { passive }",
    "iq to=S type=get id=Q xmlns=w:p",
    "iq to=S type=set id=Q xmlns=urn:xmpp:whatsapp:dirty { clean "
    "type=account_sync|groups|communities|syncd_app_state|newsletter_metadata timestamp?=N }",
    "ib { offline_batch count=N }",
    "ack class=message|status|appdata id=T to=J participant?=J recipient?=J error?=487|500",
    "ack class=notification|receipt|call id=T to=J participant?=J recipient?=J type?=T",
    "receipt id=T to=C participant?=J recipient?=J type=inactive",
    "receipt id=T to=O participant?=J recipient?=J type=sender",
    "receipt id=T to=H participant=O recipient?=J type=sender",
    "receipt id=T to=U type=peer_msg",
    "receipt id=T to=U type=hist_sync",
    "receipt id=T to=C participant?=J recipient?=J type=retry { retry count=1|2|3|4 id=T t=N v=1 "
    "error?=1|2|3|4|5|7 ; registration #4 ; "
    "0-1* keys { type $05 ; identity #32 ; key { id #3 ; value #32 } ; skey { id #3 ; value #32 ; "
    "signature #64 } ; "
    "device-identity #1-65536 } }",
    "receipt id=T to=O participant?=J recipient?=J category=peer type=retry { retry count=1|2|3|4 "
    "id=T t=N v=1 "
    "error?=1|2|3|4|5|7 ; registration #4 ; 0-1* keys { type $05 ; identity #32 ; key { id #3 ; "
    "value #32 } ; "
    "skey { id #3 ; value #32 ; signature #64 } ; device-identity #1-65536 } }",
    "iq to=S type=set id=Q xmlns=w:sync:app:state { sync { 1-5* collection "
    "name=critical_block|critical_unblock_low|regular_high|regular_low|regular "
    "return_snapshot=true|false version?=N } }",
    "iq to=G type=get id=Q xmlns=w:g2 { query request=interactive }",
    "iq to=Z type=get id=Q xmlns=w:g2 { participating { participants ; description } }",
    "iq to=S type=set id=Q xmlns=w:m { media_conn }",
    "iq to=S type=set id=Q xmlns=md { remove-companion-device jid=D reason=user_initiated }",
};

struct Pattern {
    std::size_t least = 1, most = 1;
    std::string tag;
    std::map<std::string, std::pair<bool, std::string>> attributes; // key: must be there, values
    std::string content;                                            // "#…", "$…" or empty
    std::vector<Pattern> children;
};

std::pair<std::size_t, std::size_t> range_of(const std::string& text) { // "4" or "1-100"
    const std::size_t dash = text.find('-');
    const std::size_t least = std::stoul(text.substr(0, dash));
    return {least, dash == std::string::npos ? least : std::stoul(text.substr(dash + 1))};
}

Pattern read(std::istringstream& words) { // up to its end, ";" or "}"
    Pattern pattern;
    std::string word;
    while (words >> word) {
        if (word == ";" || word == "}") {
            words.seekg(-static_cast<std::streamoff>(word.size()), std::ios::cur);
            break;
        }
        if (word == "{") {
            do {
                pattern.children.push_back(read(words));
                VESTARI_CHECK(words >> word);
            } while (word == ";");
            VESTARI_CHECK(word == "}");
        } else if (word.ends_with('*')) {
            std::tie(pattern.least, pattern.most) = range_of(word.substr(0, word.size() - 1));
        } else if (const std::size_t sign = word.find('='); sign != std::string::npos) {
            const bool maybe = word[sign - 1] == '?';
            pattern.attributes[word.substr(0, sign - (maybe ? 1 : 0))] = {!maybe,
                                                                          word.substr(sign + 1)};
        } else if (word[0] == '#' || word[0] == '$') {
            pattern.content = word;
        } else {
            VESTARI_CHECK(pattern.tag.empty());
            pattern.tag = word;
        }
    }
    return pattern;
}

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts(1);
    for (const char c : text) {
        if (c == at) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

bool is_number(const std::string& text, const std::string& most = "18446744073709551615") {
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return false;
        }
    }
    return !text.empty() && (text == "0" || text[0] != '0') &&
           (text.size() < most.size() || (text.size() == most.size() && text <= most));
}

bool is_request_id(const std::string& text) {
    const auto halves = split(text, '-');
    const auto front = split(halves[0], '.');
    return halves.size() == 2 && front.size() == 2 && is_number(front[0], "255") &&
           is_number(front[1], "255") && is_number(halves[1], "4294967295");
}

std::string_view family(std::string_view server) {
    return server == "c.us" || server == "hosted" ? "s.whatsapp.net"
           : server == "hosted.lid"               ? "lid"
                                                  : server;
}

bool fits_jid(char letter, const Jid& jid, const outbound::Own& own) {
    const auto is = [&jid](const std::optional<Jid>& one) {
        return one && jid.user() == one->user() && family(jid.server()) == family(one->server());
    };
    switch (letter) {
    case 'G': return jid.server() == "g.us" && !jid.user().empty();
    case 'H': return jid.server() == "g.us";
    case 'C': return jid.server() != "newsletter" && jid.to_string() != "status@broadcast";
    case 'J': return true;
    case 'P':
        return jid.server() == "s.whatsapp.net" && jid.device() == 0 && is_number(jid.user()) &&
               jid.user()[0] != '0' && jid.user().size() > 6 && jid.user().size() < 16;
    case 'U': return (is(own.pn) || is(own.lid)) && jid.device() == 0;
    case 'O': return is(own.pn) || is(own.lid);
    case 'D': return own.pn && jid == *own.pn && jid.device() != 0;
    default: return false;
    }
}

bool fits(const std::string& values, const wire::Value& value, const outbound::Own& own) {
    const auto* const view = std::get_if<wire::JidView>(&value);
    const std::string text = view == nullptr ? std::string{std::get<std::string_view>(value)} : "";
    if (values.size() != 1 || values[0] < 'A' || values[0] > 'Z') {
        const auto words = split(values, '|');
        return view == nullptr && std::set<std::string>(words.begin(), words.end()).contains(text);
    }
    switch (values[0]) {
    case 'Q': return view == nullptr && is_request_id(text);
    case 'T': return view == nullptr && !text.empty();
    case 'N': return view == nullptr && is_number(text);
    case 'S': return view != nullptr && view->to_string() == "s.whatsapp.net";
    case 'Z': return view != nullptr && view->to_string() == "g.us";
    default: break;
    }
    if (view == nullptr && text.find('@') == std::string::npos) {
        return false;
    }
    const Result<Jid> jid = view != nullptr ? view->to_jid() : Jid::parse(text);
    if (view != nullptr && (!jid || jid->user() != view->user)) {
        return false; // an agent, or nobody at all
    }
    return jid && fits_jid(values[0], *jid, own);
}

bool agrees(const Pattern& pattern, const wire::Node& node, const outbound::Own& own);

bool children_agree(const Pattern& pattern, std::span<const wire::Node> children,
                    const outbound::Own& own) {
    for (const Pattern& child : pattern.children) {
        std::size_t taken = 0;
        while (taken < children.size() && taken < child.most && children[taken].tag == child.tag) {
            if (!agrees(child, children[taken], own)) {
                return false;
            }
            ++taken;
        }
        if (taken < child.least) {
            return false;
        }
        children = children.subspan(taken);
    }
    return children.empty();
}

bool content_agrees(const Pattern& pattern, const wire::Node& node, const outbound::Own& own) {
    using Content = wire::Node::Content;
    if (!pattern.children.empty()) {
        return node.content() == Content::children && children_agree(pattern, node.children(), own);
    }
    if (pattern.content.empty()) {
        return node.content() == Content::none;
    }
    if (node.content() != Content::bytes) {
        return false;
    }
    if (pattern.content[0] == '$') {
        const auto all = split(std::string_view{pattern.content}.substr(1), '|');
        return std::set<std::string>(all.begin(), all.end()).contains(to_hex(node.bytes()));
    }
    const auto [least, most] = range_of(pattern.content.substr(1));
    return node.bytes().size() >= least && node.bytes().size() <= most;
}

bool agrees(const Pattern& pattern, const wire::Node& node, const outbound::Own& own) {
    if (node.tag != pattern.tag) {
        return false;
    }
    std::set<std::string> seen;
    for (const wire::Attribute& attribute : node.attributes) {
        const std::string key{attribute.key};
        const auto rule = pattern.attributes.find(key);
        if (rule == pattern.attributes.end() || !seen.insert(key).second ||
            !fits(rule->second.second, attribute.value, own)) {
            return false;
        }
    }
    for (const auto& [key, rule] : pattern.attributes) {
        if (rule.first && !seen.contains(key)) {
            return false;
        }
    }
    return content_agrees(pattern, node, own);
}

// What a row cannot say: the two ids of a retry are one, a read is whole or since a version, each collection once.
bool whole(const wire::Node& stanza) {
    if (stanza.tag == "receipt" && !stanza.children().empty()) {
        return *stanza.find("id") == *stanza.children()[0].find("id");
    }
    if (stanza.tag == "iq" && !stanza.children().empty() && stanza.children()[0].tag == "sync") {
        std::set<std::string_view> names;
        for (const wire::Node& one : stanza.children()[0].children()) {
            const bool since = one.find("version") != nullptr;
            if (since != (one.text_of("return_snapshot") == "false") ||
                !names.insert(*one.text_of("name")).second) {
                return false;
            }
        }
    }
    return true;
}

} // namespace

bool second_opinion(const wire::Node& stanza, const outbound::Own& own) {
    static const std::vector<Pattern> patterns = [] {
        std::vector<Pattern> all;
        for (const std::string_view row : table) {
            std::istringstream words{std::string{row}};
            all.push_back(read(words));
        }
        return all;
    }();
    for (const Pattern& pattern : patterns) {
        if (agrees(pattern, stanza, own)) {
            return whole(stanza);
        }
    }
    return false;
}

} // namespace vestari::test
