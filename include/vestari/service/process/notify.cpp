#include "vestari/service/process/notify.hpp"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace vestari::service {

namespace {

// The environment is read at start, before any thread runs.
std::string variable(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? std::string{} : std::string{value};
}

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

} // namespace

Notify::Notify(std::string address) : address_{std::move(address)} {
    const bool usable = !address_.empty() && (address_[0] == '/' || address_[0] == '@') &&
                        address_.size() < sizeof(sockaddr_un::sun_path);
    if (usable) {
        socket_ = Descriptor{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    }
}

Notify Notify::of_process() {
    Notify notify{variable("NOTIFY_SOCKET")};
    ::unsetenv("NOTIFY_SOCKET"); // NOLINT(concurrency-mt-unsafe): before any thread
    return notify;
}

void Notify::status(std::string_view words) const {
    send(fmt::format("STATUS={}", words.substr(0, words.find('\n'))));
}

void Notify::extend_timeout(std::chrono::microseconds by) const {
    send(fmt::format("EXTEND_TIMEOUT_USEC={}", by.count()));
}

void Notify::send(std::string_view text) const {
    if (!socket_) {
        return;
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, address_.data(), address_.size());
    if (address.sun_path[0] == '@') {
        address.sun_path[0] = '\0'; // an abstract name
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    static_cast<void>(::sendto(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address), length));
}

std::optional<std::chrono::microseconds> watchdog_interval() {
    const auto interval = number(variable("WATCHDOG_USEC"));
    if (!interval || *interval == 0) {
        return std::nullopt;
    }
    const std::string pid = variable("WATCHDOG_PID");
    if (!pid.empty() && number(pid) != static_cast<std::uint64_t>(::getpid())) {
        return std::nullopt;
    }
    return std::chrono::microseconds{*interval};
}

Watchdog::Part& Watchdog::add() { return parts_.emplace_back(); }

bool Watchdog::tick() {
    for (const Part& part : parts_) {
        if (!part.moved_.load(std::memory_order_relaxed)) {
            return false;
        }
    }
    for (Part& part : parts_) {
        part.moved_.store(false, std::memory_order_relaxed);
    }
    notify_.alive();
    return true;
}

} // namespace vestari::service
