// `vestari up`: both daemons in the foreground, until Ctrl-C.
#include <csignal>
#include <ctime>

#include <fmt/format.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/process/children.hpp"

namespace vestari::cli {
namespace {

constexpr timespec turn{0, 100'000'000};

// Blocks what we wait for, so that nothing is missed between two waits.
class Signals {
public:
    Signals() {
        sigemptyset(&set_);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) {
            sigaddset(&set_, signal);
        }
        pthread_sigmask(SIG_BLOCK, &set_, &before_);
    }
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;
    ~Signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    int next(const timespec* longest) const { // 0: the time has passed
        const int signal = longest == nullptr ? sigwaitinfo(&set_, nullptr)
                                              : sigtimedwait(&set_, nullptr, longest);
        return signal < 0 ? 0 : signal;
    }

private:
    sigset_t set_{};
    sigset_t before_{};
};

ExitCode code_of(int code) { return static_cast<ExitCode>(code); } // a child's, passed on as it is

ExitCode run(Context& context) {
    const config::Config config = load_config(context);
    const Signals signals;
    Children children{config};
    children.start();
    for (bool ready = false;;) {
        const int signal = signals.next(ready ? nullptr : &turn);
        if (signal == SIGINT || signal == SIGTERM || signal == SIGHUP) {
            context.say("stopping");
            return code_of(children.stop());
        }
        if (const auto ended = children.ended()) {
            children.stop();
            context.say(fmt::format("{}: the other was stopped, nothing is started again",
                                    how_it_ended(*ended)));
            return ended->code < 0 ? ExitCode::defect : code_of(ended->code);
        }
        if (!ready && children.ready()) {
            ready = true;
            context.say("ready: vestari status says how it is, vestari link links a phone, Ctrl-C "
                        "stops both");
        }
    }
}

} // namespace

Command up_command() {
    Command command;
    command.name = "up";
    command.summary = "runs the bridge and the archive's service in the foreground";
    command.description =
        "For people without systemd. Both log to stderr. Ctrl-C stops both cleanly; when one of "
        "them ends, the other is stopped and its exit code is given: neither is started again.";
    command.examples = {{"vestari up", "and in another terminal: vestari link"}};
    command.run = run;
    return command;
}

} // namespace vestari::cli
