// How dealers write: one offer in the manner of a place, lists, wants, and the talk between them. The sentences are this
// project's own.
//
// Invariants  money is whole units of the currency, rounded to what a dealer would write; no floating point.
// Threads     free functions; the Random has one owner.
// Source      the habits of deals/DOMAIN.md section 1.
#pragma once

#include <string>
#include <string_view>

#include "tests/synth/day/world.hpp"
#include "tests/synth/sender/random.hpp"

namespace vestari::synth {

struct Watch {
    std::string_view brand;
    std::string_view reference;
    std::string_view
        look;         // a dial or bracelet word that the catalogue does not contradict, or empty
    std::int64_t usd; // the middle of the market
};

std::span<const Watch> catalogue();
const Watch& watch(std::string_view reference); // must be in the catalogue

struct Offer {
    Watch watch;
    std::int64_t amount = 0; // whole units of `currency`
    std::string currency;
    int year = 2024;
    int month = 1;
};

// What a dealer would write for `usd` dollars in `currency`.
std::int64_t convert(std::int64_t usd, std::string_view currency);

Offer make_offer(Random& random, const Watch& watch, std::string_view currency);
std::string say_offer(Random& random, Habit habit, const Offer& offer);
std::string say_want(Random& random, Habit habit, const Offer& offer);
std::string
say_repost(const Offer& offer); // names its currency, so that it means the same everywhere
std::string say_list(Random& random, Habit habit, std::span<const Offer> offers);
std::string say_drop(Random& random, Habit habit, std::int64_t amount); // in reply to an offer
std::string chatter(Random& random);
std::string private_talk(Random& random);

// 12400 as "12,400" for ','; as "12.4" in thousands or "1.24" in ten-thousands.
std::string grouped(std::int64_t amount, char separator);
std::string in_units(std::int64_t amount, std::int64_t unit, char decimal_mark = '.');

} // namespace vestari::synth
