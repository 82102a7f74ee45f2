#include "ingest/cli/live/link_wait.hpp"

#include <csignal>

#include <fmt/format.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/view/house.hpp"

namespace vestari::cli {
namespace {

constexpr std::chrono::seconds patience{5}; // a code takes a second
constexpr std::chrono::seconds between_questions{3};

} // namespace

NoCodeYet::NoCodeYet(const Context& context, std::filesystem::path bridge, std::string account)
    : context_{context}, bridge_{std::move(bridge)}, account_{std::move(account)} {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    thread_ = std::thread{[this] { wait(); }};
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void NoCodeYet::code_came() {
    {
        const std::scoped_lock lock{mutex_};
        over_ = true;
    }
    over_changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void NoCodeYet::wait() {
    std::unique_lock lock{mutex_};
    for (auto nap = patience; !over_changed_.wait_for(lock, nap, [this] { return over_; });
         nap = between_questions) {
        lock.unlock();
        const std::string why = reason();
        lock.lock();
        if (!over_ && !why.empty() && why != said_) {
            said_ = why;
            context_.say(fmt::format("no code yet: {}\n   it is tried again; Ctrl-C ends it", why));
        }
    }
}

std::string NoCodeYet::reason() const {
    try {
        const auto answer = ask_running(bridge_, {service::Method::get, "/v1/status", {}});
        if (!answer) {
            return {};
        }
        const HouseAccount house = put_together(account_, answer->body, std::nullopt);
        for (const HouseWarning& warning : house.warnings) {
            if (warning.code == "network" || warning.code == "clock") {
                return warning.text + (warning.next.empty() ? "" : "; " + warning.next);
            }
        }
        return "WhatsApp has not sent one so far";
    } catch (const Failure&) {
        return {};
    }
}

} // namespace vestari::cli
