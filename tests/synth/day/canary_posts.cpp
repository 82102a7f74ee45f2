// Where the canaries sit: names and numbers of people and groups, and one post for each kind of text, file and id.
#include "tests/synth/day/day.hpp"

namespace vestari::synth {

void Day::name_people(World& world, Canaries& canaries) {
    world.me.pn = canaries.number("own phone number");
    world.me.lid = canaries.number("own LID");
    for (std::size_t i = 0; i < 2; ++i) {
        world.groups[i].name = "Dealers " + canaries.word("name of an included group");
        world.groups[i].jid = canaries.number("JID of an included group") + "@g.us";
        world.dealers[i].name = canaries.word("push name of a dealer");
        world.dealers[i].pn = canaries.number("phone number of a dealer");
        world.dealers[i].lid = canaries.number("LID of a dealer");
    }
    ChatGroup& family = world.groups[world.dealer_groups];
    family.name = canaries.word("name of an excluded group");
    family.jid = canaries.number("JID of an excluded group") + "@g.us";
    world.contacts[0].name = canaries.word("push name in a private chat");
    world.contacts[0].pn = canaries.number("phone number of a private contact");
}

void Day::plant(Canaries& canaries) {
    canaries.known("private identity key", conductor_.keys().identity.private_key);
    canaries.known("private one-time prekey", conductor_.keys().pre_keys.back().private_key);
    const auto post = [&](Bytes message, std::string kind, const std::string& text,
                          std::string id) {
        Post made = draft(0, 0, std::move(message), "canary");
        made.id = std::move(id);
        conductor_.pass(60'000);
        return say(made, std::move(kind), text);
    };
    const auto text_post = [&](const std::string& text) {
        return post(content::text(text), "text", text, {});
    };
    const std::string deal = text_post("WTS 126610LN 2023 full set USD 12,300 ask for " +
                                       canaries.word("text of a deal"));
    text_post("WTS, full sets, USD. " + canaries.word("header of a list") +
              "\n126610LV 2024 $15,100\n126334 blue jub 2023 $12,050 " +
              canaries.word("line of a list"));
    text_post("WTB 126500LN white paying $28,000 today " + canaries.word("text of a want"));
    text_post("Morning all " + canaries.word("chatter"));

    const std::string first =
        text_post("124060 2024 full set USD 11,200 " + canaries.word("text before an edit"));
    const std::string after = "124060 2024 full set USD 11,000 " + canaries.word("text of an edit");
    Post edit =
        draft(0, 0, content::edit(first, content::text(after), conductor_.time()), "canary");
    edit.edit = "1";
    const std::string edit_id = conductor_.post(edit);
    Learned learned = conductor_.told(edit, edit_id, "edit");
    learned.target = first;
    conductor_.fixture().learn(std::move(learned));

    const std::string gone =
        text_post("126300 2023 full set USD 9,500 " + canaries.word("text that is revoked"));
    Post revoke = draft(0, 0, content::revoke(gone), "canary");
    revoke.edit = "7";
    const std::string revoke_id = conductor_.post(revoke);
    learned = conductor_.told(revoke, revoke_id, "revoke");
    learned.target = gone;
    conductor_.fixture().learn(std::move(learned));

    const Quoted unseen{"3EB0000000000000000001",
                        lid_of(people().dealers[1]),
                        "226570 white 2023 full set USD 9,800 " + canaries.word("quoted text"),
                        {}};
    post(content::reply("dropping to $9,600", unseen), "text", "dropping to $9,600", {});

    MediaFile file = conductor_.new_file("image/jpeg");
    file.media_key = canaries.raw("media key", 32);
    file.file_hash = canaries.raw("hash of a photo", 32);
    file.direct_path = "/v/t62.7118-24/" + canaries.word("path of a photo") + ".enc";
    const std::string caption =
        "116500LN black 2022 full set USD 25,900 " + canaries.word("caption");
    post(content::image(file, caption), "image", caption, {});

    const std::string note =
        "WSSA0018 2024 full set USD 6,900 " + canaries.word("caption of a document");
    post(content::document(conductor_.new_file("application/pdf"), canaries.word("name of a file"),
                           note),
         "document", note, {});
    const std::string secret = "SBGA211 2023 full set USD 4,450";
    post(content::with_secret(content::text(secret), canaries.raw("message secret", 32)), "text",
         secret, canaries.id("id of a message with a deal"));
    post(content::text("Thanks all"), "text", "Thanks all", canaries.id("id of chatter"));

    conductor_.post(draft(people().dealer_groups, 2,
                          content::text("Dinner " + canaries.word("text of an excluded group")),
                          "excluded"));
    conductor_.direct(0, content::text("See you " + canaries.word("text of a private chat")));
    conductor_.own_to(0, content::text("On my way " + canaries.word("text to a contact")));
    conductor_.status(0, content::text("Sunset " + canaries.word("text of a status")));
}

} // namespace vestari::synth
