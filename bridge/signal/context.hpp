// One context of the Signal library: its cryptography on OpenSSL, a recursive lock, no log. For bridge/signal only.
//
// Invariants  the lock is recursive: decryption locks again inside (section 3.4 P). Nothing is logged, since the library's log lines
//             name people. The cipher only decrypts: asked to encrypt it answers SG_ERR_INVAL.
// Threads     any, one at a time behind the library's lock.
// Errors      a constructor throws std::runtime_error when OpenSSL or the library cannot start.
// Source      wire/20-messages.md section 3.4 (crypto provider).
#pragma once

#include <memory>

#include "bridge/signal/errors.hpp"
#include "bridge/signal/handles.hpp"

namespace vestari::signal {

class Context {
public:
    Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context();

    signal_context* get() const noexcept;

    // AES-256-CBC with PKCS#7. SignalErrc::invalid_message: not a whole number of blocks, or the padding is wrong.
    [[nodiscard]] Result<Bytes> decrypt_cbc(BytesView key, BytesView iv, BytesView ciphertext);

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

} // namespace vestari::signal
