// Linking by a code that is typed on the phone, in place of scanning.
//
//     begin -> hello leaves, the code is shown -> answered (the server's ref) -> finish (the phone's notification) -> last step leaves
//
// Invariants  one code for one attempt; out-of-step or repeated steps are refused; the code and every key are wiped with the object.
//             The new ADV secret must be durable (replace_adv_secret) before the last step leaves.
// Threads     one owner. begin and finish take some 50 ms each: 131,072 rounds of PBKDF2.
// Errors      LinkErrc::bad_phone, bad_code_answer, bad_code_request, weak_key, code_out_of_step.
// Source      wire/10-connection.md section 7.9. Vectors: pair_code.json.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "bridge/link/client_payload.hpp"
#include "bridge/link/device.hpp"
#include "bridge/link/secret_text.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::link {

// The children of stage="companion_hello".
struct CompanionHello {
    std::string phone;                           // digits; the stanza's jid is PHONE@s.whatsapp.net
    std::array<std::byte, 80> wrapped_ephemeral; // salt ‖ iv ‖ wrapped key
    crypto::CurvePublicKey noise_key;
    char platform_id;                  // section 7.3: '1' or '7'
    std::string_view platform_display; // "Chrome (Linux)"; a literal
};

// The children of stage="companion_finish".
struct CompanionFinish {
    std::string phone;
    std::array<std::byte, 156> wrapped_bundle; // salt, nonce, three keys, tag
    crypto::CurvePublicKey identity;
    Bytes ref; // as the server gave it
};

struct CodeFinished {
    CompanionFinish finish;
    AdvSecret adv_secret; // replaces the stored one
};

class PairCode {
public:
    // `phone`: international, digits only; spaces, dashes, dots, brackets and a leading + are passed over.
    [[nodiscard]] static Result<PairCode> begin(std::string_view phone, const DeviceSecrets& device,
                                                Platform platform = Platform::chrome);

    SecretText shown() const; // XXXX-XXXX
    const CompanionHello& hello() const noexcept { return hello_; }

    // `iq`: the result of the hello.
    [[nodiscard]] Result<> answered(const wire::Node& iq);
    // `notification`: link_code_companion_reg. Once.
    [[nodiscard]] Result<CodeFinished> finish(const wire::Node& notification,
                                              const DeviceSecrets& device);

private:
    enum class Step : std::uint8_t { asked, answered, done };
    PairCode(CompanionHello hello, SecretText code, CurvePair ephemeral) noexcept;

    CompanionHello hello_;
    SecretText code_; // eight characters, without the dash
    CurvePair ephemeral_;
    Bytes ref_;
    Step step_ = Step::asked;
};

// Whether a <notification> asks for a passkey, which this client cannot give: acknowledge it and report.
bool wants_passkey(const wire::Node& notification) noexcept;

} // namespace vestari::link
