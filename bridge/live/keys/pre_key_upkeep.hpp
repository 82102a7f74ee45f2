// Keeps this device's prekeys at the server: counted at every login, filled up when few are left, checked on demand, the signed one
// renewed every 30 days.
//
// Invariants  keys are stored durably before they are uploaded; what was uploaded without an answer is uploaded again, never twice
//             different; one upload at a time and at most one a minute, whoever asks. Older signed prekeys stay.
// Threads     the session database's owner; no transaction is open when it is called.
// Errors      StoreErrc, thrown.
// Source      wire/10-connection.md section 9.3; ASSURANCE H14. Vectors: tests/vectors/connection/prekeys.json.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "bridge/live/session/connection.hpp"
#include "bridge/signal/published_keys.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::live {

class PreKeyUpkeep {
public:
    static constexpr std::uint64_t low_water = 5;
    static constexpr std::size_t first_upload = 812;
    static constexpr std::size_t later_upload = 100;
    static constexpr std::chrono::minutes between_uploads{1};
    static constexpr std::chrono::days signed_key_lasts{30};
    static constexpr std::chrono::hours between_rotations{24}; // attempts

    enum class Trouble : std::uint8_t {
        none,
        upload_refused,
        upload_accepted, // no trouble any more
        digest_mismatch, // the server holds other keys than this device
    };

    PreKeyUpkeep(store::SessionDatabase& database, const Clock& clock)
        : database_{database}, clock_{clock}, own_{database}, keys_{database, clock} {}

    void logged_in(Connection& connection, Instant now); // asks how many are left
    // The server knows enough keys, or its answer is not coming: nothing more to wait for before going active.
    bool settled() const noexcept { return settled_; }

    void low(std::uint64_t left, Connection& connection, Instant now);
    void check(Connection& connection, Instant now); // compares what the server has
    // `iq`: null when it timed out.
    void answered(const Answer& answer, const wire::Node* iq, Connection& connection, Instant now);
    void tick(Connection& connection, Instant now);
    void disconnected() noexcept;
    void forget() noexcept; // another device from now on
    Instant wake_at() const noexcept;

    Trouble take_trouble() noexcept { return std::exchange(trouble_, Trouble::none); }
    std::uint64_t uploads() const noexcept { return uploads_; }

private:
    void count(Connection& connection, Instant now);
    void upload(Connection& connection, Instant now);
    std::vector<signal::PublicPreKey> keys_to_upload();
    void uploaded(Answer::Kind kind);
    void counted(const Answer& answer, const wire::Node* iq, Connection& connection, Instant now);
    void rotate_if_due(Connection& connection, Instant now);
    void rotated(const Answer& answer, Connection& connection, Instant now);
    void compared(const Answer& answer, const wire::Node* iq, Connection& connection, Instant now);
    bool matches(const wire::Node& digest) const;
    std::optional<signal::PublishedKeys::Signed> current_signed() const;

    store::SessionDatabase& database_;
    const Clock& clock_;
    signal::OwnKeys own_;
    signal::PublishedKeys keys_;
    enum class Wanted : std::uint8_t { no, yes } wanted_ = Wanted::no;
    bool settled_ = false;
    std::optional<Instant> last_upload_;
    std::optional<Instant> recount_at_; // the last count was refused or not answered
    std::optional<Instant> last_rotation_;
    Trouble trouble_ = Trouble::none;
    std::uint64_t uploads_ = 0;
};

} // namespace vestari::live
