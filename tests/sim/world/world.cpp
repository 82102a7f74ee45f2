#include "tests/sim/world/world.hpp"

#include <stdexcept>

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

namespace {

constexpr std::string_view decimal = "0123456789";
constexpr std::string_view upper_hex = "0123456789ABCDEF";
constexpr std::uint64_t faults_apart = 0x5eed'fa17; // so that faults do not shift the rest

} // namespace

World::World(const Options& wanted)
    : options{wanted}, random{wanted.seed}, signal{wanted.seed}, faults{wanted.seed ^ faults_apart},
      authority{wanted.seed}, now{wanted.start} {
    person("owner").ours = true;
}

World::~World() = default;

TimePoint World::wall() const { return options.wall_start + (now - options.start) + wall_shift; }

std::uint64_t World::seconds() const {
    return static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(wall()).time_since_epoch().count());
}

std::string World::message_id() { return "3EB0" + random.text(16, upper_hex); }

Person& World::person(const std::string& name) {
    if (Person* known = find_person(name)) {
        return *known;
    }
    Person& made = people.emplace_back();
    made.name = name;
    made.pn = jid("1555" + random.text(7, decimal) + "@s.whatsapp.net");
    made.lid = jid("1" + random.text(14, decimal) + "@lid");
    made.phone = std::make_unique<Handset>(signal);
    made.joined = seconds();
    // Every third writes with a companion of its own, so that senders with a device number occur.
    made.device = people.size() % 3 == 0 ? std::uint16_t{77} : std::uint16_t{0};
    made.last_number = 0;
    return made;
}

Person* World::find_person(const std::string& name) {
    const auto found = std::ranges::find(people, name, &Person::name);
    return found == people.end() ? nullptr : &*found;
}

Person* World::person_of(const Jid& user) {
    const auto found = std::ranges::find_if(people, [&](const Person& p) { return p.is(user); });
    return found == people.end() ? nullptr : &*found;
}

Companion* World::companion_of(const Jid& device) {
    Person* owner = person_of(device);
    if (owner == nullptr) {
        return nullptr;
    }
    const auto found = owner->companions.find(device.device());
    return found == owner->companions.end() || found->second->removed ? nullptr
                                                                      : found->second.get();
}

Connection* World::connection(std::uint64_t number) {
    const auto found =
        std::ranges::find(connections, number, [](const auto& c) { return c->number(); });
    return found == connections.end() ? nullptr : found->get();
}

Group& World::group(const std::string& jid) {
    const auto found = groups.find(jid);
    if (found == groups.end()) {
        throw std::invalid_argument{"no such group"};
    }
    return found->second;
}

} // namespace vestari::sim
