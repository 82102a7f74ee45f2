// What can be wrong while a device is linked.
//
// Threads     values.
#pragma once

#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::link {

enum class LinkErrc {
    no_refs = 1,         // pair-device without a ref
    too_many_refs,       // more than 20
    bad_ref,             // empty, longer than 1024 bytes, a comma or something unprintable in it
    bad_phone,           // not an international number in digits
    bad_code_answer,     // the server's answer to the first step holds no usable ref
    bad_code_request,    // the phone's notification lacks a part or names another ref
    weak_key,            // a key exchange gave the zero secret
    code_out_of_step,    // a step of the pairing code came twice or too early
    too_many_attempts,   // the retry limit
    damaged_device,      // stored device secrets do not belong together
    bad_version,         // not "2.3000.N"
    no_revision,         // a page without client_revision
    revision_not_newer,  // at or below the version built in
    revision_implausible // beyond what the service can have reached
};

inline std::string_view describe(LinkErrc error) noexcept {
    switch (error) {
    case LinkErrc::no_refs: return "the service offered no pairing reference";
    case LinkErrc::too_many_refs: return "the service offered more than 20 pairing references";
    case LinkErrc::bad_ref: return "a pairing reference is not printable text without a comma";
    case LinkErrc::bad_phone:
        return "the phone number is not international: give country code and number in digits";
    case LinkErrc::bad_code_answer: return "the service's answer holds no pairing reference";
    case LinkErrc::bad_code_request: return "the phone's answer to the pairing code is incomplete";
    case LinkErrc::weak_key: return "the phone's key for the pairing code is not usable";
    case LinkErrc::code_out_of_step: return "the pairing code's steps came in a wrong order";
    case LinkErrc::too_many_attempts:
        return "too many attempts to link in the last ten minutes: wait, then link again";
    case LinkErrc::damaged_device: return "the stored device keys do not belong together";
    case LinkErrc::bad_version: return "the client version does not have the form 2.3000.N";
    case LinkErrc::no_revision: return "the page names no client revision";
    case LinkErrc::revision_not_newer: return "the revision is not newer than the one built in";
    case LinkErrc::revision_implausible: return "the revision is too far ahead to be true";
    }
    return "unknown linking error";
}
inline ErrorCode make_error_code(LinkErrc e) noexcept {
    return make_code(e, category_of<LinkErrc>("link"));
}

} // namespace vestari::link

template <> struct boost::system::is_error_code_enum<vestari::link::LinkErrc> : std::true_type {};
