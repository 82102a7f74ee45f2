// The Signal library's handles, owned from the line on which they exist. For bridge/signal only.
//
// Threads     values.
#pragma once

#include <memory>

#include <signal/signal_protocol.h>

#include "vestari/base/bytes.hpp"

namespace vestari::signal {

template <auto Free> struct Freed {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};

struct SignalUnref {
    template <class T> void operator()(T* p) const noexcept {
        signal_type_unref(
            reinterpret_cast<signal_type_base*>(p)); // every counted type starts with its base
    }
};
template <class T> using SignalRef = std::unique_ptr<T, SignalUnref>;

using SignalBuffer = std::unique_ptr<signal_buffer, Freed<signal_buffer_bzero_free>>; // wiped

// One more reference to what the library only lends.
template <class T> SignalRef<T> shared(T* borrowed) noexcept {
    signal_type_ref(reinterpret_cast<signal_type_base*>(borrowed));
    return SignalRef<T>{borrowed};
}

inline const std::uint8_t* raw(BytesView bytes) noexcept {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

inline BytesView view(const signal_buffer* buffer) noexcept {
    return {reinterpret_cast<const std::byte*>(signal_buffer_const_data(buffer)),
            signal_buffer_len(buffer)};
}

} // namespace vestari::signal
