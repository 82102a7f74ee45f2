#include "tests/sim/service.hpp"

#include "tests/sim/groups/posting.hpp"
#include "tests/sim/linking/pairing.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/sim/session/login.hpp"
#include "tests/sim/session/strike.hpp"
#include "tests/sim/world/world.hpp"

namespace vestari::sim {

namespace {

constexpr std::string_view decimal = "0123456789";

Person& known(World& world, const std::string& name) {
    Person* person = world.find_person(name);
    if (person == nullptr) {
        throw std::invalid_argument{"no such person"};
    }
    return *person;
}

} // namespace

Service::Service(const Options& options) : world_{std::make_unique<World>(options)} {}
Service::~Service() = default;

std::array<std::byte, 32> Service::root_key() const { return world_->authority.root_key(); }

Link& Service::connect(Instant now) {
    World& world = *world_;
    world.now = std::max(world.now, now);
    std::erase_if(world.connections, [](const auto& c) { return c->closed_by_client(); });
    world.connections.push_back(std::make_unique<Connection>(world, ++world.connection_count));
    return *world.connections.back();
}

bool Service::accepts_connections() { return !world_->faults.fires(Fault::refuse); }

void Service::tick(Instant now) {
    World& world = *world_;
    world.now = std::max(world.now, now);
    std::erase_if(world.connections, [](const auto& c) { return c->closed_by_client(); });
    settle();
}

// What is due now, and what that makes due now.
void Service::settle() {
    while (world_->agenda.run_one(world_->now)) {
    }
    check_overdue(*world_);
}

Instant Service::next_event_at() const {
    const auto deadline = world_->options.ack_deadline;
    const Instant due = world_->agenda.next();
    return deadline.count() == 0 ? due : std::min(due, world_->now + deadline);
}

void Service::add_person(const std::string& name) { world_->person(name); }

void Service::judge(const std::string& person) { world_->person(person).ours = true; }

Scanned Service::scan(std::string_view qr, const std::string& person) {
    return scan_qr(*world_, qr, world_->person(person));
}

bool Service::enter_code(std::string_view phone, std::string_view code) {
    return sim::enter_code(*world_, phone, code);
}

void Service::remove_device(const std::string& person) {
    for (const auto& [number, device] : known(*world_, person).companions) {
        device->removed = true;
        if (device->online != nullptr) {
            send_stream_error(*device->online, {.code = "401", .conflict = "device_removed"});
        }
    }
}

std::vector<PersonView> Service::people() const {
    std::vector<PersonView> views;
    for (const Person& person : world_->people) {
        views.push_back({person.name, person.pn.to_string(), person.lid.to_string()});
    }
    return views;
}

std::string Service::add_group(const GroupSpec& spec) {
    World& world = *world_;
    Group group{.jid = jid("120363" + world.random.text(12, decimal) + "@g.us"),
                .name = spec.name,
                .members = {&world.person("owner")},
                .addressing = spec.addressing,
                .created = world.seconds()};
    for (const std::string& name : spec.members) {
        Person& member = world.person(name);
        if (!group.has(member)) {
            group.members.push_back(&member);
        }
    }
    std::string name = group.jid.to_string();
    world.groups.emplace(name, std::move(group));
    return name;
}

void Service::tell_of_group(const std::string& jid) {
    Group& group = world_->groups.at(jid);
    for (Person* member : group.members) {
        for (const auto& [number, device] : member->companions) {
            Stanza create = element("create");
            create.with("type", "new");
            Stanza notification = element("notification");
            notification.with("from", group.jid)
                .with("type", "w:gp2")
                .with("id", world_->random.text(10, decimal))
                .with("t", std::to_string(world_->seconds()));
            notification.children.push_back(std::move(create));
            deliver(*world_, *device, std::move(notification));
        }
    }
    settle();
}

std::vector<GroupView> Service::groups() const {
    std::vector<GroupView> views;
    for (const auto& [jid, group] : world_->groups) {
        GroupView& view = views.emplace_back(GroupView{jid, group.name, {}, group.addressing});
        for (const Person* member : group.members) {
            view.members.push_back(member->name);
        }
    }
    return views;
}

std::vector<std::string> Service::post(const PostOrder& order) {
    std::vector<std::string> ids = sim::post(*world_, order);
    settle();
    return ids;
}

std::string Service::send_history(const HistoryOrder& order) {
    std::string id = sim::send_history(*world_, order);
    settle();
    return id;
}

const std::vector<Posted>& Service::posted() const { return world_->posted; }

std::optional<Bytes> Service::media(std::string_view path) const {
    const auto found = world_->media.find(std::string{path.substr(0, path.find('?'))});
    return found == world_->media.end() ? std::nullopt : std::optional{found->second};
}

Faults& Service::faults() { return world_->faults; }

void Service::strike_now() {
    for (const auto& connection : world_->connections) {
        strike(*connection);
    }
    settle();
}

void Service::disconnect() {
    for (const auto& connection : world_->connections) {
        connection->end(Ending::reset);
    }
}

void Service::stream_error(const StreamError& error) {
    for (const auto& connection : world_->connections) {
        if (connection->stage == Connection::Stage::logged_in && connection->usable()) {
            send_stream_error(*connection, error);
        }
    }
}

void Service::fail_next_login(const LoginFailure& failure) {
    if (failure.times > 0) {
        world_->failures.push_back(failure);
    }
}

QueueCounts Service::queue(const std::string& person) const {
    QueueCounts counts;
    for (const auto& [number, device] : known(*world_, person).companions) {
        counts.undelivered += device->mailbox.undelivered();
        counts.uncleared += device->mailbox.uncleared();
    }
    return counts;
}

std::vector<LinkedDevice> Service::devices() const {
    std::vector<LinkedDevice> found;
    for (const Person& person : world_->people) {
        for (const auto& [number, device] : person.companions) {
            if (device->removed) {
                continue;
            }
            found.push_back({.person = person.name,
                             .pn = device->pn().to_string(),
                             .lid = device->lid().to_string(),
                             .online = device->online != nullptr,
                             .active = device->online != nullptr && device->online->drain.active,
                             .pre_keys = device->one_time_keys.size(),
                             .logins = device->logins,
                             .histories_handled = device->histories_handled});
        }
    }
    return found;
}

Report Service::referee() const {
    Report report = world_->referee.report();
    for (const auto& connection : world_->connections) {
        report.waiting += connection->unjudged();
    }
    return report;
}

void Service::report_forbidden(std::string_view why, const std::string& what) {
    world_->referee.forbidden(why, what);
}

std::vector<std::string> Service::oddities() const { return world_->oddities; }
std::string Service::log_hash() const { return world_->log.hash(); }
const std::vector<std::string>& Service::log() const { return world_->log.lines(); }

} // namespace vestari::sim
