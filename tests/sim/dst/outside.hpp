// What the bridge's account is given in a simulated run: chance from the seed, a lease, and somebody who writes down what he is told.
//
// Threads     one owner.
#pragma once

#include "bridge/live/account.hpp"
#include "tests/sim/world/event_log.hpp"
#include "tests/synth/sender/random.hpp"

namespace vestari::sim::dst {

class Chance final : public live::Random {
public:
    explicit Chance(std::uint64_t seed) : random_{seed} {}
    std::uint64_t next() override { return random_.next(); }

private:
    synth::Random random_;
};

struct AlwaysHeld final : live::Lease {
    bool held() const noexcept override { return true; }
};

class Scribe final : public live::Observer {
public:
    Scribe(EventLog& log, const Instant& now) : log_{log}, now_{now} {}

    void state_changed(const live::StateChange& change) override {
        state = change.state;
        refused = change.why.code.starts_with("failure_") || change.why.code.starts_with("stream_");
        log_.add(now_, fmt::format("state {} {}", live::to_string(change.state), change.why.code));
    }
    void link_event(const link::LinkEvent& event) override {
        if (const auto* shown = std::get_if<link::QrShown>(&event)) {
            qr = shown->text.expose();
        }
    }
    void warning(const live::Warning& raised) override {
        log_.add(now_, fmt::format("warning {}", raised.code));
    }
    void warning_ended(std::string_view code) override {
        log_.add(now_, fmt::format("warning over {}", code));
    }
    void spooled() override { has_spooled = true; }
    void groups_changed() override {}
    void version_wanted() override {}
    void audit(const live::AuditEntry& entry) override {
        log_.add(now_, fmt::format("audit {}", entry.what));
        audits.emplace_back(entry.what);
    }

    live::State state = live::State::unlinked;
    bool refused = false; // the last state came of a server that said no
    std::string qr;       // to scan; empty: none shown
    bool has_spooled = false;
    std::vector<std::string> audits;

private:
    EventLog& log_;
    const Instant& now_;
};

} // namespace vestari::sim::dst
