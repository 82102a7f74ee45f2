#include "ingest/cli/replay/player.hpp"

#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli::replay {
namespace {

std::vector<std::string> arguments_of(const Play& how) {
    std::vector<std::string> words{how.fixture.string(), "--pipe", "--session",
                                   how.sessions.string()};
    for (const std::string& jid : how.include) {
        words.emplace_back("--include");
        words.push_back(jid);
    }
    return words;
}

class Player {
public:
    Player(const Play& how, ingest::Archive& archive, const Clock& clock, Transcript& transcript,
           const std::function<void(std::uint64_t)>& on_progress)
        : how_{how}, clock_{clock}, transcript_{transcript}, on_progress_{on_progress},
          pipeline_{archive,
                    clock,
                    {.default_currency = how.default_currency,
                     .groups = ingest::GroupsFromStream::adopt}},
          child_{how.program, arguments_of(how)} {
        event::Keys keys = archive.lend_keys();
        child_.send(keys);
    }

    Ended run() {
        Ended ended;
        for (bool open = true; open;) {
            switch (child_.wait(how_.signals, time_to_commit())) {
            case Child::Wake::frames: take_frames(); break;
            case Child::Wake::timeout: commit_if_due(); break;
            case Child::Wake::signal:
                ended.interrupted = true;
                child_.stop();
                open = false;
                break;
            case Child::Wake::end: open = false; break;
            }
            acknowledge();
        }
        pipeline_.flush();
        ended.exit_code = child_.exit_code();
        if (summary_) {
            transcript_.add(*summary_);
        }
        if (!ended.interrupted && ended.exit_code == 0 && !summary_) {
            throw Failure{ExitCode::defect, "vestari-replay ended without a summary",
                          "both programs must be of one version: install them together"};
        }
        return ended;
    }

private:
    std::optional<std::chrono::milliseconds> time_to_commit() const {
        const auto due = pipeline_.commit_due();
        return due ? std::optional{std::max(*due - clock_.now(), std::chrono::milliseconds{0})}
                   : std::nullopt;
    }

    void commit_if_due() {
        if (const auto due = pipeline_.commit_due(); due && *due <= clock_.now()) {
            pipeline_.flush();
        }
    }

    void take_frames() {
        while (const auto frame = child_.next_frame()) {
            std::visit([this](const auto& each) { take(each); }, *frame);
        }
        commit_if_due();
    }

    void take(const event::Hello& hello) {
        if (hello.protocol != event::protocol_version) {
            throw Failure{ExitCode::configuration,
                          fmt::format("{} speaks protocol {}, this program {}", hello.program,
                                      hello.protocol, event::protocol_version),
                          "install both programs together"};
        }
        if (const auto currency = Currency::parse(hello.default_currency)) {
            pipeline_.set_default_currency(*currency);
        }
    }
    void take(const event::Group& group) { pipeline_.accept(group); }
    void take(const event::Envelope& envelope) {
        transcript_.add(envelope, pipeline_.accept(envelope));
        ++envelopes_;
        on_progress_(std::max(envelopes_, summary_ ? summary_->counts.stanzas : 0));
    }
    void
    take(const event::Summary& summary) { // the last one counts; earlier ones tell how far it is
        summary_ = summary;
        on_progress_(summary.counts.stanzas);
        pipeline_.flush();
    }
    void take(const event::Keys&) { refuse(); }
    void take(const event::Ack&) { refuse(); }
    [[noreturn]] static void refuse() {
        throw Failure{ExitCode::defect, "vestari-replay sent what only ingest sends",
                      "both programs must be of one version: install them together"};
    }

    void acknowledge() {
        const auto durable = pipeline_.durable();
        if (durable && durable != acknowledged_) {
            acknowledged_ = durable;
            child_.acknowledge(*durable);
        }
    }

    const Play& how_;
    const Clock& clock_;
    Transcript& transcript_;
    const std::function<void(std::uint64_t)>& on_progress_;
    ingest::Pipeline pipeline_;
    Child child_;
    std::optional<event::Summary> summary_;
    std::optional<std::uint64_t> acknowledged_;
    std::uint64_t envelopes_ = 0;
};

} // namespace

Ended play(const Play& how, ingest::Archive& archive, const Clock& clock, Transcript& transcript,
           const std::function<void(std::uint64_t)>& on_progress) {
    return Player{how, archive, clock, transcript, on_progress}.run();
}

} // namespace vestari::cli::replay
