#include "vestari/ingest/pipeline.hpp"

#include "ingest/pipeline/intake.hpp"

namespace vestari::ingest {

std::string_view to_string(Outcome outcome) noexcept {
    switch (outcome) {
    case Outcome::deals: return "deals";
    case Outcome::chatter: return "chatter";
    case Outcome::duplicate: return "duplicate";
    case Outcome::edited: return "edited";
    case Outcome::revoked: return "revoked";
    case Outcome::held: return "held";
    case Outcome::flagged: return "flagged";
    case Outcome::gap: return "gap";
    case Outcome::service: return "service";
    case Outcome::excluded: return "excluded";
    }
    return "service";
}

class Pipeline::Work {
public:
    Work(Archive& archive, const Clock& clock, PipelineOptions options)
        : state_{archive.state()}, clock_{clock}, options_{options},
          intake_{archive, clock, options} {}
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    ~Work() { undo(); }

    // Whatever goes wrong, the open group is undone as a whole and memory follows the disk.
    template <class Step> auto guarded(Step&& step) -> decltype(step()) {
        try {
            return step();
        } catch (...) {
            undo();
            throw;
        }
    }

    Accepted accept(const event::Envelope& envelope) {
        return guarded([&] {
            begin();
            Transaction message{state_.db};
            Accepted accepted = intake_.take(envelope);
            message.commit();
            ++in_group_;
            taken_ = envelope.sequence;
            count(accepted);
            if (in_group_ >= options_.messages_per_commit || due()) {
                commit();
            }
            return accepted;
        });
    }

    void accept(const event::Group& group) {
        guarded([&] { intake_.take(group); });
    }

    void flush() {
        guarded([&] { commit(); });
    }

    void refresh() {
        flush();
        intake_.forget();
    }

    std::optional<TimePoint> commit_due() const {
        return open_ ? std::optional{begun_ + options_.longest_wait} : std::nullopt;
    }

    std::optional<std::uint64_t> durable_;
    PipelineCounts counts_;
    Intake& intake() noexcept { return intake_; }

private:
    // Somebody else's failure on this archive takes the open group along; nobody may take it for committed.
    void check_still_there() const {
        if (open_ && state_.abandoned() != abandoned_before_) {
            throw StorageFailure{ArchiveErrc::io};
        }
    }

    void begin() {
        check_still_there();
        if (open_) {
            return;
        }
        state_.begin();
        open_ = true;
        abandoned_before_ = state_.abandoned();
        begun_ = clock_.now();
        in_group_ = 0;
        intake_.drop_held(begun_);
    }

    bool due() const {
        const TimePoint now = clock_.now();
        return now < begun_ ||
               now - begun_ >= options_.longest_wait; // a clock set back counts as due
    }

    void commit() {
        check_still_there();
        if (!open_) {
            return;
        }
        state_.commit();
        open_ = false;
        durable_ = taken_;
        ++counts_.commits;
    }

    void undo() noexcept {
        state_.abandon();
        intake_.forget();
        open_ = false;
    }

    void count(const Accepted& accepted) {
        ++counts_.messages;
        counts_.deals += accepted.deals.size();
        counts_.duplicates += accepted.outcome == Outcome::duplicate ? 1 : 0;
        counts_.flagged += accepted.outcome == Outcome::flagged ? 1 : 0;
        counts_.excluded += accepted.outcome == Outcome::excluded ? 1 : 0;
    }

    State& state_;
    const Clock& clock_;
    PipelineOptions options_;
    Intake intake_;
    bool open_ = false;
    TimePoint begun_{};
    std::size_t in_group_ = 0;
    std::uint64_t taken_ = 0;
    std::uint64_t abandoned_before_ = 0;
};

Pipeline::Pipeline(Archive& archive, const Clock& clock, PipelineOptions options)
    : work_{std::make_unique<Work>(archive, clock, options)} {}
Pipeline::~Pipeline() = default;

Accepted Pipeline::accept(const event::Envelope& envelope) { return work_->accept(envelope); }
void Pipeline::accept(const event::Group& group) { work_->accept(group); }
void Pipeline::set_default_currency(Currency currency) noexcept {
    work_->intake().set_default_currency(currency);
}
void Pipeline::flush() { work_->flush(); }
void Pipeline::refresh() { work_->refresh(); }
std::optional<TimePoint> Pipeline::commit_due() const { return work_->commit_due(); }
std::optional<std::uint64_t> Pipeline::durable() const { return work_->durable_; }
const PipelineCounts& Pipeline::counts() const noexcept { return work_->counts_; }

} // namespace vestari::ingest
