#include "ingest/daemon/slots.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include "ingest/cli/frame/open.hpp"
#include "vestari/service/log.hpp"

namespace vestari::ingest::daemon {
namespace {

constexpr std::chrono::milliseconds nap{100};
constexpr int longest_naps = 100; // 10 s for a command that works on the archive

} // namespace

class Slots::Timer {
public:
    explicit Timer(boost::asio::io_context& io) : timer{io} {}
    boost::asio::steady_timer timer;
};

Slots::Slots(boost::asio::io_context& io, const config::Config& config, const Clock& clock,
             service::Log& log, Events& events)
    : io_{io}, config_{config}, clock_{clock}, log_{log}, events_{events},
      timer_{std::make_unique<Timer>(io)} {
    slots_.reserve(config.accounts.size());
    for (const config::Account& settings : config.accounts) {
        Slot& slot = slots_.emplace_back();
        slot.settings = settings;
        slot.file = config.archive_file(settings);
    }
}
Slots::~Slots() = default;

void Slots::open() {
    open_closed_ones();
    for (int naps = 0; naps < longest_naps && locked();
         ++naps) { // a command has it open at the moment
        ::usleep(static_cast<useconds_t>(std::chrono::microseconds{nap}.count()));
        open_closed_ones();
    }
    const bool none = std::none_of(slots_.begin(), slots_.end(),
                                   [](const Slot& slot) { return slot.account != nullptr; });
    if (none) {
        const Slot& first = slots_.front();
        throw cli::Failure::about(exit_code(first.why), first.file.string(), describe(first.why));
    }
    for (Slot& slot : slots_) {
        if (!slot.account) {
            service::Log::OfAccount{log_, slot.settings.name}.event(
                service::Level::error, {},
                "the archive cannot be opened ({}): other accounts go on",
                make_error_code(slot.why));
        }
    }
    wait_and_try_again();
}

void Slots::open_closed_ones() {
    const crypto::MasterSecret master = cli::load_master_key(config_);
    for (Slot& slot : slots_) {
        if (slot.account) {
            continue;
        }
        auto archive = Archive::open({.file = slot.file, .account = slot.settings.name, .vfs = {}},
                                     master, clock_);
        if (!archive) {
            const bool ours =
                archive.error().category() == make_error_code(ArchiveErrc::io).category();
            slot.why = ours ? static_cast<ArchiveErrc>(archive.error().value()) : ArchiveErrc::io;
            continue;
        }
        slot.account = std::make_unique<Account>(slot.settings.name, std::move(*archive),
                                                 slot.settings.default_currency, clock_, events_);
        open(slot);
    }
}

void Slots::open(Slot& slot) {
    slot.pipe = std::make_unique<Pipe>(
        io_, config_.runtime_dir / "pipe.sock", *slot.account,
        [this, &slot](Pipe::News news, const ErrorCode& why) { say(slot, news, why); });
    slot.pipe->start();
}

void Slots::wait_and_try_again() {
    if (all_open()) {
        return;
    }
    timer_->timer.expires_after(try_again);
    timer_->timer.async_wait([this](const boost::system::error_code& stopped) {
        if (stopped) {
            return;
        }
        try {
            open_closed_ones();
        } catch (const std::
                     exception&) { // the key is not there at the moment: the next turn looks again
            log_.warning("the master key cannot be read: closed archives stay closed");
        }
        wait_and_try_again();
    });
}

void Slots::close() {
    timer_->timer.cancel();
    for (Slot& slot : slots_) {
        slot.pipe.reset();
        slot.account.reset();
    }
}

Slot* Slots::find(std::string_view name) noexcept {
    if (name.empty()) {
        return slots_.size() == 1 ? &slots_.front() : nullptr;
    }
    const auto found = std::find_if(slots_.begin(), slots_.end(),
                                    [&](const Slot& slot) { return slot.settings.name == name; });
    return found == slots_.end() ? nullptr : &*found;
}

bool Slots::locked() const noexcept {
    return std::any_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
        return !slot.account && slot.why == ArchiveErrc::locked;
    });
}

bool Slots::all_open() const noexcept {
    return std::all_of(slots_.begin(), slots_.end(),
                       [](const Slot& slot) { return slot.account != nullptr; });
}

void Slots::say(Slot& slot, Pipe::News news, const ErrorCode& why) {
    using service::Level;
    service::Log::OfAccount log{log_, slot.settings.name};
    switch (news) {
    case Pipe::News::connected: log.event(Level::info, {}, "the bridge is connected"); break;
    case Pipe::News::waiting: log.event(Level::info, {}, "waiting for the bridge"); break;
    case Pipe::News::foreign_peer:
        log.event(Level::error, {},
                  "another user listens where the bridge should: nothing is said to it");
        break;
    case Pipe::News::refused:
        log.event(Level::error, {}, "what the bridge sent cannot be taken: {}", why);
        break;
    case Pipe::News::storage_failed:
        ++slot.failures;
        log.event(Level::error, {},
                  "the archive cannot store ({}): nothing is acknowledged, nothing is lost",
                  make_error_code(slot.account->failure().value_or(ArchiveErrc::io)));
        break;
    case Pipe::News::storage_works:
        log.event(Level::warning, {}, "the archive stores again");
        break;
    }
}

} // namespace vestari::ingest::daemon
