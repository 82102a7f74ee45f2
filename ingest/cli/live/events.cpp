// `vestari events [--follow]`: what flows, from both daemons, one JSON object a line.
#include <algorithm>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

struct Event {
    TimePoint at;
    std::size_t number; // in the order in which they were told
    std::string line;
};

// When: a message says `at`, a state `since`; what says neither stands behind the one before it.
TimePoint time_of(std::string_view line, TimePoint before) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(line, wrong);
    const auto* object = wrong ? nullptr : value.if_object();
    for (const char* name : {"at", "since"}) {
        const auto* found = object == nullptr ? nullptr : object->if_contains(name);
        if (found != nullptr && found->is_string()) {
            return ingest::read_rfc3339(std::string_view{found->get_string()}).value_or(before);
        }
    }
    return before;
}

service::Question question(const std::string& account, const char* follow) {
    std::map<std::string, std::string, std::less<>> parameters{{"follow", follow}};
    if (!account.empty()) {
        parameters.emplace("account", account);
    }
    return {service::Method::get, target("/v1/events", parameters), {}};
}

// What is kept of the last day, in the order of time.
bool collect(const std::filesystem::path& socket, const std::string& account,
             std::vector<Event>& events) {
    TimePoint last{};
    const auto ended = service::follow(socket, question(account, "0"), [&](std::string_view line) {
        last = time_of(line, last);
        events.push_back({last, events.size(), std::string{line}});
        return service::Go::on;
    });
    if (!ended && !nobody_listens(ended.error())) {
        throw no_answer(socket, ended.error());
    }
    return ended.has_value();
}

ExitCode print_kept(const Context& context, const config::Config& config,
                    const std::string& account) {
    std::vector<Event> events;
    const bool bridge = collect(bridge_socket(config), account, events);
    const bool ingest = collect(ingest_socket(config), account, events);
    if (!bridge && !ingest) {
        throw Failure{ExitCode::try_again, "neither vestari-bridge nor vestari-ingest is running",
                      "start them: vestari up"};
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::tie(a.at, a.number) < std::tie(b.at, b.number);
    });
    for (const Event& event : events) {
        context.print(event.line + "\n");
    }
    return ExitCode::ok;
}

// Both streams at once, each on a thread of its own; the main thread waits for Ctrl-C.
class Followers {
public:
    Followers(const Context& context, const config::Config& config, std::string account)
        : context_{context}, config_{config}, account_{std::move(account)} {}

    ExitCode run() {
        sigset_t stops;
        sigemptyset(&stops);
        sigaddset(&stops, SIGINT);
        sigaddset(&stops, SIGTERM);
        sigaddset(&stops, SIGUSR1); // our own: both streams have ended
        pthread_sigmask(SIG_BLOCK, &stops, nullptr);
        const auto start = [this](const std::filesystem::path& socket, const char* program) {
            return std::thread{[this, socket, program] { follow(socket, program); }};
        };
        std::thread bridge = start(bridge_socket(config_), "vestari-bridge");
        std::thread ingest = start(ingest_socket(config_), "vestari-ingest");
        int signal = 0;
        sigwait(&stops, &signal);
        if (signal !=
            SIGUSR1) { // the threads wait for lines that need not come: the process goes with them
            const std::scoped_lock lock{mutex_};
            std::fflush(stdout);
            std::_Exit(to_int(ExitCode::ok));
        }
        bridge.join();
        ingest.join();
        if (reader_left_) {
            return ExitCode::ok;
        }
        throw Failure{ExitCode::try_again,
                      heard_ ? "both daemons have stopped"
                             : "neither vestari-bridge nor vestari-ingest is running",
                      "start them: vestari up"};
    }

private:
    void follow(const std::filesystem::path& socket, const char* program) {
        const auto ended = service::follow(socket, question(account_, "1"),
                                           [this](std::string_view line) { return print(line); });
        const std::scoped_lock lock{mutex_};
        if (!reader_left_ && left_ == 2) {
            context_.say(!ended && nobody_listens(ended.error())
                             ? fmt::format("{} is not running: its events are missing", program)
                             : fmt::format("{} has stopped: its events are missing", program));
        }
        heard_ = heard_ || ended.has_value();
        if (--left_ == 0) {
            ::kill(::getpid(), SIGUSR1);
        }
    }

    service::Go print(std::string_view line) {
        const std::scoped_lock lock{mutex_};
        const std::string whole = std::string{line} + '\n';
        if (reader_left_ || std::fwrite(whole.data(), 1, whole.size(), stdout) != whole.size() ||
            std::fflush(stdout) != 0) {
            reader_left_ = true;
            ::kill(::getpid(), SIGINT); // nobody reads: end all of it
            return service::Go::stop;
        }
        heard_ = true;
        return service::Go::on;
    }

    const Context& context_;
    const config::Config& config_;
    std::string account_;
    std::mutex mutex_;
    int left_ = 2;
    bool heard_ = false;
    bool reader_left_ = false;
};

ExitCode run(Context& context, bool follow) { // NOLINT: private to this file
    const config::Config config = load_config(context);
    std::string account;
    if (context.account_option) {
        account = choose_account(context, config).name;
    }
    return follow ? Followers{context, config, account}.run()
                  : print_kept(context, config, account);
}

} // namespace

Command events_command() {
    const auto follow = std::make_shared<bool>(false);
    Command command;
    command.name = "events";
    command.summary = "prints what flows, one JSON object a line";
    command.description =
        "Messages of included chats (no text), states and warnings. What is kept of the last day, "
        "as far as the daemons have been running; with --follow it goes on until Ctrl-C.";
    command.parameters = {{"--follow", "", "goes on with what comes", follow.get()}};
    command.examples = {{"vestari events", "the last day"},
                        {"vestari events --follow | jq -c 'select(.deals > 0)'",
                         "messages with deals, as they come"}};
    command.json = Json::yes;
    command.run = [follow](Context& context) { return run(context, *follow); };
    return command;
}

} // namespace vestari::cli
