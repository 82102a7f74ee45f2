#include "ingest/cli/process/interrupt.hpp"

#include <unistd.h>

namespace vestari::cli {
namespace {

constexpr std::array signals{SIGINT, SIGTERM, SIGALRM};
volatile std::sig_atomic_t signalled = 0;

extern "C" void note_signal(int signal) {
    if (signal != SIGALRM) {
        signalled = 1;
    }
    ::alarm(1); // a wait that had not begun yet is interrupted by this one
}

} // namespace

Interrupt::Interrupt() {
    signalled = 0;
    struct sigaction action{};
    action.sa_handler = note_signal; // without SA_RESTART
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        sigaction(signals[i], &action, &before_[i]);
    }
}

Interrupt::~Interrupt() {
    ::alarm(0);
    for (std::size_t i = 0; i < signals.size(); ++i) {
        sigaction(signals[i], &before_[i], nullptr);
    }
}

bool Interrupt::came() noexcept { return signalled != 0; }

} // namespace vestari::cli
