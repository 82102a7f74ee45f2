#include "bridge/daemon/daemon.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <malloc.h>
#include <sys/stat.h>

#include "bridge/daemon/control/json.hpp"
#include "bridge/daemon/control/routes.hpp"
#include "bridge/daemon/opening/opened.hpp"
#include "bridge/daemon/pipe/door.hpp"
#include "bridge/daemon/version_lookup.hpp"

namespace vestari::daemon {

namespace {

namespace asio = boost::asio;

constexpr unsigned most_threads = 4;
constexpr std::chrono::seconds between_trims{5};

// Where systemd has not made them, one user runs it all.
Result<> make_folder(const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return ErrorCode{errno, boost::system::system_category()};
    }
    return std::filesystem::is_directory(path, failed)
               ? Result<>{}
               : ErrorCode{ENOTDIR, boost::system::system_category()};
}

class Daemon {
public:
    Daemon(const config::Config& config, const net::Endpoint& endpoint,
           std::unique_ptr<service::Audit> audit, const SystemClock& clock, service::Log& log,
           const service::Notify& notify)
        : config_{config}, log_{log}, notify_{notify}, audit_{std::move(audit)},
          threads_{std::clamp(std::min(std::thread::hardware_concurrency(),
                                       static_cast<unsigned>(config.accounts.size())),
                              1U, most_threads)},
          io_{static_cast<int>(threads_)}, own_{asio::make_strand(io_)}, signals_{io_}, turn_{own_},
          version_{own_, endpoint, config.whatsapp, log,
                   [this](const link::Version& version) { tell_version(version); }},
          context_{config,
                   endpoint,
                   clock,
                   log,
                   *audit_,
                   events_,
                   [this] { return version_.newest(); },
                   [this] { version_.wanted(); }},
          watchdog_{notify} {}

    Result<> open();
    void run();

private:
    void make_runners();
    Result<> open_control();
    Result<> open_door();
    void turn();
    void trim();
    void stop();
    void arrived(Arrival arrival);
    void refused_request(const service::Request& request);
    void tell_version(const link::Version& version);

