#include "tests/sim/dst/run.hpp"

#include "tests/sim/dst/harvest.hpp"
#include "tests/sim/dst/outside.hpp"
#include "tests/sim/dst/wire.hpp"
#include "tests/support/sessions.hpp"

namespace vestari::sim::dst {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr TimePoint calendar{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
constexpr milliseconds allowed_after_trouble = 60s;
constexpr milliseconds longest_refused = 990s;
constexpr std::uint64_t most_crashes = 5;
constexpr std::size_t most_steps = 300'000; // of a run
constexpr std::uint64_t faults_of_ours = 0xc4a5;

class Run {
public:
    explicit Run(const Plan& plan)
        : plan_{plan}, service_{options(plan)}, random_{plan.seed ^ faults_of_ours},
          wire_{service_, agenda_, random_, now_}, scribe_{log_, now_} {
        for (const GroupSpec& spec : plan.groups) {
            groups_.push_back(service_.add_group(spec));
        }
        included_.assign(groups_.begin(),
                         groups_.begin() + static_cast<std::ptrdiff_t>(plan.included));
        start_account();
    }

    Outcome go() {
        if (account_->link({}, now_).has_error()) {
            fail("link is refused");
            return finish();
        }
        if (!until([this] { return scribe_.state == live::State::connected; }, 120s)) {
            fail("not linked and connected within two minutes");
            return finish();
        }
        schedule();
        const Instant calm = begun_ + plan_.trouble_until;
        run_to(calm);
        end_trouble();
        // Whom the server itself refused again and again waits up to 15 minutes (wire/10-connection.md section 13).
        if (scribe_.refused) {
            until([this] { return is_up() || account_->wants_connection(); }, longest_refused);
        }
        if (!until([this] { return is_up(); }, allowed_after_trouble)) {
            fail(fmt::format("still {} after the trouble", live::to_string(scribe_.state)));
        }
        out_.up_after = now_ - calm;
        run_to(begun_ + plan_.acts.back().at + 1s);
        until([this] { return nothing_waits(); }, 180s);
        run_to(now_ + 30s); // what is on its way
        judge();
        return finish();
    }

private:
    static Options options(const Plan& plan) {
        Options options;
        options.seed = plan.seed;
        options.wall_start = calendar;
        options.waits_for_batches = plan.waits_for_batches;
        options.plain_acks_clear = plan.acks_clear;
        options.ping_interval = plan.ping_interval;
        return options;
    }

    void fail(std::string why) { out_.failures.push_back(std::move(why)); }

