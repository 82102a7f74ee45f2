// Everything that the service holds: the people, their groups, what waits for whom, and the trouble to make.
//
// Invariants  persons, companions and connections stay where they are until a connection is closed; `now` only grows.
// Threads     one owner.
#pragma once

#include "tests/sim/accounts/person.hpp"
#include "tests/sim/referee/referee.hpp"
#include "tests/sim/service.hpp"
#include "tests/sim/world/agenda.hpp"
#include "tests/sim/world/event_log.hpp"
#include "tests/support/noise_responder.hpp"

namespace vestari::sim {

struct Group {
    Jid jid;
    std::string name;
    std::vector<Person*> members; // the first is the owner of the account under test
    Addressing addressing = Addressing::lid;
    std::uint64_t created = 0;
    const Jid& jid_of(const Person& person) const {
        return addressing == Addressing::lid ? person.lid : person.pn;
    }
    bool has(const Person& person) const { return std::ranges::count(members, &person) != 0; }
};

// What a simulated member wrote, kept to be written again when a client asks.
struct Sent {
    Person* sender = nullptr;
    std::string chat; // a group's JID, or empty: direct to the person's clients
    std::string id;
    Bytes content; // a `Message`, not padded
    std::string type = "text", edit;
    std::uint64_t seconds = 0;
};

struct World {
    explicit World(const Options& wanted);
    ~World();

    Options options;
    synth::Random random;
    synth::SignalContext signal;
    Faults faults;
    Referee referee;
    EventLog log;
    Agenda agenda;
    test::NoiseAuthority authority;

    std::deque<Person> people;
    std::map<std::string, Group> groups;       // by JID
    std::map<std::string, Sent> sent;          // by chat and id
    std::map<std::string, Companion*> relayed; // by chat and id: written by a linked client
    std::vector<Posted> posted;
    std::map<std::string, Bytes> media; // by path
    std::vector<LoginFailure> failures; // for the next logins, the first first
    std::vector<std::string> oddities;
    std::vector<std::unique_ptr<Connection>> connections;
    std::uint64_t connection_count = 0;

    Instant now{};
    std::chrono::milliseconds wall_shift{};
    TimePoint wall() const;
    std::uint64_t seconds() const; // of wall()

    void note(std::string_view what) { log.add(now, what); }
    std::string message_id();

    Person& person(const std::string& name); // made when there is none
    Person* find_person(const std::string& name);
    Person* person_of(const Jid& user); // by either JID
    Companion* companion_of(const Jid& device);
    Connection* connection(std::uint64_t number);
    Group& group(const std::string& jid); // throws when there is none
};

// The name under which something said in a chat is kept.
inline std::string key_of(std::string_view chat, std::string_view id) {
    return fmt::format("{} {}", chat, id);
}

} // namespace vestari::sim