    const config::Config& config_;
    service::Log& log_;
    const service::Notify& notify_;
    std::unique_ptr<service::Audit> audit_;
    EventLog events_;
    unsigned threads_;
    asio::io_context io_;
    asio::any_io_executor own_; // what belongs to no account
    asio::signal_set signals_;
    asio::steady_timer turn_;
    VersionLookup version_;
    Context context_;
    service::Watchdog watchdog_;
    std::chrono::milliseconds beat_{1000};
    Instant trimmed_{};
    std::atomic<bool> rested_ = false; // an account, since memory was given back last
    Runners runners_;
    std::vector<service::Watchdog::Part*>
        beats_; // one of each runner, and behind them the control server's
    std::unique_ptr<Door> door_;
    std::unique_ptr<service::ControlServer> control_;
};

Result<> Daemon::open() {
    make_runners();
    if (const Result<> opened = open_door(); !opened) {
        return opened;
    }
    if (const Result<> opened = open_control(); !opened) {
        return opened;
    }
    if (const auto interval = service::watchdog_interval()) {
        beat_ = std::clamp(std::chrono::duration_cast<std::chrono::milliseconds>(*interval) / 4,
                           std::chrono::milliseconds{10}, std::chrono::milliseconds{5000});
    }
    return {};
}

void Daemon::make_runners() {
    for (const config::Account& account : config_.accounts) {
        runners_.push_back(std::make_unique<Runner>(asio::make_strand(io_), context_, account));
        beats_.push_back(&watchdog_.add());
    }
    beats_.push_back(&watchdog_.add());
}

Result<> Daemon::open_control() {
    service::ControlOptions options;
    options.listen.path = config_.runtime_dir / "bridge.sock";
    options.routes = routes(context_, runners_);
    options.refused = [this](const service::Request& request) { refused_request(request); };
    options.failed = [this] { log_.error("a control request failed inside"); };
    options.alive = [part = beats_.back()] { part->beat(); };
    auto opened = service::ControlServer::open(std::move(options));
    if (!opened) {
        return opened.error();
    }
    control_ = std::move(*opened);
    return {};
}

Result<> Daemon::open_door() {
    auto opened =
        Door::open(own_, config_.runtime_dir / "pipe.sock",
                   {.arrived = [this](Arrival arrival) { this->arrived(std::move(arrival)); },
                    .refused =
                        [this](service::Word why, const service::Peer& peer) {
                            log_.warning("uid {} at the pipe {}: refused", peer.uid, why);
                            context_.note({.what = "pipe_refused",
                                           .by = peer.uid,
                                           .account = {},
                                           .values = 0,
                                           .note = std::string{why.text()}});
                        }});
    if (!opened) {
        return opened.error();
    }
    door_ = std::move(*opened);
    return {};
}

void Daemon::arrived(Arrival arrival) {
    const auto found = std::ranges::find_if(runners_, [&arrival](const auto& runner) {
        return runner->name() == arrival.keys.account;
    });
    if (found == runners_.end()) {
        log_.warning("keys of an account that is not configured here: refused");
        wipe_keys(arrival.keys);
        return;
    }
    const auto shared = std::make_shared<Arrival>(std::move(arrival));
    (*found)->on_strand([shared](Runner& runner) { runner.attach(std::move(*shared)); });
}

void Daemon::refused_request(const service::Request& request) {
    constexpr std::size_t longest_path = 128;
    const std::string what = std::string{service::to_string(request.method)} + ' ' +
                             request.path.substr(0, longest_path);
    log_.warning("uid {} asked for what this program never does: refused", request.peer.uid);
    context_.note(
        {.what = "refused", .by = request.peer.uid, .account = {}, .values = 0, .note = what});
    events_.publish({}, refused_event(what), context_.clock.now());
}

void Daemon::tell_version(const link::Version& version) {
    for (const auto& runner : runners_) {
        runner->on_strand([version](Runner& self) { self.version_found(version); });
    }
}

// What accounts at rest have given back goes to the system; it walks the whole heap, so not for each of them.
void Daemon::trim() {
    const Instant now = monotonic_now();
    if (now - trimmed_ >= between_trims && rested_.exchange(false)) {
        ::malloc_trim(0);
        trimmed_ = now;
    }
}

// Each strand and the control server has to have moved before systemd hears that we live.
void Daemon::turn() {
    for (std::size_t i = 0; i < runners_.size(); ++i) {
        runners_[i]->on_strand([this, part = beats_[i]](Runner& self) {
            part->beat();
            if (self.rest_if_quiet()) {
                rested_ = true;
            }
        });
    }
    trim();
    watchdog_.tick();
    turn_.expires_after(beat_);
    turn_.async_wait([this](const boost::system::error_code& stopped) {
        if (!stopped) {
            turn();
        }
    });
}

void Daemon::run() {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        signals_.add(number);
    }
    signals_.async_wait([this](const boost::system::error_code& none, int) {
        if (!none) {
            asio::post(own_, [this] { stop(); });
        }
    });
    asio::post(own_, [this] { turn(); });
    version_.start();
    notify_.ready();
    notify_.status("waiting for keys or serving: see vestari status");
    log_.event(service::Level::info, {"6f1d2b3c4a5e46b7a8c9d0e1f2a3b4c5"},
               "started: {} accounts, {} threads", runners_.size(), threads_);
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads_; ++i) {
        others.emplace_back([this] { io_.run(); });
    }
    io_.run(); // until stop has left nothing to do: goodbyes included
    for (std::thread& thread : others) {
        thread.join();
    }
    log_.info("stopped");
}

void Daemon::stop() {
    notify_.stopping();
    log_.info("stopping");
    events_.end();
    control_.reset(); // nothing new is asked
    door_.reset();
    turn_.cancel();
    version_.stop();
    boost::system::error_code ignored;
    signals_.cancel(ignored);
    for (const auto& runner : runners_) {
        runner->on_strand([](Runner& self) { self.stop(); });
    }
}

ExitCode exit_of(const ErrorCode& error, service::Log& log) {
    log.error("cannot start: {}", error);
    if (error == service::SocketErrc::in_use || error == service::AuditErrc::locked) {
        return ExitCode::try_again;
    }
    return error == service::AuditErrc::broken_chain ? ExitCode::bad_data : ExitCode::io;
}

} // namespace

ExitCode run(const config::Config& config, service::Log& log, const service::Notify& notify) {
    // A few threads that share strands need no heap each. NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread
    ::mallopt(M_ARENA_MAX, 2);
    const Result<net::Endpoint> endpoint = net::endpoint_of(config.whatsapp);
    if (!endpoint) {
        log.error("the endpoint of the configuration is refused: {}", endpoint.error());
        return ExitCode::configuration;
    }
    const std::filesystem::path data = config.data_dir / "bridge";
    for (const std::filesystem::path& folder : {data, config.runtime_dir}) {
        if (const Result<> made = make_folder(folder); !made) {
            return exit_of(made.error(), log);
        }
    }
    const SystemClock clock;
    auto audit = service::Audit::open(data / "audit.jsonl", clock);
    if (!audit) {
        return exit_of(audit.error(), log);
    }
    Daemon daemon{config, *endpoint, std::move(*audit), clock, log, notify};
    if (const Result<> opened = daemon.open(); !opened) {
        return exit_of(opened.error(), log);
    }
    daemon.run();
    return ExitCode::ok;
}

} // namespace vestari::daemon
