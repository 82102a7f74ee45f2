// What dealers do on an ordinary day: offers in every form, replies, edits, revokes, talk.
#include "tests/synth/day/day.hpp"

namespace vestari::synth {

namespace {

std::int64_t minor_units(std::int64_t amount, std::string_view currency) {
    return currency == "JPY" ? amount : amount * 100;
}

} // namespace

Post Day::draft(std::size_t index, std::size_t sender, Bytes message, std::string category) {
    Post post;
    post.group = index;
    post.sender = sender;
    post.message =
        group(index).ephemeral ? content::wrap(Wrapper::ephemeral, message) : std::move(message);
    post.category = std::move(category);
    return post;
}

std::string Day::say(const Post& post, std::string kind, std::string_view text) {
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, std::move(kind));
    learned.text = std::string{text};
    conductor_.fixture().learn(std::move(learned));
    return id;
}

void Day::hush(const Post& post) {
    const std::string id = conductor_.post(post);
    conductor_.fixture().ignore(group(post.group).jid, id, post.category);
}

void Day::mean(std::size_t index, const std::string& id, const Offer& offer,
               std::string_view side) {
    conductor_.fixture().mean({group(index).jid, id, std::string{offer.watch.reference},
                               offer.currency, minor_units(offer.amount, offer.currency),
                               std::string{side}});
}

Offer Day::any_offer(std::size_t index) {
    return make_offer(random(), random().pick(catalogue()), group(index).currency);
}

const Day::Sent* Day::pick_sent() { return sent_.empty() ? nullptr : &random().pick(sent_); }

void Day::offer() {
    const std::size_t where = any_group();
    const std::size_t who = any_dealer();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    Bytes message = content::text(text);
    if (random().below(3) == 0) {
        message = content::with_secret(message, random().bytes(32));
    }
    Post post = draft(where, who, std::move(message), "offer");
    post.packing = random().below(12) == 0 ? Packing::compressed : Packing::plain;
    const std::string id = say(post, "text", text);
    mean(where, id, made, "sell");
    sent_.push_back({where, who, id, text, made, {}});
}

void Day::priced(std::size_t where, std::int64_t usd, std::string_view reference) {
    Offer made = make_offer(random(), watch(reference), group(where).currency);
    made.amount = convert(usd, made.currency);
    const std::string text = say_offer(random(), group(where).habit, made);
    const std::string id =
        say(draft(where, any_dealer(), content::text(text), "history"), "text", text);
    mean(where, id, made, "sell");
}

void Day::photo() {
    const std::size_t where = any_group();
    const std::size_t who = any_dealer();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    const MediaFile file = conductor_.new_file("image/jpeg");
    Post post = draft(where, who, content::image(file, text), "photo");
    post.type = "media";
    const std::string id = say(post, "image", text);
    mean(where, id, made, "sell");
    sent_.push_back({where, who, id, text, made, file});
}

void Day::document() {
    const std::size_t where = any_group();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    Post post = draft(where, any_dealer(),
                      content::document(conductor_.new_file("application/pdf"), "stock.pdf", text),
                      "document");
    post.type = "media";
    mean(where, say(post, "document", text), made, "sell");
}

void Day::list() {
    const std::size_t where = any_group();
    std::vector<Watch> stock(catalogue().begin(), catalogue().end());
    random().shuffle(stock);
    std::vector<Offer> offers;
    const std::int64_t length = random().between(4, 9);
    for (std::int64_t i = 0; i < length; ++i) {
        offers.push_back(
            make_offer(random(), stock[static_cast<std::size_t>(i)], group(where).currency));
    }
    const std::string text = say_list(random(), group(where).habit, offers);
    const std::string id =
        say(draft(where, any_dealer(), content::text(text), "list"), "text", text);
    for (const Offer& offer : offers) {
        mean(where, id, offer, "sell");
    }
}

void Day::want() {
    const std::size_t where = any_group();
    const Offer made = any_offer(where);
    const std::string text = say_want(random(), group(where).habit, made);
    mean(where, say(draft(where, any_dealer(), content::text(text), "want"), "text", text), made,
         "buy");
}

void Day::repost() { // the same offer, by the same dealer, in three groups
    const std::size_t who = any_dealer();
    const std::size_t first = any_group();
    const Offer made = any_offer(0);
    const std::string text = say_repost(made);
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t where = (first + i) % people().dealer_groups;
        const Bytes message = i == 0 ? content::text(text) : content::forwarded(text);
        mean(where, say(draft(where, who, message, "repost"), "text", text), made, "sell");
        conductor_.pass(random().between(4, 40) * 1000);
    }
}

void Day::price_drop() {
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    Offer lower = about->offer;
    lower.amount = lower.amount * 97 / 100 / 50 * 50;
    const std::string text = say_drop(random(), group(about->group).habit, lower.amount);
    const std::string author = lid_of(people().dealers[about->sender]);
    const Post post =
        draft(about->group, about->sender,
              content::reply(text, {about->id, author, about->text, {}}), "price-drop");
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, "text");
    learned.text = text;
    learned.quoted = about->id;
    conductor_.fixture().learn(std::move(learned));
    mean(about->group, id, lower, "sell");
}

