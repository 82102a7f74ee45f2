// What an account is given in tests: chance from a counter, a lease, and somebody who writes down what he is told.
#pragma once

#include "bridge/live/account.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/support/noise_responder.hpp"
#include "tests/support/sessions.hpp"

namespace vestari::test {

// A session database of its own on a disk that can fail, and that is quick because it never really syncs.
struct QuickSessions {
    QuickSessions() { reopen(); }
    store::SessionDatabase& operator*() { return *database; }
    void reopen() {
        database.reset();
        database = store::SessionDatabase::open(file, secrets(), disk.name().c_str()).value();
    }

    static std::string next_name() {
        static int count = 0;
        return "live-" + std::to_string(++count);
    }
    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "session.db";
    testing::FailingVfs disk{next_name()};
    std::unique_ptr<store::SessionDatabase> database;
};

class Dice final : public live::Random {
public:
    explicit Dice(std::uint64_t seed = 1) : state_{seed} {}
    std::uint64_t next() override { // splitmix64
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }

private:
    std::uint64_t state_;
};

struct TestLease final : live::Lease {
    bool held() const noexcept override { return is_held; }
    bool is_held = true;
};

struct Told final : live::Observer {
    void state_changed(const live::StateChange& change) override { states.push_back(change); }
    void link_event(const link::LinkEvent& event) override {
        if (const auto* qr = std::get_if<link::QrShown>(&event)) {
            qrs.emplace_back(qr->text.expose());
        } else if (const auto* code = std::get_if<link::CodeShown>(&event)) {
            codes.emplace_back(code->text.expose());
        } else if (const auto* linked_as = std::get_if<link::LinkedAs>(&event)) {
            linked.push_back(linked_as->me.to_string());
        } else {
            failed.push_back(std::get<link::LinkFailed>(event).why);
        }
    }
    void warning(const live::Warning& one) override { warnings.emplace_back(one.code); }
    void warning_ended(std::string_view code) override { ended.emplace_back(code); }
    void spooled() override { ++spools; }
    void groups_changed() override { ++group_changes; }
    void version_wanted() override { ++versions_wanted; }
    void audit(const live::AuditEntry& entry) override { audits.emplace_back(entry.what); }

    bool warned(std::string_view code) const {
        return std::ranges::find(warnings, code) != warnings.end();
    }

    std::vector<live::StateChange> states;
    std::vector<std::string> qrs, codes, linked, warnings, ended, audits;
    std::vector<link::Failure> failed;
    int spools = 0, group_changes = 0, versions_wanted = 0;
};

} // namespace vestari::test