    void start_account() {
        live::Settings settings;
        settings.account = "dst";
        settings.root_key = service_.root_key();
        settings.version = {2, 3000, 1'045'649'367};
        for (const std::string& jid : included_) {
            settings.groups.push_back({.jid = jid, .name = {}, .currency = {}, .included = true});
        }
        account_ = std::make_unique<live::Account>(std::move(settings), *sessions_, lease_, clock_,
                                                   chance_, scribe_, now_);
    }

    // The bridge's process dies and is started again.
    void crash() {
        ++out_.crashes;
        log_.add(now_, "the bridge dies");
        wire_.cut();
        account_.reset();
        sessions_.reopen();
        start_account();
    }

    void schedule() {
        begun_ = now_;
        for (const Act& act : plan_.acts) {
            agenda_.at(begun_ + act.at, [this, &act] { perform(act); });
        }
        if (!plan_.chances.empty()) {
            agenda_.at(begun_ + plan_.trouble_from, [this] { begin_trouble(); });
        }
    }

    void begin_trouble() {
        troubled_ = true;
        for (const auto& [fault, chance] : plan_.chances) {
            if (fault ==
                Fault::
                    flood) { // each is hundreds of stanzas, which crashes would bring again and again
                service_.faults().arm(fault, 2);
            } else {
                service_.faults().set_chance(fault, chance);
            }
        }
        wire_.set_no_network_chance(plan_.no_network_chance);
    }

    void end_trouble() {
        troubled_ = false;
        service_.faults().calm();
        wire_.set_no_network_chance(0);
        log_.add(now_, "calm");
    }

    void perform(const Act& act) {
        PostOrder order = act.order;
        if (order.chat.empty()) {
            order.chat = groups_[act.group];
        }
        std::string& last = last_of_[order.chat + ' ' + order.member];
        const bool about = order.kind == PostKind::edit || order.kind == PostKind::revoke ||
                           order.kind == PostKind::reaction;
        if (about && last.empty()) {
            order.kind = PostKind::text;
        } else if (about) {
            order.target = last;
        }
        const std::vector<std::string> ids = service_.post(order);
        if (order.kind == PostKind::text || order.kind == PostKind::image) {
            last = ids.back();
        } else if (order.kind == PostKind::revoke) {
            last.clear();
        }
    }

    bool is_up() const {
        return wire_.open() &&
               (scribe_.state == live::State::connected || scribe_.state == live::State::degraded);
    }

    // Where a bare ack clears nothing, what is not included stays until a later connection's stronger answer.
    std::size_t backlog() const {
        const QueueCounts queue = service_.queue();
        return queue.undelivered + (plan_.acks_clear ? queue.uncleared : 0);
    }
    bool nothing_waits() const { return is_up() && backlog() == 0; }

    // After every event.
    void settle() {
        wire_.settle(*account_);
        if (!scribe_.qr.empty()) {
            agenda_.at(now_ + 2s, [this, qr = std::exchange(scribe_.qr, {})] {
                if (scribe_.state == live::State::linking) {
                    service_.scan(qr);
                }
            });
        }
        if (std::exchange(scribe_.has_spooled, false)) {
            const std::size_t before = harvest_.count();
            harvest_.take(*sessions_);
            for (const std::string& line : harvest_.lines(before)) {
                log_.add(now_, line);
            }
            account_->spool_shrank(now_);
        }
    }

    // One event; false: nothing happens before `limit`.
    bool step(Instant limit) {
        if (++steps_ > most_steps) {
            if (steps_ == most_steps + 1) {
                fail("does not come to rest");
            }
            return false;
        }
        settle();
        const Instant next =
            std::min({account_->wake_at(), service_.next_event_at(), agenda_.next()});
        if (next > limit) {
            advance(limit);
            return false;
        }
        advance(next);
        if (!agenda_.run_one(now_) && account_->wake_at() <= now_) {
            account_->tick(now_);
        }
        if (troubled_ && out_.crashes < most_crashes && random_.below(1000) < plan_.crash_chance) {
            crash();
        }
        return true;
    }

    void advance(Instant to) {
        now_ = std::max(now_, to);
        clock_.set(calendar + (now_ - Instant{}));
    }

    void run_to(Instant limit) {
        while (step(limit)) {
        }
    }

    template <class Condition> bool until(Condition holds, milliseconds patience) {
        const Instant limit = now_ + patience;
        while (!holds()) {
            if (!step(limit)) {
                return holds();
            }
        }
        return true;
    }

    void judge() {
        if (backlog() != 0) {
            fail(fmt::format("{} stanzas remain in the queue", backlog()));
        }
        for (const std::string& wrong : harvest_.compare(service_.posted(), included_)) {
            fail(wrong);
        }
        for (const std::string& audit : scribe_.audits) {
            fail("audit: " + audit);
        }
    }

    Outcome finish() {
        out_.report = service_.referee();
        for (const Violation& violation : out_.report.violations) {
            fail(violation.why + ": " + violation.stanza);
        }
        for (const std::string& line : service_.log()) {
            out_.log.push_back("service " + line);
        }
        for (const std::string& line : log_.lines()) {
            out_.log.push_back("bridge " + line);
        }
        out_.hash = service_.log_hash() + log_.hash();
        for (std::size_t i = 0; i < fault_kinds; ++i) {
            out_.fired[i] = service_.faults().fired(static_cast<Fault>(i));
        }
        for (const LinkedDevice& device : service_.devices()) {
            out_.logins += device.logins;
        }
        out_.failed_attempts = wire_.failed_attempts;
        out_.posted = service_.posted().size();
        out_.received = harvest_.count();
        out_.simulated = std::chrono::floor<std::chrono::seconds>(now_ - Instant{});
        return std::move(out_);
    }

    const Plan& plan_;
    Instant now_{};
    ManualClock clock_{calendar};
    EventLog log_;
    Agenda agenda_;
    Service service_;
    synth::Random random_;
    Wire wire_;
    Scribe scribe_;
    AlwaysHeld lease_;
    Chance chance_{plan_.seed};
    test::Sessions sessions_;
    std::unique_ptr<live::Account> account_;
    Harvest harvest_;
    std::vector<std::string> groups_, included_;
    std::map<std::string, std::string> last_of_; // by chat and member
    Instant begun_{};
    bool troubled_ = false;
    std::size_t steps_ = 0;
    Outcome out_;
};

} // namespace

Outcome run(const Plan& plan) { return Run{plan}.go(); }

} // namespace vestari::sim::dst
