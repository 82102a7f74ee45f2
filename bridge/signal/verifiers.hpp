// The signature checks of the signing keys that spoke last: a key is converted once, then checked many times.
//
// Invariants  holds public keys only; at most `max_keys`.
// Threads     one owner.
#pragma once

#include <array>
#include <list>
#include <unordered_map>

#include "vestari/base/bytes.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari::signal {

class Verifiers {
public:
    // `key`: 32 bytes, without the type byte. Valid until the next call.
    const crypto::XeddsaVerifier& of(const crypto::CurvePublicKey& key) {
        if (const auto found = by_key_.find(key); found != by_key_.end()) {
            entries_.splice(entries_.begin(), entries_, found->second);
            return entries_.front().verifier;
        }
        if (entries_.size() >= max_keys) {
            by_key_.erase(entries_.back().key);
            entries_.pop_back();
        }
        entries_.push_front({key, crypto::XeddsaVerifier{key}});
        by_key_.emplace(key, entries_.begin());
        return entries_.front().verifier;
    }

private:
    static constexpr std::size_t max_keys = 1024;
    struct Entry {
        crypto::CurvePublicKey key;
        crypto::XeddsaVerifier verifier;
    };
    struct
        Hash { // the keys are as good as random, and a bad choice by their owner slows down only this table
        std::size_t operator()(const crypto::CurvePublicKey& key) const noexcept {
            return static_cast<std::size_t>(read_be<8>(key));
        }
    };
    std::list<Entry> entries_; // last used first
    std::unordered_map<crypto::CurvePublicKey, std::list<Entry>::iterator, Hash> by_key_;
};

} // namespace vestari::signal
