// What happened, in a form that the seed alone decides: no keys, no ciphertext, no addresses of memory.
//
// Invariants  the hash covers every line ever added; the newest 100,000 lines are kept.
// Threads     one owner.
#pragma once

#include <deque>

#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::sim {

class EventLog {
public:
    void add(Instant now, std::string_view what) {
        std::string line = fmt::format("{} {}", now.time_since_epoch().count(), what);
        Bytes linked = to_bytes(hash_);
        append(linked, line);
        hash_ = crypto::sha256(linked);
        lines_.push_back(std::move(line));
        if (lines_.size() > 100'000) {
            lines_.erase(lines_.begin(), lines_.begin() + 50'000);
        }
    }
    std::string hash() const { return to_hex(hash_); }
    const std::vector<std::string>& lines() const noexcept { return lines_; }

private:
    crypto::Digest hash_{};
    std::vector<std::string> lines_;
};

} // namespace vestari::sim
