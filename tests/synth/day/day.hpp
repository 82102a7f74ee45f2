// The story that a fixture tells: half a year of trading on one model, then one busy day with everything that can happen.
//
// Invariants  the same plan gives the same bytes; at least 300 stanzas in six dealer groups and four private chats.
// Threads     one owner.
// Source      issue 2 item 11; the kinds of trouble are those of fixtures/day-1 and ASSURANCE H.
#pragma once

#include "tests/synth/day/canary.hpp"
#include "tests/synth/day/conductor.hpp"
#include "tests/synth/day/phrases.hpp"

namespace vestari::synth {

class Day {
public:
    explicit Day(Conductor& conductor);

    void half_a_year(); // the history of one reference, week by week
    void busy_day();
    void bulk(std::size_t posts);   // plain traffic of dealer groups, for measuring
    void plant(Canaries& canaries); // one post for each kind of text that must stay sealed

    static void name_people(World& world, Canaries& canaries); // before the Conductor is made

private:
    static constexpr std::size_t administered = 0;  // the group that says who its admin is
    static constexpr std::size_t administrator = 9; // the dealer it names
    struct Sent {
        std::size_t group = 0;
        std::size_t sender = 0;
        std::string id;
        std::string text;
        Offer offer;
        MediaFile file; // of a photo; no key: a text
    };

    // What was said, as a post of its own; wraps it where the group's messages disappear.
    Post draft(std::size_t group, std::size_t sender, Bytes message, std::string category);
    std::string say(const Post& post, std::string kind, std::string_view text);
    void hush(const Post& post); // nothing may be learnt from it
    void mean(std::size_t group, const std::string& id, const Offer& offer, std::string_view side);
    std::size_t any_group() { return random().below(people().dealer_groups); }
    std::size_t any_dealer() { return random().below(people().dealers.size()); }
    const ChatGroup& group(std::size_t index) { return people().groups[index]; }
    Offer any_offer(std::size_t group);

    void offer();
    void priced(std::size_t group, std::int64_t usd, std::string_view reference); // of the history
    void photo();
    void document();
    void list();
    void want();
    void repost();
    void price_drop();
    void sold_reply();
    void private_reply();
    void edit();
    void revoke();
    void admin_revoke(std::size_t by, std::string category); // of another's message
    void album();
    void view_once();
    void from_me();
    void small_talk();
    void card_number();
    void hostile_text();
    void reaction();
    void sticker();
    void forged_edit();
    void forged_revoke();
    void forged_control();
    void twisted(Twist twist, std::string category);
    void out_of_order();
    void duplicate();
    void dropped_again();
    void excluded_group(std::size_t index);
    void direct();
    void own_traffic();
    void notification();
    void promote();
    void rename();
    void receipt();
    void upkeep();
    void newsletter();

    Random& random() { return conductor_.random(); }
    const World& people() { return conductor_.world(); }
    const Sent* pick_sent(); // an offer of this day that still stands; null if there is none

    Conductor& conductor_;
    std::vector<Sent> sent_;
    std::size_t cards_ = 0; // how many of each have been posted: they come in turn
    std::size_t hostile_ = 0;
};

} // namespace vestari::synth
