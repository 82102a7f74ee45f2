#include "bridge/noise/certificate.hpp"

#include <limits>
#include <optional>

#include "bridge/noise/errors.hpp"
#include "proto/noise.pb.h"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::noise {

namespace {

using Certificate = wire::CertChain_NoiseCertificate;
using Details = wire::CertChain_NoiseCertificate_Details;

constexpr std::size_t signature_bytes = 64;
constexpr std::size_t key_bytes = 32;

bool complete(const Certificate& certificate) {
    return certificate.has_details() && certificate.has_signature() &&
           certificate.signature().size() == signature_bytes;
}

std::optional<Details> details_of(const Certificate& certificate) {
    Details details;
    if (!details.ParseFromString(certificate.details())) {
        return std::nullopt;
    }
    return details;
}

bool signed_by(BytesView key, const Certificate& certificate) {
    return crypto::xeddsa_verify(key, as_bytes(certificate.details()),
                                 as_bytes(certificate.signature()));
}

// A number that is absent reads as 0: without an end a certificate is never valid.
bool valid_at(const Details& details, TimePoint now) {
    const auto since_epoch = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
    if (since_epoch.count() < 0) {
        return false;
    }
    const auto seconds = static_cast<std::uint64_t>(since_epoch.count());
    return details.not_before() <= seconds && seconds <= details.not_after();
}

} // namespace

Result<> verify_chain(BytesView chain, const RootKey& root,
                      std::span<const std::byte, 32> server_key, TimePoint now) {
    wire::CertChain parsed;
    if (chain.size() > std::numeric_limits<int>::max() ||
        !parsed.ParseFromArray(chain.data(), static_cast<int>(chain.size()))) {
        return NoiseErrc::certificate_malformed;
    }
    if (!complete(parsed.intermediate()) || !complete(parsed.leaf())) {
        return NoiseErrc::certificate_incomplete;
    }
    if (!signed_by(root, parsed.intermediate())) {
        return NoiseErrc::certificate_not_signed_by_root;
    }
    const std::optional<Details> intermediate = details_of(parsed.intermediate());
    if (!intermediate || intermediate->key().size() != key_bytes) {
        return NoiseErrc::certificate_malformed;
    }
    if (intermediate->issuer_serial() != 0) {
        return NoiseErrc::certificate_not_issued_by_root;
    }
    if (!signed_by(as_bytes(intermediate->key()), parsed.leaf())) {
        return NoiseErrc::certificate_not_signed_by_intermediate;
    }
    const std::optional<Details> leaf = details_of(parsed.leaf());
    if (!leaf) {
        return NoiseErrc::certificate_malformed;
    }
    if (leaf->issuer_serial() != intermediate->serial()) {
        return NoiseErrc::certificate_not_issued_by_intermediate;
    }
    if (!crypto::constant_time_equal(as_bytes(leaf->key()), server_key)) {
        return NoiseErrc::certificate_of_another_key;
    }
    if (!valid_at(*intermediate, now) || !valid_at(*leaf, now)) {
        return NoiseErrc::clock_problem;
    }
    return {};
}

} // namespace vestari::noise
