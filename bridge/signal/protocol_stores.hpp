// The Signal library's store callbacks, on the session database. For bridge/signal only.
//
// Invariants  a callback never throws into C: the exception is kept, the library gets SG_ERR_UNKNOWN, and `rethrow` throws it where the
//             library has returned. Identities are trusted on first use and their changes accepted and counted (section 3.5).
//             Sender keys do not pass here: group messages are composed from records (group_messages.hpp).
// Threads     the database's owner.
// Source      wire/20-messages.md section 3.4 (store callbacks).
#pragma once

#include <exception>
#include <memory>

#include "bridge/signal/context.hpp"
#include "bridge/store/counters.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/signal_records.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::signal {

class ProtocolStores {
public:
    ProtocolStores(Context& context, store::SessionDatabase& database, const Clock& clock);
    ProtocolStores(const ProtocolStores&) = delete;
    ProtocolStores& operator=(const ProtocolStores&) = delete;
    ~ProtocolStores() = default;

    signal_protocol_store_context* get() const noexcept { return stores_.get(); }
    void rethrow(); // what a callback of the call that just returned threw, if any did

    // What the callbacks work on.
    store::Sessions sessions;
    store::Identities identities;
    store::PreKeys pre_keys;
    store::SignedPreKeys signed_pre_keys;
    store::Device device;
    store::Counters counters;
    const Clock& clock;
    std::exception_ptr failure;

private:
    std::unique_ptr<signal_protocol_store_context, Freed<signal_protocol_store_context_destroy>>
        stores_;
};

} // namespace vestari::signal
