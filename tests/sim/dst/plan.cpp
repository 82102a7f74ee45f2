#include "tests/sim/dst/plan.hpp"

namespace vestari::sim::dst {

namespace {

using namespace std::chrono_literals;

constexpr std::array people{"ann", "ben", "cleo", "dan", "eve"};

GroupSpec group(synth::Random& random, std::string name) {
    GroupSpec spec{.name = std::move(name),
                   .members = {},
                   .addressing = random.below(2) == 0 ? Addressing::lid : Addressing::pn};
    for (const char* person : people) {
        if (random.below(3) != 0 || person == people[0]) {
            spec.members.emplace_back(person);
        }
    }
    return spec;
}

PostKind kind(synth::Random& random) {
    constexpr std::array kinds{PostKind::text,       PostKind::text, PostKind::text,
                               PostKind::text,       PostKind::text, PostKind::image,
                               PostKind::reaction,   PostKind::edit, PostKind::revoke,
                               PostKind::unavailable};
    return random.pick(kinds);
}

void add_acts(synth::Random& random, Plan& plan, std::size_t count,
              std::chrono::milliseconds until) {
    std::vector<std::chrono::milliseconds> times;
    for (std::size_t i = 0; i < count; ++i) {
        times.emplace_back(random.below(static_cast<std::size_t>(until.count())));
    }
    std::ranges::sort(times);
    for (std::size_t i = 0; i < count; ++i) {
        Act act{.at = times[i], .group = random.below(plan.groups.size()), .order = {}};
        act.order.member = random.pick(plan.groups[act.group].members);
        act.order.kind = kind(random);
        act.order.text = "offer " + std::to_string(i);
        if (random.below(12) == 0) {
            act.order.chat = "direct";
            act.order.kind = PostKind::text;
        }
        plan.acts.push_back(std::move(act));
    }
}

// A few kinds at a time, so that each is seen alone and with others.
void add_trouble(synth::Random& random, Plan& plan) {
    constexpr std::array session{Fault::delay,      Fault::duplicate,    Fault::reorder,
                                 Fault::half_close, Fault::malformed,    Fault::bad_frame,
                                 Fault::zlib_bomb,  Fault::server_error, Fault::restart,
                                 Fault::stall,      Fault::clock_jump,   Fault::flood};
    constexpr std::array login{Fault::one_byte, Fault::redelivery, Fault::pre_keys_gone,
                               Fault::refuse, Fault::login_unavailable};
    for (std::size_t i = 0; i < 3; ++i) {
        const Fault fault = random.pick(session);
        const bool heavy = fault == Fault::flood || fault == Fault::zlib_bomb;
        plan.chances.emplace_back(fault, heavy ? 4 : 5 + random.below(40));
        plan.chances.emplace_back(random.pick(login), 100 + random.below(400));
    }
    plan.trouble_from = 60s;
    plan.trouble_until = plan.trouble_from + std::chrono::seconds{120 + random.below(480)};
    plan.crash_chance = random.below(3) == 0 ? 5 : 0;
    plan.no_network_chance = random.below(3) == 0 ? 300 : 0;
}

} // namespace

Plan make_plan(std::uint64_t seed, Trouble trouble) {
    synth::Random random{seed};
    Plan plan;
    plan.seed = seed;
    plan.included = 2;
    for (const char* name : {"Steel", "Gold", "Family"}) {
        plan.groups.push_back(group(random, name));
    }
    plan.waits_for_batches = random.below(3) == 0;
    plan.acks_clear = random.below(4) != 0;
    plan.ping_interval = random.below(2) == 0 ? 45s : 0s;
    if (trouble == Trouble::faults) {
        add_trouble(random, plan);
    }
    add_acts(random, plan, 20 + random.below(40), plan.trouble_until + 3min);
    return plan;
}

} // namespace vestari::sim::dst
