// What must not get in, must not get lost, or must not matter: private chats, forgeries, damage, hostile text, traffic beside
// the messages.
#include "tests/synth/day/day.hpp"

namespace vestari::synth {

void Day::card_number() { // the test numbers of two card schemes
    static constexpr std::string_view texts[] = {
        "Deposit for the GMT please to my card 4111 1111 1111 1111 exp 11/29 cvv 123",
        "126334 blue jub 2024 full set USD 12,150. Deposit by card 5555-5555-5555-4444",
    };
    const std::string text{texts[cards_++ % std::size(texts)]};
    say(draft(0, any_dealer(), content::text(text), "card-number"), "text", text);
}

void Day::hostile_text() {
    std::string marks = "Z";
    for (int i = 0; i < 300; ++i) {
        marks += "\u0301";
    }
    const std::string texts[] = {
        "\x1b[2J\x1b[31m126200 silver oys 2023 full set USD 8,700\x1b[0m\x1b]0;owned\x07",
        "\u202e126300\u202c blue jub \u2066"
        "2022\u2069 full set USD 9,650 \u200e\u200f",
        "1\ufe0f\u20e3 \uff11\uff12\uff14\uff12\uff17\uff10 2024 full set USD 7,700",
        marks + " 124060 2024 full set USD 11,300",
        "=cmd|'/C calc'!A0 126613LB 2023 full set USD 15,500\r\nfake line",
    };
    const std::string& text = texts[hostile_++ % std::size(texts)];
    Post post = draft(0, any_dealer(), content::text(text), "hostile-text");
    post.push_name = "\x1b[5m\u202eevil\u202c";
    say(post, "text", text);
}

void Day::forged_edit() { // by somebody else than the author
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    const std::size_t other = (about->sender + 1) % people().dealers.size();
    Post post = draft(about->group, other, {}, "forged-edit");
    post.message = content::edit(about->id, content::text("126610LN 2023 full set, 99 only"),
                                 conductor_.time());
    post.edit = "1";
    hush(post);
}

void Day::forged_revoke() {
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    const std::size_t other = (about->sender + 1) % people().dealers.size();
    Post post = draft(about->group, other, {}, "forged-revoke");
    post.message = content::revoke(about->id);
    post.edit = "7";
    hush(post);
}

void Day::forged_control() { // what only the own phone may say, said in a group and in private
    Post post = draft(any_group(), any_dealer(), {}, "forged-control");
    post.message = random().below(2) == 0
                       ? content::key_share(random().bytes(6), random().bytes(32))
                       : content::history_notification(conductor_.new_file("application/x"));
    hush(post);
    conductor_.pass(1000);
    conductor_.forged_control(2, content::key_share(random().bytes(6), random().bytes(32)));
}

void Day::twisted(Twist twist, std::string category) {
    const std::size_t where = any_group();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    Post post = draft(where, any_dealer(), content::text(text), std::move(category));
    post.twist = twist;
    const bool readable = twist == Twist::redistributed || twist == Twist::rotated ||
                          twist == Twist::group_part_first;
    if (readable) {
        mean(where, say(post, "text", text), made, "sell");
    } else if (twist == Twist::unavailable) { // the archive may note that something is missing
        const std::string id = conductor_.post(post);
        conductor_.fixture().may_learn(conductor_.told(post, id, "gap"));
    } else {
        hush(post);
    }
}

void Day::out_of_order() {
    const std::size_t where = any_group();
    const std::size_t who = any_dealer();
    for (int i = 0; i < 3; ++i) { // the first of them brings the sender key, if it is still missing
        conductor_.pass(700);
        const Offer made = any_offer(where);
        const std::string text = say_offer(random(), group(where).habit, made);
        mean(where, say(draft(where, who, content::text(text), "out-of-order"), "text", text), made,
             "sell");
    }
    conductor_.swap_last_two();
}

void Day::duplicate() {
    const std::size_t lines = conductor_.fixture().stanzas();
    for (std::size_t tries = 0; tries < lines; ++tries) {
        const std::size_t line = lines - 1 - random().below(std::min<std::size_t>(lines, 40));
        if (conductor_.counted(line) == Count::decrypted) {
            conductor_.repeat(line);
            return;
        }
    }
}

void Day::dropped_again() {
    const std::size_t lines = conductor_.fixture().stanzas();
    for (std::size_t line = lines; line-- > 0;) {
        if (conductor_.counted(line) == Count::dropped) {
            conductor_.repeat(line);
            return;
        }
    }
}

void Day::excluded_group(std::size_t index) {
    const std::string text = private_talk(random());
    Post post =
        draft(people().dealer_groups + index, any_dealer(), content::text(text), "excluded");
    post.packing = random().below(4) == 0 ? Packing::compressed : Packing::plain;
    conductor_.post(post);
}

void Day::direct() { conductor_.direct(random().below(2), content::text(private_talk(random()))); }

void Day::own_traffic() {
    switch (random().below(4)) {
    case 0:
        conductor_.own_control(content::key_share(random().bytes(6), random().bytes(32)));
        return;
    case 1: conductor_.status(2, content::text(private_talk(random()))); return;
    default: conductor_.own_to(random().below(2), content::text(private_talk(random()))); return;
    }
}

void Day::notification() {
    Stanza stanza{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    const std::string seconds = std::to_string(conductor_.time() / 1000);
    stanza.with("id", random().text(9, "123456789")).with("t", seconds);
    switch (random().below(3)) {
    case 0:
        stanza.with_jid("from", group(people().dealer_groups).jid).with("type", "w:gp2");
        stanza.children.push_back(
            {.tag = "subject", .attributes = {}, .children = {}, .bytes = {}});
        stanza.children.back().with("subject", "Archer Family & co").with("s_t", seconds);
        break;
    case 1:
        stanza.with_jid("from", group(any_group()).jid).with("type", "w:gp2");
        stanza.children.push_back(
            {.tag = "promote", .attributes = {}, .children = {}, .bytes = {}});
        break;
    default:
        stanza.with_jid("from", pn_of(people().dealers[any_dealer()])).with("type", "picture");
        stanza.children.push_back({.tag = "set", .attributes = {}, .children = {}, .bytes = {}});
        break;
    }
    conductor_.add(stanza, Count::other, "notification");
}

void Day::promote() { // the group says who its admin is
    Stanza stanza{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    const Person& admin = people().dealers[administrator];
    stanza.with_jid("from", group(administered).jid)
        .with("type", "w:gp2")
        .with("id", random().text(9, "123456789"))
        .with("t", std::to_string(conductor_.time() / 1000));
    Stanza member{.tag = "participant", .attributes = {}, .children = {}, .bytes = {}};
    member.with_jid("jid", lid_of(admin)).with_jid("phone_number", pn_of(admin));
    stanza.children.push_back({.tag = "promote", .attributes = {}, .children = {}, .bytes = {}});
    stanza.children.back().children.push_back(std::move(member));
    conductor_.add(stanza, Count::other, "notification");
}

void Day::rename() { // of an included group: the archive may note it
    Stanza stanza{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    const std::string seconds = std::to_string(conductor_.time() / 1000);
    Learned learned;
    learned.chat = group(3).jid;
    learned.id = random().text(9, "123456789");
    learned.kind = "group";
    learned.category = "renamed";
    stanza.with_jid("from", learned.chat)
        .with("type", "w:gp2")
        .with("id", learned.id)
        .with("t", seconds);
    stanza.children.push_back({.tag = "subject", .attributes = {}, .children = {}, .bytes = {}});
    stanza.children.back().with("subject", "Gold Souk B2B · Dubai").with("s_t", seconds);
    conductor_.add(stanza, Count::other, "notification");
    conductor_.fixture().may_learn(std::move(learned));
}

void Day::receipt() {
    Stanza stanza{.tag = "receipt", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", group(any_group()).jid)
        .with_jid("participant", lid_of(people().dealers[any_dealer()]))
        .with("id", conductor_.new_id())
        .with("type", "read")
        .with("t", std::to_string(conductor_.time() / 1000));
    conductor_.add(stanza, Count::other, "receipt");
}

void Day::upkeep() {
    Stanza stanza{.tag = "presence", .attributes = {}, .children = {}, .bytes = {}};
    switch (random().below(3)) {
    case 0:
        stanza.tag = "ib";
        stanza.with_jid("from", "s.whatsapp.net");
        stanza.children.push_back(
            {.tag = "offline", .attributes = {}, .children = {}, .bytes = {}});
        stanza.children.back().with("count", "3");
        break;
    case 1:
        stanza.tag = "chatstate";
        stanza.with_jid("from", group(any_group()).jid)
            .with_jid("participant", lid_of(people().dealers[any_dealer()]));
        stanza.children.push_back(
            {.tag = "composing", .attributes = {}, .children = {}, .bytes = {}});
        break;
    default:
        stanza.with_jid("from", pn_of(people().contacts[0])).with("type", "unavailable");
        break;
    }
    conductor_.add(stanza, Count::other, "upkeep");
}

void Day::newsletter() {
    Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    stanza.with_jid("from", "120363055501000777@newsletter")
        .with("id", random().text(7, "123456789"))
        .with("t", std::to_string(conductor_.time() / 1000))
        .with("type", "text");
    stanza.children.push_back({.tag = "plaintext",
                               .attributes = {},
                               .children = {},
                               .bytes = content::text("WTS Rolex 126610LN 2023, 10,000 USD")});
    conductor_.add(stanza, Count::dropped, "newsletter");
}

} // namespace vestari::synth
