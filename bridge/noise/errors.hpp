// Why a handshake or a frame was refused. Each of them ends the connection.
//
// Threads     values.
// Source      wire/10-connection.md sections 2.3, 4.2, 4.4, 4.6.
#pragma once

#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::noise {

enum class NoiseErrc {
    frame_too_long = 1, // longer than what may arrive now
    frame_too_large,    // ours: 2^24 bytes or more
    malformed_hello,    // not a server hello, or a part is missing or of a wrong length
    weak_server_key,    // the agreement would give zeros
    cannot_decrypt,     // another key, a lost frame, altered bytes
    certificate_incomplete,
    certificate_malformed,
    certificate_not_signed_by_root,
    certificate_not_issued_by_root,
    certificate_not_signed_by_intermediate,
    certificate_not_issued_by_intermediate,
    certificate_of_another_key,
    clock_problem, // the chain is right but for the time: the only fault is the clock's, or an expired chain
};

inline std::string_view describe(NoiseErrc error) noexcept {
    switch (error) {
    case NoiseErrc::frame_too_long: return "the server announced a frame longer than is allowed";
    case NoiseErrc::frame_too_large: return "a frame of ours would be 16 MiB or longer";
    case NoiseErrc::malformed_hello: return "the server's handshake message is not well formed";
    case NoiseErrc::weak_server_key: return "the server's handshake key is weak";
    case NoiseErrc::cannot_decrypt:
        return "what the server sent does not decrypt: bytes were lost or altered on the way";
    case NoiseErrc::certificate_incomplete:
        return "the server's certificate chain lacks a certificate or a signature";
    case NoiseErrc::certificate_malformed:
        return "a certificate of the server's is not well formed";
    case NoiseErrc::certificate_not_signed_by_root:
        return "the server's certificate is not signed by WhatsApp's root key: the connection may "
               "be intercepted";
    case NoiseErrc::certificate_not_issued_by_root:
        return "the server's intermediate certificate does not name WhatsApp's root as its issuer";
    case NoiseErrc::certificate_not_signed_by_intermediate:
        return "the server's leaf certificate is not signed by the intermediate: the connection "
               "may be intercepted";
    case NoiseErrc::certificate_not_issued_by_intermediate:
        return "the server's leaf certificate names another issuer than the intermediate";
    case NoiseErrc::certificate_of_another_key:
        return "the server's certificate is for another key than the one it uses: the connection "
               "may be intercepted";
    case NoiseErrc::clock_problem:
        return "the server's certificate is not valid at this machine's time: check the clock";
    }
    return "unknown handshake error";
}
inline ErrorCode make_error_code(NoiseErrc e) noexcept {
    return make_code(e, category_of<NoiseErrc>("noise"));
}

} // namespace vestari::noise

template <> struct boost::system::is_error_code_enum<vestari::noise::NoiseErrc> : std::true_type {};
