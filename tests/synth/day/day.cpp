// The plan of the day: what happens how often, and when. Each happening stands in happenings.cpp, trouble.cpp and canary_posts.cpp.
#include "tests/synth/day/day.hpp"

#include <chrono>

namespace vestari::synth {

namespace {

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day_ms = 24 * 60 * minute;

std::int64_t at(int year, unsigned month, unsigned day, std::int64_t hour) {
    const std::chrono::sys_days date{std::chrono::year{year} / std::chrono::month{month} /
                                     std::chrono::day{day}};
    return std::chrono::duration_cast<std::chrono::milliseconds>(date.time_since_epoch()).count() +
           hour * 60 * minute;
}

constexpr int weeks = 26;
// The market of one reference: a point for each month, whole dollars, joined by lines.
constexpr std::string_view charted = "126610LN";
constexpr std::int64_t market[] = {13'600, 13'100, 12'700, 12'400, 12'600, 13'000, 13'300};

std::int64_t market_at(int week) {
    const std::int64_t position = week * 6 * 100 / weeks;
    const auto month = static_cast<std::size_t>(position / 100);
    const std::int64_t part = position % 100;
    return market[month] + (market[month + 1] - market[month]) * part / 100;
}

} // namespace

Day::Day(Conductor& conductor) : conductor_{conductor} {}

void Day::half_a_year() {
    const std::int64_t first = at(2026, 5, 22, 8); // a Friday; the busy day is 26 weeks later
    for (int week = 0; week < weeks; ++week) {
        const std::int64_t friday = first + week * 7 * day_ms;
        conductor_.set_time(friday + random().between(0, 60) * minute);
        const std::int64_t posts = random().between(2, 3);
        for (std::int64_t i = 0; i < posts; ++i) {
            conductor_.pass(random().between(3, 90) * minute);
            priced(0, market_at(week) + random().between(-4, 4) * 100, charted);
        }
        if (week % 2 == 0) {
            conductor_.pass(random().between(5, 50) * minute);
            priced(1 + random().below(people().dealer_groups - 1), market_at(week), charted);
        }
        conductor_.pass(random().between(5, 50) * minute);
        offer();
    }
    sent_.clear(); // edits, replies and revokes of the busy day are about that day
}

void Day::busy_day() {
    conductor_.set_time(at(2026, 11, 20, 6));
    struct Happening {
        int times;
        std::function<void()> run;
    };
    const Happening plan[] = {
        {48, [this] { offer(); }},
        {12, [this] { photo(); }},
        {3, [this] { document(); }},
        {8, [this] { list(); }},
        {12, [this] { want(); }},
        {5, [this] { repost(); }},
        {9, [this] { price_drop(); }},
        {4, [this] { sold_reply(); }},
        {2, [this] { private_reply(); }},
        {8, [this] { edit(); }},
        {4, [this] { revoke(); }},
        {2, [this] { admin_revoke(administrator, "admin-revoke"); }},
        {1, [this] { admin_revoke(administrator - 1, "forged-admin-revoke"); }},
        {1, [this] { rename(); }},
        {2, [this] { album(); }},
        {2, [this] { view_once(); }},
        {2, [this] { from_me(); }},
        {38, [this] { small_talk(); }},
        {2, [this] { card_number(); }},
        {5, [this] { hostile_text(); }},
        {6, [this] { reaction(); }},
        {2, [this] { sticker(); }},
        {3, [this] { forged_edit(); }},
        {3, [this] { forged_revoke(); }},
        {3, [this] { forged_control(); }},
        {3, [this] { twisted(Twist::damaged, "damaged"); }},
        {2, [this] { twisted(Twist::unknown_key, "unknown-key"); }},
        {1, [this] { twisted(Twist::spoofed, "spoofed"); }},
        {1, [this] { twisted(Twist::unavailable, "unavailable"); }},
        {2, [this] { twisted(Twist::redistributed, "redistributed"); }},
        {1, [this] { twisted(Twist::rotated, "rotated"); }},
        {2, [this] { twisted(Twist::group_part_first, "skmsg-first"); }},
        {1, [this] { twisted(Twist::key_alone, "key-alone"); }},
        {2, [this] { out_of_order(); }},
        {4, [this] { duplicate(); }},
        {2, [this] { dropped_again(); }},
        {18, [this] { excluded_group(0); }},
        {12, [this] { excluded_group(1); }},
        {22, [this] { direct(); }},
        {5, [this] { own_traffic(); }},
        {8, [this] { notification(); }},
        {8, [this] { receipt(); }},
        {4, [this] { upkeep(); }},
        {2, [this] { newsletter(); }},
    };
    std::vector<const Happening*> order;
    for (const Happening& happening : plan) {
        order.insert(order.end(), static_cast<std::size_t>(happening.times), &happening);
    }
    random().shuffle(order);
    for (int i = 0; i < 12; ++i) { // something to reply to, before anything can be replied to
        offer();
        conductor_.pass(random().between(10, 90) * 1000);
    }
    promote();
    for (std::size_t i = 0; i < order.size(); ++i) {
        conductor_.pass(random().between(20, 260) * 1000);
        if (i == order.size() / 2) { // a group goes over from phone numbers to LIDs, without notice
            conductor_.world().groups[3].addressing = Addressing::lid;
        }
        order[i]->run();
    }
}

void Day::bulk(std::size_t posts) {
    const std::int64_t first = at(2026, 5, 22, 0);
    const std::int64_t step =
        std::max<std::int64_t>(1, 180 * day_ms / static_cast<std::int64_t>(posts + 1));
    for (std::size_t i = 0; i < posts; ++i) {
        conductor_.set_time(first + static_cast<std::int64_t>(i) * step);
        const std::size_t dice = random().below(100);
        if (dice < 55) {
            offer();
        } else if (dice < 63) {
            list();
        } else if (dice < 70) {
            photo();
        } else if (dice < 75) {
            want();
        } else {
            small_talk();
        }
        if (sent_.size() > 64) {
            sent_.erase(sent_.begin(), sent_.begin() + 32);
        }
    }
}

} // namespace vestari::synth
