// Why a ciphertext was not decrypted. What each asks for is wire/20-messages.md section 5.1; `retry_code` is the reason a retry
// receipt gives.
//
// Threads     values.
#pragma once

#include <optional>
#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::signal {

enum class SignalErrc {
    duplicate = 1,         // its key was used up: a replay, or a copy in the other form
    no_session,            // msg from a device that has no session here
    no_sender_key,         // skmsg from a device that never distributed a key for this group
    unknown_sender_key_id, // skmsg under a key that was not distributed: its sender rotated
    unknown_pre_key,       // pkmsg that names a prekey which is not (or no longer) here
    invalid_key,           // a public key of a wrong type or length
    invalid_message,       // bad MAC, bad ciphertext, too far ahead of a pairwise chain
    bad_signature,         // skmsg that its sender key did not sign
    too_far_ahead,         // skmsg more than 2000 messages ahead of its chain
    invalid_version,       // not version 3
    malformed,             // too short, or not the protobuf it should be
    no_identity,           // this device has no keys installed yet
};

inline std::string_view describe(SignalErrc error) noexcept {
    switch (error) {
    case SignalErrc::duplicate: return "the ciphertext was decrypted before";
    case SignalErrc::no_session: return "there is no session with the sending device";
    case SignalErrc::no_sender_key: return "the sending device has not distributed a group key";
    case SignalErrc::unknown_sender_key_id:
        return "the group key that the message names is unknown";
    case SignalErrc::unknown_pre_key: return "the prekey that the message names is unknown";
    case SignalErrc::invalid_key: return "a key in the message has a wrong type or length";
    case SignalErrc::invalid_message: return "the ciphertext does not belong to the session";
    case SignalErrc::bad_signature: return "the group message is not signed by its sender's key";
    case SignalErrc::too_far_ahead: return "the message is more than 2000 ahead of its chain";
    case SignalErrc::invalid_version: return "the ciphertext's version is not 3";
    case SignalErrc::malformed: return "the ciphertext is cut short or not well formed";
    case SignalErrc::no_identity: return "this device has no identity keys: link it first";
    }
    return "unknown Signal error";
}
inline ErrorCode make_error_code(SignalErrc e) noexcept {
    return make_code(e, category_of<SignalErrc>("signal"));
}

// The `error` attribute of a retry receipt, where the specification has one (section 5.2). None for a duplicate: never retried.
inline std::optional<int> retry_code(SignalErrc error) noexcept {
    switch (error) {
    case SignalErrc::no_session:
    case SignalErrc::no_sender_key:
    case SignalErrc::unknown_sender_key_id: return 1;
    case SignalErrc::invalid_key: return 2;
    case SignalErrc::unknown_pre_key: return 3;
    case SignalErrc::invalid_message:
    case SignalErrc::too_far_ahead:
    case SignalErrc::malformed:
    case SignalErrc::invalid_version: return 4;
    case SignalErrc::bad_signature: return 5;
    case SignalErrc::duplicate:
    case SignalErrc::no_identity: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace vestari::signal

template <>
struct boost::system::is_error_code_enum<vestari::signal::SignalErrc> : std::true_type {};
