// One account of vestari-ingest: its archive and pipeline, what it says to the bridge and what it takes from it. Sans-IO: bytes,
// frames and time come in as values; pipe.hpp carries them.
//
// Invariants  an acknowledgement is given only for what a commit has made durable, and an event is told only then. When the
//             machine fails (a full disk), what was open is undone, nothing is acknowledged, and the connection is to be closed: the
//             bridge sends again from its spool when the next one opens. Nothing is lost and nothing stored twice.
// Threads     one owner.
// Errors      take: AccountErrc, the connection is to be closed. No exception of the archive leaves take, commit and rest.
// Source      SETTLED sections 1, 4, 8; DESIGN 3.4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/daemon/events.hpp"
#include "vestari/event/codec.hpp"
#include "vestari/ingest/archive.hpp"
#include "vestari/ingest/pipeline.hpp"

namespace vestari::ingest::daemon {

enum class AccountErrc { other_protocol = 1, other_account, unexpected_frame, storage };
std::string_view describe(AccountErrc error) noexcept;
inline ErrorCode make_error_code(AccountErrc e) noexcept {
    return make_code(e, category_of<AccountErrc>("account"));
}

} // namespace vestari::ingest::daemon
template <>
struct boost::system::is_error_code_enum<vestari::ingest::daemon::AccountErrc> : std::true_type {};
namespace vestari::ingest::daemon {

class Account {
public:
    Account(std::string name, Archive archive, Currency default_currency, const Clock& clock,
            Events& events);
    Account(const Account&) = delete;
    Account& operator=(const Account&) = delete;
    ~Account() = default;

    const std::string& name() const noexcept { return name_; }

    // A bridge has answered: what to say first, encoded. It holds keys: the caller wipes it.
    Bytes greet();
    [[nodiscard]] Result<> take(const event::Frame& frame);
    void commit_if_due();
    void flush(); // at the end
    std::optional<TimePoint> commit_due() const { return pipeline_.commit_due(); }
    // What has become durable since the last call and the bridge may forget.
    std::optional<std::uint64_t> take_acknowledgement();

    // Why nothing is stored at the moment; empty: all is well. It ends with the next commit.
    std::optional<ArchiveErrc> failure() const noexcept { return failure_; }
    bool probe(); // after a failure: writes something small; true: it works again

    // The archive for a command's own use, with everything committed that was open. After it was changed, `changed` tells
    // the pipeline so. Throws StorageFailure.
    Archive& archive();
    std::uint64_t values_opened() const noexcept { return archive_.values_opened(); }
    void changed() { pipeline_.refresh(); }

    // The include-list. What it gives is to be sent to the bridge, if one is connected.
    event::Group include(const GroupEntry& group);
    std::optional<event::Group> exclude(std::string_view jid); // empty: it was not in the list

    const PipelineCounts& counts() const noexcept { return pipeline_.counts(); } // since the start

private:
    struct Told {
        TimePoint at{};
        std::string line;
    };

    Result<> take_one(const event::Hello& hello);
    Result<> take_one(const event::Group& group);
    Result<> take_one(const event::Envelope& envelope);
    static Result<> take_one(const event::Summary&) { return {}; } // a replay's
    static Result<> take_one(const event::Keys&) { return AccountErrc::unexpected_frame; }
    static Result<> take_one(const event::Ack&) { return AccountErrc::unexpected_frame; }
    template <class Step> Result<> guarded(Step&& step);
    void tell_what_is_durable();

    std::string name_;
    Archive archive_;
    const Clock& clock_;
    Events& events_;
    Pipeline pipeline_;
    std::vector<Told> untold_; // events of the open group
    std::uint64_t commits_told_ = 0;
    std::uint64_t commits_acknowledged_ = 0;
    std::optional<ArchiveErrc> failure_;
};

// {"type":"message",…}; empty for what nobody said: duplicates, forgeries, a group's own changes.
std::string event_line(const std::string& account, const event::Envelope& envelope,
                       const Accepted& accepted, TimePoint taken_at);

} // namespace vestari::ingest::daemon
