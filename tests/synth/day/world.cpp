#include "tests/synth/day/world.hpp"

namespace vestari::synth {

World make_world() {
    World world;
    world.me = {"Sam Archer", "15550100100", "210000055501000", 5};
    world.groups = {
        {"120363055501000001@g.us", "Fifth Avenue Trade Desk", "USD", Habit::america,
         Addressing::lid, true, false},
        {"120363055501000002@g.us", "港澳錶行 HK Dealers", "HKD", Habit::hong_kong, Addressing::pn,
         true, false},
        {"120363055501000003@g.us", "Orologi · Uhren · Montres", "EUR", Habit::europe,
         Addressing::lid, true, false},
        {"120363055501000004@g.us", "Gold Souk B2B", "AED", Habit::gulf, Addressing::pn, true,
         false},
        {"120363055501000005@g.us", "時計業者 東京", "JPY", Habit::japan, Addressing::pn, true,
         false},
        {"120363055501000006@g.us", "Hatton Garden Floor", "GBP", Habit::britain, Addressing::lid,
         true, true},
        {"120363055501000090@g.us", "Archer Family", "", Habit::none, Addressing::lid, false,
         false},
        {"120363055501000091@g.us", "Padel on Thursday", "", Habit::none, Addressing::pn, false,
         false},
    };
    world.dealer_groups = 6;
    world.dealers = {
        {"Marco R.", "15550100111", "210000055501110", 0},
        {"Lau Sir", "15550100112", "210000055501120", 0},
        {"Jürgen K.", "15550100113", "210000055501130", 0},
        {"Omar Al F.", "15550100114", "210000055501140", 0},
        {"佐藤", "15550100115", "210000055501150", 0},
        {"Tom H", "15550100116", "210000055501160", 0},
        {"Claire D.", "15550100117", "210000055501170", 2},
        {"Vince | NYC", "15550100118", "210000055501180", 0},
        {"Kelvin W", "15550100119", "210000055501190", 3},
        {"Dana", "15550100120", "210000055501200", 0},
    };
    world.contacts = {
        {"Mum", "15550100131", "210000055501310", 0},
        {"Dr. Novak", "15550100132", "210000055501320", 0},
        {"Pat (padel)", "15550100133", "210000055501330", 0},
    };
    return world;
}

std::string pn_of(const Person& person) { return person.pn + "@s.whatsapp.net"; }
std::string lid_of(const Person& person) { return person.lid + "@lid"; }

} // namespace vestari::synth
