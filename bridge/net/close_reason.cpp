#include "bridge/net/close_reason.hpp"

namespace vestari::net {

bool retryable(const CloseReason& reason) noexcept {
    switch (reason.failure) {
    case Failure::dns:
    case Failure::refused:
    case Failure::unreachable:
    case Failure::timed_out:
    case Failure::tls_failed:
    case Failure::closed:
    case Failure::lost:
    case Failure::write_stalled: return true;
    case Failure::http_status: break;
    case Failure::trust_store:
    case Failure::certificate_expired:
    case Failure::certificate_not_yet_valid:
    case Failure::certificate_wrong_host:
    case Failure::certificate_unknown_issuer:
    case Failure::certificate_wrong_purpose:
    case Failure::certificate_invalid:
    case Failure::tls_too_old:
    case Failure::bad_answer:
    case Failure::too_long: return false;
    }
    switch (reason.http_status) { // section 2.1
    case 408:
    case 500:
    case 501:
    case 502:
    case 503:
    case 504: return true;
    default: return false;
    }
}

std::string_view describe(Failure failure) noexcept {
    switch (failure) {
    case Failure::dns: return "the host's name does not resolve: check the network and its DNS";
    case Failure::refused: return "nothing listens at the host's port";
    case Failure::unreachable: return "the host cannot be reached: check the network";
    case Failure::timed_out: return "the host did not answer in time";
    case Failure::trust_store:
        return "the trusted certificates cannot be read: install ca-certificates";
    case Failure::certificate_expired:
        return "the host's certificate has expired: check this machine's clock; if it is right, "
               "the connection may be intercepted";
    case Failure::certificate_not_yet_valid:
        return "the host's certificate is not valid yet: check this machine's clock";
    case Failure::certificate_wrong_host:
        return "the host's certificate is for another name: a proxy may intercept the connection";
    case Failure::certificate_unknown_issuer:
        return "the host's certificate is from an authority that this machine does not trust: a "
               "proxy may intercept the connection, or ca-certificates is missing";
    case Failure::certificate_wrong_purpose:
        return "the host's certificate is not made for servers";
    case Failure::certificate_invalid: return "the host's certificate chain is not valid";
    case Failure::tls_too_old:
        return "the host has no TLS 1.3: a proxy may intercept the connection";
    case Failure::tls_failed: return "no TLS connection came about";
    case Failure::http_status:
        return "the host answered as a web site: a proxy or a captive portal may stand between";
    case Failure::bad_answer: return "what the host sends breaks the rules of its protocol";
    case Failure::too_long: return "the answer is longer than is read";
    case Failure::closed: return "the host ended the connection";
    case Failure::lost: return "the connection was lost";
    case Failure::write_stalled: return "what was to be sent did not get away in time";
    }
    return "unknown connection failure";
}

std::string_view name_of(Failure failure) noexcept {
    switch (failure) {
    case Failure::dns: return "dns";
    case Failure::refused: return "refused";
    case Failure::unreachable: return "unreachable";
    case Failure::timed_out: return "timed_out";
    case Failure::trust_store: return "trust_store";
    case Failure::certificate_expired: return "certificate_expired";
    case Failure::certificate_not_yet_valid: return "certificate_not_yet_valid";
    case Failure::certificate_wrong_host: return "certificate_wrong_host";
    case Failure::certificate_unknown_issuer: return "certificate_unknown_issuer";
    case Failure::certificate_wrong_purpose: return "certificate_wrong_purpose";
    case Failure::certificate_invalid: return "certificate_invalid";
    case Failure::tls_too_old: return "tls_too_old";
    case Failure::tls_failed: return "tls_failed";
    case Failure::http_status: return "http_status";
    case Failure::bad_answer: return "bad_answer";
    case Failure::too_long: return "too_long";
    case Failure::closed: return "closed";
    case Failure::lost: return "lost";
    case Failure::write_stalled: return "write_stalled";
    }
    return "unknown";
}

} // namespace vestari::net
