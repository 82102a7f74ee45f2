#include "bridge/link/link_event.hpp"

namespace vestari::link {

std::string_view state_of(Failure failure) noexcept {
    switch (failure) {
    case Failure::timed_out:
    case Failure::cancelled:
    case Failure::too_many_attempts: return "unlinked";
    case Failure::outdated: return "outdated";
    case Failure::refused: return "refused";
    case Failure::banned: return "banned";
    case Failure::logged_out: return "logged_out";
    case Failure::replaced: return "replaced";
    case Failure::passkey_wanted: return "passkey_wanted";
    }
    return "refused";
}

std::string_view next_of(Failure failure) noexcept {
    switch (failure) {
    case Failure::timed_out: return "nobody scanned in time: run vestari link again";
    case Failure::cancelled: return "linking was cancelled: run vestari link again when ready";
    case Failure::too_many_attempts:
        return "wait ten minutes before the next attempt, then run vestari link again";
    case Failure::outdated:
        return "this version is too old for WhatsApp: update Vestari, do not link again before";
    case Failure::refused: return "the phone or WhatsApp refused: see the phone, then try again";
    case Failure::banned: return "the account is banned: see WhatsApp on the phone";
    case Failure::logged_out: return "the phone has unlinked this device: run vestari link again";
    case Failure::replaced:
        return "another program uses this device's keys: stop it, then vestari status";
    case Failure::passkey_wanted:
        return "the phone asks for a passkey: link by QR code, or by number with --phone";
    }
    return "run vestari doctor";
}

} // namespace vestari::link
