// Puts a device's keys into the stores, in the forms that the Signal library reads. For bridge/signal only.
//
// Errors      SignalErrc::invalid_key: a public key that does not belong to its private key, or an id outside 1 to 2^24 - 1.
#pragma once

#include "bridge/signal/decryptor.hpp"
#include "bridge/signal/protocol_stores.hpp"

namespace vestari::signal {

// The caller holds the savepoint.
[[nodiscard]] Result<> store_device_keys(const DeviceKeys& keys, Context& context,
                                         ProtocolStores& stores);

} // namespace vestari::signal
