#include "ingest/cli/replay/child.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ingest/cli/frame/failure.hpp"
#include "vestari/crypto/secret.hpp"
#include "vestari/ingest/archive.hpp"

extern "C" char** environ;

namespace vestari::cli::replay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t read_at_once = 64U << 10U;

Failure cannot_start(const fs::path& program, int error) {
    return {ExitCode::configuration,
            fmt::format("{} cannot be started: {}", program.string(),
                        std::generic_category().message(error)),
            "install vestari-replay beside vestari; in a checkout: ./dev build"};
}

// posix_spawn's settings, with their clean-up.
class SpawnSettings {
public:
    SpawnSettings(int input, int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigemptyset(&none);
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &pipe);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    const posix_spawn_file_actions_t* actions() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

pid_t spawn(const fs::path& program, const std::vector<std::string>& arguments, int input,
            int output) {
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    const SpawnSettings settings{input, output};
    pid_t pid = -1;
    const int error = posix_spawn(&pid, program.c_str(), settings.actions(), settings.attributes(),
                                  argv.data(), environ);
    if (error != 0) {
        throw cannot_start(program, error);
    }
    return pid;
}

} // namespace

std::filesystem::path program_path() {
    std::error_code ignored; // without /proc the name alone is looked for
    return fs::read_symlink("/proc/self/exe", ignored).parent_path() / "vestari-replay";
}

Child::Child(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    std::array<int, 2> input{};
    std::array<int, 2> output{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input.data()) != 0) {
        throw cannot_start(program, errno);
    }
    input_ = Descriptor{input[0]};
    const Descriptor child_input{input[1]};
    if (pipe2(output.data(), O_CLOEXEC) != 0) {
        throw cannot_start(program, errno);
    }
    output_ = Descriptor{output[0]};
    const Descriptor child_output{output[1]};
    fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    fcntl(output_.get(), F_SETFL, O_NONBLOCK);
    pid_ = spawn(program, arguments, child_input.get(), child_output.get());
}

Child::~Child() {
    if (!status_) {
        stop();
        input_.close();
        output_.close();
        exit_code();
    }
    crypto::wipe(sending_);
}

void Child::send(event::Keys& keys) {
    sending_ = event::encode(keys);
    ingest::wipe_keys(keys);
    write_some();
}

void Child::acknowledge(std::uint64_t sequence) {
    acknowledgement_ = sequence;
    write_some();
}

void Child::write_some() {
    while (input_.get() >= 0) {
        if (sent_ == sending_.size()) {
            crypto::wipe(sending_);
            sent_ = 0;
            if (!acknowledgement_) {
                break;
            }
            sending_ = event::encode(event::Ack{*std::exchange(acknowledgement_, std::nullopt)});
        }
        const ssize_t sent =
            ::send(input_.get(), sending_.data() + sent_, sending_.size() - sent_, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0 && errno == EAGAIN) {
            return;
        }
        if (sent < 0) { // it is gone: its exit code says why
            input_.close();
            return;
        }
        sent_ += static_cast<std::size_t>(sent);
    }
}

bool Child::read_some() {
    Bytes block(read_at_once);
    const ssize_t got = read(output_.get(), block.data(), block.size());
    if (got > 0) {
        reader_.feed(BytesView{block}.first(static_cast<std::size_t>(got)));
    }
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

Child::Wake Child::wait(int signals, std::optional<std::chrono::milliseconds> timeout) {
    const bool writes = input_.get() >= 0 && sent_ < sending_.size();
    std::array<pollfd, 3> on{{{output_.get(), POLLIN, 0},
                              {signals, POLLIN, 0},
                              {writes ? input_.get() : -1, POLLOUT, 0}}};
    const int wait_ms =
        timeout ? static_cast<int>(std::max<std::int64_t>(timeout->count(), 0)) : -1;
    const int ready = poll(on.data(), on.size(), wait_ms);
    if (ready < 0 && errno != EINTR) {
        throw Failure{ExitCode::io, "waiting for vestari-replay failed", "run it again"};
    }
    if (ready <= 0) {
        return Wake::timeout;
    }
    if (on[1].revents != 0) {
        return Wake::signal;
    }
    if (on[2].revents != 0) {
        write_some();
    }
    if (on[0].revents != 0) {
        return read_some() ? Wake::frames : Wake::end;
    }
    return Wake::timeout;
}

std::optional<event::Frame> Child::next_frame() {
    auto frame = reader_.next();
    if (!frame) {
        throw Failure{
            ExitCode::defect,
            fmt::format("vestari-replay sent what is no event: {}", frame.error().message()),
            "both programs must be of one version: install them together"};
    }
    return *std::move(frame);
}

void Child::stop() {
    if (!status_) {
        kill(pid_, SIGTERM);
    }
}

int Child::exit_code() {
    if (!status_) {
        int status = 0;
        while (pid_ > 0 && waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
        }
        status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    }
    return *status_;
}

} // namespace vestari::cli::replay
