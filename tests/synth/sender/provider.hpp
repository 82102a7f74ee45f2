// A libsignal context for senders in tests: OpenSSL underneath, randomness from a seed.
//
// It is written apart from the bridge's own provider on purpose, so that an error in one shows against the other.
//
// Invariants  the context lives as long as the SignalContext; whatever borrows it must not outlive it.
// Threads     one owner.
// Errors      a failing call is a defect of the test: VESTARI_CHECK.
// Source      signal/signal_protocol.h (contract of the callbacks), wire/20-messages.md section 3.4.
#pragma once

#include <signal/signal_protocol.h>

#include "tests/synth/sender/random.hpp"

namespace vestari::synth {

struct SignalUnref {
    template <class T> void operator()(T* p) const noexcept {
        signal_type_unref(reinterpret_cast<signal_type_base*>(p));
    }
};
template <class T> using SignalRef = std::unique_ptr<T, SignalUnref>;

template <auto Free> struct Freed {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using SignalBuffer = std::unique_ptr<signal_buffer, Freed<signal_buffer_free>>;

inline BytesView view_of(const signal_buffer* buffer) {
    return {reinterpret_cast<const std::byte*>(signal_buffer_const_data(buffer)),
            signal_buffer_len(buffer)};
}
inline const std::uint8_t* data_of(BytesView bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

class SignalContext {
public:
    explicit SignalContext(std::uint64_t seed);
    SignalContext(const SignalContext&) = delete;
    SignalContext& operator=(const SignalContext&) = delete;

    signal_context* get() const noexcept { return context_.get(); }
    Random& random() noexcept { return random_; }

private:
    Random random_;
    std::unique_ptr<signal_context, Freed<signal_context_destroy>> context_;
};

} // namespace vestari::synth
