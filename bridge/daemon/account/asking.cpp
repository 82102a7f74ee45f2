#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>

#include "bridge/daemon/account/runner_impl.hpp"
#include "bridge/daemon/control/json.hpp"
#include "bridge/receive/inbox.hpp"
#include "bridge/route/route.hpp"
#include "bridge/store/counters.hpp"
#include "vestari/base/utf8.hpp"
#include "vestari/service/time.hpp"

namespace vestari::daemon {

namespace {

constexpr std::string_view no_keys = R"({"error":"waiting_for_keys"})";
constexpr std::string_view start_ingest = "start vestari-ingest: it holds the keys";
constexpr std::size_t max_captures = 2;
constexpr std::chrono::seconds unlink_patience{25}; // WhatsApp's answer has 20

const live::Reason waiting{"waiting_for_keys", "ingest has not handed over the keys yet",
                           start_ingest};
const live::Reason down{"account_down", "the account could not be run; it is tried again",
                        "see its warning"};

bool is_drop_reason(std::string_view what) {
    for (std::size_t i = 1; i < route::drop_reason_count; ++i) {
        if (route::word(static_cast<route::DropReason>(i)) == what) {
            return true;
        }
    }
    return false;
}

std::string_view next_of(const ErrorCode& error) {
    if (error == live::LiveErrc::already_linked) {
        return "run `vestari unlink` first";
    }
    if (error == live::LiveErrc::busy) {
        return "finish or cancel the attempt that is under way";
    }
    return "look at `vestari status`";
}

} // namespace

live::StateChange Runner::Impl::state() const {
    if (opened_) {
        return opened_->account().status().state;
    }
    if (down_) {
        return {.state = live::State::offline, .why = down, .since = down_->since, .until = {}};
    }
    return {.state = live::State::waiting_for_keys,
            .why = waiting,
            .since = waiting_since_,
            .until = {}};
}

boost::json::object Runner::Impl::down_warning() const {
    return {{"code", "account_down"},
            {"text", down.text},
            {"cause", down_->why.message()},
            {"next", "mend the cause; ingest hands the keys over again by itself"},
            {"since", service::rfc3339(down_->since)}};
}

// A database that cannot be read takes this account down, and leaves the answer about the others whole.
boost::json::object Runner::Impl::status() {
    try {
        return full_status();
    } catch (const boost::system::system_error&) {
        failed(std::current_exception());
        boost::json::object object{{"name", account_.name}};
        live::Status status;
        status.state = {
            .state = live::State::offline, .why = down, .since = context_.clock.now(), .until = {}};
        put_status(object, status);
        return object;
    }
}

boost::json::object Runner::Impl::full_status() {
    boost::json::object object{{"name", account_.name}};
    live::Status status;
    if (opened_) {
        status = opened_->account().status();
    } else {
        status.state = state();
    }
    put_status(object, status);
    if (down_) {
        object["warnings"].as_array().push_back(down_warning());
    }
    const Figures now = figures();
    object["pipe"] = now.pipe ? "connected" : "waiting";
    object["spool"] = {{"rows", now.spool_rows}, {"bytes", now.spool_bytes}};
    object["counts"] = counts();
    return object;
}

boost::json::object Runner::Impl::counts() {
    std::uint64_t dropped = 0;
    std::uint64_t decrypted = 0;
    std::uint64_t undecryptable = 0;
    std::uint64_t seen = 0;
    if (opened_) {
        for (const store::Count& count : store::Counters{opened_->database()}.all()) {
            if (count.what == "seen") {
                seen += count.count;
            } else if (count.what == "decrypted") {
                decrypted += count.count;
            } else if (count.what == "failed") {
                undecryptable += count.count;
            } else if (is_drop_reason(count.what)) {
                dropped += count.count;
            }
        }
    }
    return {{"seen", std::max(seen, dropped + decrypted + undecryptable)},
            {"dropped", dropped},
            {"decrypted", decrypted},
            {"undecryptable", undecryptable}};
}

Figures Runner::Impl::figures() {
    Figures figures;
    figures.keys = static_cast<bool>(opened_);
    figures.state = state().state;
    figures.pipe = handover_ && handover_->connected();
    figures.handed_over = handed_over_;
    if (!opened_) {
        return figures;
    }
    guarded([&] {
        figures.totals = opened_->account().status().totals;
        figures.spool_rows = opened_->spool().rows();
        figures.spool_bytes = opened_->spool().bytes();
    });
    return figures;
}

void Runner::Impl::list_groups(const service::Answer& answer) {
    if (!opened_) {
        answer->json(409, no_keys);
        return;
    }
    boost::json::array groups;
    for (const live::GroupInfo& group : opened_->account().groups()) {
        const bool included = std::ranges::any_of(
            included_, [&group](const event::Group& one) { return one.jid == group.jid; });
        groups.push_back(boost::json::object{{"jid", to_valid_utf8(group.jid)},
                                             {"name", to_valid_utf8(group.name)},
                                             {"members", group.members},
                                             {"included", included}});
    }
    answer->json(200, boost::json::serialize(groups));
}

void Runner::Impl::link(Runner& self, const live::LinkOptions& options,
                        const service::Answer& answer) {
    const auto refuse = [this, &answer](std::string_view error, std::string_view next) {
        answer->line(link_failed(live::to_string(state().state), error, next));
        answer->end();
    };
    if (phase_ == Phase::stopped || !opened_) {
        refuse(down_ ? "account_down" : "waiting_for_keys",
               down_ ? std::string_view{"look at `vestari status`"} : start_ingest);
        return;
    }
    if (linking_) {
        refuse("busy", next_of(live::LiveErrc::busy));
        return;
    }
    answer->start();
    linking_ = answer;
    Result<> begun;
    turn([&](live::Account& account, Instant now) { begun = account.link(options, now); });
    if (!begun) {
        end_link(begun.error().message(), next_of(begun.error()));
    } else if (linking_) {
        answer->on_gone([&self, weak = std::weak_ptr{answer}] {
            self.on_strand([weak](Runner& runner) {
                if (const service::Answer gone = weak.lock()) {
                    runner.impl_->cancel_link(gone);
                }
            });
        });
    }
}

void Runner::Impl::cancel_link(const service::Answer& answer) {
    if (linking_ == answer) {
        linking_.reset();
        turn([](live::Account& account, Instant now) { account.cancel_link(now); });
    }
}

void Runner::Impl::end_link(std::string_view error, std::string_view next) {
    if (const service::Answer answer = std::exchange(linking_, {})) {
        answer->line(link_failed(live::to_string(state().state), error, next));
        answer->end();
    }
}

void Runner::Impl::unlink(const service::Answer& answer) {
    if (!opened_) {
        answer->json(409, no_keys);
        return;
    }
    unlink_ = Unlink::open;
    Result<> begun;
    turn([&begun](live::Account& account, Instant now) { begun = account.unlink(now); });
    if (!begun) {
        boost::json::object error{{"error", begun.error().message()},
                                  {"state", live::to_string(state().state)}};
        answer->json(409, boost::json::serialize(error));
        return;
    }
    unlinking_.push_back(answer);
    unlink_late_.expires_after(unlink_patience);
    unlink_late_.async_wait([weak = weak_from_this()](const boost::system::error_code& stopped) {
        if (const std::shared_ptr<Impl> self = weak.lock(); self && !stopped) {
            self->give_up_unlink();
        }
    });
    settle_unlink(); // at once where nobody had to be told
}

// After every turn: has the attempt come to an end?
void Runner::Impl::settle_unlink() {
    if (unlinking_.empty()) {
        return;
    }
    if (state().state == live::State::unlinked) {
        unlink_late_.cancel();
        for (const service::Answer& answer : std::exchange(unlinking_, {})) {
            answer->json(200, R"({"state":"unlinked"})");
        }
    } else if (unlink_ == Unlink::failed) {
        give_up_unlink();
    }
}

void Runner::Impl::give_up_unlink() {
    unlink_late_.cancel();
    for (const service::Answer& answer : std::exchange(unlinking_, {})) {
        answer->error(504, "unlink_failed");
    }
}

void Runner::Impl::reconnect(const service::Answer& answer) {
    if (!opened_) {
        answer->json(409, no_keys);
        return;
    }
    turn([](live::Account& account, Instant now) { account.reconnect(now); });
    boost::json::object object;
    put_state(object, state());
    answer->json(200, boost::json::serialize(object));
}

void Runner::Impl::capture(const service::Answer& answer) {
    std::erase_if(capturing_, [](const service::Answer& one) { return one->gone(); });
    if (!opened_ || capturing_.size() >= max_captures) {
        answer->json(409, opened_ ? std::string_view{R"({"error":"busy"})"} : no_keys);
        return;
    }
    if (!pseudonyms_) {
        pseudonyms_.emplace(); // stable as long as this process
    }
    answer->line(capture_header(*pseudonyms_, included_));
    capturing_.push_back(answer);
    opened_->account().set_capture([this](const receive::Captured& message) { captured(message); });
}

void Runner::Impl::end_captures() {
    for (const service::Answer& answer : std::exchange(capturing_, {})) {
        answer->end();
    }
}

void Runner::Impl::captured(const receive::Captured& message) {
    const std::string line = capture_line(*pseudonyms_, message);
    std::erase_if(capturing_, [&line](const service::Answer& one) { return !one->line(line); });
    if (capturing_.empty()) {
        // Not from within the call that the message came in.
        boost::asio::post(strand_, [weak = weak_from_this()] {
            const std::shared_ptr<Impl> self = weak.lock();
            if (self && self->opened_ && self->capturing_.empty()) {
                self->opened_->account().set_capture({});
            }
        });
    }
}

} // namespace vestari::daemon
