// Who lives in a synthetic day: six dealer groups, four private chats, their people. All of them are invented; the phone numbers
// lie in the 555-01xx range.
//
// Threads     values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vestari/base/jid.hpp"

namespace vestari::synth {

enum class Addressing : std::uint8_t { pn, lid };
enum class Habit : std::uint8_t { america, hong_kong, europe, gulf, japan, britain, none };

struct ChatGroup {
    std::string jid;
    std::string name;
    std::string currency; // empty for a private one
    Habit habit = Habit::none;
    Addressing addressing = Addressing::pn;
    bool included = false;
    bool ephemeral = false; // its messages disappear, so each is wrapped
};

struct Person {
    std::string name; // push name
    std::string pn;   // user part
    std::string lid;  // user part
    std::uint16_t device = 0;
};

struct World {
    Person me;                     // `device` is the companion that reads
    std::vector<ChatGroup> groups; // dealer groups first
    std::vector<Person> dealers;   // in every dealer group
    std::vector<Person> contacts;  // write privately
    std::size_t dealer_groups = 0; // how many of `groups` are on the include-list
};

World make_world();

std::string pn_of(const Person& person); // bare JIDs
std::string lid_of(const Person& person);

} // namespace vestari::synth
