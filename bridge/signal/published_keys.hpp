// The prekeys that the server has, or is to have: read back by their ids, and new signed ones. It signs, so it is no part of the library
// that decrypts.
//
// Invariants  what make_signed returns is stored; it is durable when the caller's transaction is. A private half never leaves the store.
//             Earlier signed prekeys stay.
// Threads     the database's owner.
// Errors      StoreErrc, thrown; damaged_record also for a record that the Signal library does not read. std::runtime_error when the
//             library fails. `make_signed` needs the identity: VESTARI_CHECK.
// Source      wire/10-connection.md section 9.3; wire/20-messages.md section 3.7.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bridge/signal/own_keys.hpp"
#include "bridge/signal/signing.hpp"
#include "bridge/store/session_database.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::signal {

class PublishedKeys {
public:
    static constexpr std::uint32_t last_id = 0xff'ffff;

    struct Signed {
        std::uint32_t id;
        crypto::CurvePublicKey key;
        Signature signature;
        TimePoint made_at;
    };

    PublishedKeys(store::SessionDatabase& database, const Clock& clock) noexcept
        : database_{database}, clock_{clock} {}

    std::vector<PublicPreKey>
    one_time(std::span<const std::uint32_t> ids) const; // those still here
    void mark_published(std::uint32_t id);

    Signed make_signed(); // the newest's id plus one
    std::optional<Signed> signed_key(std::uint32_t id) const;
    std::optional<Signed> newest_signed() const;

private:
    store::SessionDatabase& database_;
    const Clock& clock_;
};

} // namespace vestari::signal
