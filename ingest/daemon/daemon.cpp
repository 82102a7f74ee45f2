#include "ingest/daemon/daemon.hpp"

#include <csignal>
#include <system_error>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/frame/home.hpp"
#include "ingest/daemon/control/routes.hpp"
#include "vestari/service/audit.hpp"
#include "vestari/service/log.hpp"
#include "vestari/service/process/notify.hpp"

namespace vestari::ingest::daemon {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds turn = 1s; // watchdog, and what grows old

service::Log::Options log_options(const config::Config& config) {
    const auto level = [&] {
        switch (config.log_level) {
        case config::LogLevel::error: return service::Level::error;
        case config::LogLevel::warning: return service::Level::warning;
        case config::LogLevel::info: return service::Level::info;
        case config::LogLevel::debug: return service::Level::debug;
        }
        return service::Level::info;
    }();
    const auto form = [&] {
        switch (config.log_format) {
        case config::LogFormat::automatic: return service::LogForm::automatic;
        case config::LogFormat::journal: return service::LogForm::journal;
        case config::LogFormat::text: return service::LogForm::text;
        case config::LogFormat::json: return service::LogForm::json;
        }
        return service::LogForm::automatic;
    }();
    return {.identifier = "vestari-ingest", .level = level, .form = form};
}

std::unique_ptr<service::Audit> open_audit(const config::Config& config, const Clock& clock) {
    const auto folder = config.data_dir / "ingest";
    cli::make_folder(folder);
    auto audit = service::Audit::open(folder / "audit.jsonl", clock);
    if (!audit) {
        throw cli::Failure::about(audit.error() == service::AuditErrc::locked ? ExitCode::try_again
                                                                              : ExitCode::io,
                                  (folder / "audit.jsonl").string(), audit.error().message());
    }
    return std::move(*audit);
}

} // namespace

class Daemon::House {
public:
    House(config::Config config, const Clock& clock)
        : config_{std::move(config)}, clock_{clock}, log_{log_options(config_)},
          notify_{service::Notify::of_process()}, watchdog_{notify_}, loop_beats_{watchdog_.add()},
          server_beats_{watchdog_.add()}, signals_{io_, SIGTERM, SIGINT}, turn_{io_},
          slots_{io_, config_, clock_, log_, events_} {}

    void run() {
        audit_ = open_audit(config_, clock_);
        desk_.emplace(Desk{io_, slots_, events_, *audit_, log_});
        open_control(); // before the archive's lock is taken: who finds it locked finds us listening
        slots_.open();
        signals_.async_wait([this](const boost::system::error_code& stopped, int) {
            if (!stopped) {
                stop();
            }
        });
        next_turn();
        notify_.ready();
        log_.info("ready: {} accounts", slots_.all().size());
        io_.run();
        server_.reset();
        log_.info("stopped");
    }

private:
    void open_control() {
        cli::make_folder(config_.runtime_dir);
        service::ControlOptions options;
        options.listen.path = config_.runtime_dir / "ingest.sock";
        options.routes = routes(*desk_);
        options.refused = [this](const service::Request& request) { refused(*desk_, request); };
        options.failed = [this] { log_.error("a question ended in a defect"); };
        options.alive = [this] { server_beats_.beat(); };
        auto server = service::ControlServer::open(std::move(options));
        if (!server) {
            throw cli::Failure::about(
                server.error() == service::SocketErrc::in_use ? ExitCode::try_again : ExitCode::io,
                (config_.runtime_dir / "ingest.sock").string(), server.error().message());
        }
        server_ = std::move(*server);
    }

    void next_turn() {
        loop_beats_.beat();
        watchdog_.tick();
        events_.drop_old(clock_.now());
        turn_.expires_after(turn);
        turn_.async_wait([this](const boost::system::error_code& stopped) {
            if (!stopped) {
                next_turn();
            }
        });
    }

    void stop() {
        notify_.stopping();
        log_.info("stopping");
        turn_.cancel();
        slots_.close();
        io_.stop();
    }

    config::Config config_;
    const Clock& clock_;
    service::Log log_;
    service::Notify notify_;
    service::Watchdog watchdog_;
    service::Watchdog::Part& loop_beats_;
    service::Watchdog::Part& server_beats_;
    boost::asio::io_context io_{1};
    boost::asio::signal_set signals_;
    boost::asio::steady_timer turn_;
    Events events_;
    std::unique_ptr<service::Audit> audit_;
    Slots slots_;
    std::optional<Desk> desk_;
    std::unique_ptr<service::ControlServer> server_;
};

Daemon::Daemon(config::Config config, const Clock& clock)
    : house_{std::make_unique<House>(std::move(config), clock)} {}
Daemon::~Daemon() = default;

void Daemon::run() { house_->run(); }

} // namespace vestari::ingest::daemon