void Day::sold_reply() {
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    const std::string author = lid_of(people().dealers[about->sender]);
    const Post post = draft(about->group, about->sender,
                            content::reply("sold", {about->id, author, about->text, {}}), "sold");
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, "text");
    learned.text = "sold";
    learned.quoted = about->id;
    conductor_.fixture().learn(std::move(learned));
}

void Day::private_reply() { // quotes a message of a private chat: what it quotes must not be read
    const std::size_t where = any_group();
    const Quoted quoted{conductor_.new_id(), lid_of(people().contacts[1]),
                        "WTS 126610LN 2023 full set USD 11,111", lid_of(people().contacts[1])};
    const std::string text = "Thanks, noted";
    say(draft(where, any_dealer(), content::reply(text, quoted), "private-reply"), "text", text);
}

void Day::edit() {
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    Offer better = about->offer;
    better.amount = convert(better.watch.usd, better.currency);
    const std::string text = say_offer(random(), group(about->group).habit, better);
    const Bytes content =
        about->file.media_key.empty() ? content::text(text) : content::image(about->file, text);
    Bytes message = content::edit(about->id, content, conductor_.time());
    if (random().below(2) == 0) {
        message = content::wrap(Wrapper::edited, message);
    }
    Post post = draft(about->group, about->sender, {}, "edit");
    post.message = std::move(message);
    post.edit = "1";
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, "edit");
    learned.text = text;
    learned.target = about->id;
    conductor_.fixture().learn(std::move(learned));
    mean(about->group, id, better, "sell");
}

void Day::revoke() {
    if (sent_.empty()) {
        return;
    }
    const std::size_t index = random().below(sent_.size());
    const Sent about = sent_[index];
    sent_.erase(sent_.begin() + static_cast<std::ptrdiff_t>(index));
    Post post = draft(about.group, about.sender, {}, "revoke");
    post.message = content::revoke(about.id);
    post.edit = "7";
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, "revoke");
    learned.target = about.id;
    conductor_.fixture().learn(std::move(learned));
}

void Day::admin_revoke(std::size_t by, std::string category) {
    const auto found = std::ranges::find_if(
        sent_, [by](const Sent& sent) { return sent.group == administered && sent.sender != by; });
    if (found == sent_.end()) {
        return;
    }
    const Sent about = *found;
    Post post = draft(about.group, by, {}, std::move(category));
    post.message = content::admin_revoke(about.id, lid_of(people().dealers[about.sender]));
    post.edit = "8";
    if (by != administrator) {
        hush(post);
        return;
    }
    sent_.erase(found);
    const std::string id = conductor_.post(post);
    Learned learned = conductor_.told(post, id, "revoke");
    learned.target = about.id;
    conductor_.fixture().learn(std::move(learned));
}

void Day::album() {
    const std::size_t where = any_group();
    const std::size_t who = any_dealer();
    Post parent = draft(where, who, content::album(2), "album");
    parent.type = "media";
    const std::string album = conductor_.post(parent);
    Learned learned = conductor_.told(parent, album, "album");
    learned.text = "";
    conductor_.fixture().may_learn(std::move(learned));
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    for (std::uint32_t i = 0; i < 2; ++i) {
        conductor_.pass(900);
        const Bytes image =
            content::image(conductor_.new_file("image/jpeg"), i == 0 ? text : std::string{});
        Post child = draft(where, who, content::album_child(image, album, i), "album-child");
        child.type = "media";
        if (i == 0) {
            mean(where, say(child, "image", text), made, "sell");
        } else {
            const std::string id = conductor_.post(child);
            conductor_.fixture().may_learn(conductor_.told(child, id, "image"));
        }
    }
}

void Day::view_once() {
    const std::size_t where = any_group();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    Post post = draft(where, any_dealer(), {}, "view-once");
    post.message =
        content::wrap(Wrapper::view_once, content::image(conductor_.new_file("image/jpeg"), text));
    post.type = "media";
    mean(where, say(post, "image", text), made, "sell");
}

void Day::from_me() {
    const std::size_t where = any_group();
    const Offer made = any_offer(where);
    const std::string text = say_offer(random(), group(where).habit, made);
    mean(where, say(draft(where, me, content::text(text), "from-me"), "text", text), made, "sell");
}

void Day::small_talk() {
    const std::string text = chatter(random());
    say(draft(any_group(), any_dealer(), content::text(text), "chatter"), "text", text);
}

void Day::reaction() {
    const Sent* const about = pick_sent();
    if (about == nullptr) {
        return;
    }
    Post post = draft(about->group, any_dealer(), content::reaction(about->id, "👍"), "reaction");
    post.type = "reaction";
    hush(post);
}

void Day::sticker() {
    Post post = draft(any_group(), any_dealer(),
                      content::sticker(conductor_.new_file("image/webp")), "sticker");
    post.type = "media";
    hush(post);
}

} // namespace vestari::synth
