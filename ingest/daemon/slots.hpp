// The configured accounts: each with its archive and pipe, or with the reason why it is not open.
//
// Invariants  a locked archive is waited for, 10 s; one that could not be opened is tried again every `try_again`. The master key is held only while opening.
// Threads     the io_context's, one.
// Errors      open: cli::Failure when no account at all can be opened.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/daemon/account.hpp"
#include "ingest/daemon/pipe.hpp"
#include "vestari/config/config.hpp"

namespace vestari::service {
class Log;
} // namespace vestari::service

namespace vestari::ingest::daemon {

struct Slot {
    config::Account settings;
    std::filesystem::path file;
    std::unique_ptr<Account> account;       // null: not open
    std::unique_ptr<Pipe> pipe;             // null: not open
    ArchiveErrc why = ArchiveErrc::missing; // when it is not open
    std::uint64_t failures = 0;             // of storage, since the start
};

class Slots {
public:
    static constexpr std::chrono::seconds try_again{30};

    Slots(boost::asio::io_context& io, const config::Config& config, const Clock& clock,
          service::Log& log, Events& events);
    Slots(const Slots&) = delete;
    Slots& operator=(const Slots&) = delete;
    ~Slots();

    void open();
    void close(); // commits and acknowledges

    // By name; of an empty name the only one. Null: there is none, or more than one to choose from.
    Slot* find(std::string_view name) noexcept;
    std::vector<Slot>& all() noexcept { return slots_; }
    bool all_open() const noexcept;

private:
    bool locked() const noexcept; // one of them, by another process
    void open_closed_ones();
    void open(Slot& slot);
    void wait_and_try_again();
    void say(Slot& slot, Pipe::News news, const ErrorCode& why);

    class Timer;
    boost::asio::io_context& io_;
    const config::Config& config_;
    const Clock& clock_;
    service::Log& log_;
    Events& events_;
    std::vector<Slot>
        slots_; // never grows after the construction: Pipe's listener knows its slot's place
    std::unique_ptr<Timer> timer_;
};

} // namespace vestari::ingest::daemon
