#include "ingest/cli/process/children.hpp"

#include <cerrno>
#include <csignal>
#include <system_error>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/frame/home.hpp"

namespace vestari::cli {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 15s; // for a clean stop
constexpr std::chrono::milliseconds nap = 20ms;

bool answers(const std::filesystem::path& socket) {
    const auto response =
        service::ask(socket, {service::Method::get, "/healthz", {}}, std::chrono::seconds{2});
    return response && response->status == 200;
}

} // namespace

std::filesystem::path beside_us(const char* program) {
    std::error_code ignored; // without /proc the name alone is looked for
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / program;
}

std::string how_it_ended(const Ended& ended) {
    return ended.code < 0 ? fmt::format("{} was ended by signal {}", ended.program, -ended.code)
                          : fmt::format("{} ended with exit code {}", ended.program, ended.code);
}

void Children::start() {
    for (const auto& socket : {bridge_socket(config_), ingest_socket(config_)}) {
        if (answers(socket)) {
            throw Failure{ExitCode::try_again,
                          fmt::format("{} is in use: it runs already", socket.string()),
                          "vestari status says how it is"};
        }
    }
    make_folder(config_.runtime_dir);
    for (Child& child : children_) {
        const auto program = beside_us(child.program);
        if (access(program.c_str(), X_OK) != 0) {
            throw Failure{ExitCode::configuration, fmt::format("{} is not there", program.string()),
                          "install it beside vestari; in a checkout: ./dev build"};
        }
    }
    start(children_[1]);
    start(children_[0]);
}

void Children::start(Child& child) {
    const std::string program = beside_us(child.program).string();
    const std::string config = config_.file.string();
    const std::array<const char*, 4> words{program.c_str(), "--config", config.c_str(), nullptr};
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) {
        throw Failure{ExitCode::try_again, fmt::format("{} cannot be started", child.program),
                      "there are too many processes: close some and run it again"};
    }
    if (pid == 0) { // only what is safe after a fork
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);
        if (getppid() != parent) {
            _exit(75);
        }
        sigset_t none;
        sigemptyset(&none);
        pthread_sigmask(SIG_SETMASK, &none, nullptr);
        dup2(STDERR_FILENO, STDOUT_FILENO);
        execv(program.c_str(), const_cast<char* const*>(words.data())); // NOLINT: execv's type
        _exit(to_int(ExitCode::configuration));
    }
    child.pid = pid;
}

bool Children::ready() {
    return answers(ingest_socket(config_)) && answers(bridge_socket(config_));
}

bool Children::reap(Child& child, std::chrono::milliseconds wait) {
    for (std::chrono::milliseconds waited{0};; waited += nap) {
        if (child.code || child.pid < 0) {
            return true;
        }
        int status = 0;
        const pid_t reaped = waitpid(child.pid, &status, WNOHANG);
        if (reaped == child.pid) {
            child.code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
            return true;
        }
        if (reaped < 0 && errno != EINTR) {
            child.code = 0; // somebody else has waited for it
            return true;
        }
        if (waited >= wait) {
            return false;
        }
        usleep(static_cast<useconds_t>(std::chrono::microseconds{nap}.count()));
    }
}

std::optional<Ended> Children::ended() {
    for (Child& child : children_) {
        if (child.pid >= 0 && reap(child, 0ms)) {
            return Ended{child.program, *child.code};
        }
    }
    return std::nullopt;
}

int Children::stop() {
    int worst = 0;
    for (Child& child : children_) {
        if (child.pid < 0) {
            continue;
        }
        if (!reap(child, 0ms)) {
            kill(child.pid, SIGTERM);
            if (!reap(child, patience)) {
                kill(child.pid, SIGKILL);
                reap(child, patience);
            }
        }
        const int code = child.code.value_or(to_int(ExitCode::defect));
        worst = worst != 0 ? worst : code < 0 ? to_int(ExitCode::defect) : code;
    }
    return worst;
}

} // namespace vestari::cli
