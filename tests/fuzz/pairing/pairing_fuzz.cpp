// What the service sends while a device is linked, pair-device and pair-success, and the page that names its version.
//
// Properties  references that are accepted keep the QR text's six parts apart; whatever vouches for this device is signed by a key
//             that verifies, its reply carries no account key and goes together with the stored account; a stanza gets the same
//             verdict twice; nothing but a vouched identity is ever accepted.
// Seeds       tests/vectors/connection/{qr,adv_pairing}.json, a page.
#include <algorithm>
#include <cstdint>
#include <span>

#include "bridge/link/pair_code.hpp"
#include "bridge/link/pair_success.hpp"
#include "bridge/link/qr.hpp"
#include "bridge/link/version.hpp"
#include "bridge/wire/decoder.hpp"
#include "vestari/base/check.hpp"

using namespace vestari;

namespace {

template <class Secret> Secret fixed(std::string_view hex) {
    return Secret::from(from_hex(hex).value()).value();
}

// The keys of tests/vectors/connection/adv_pairing.json, so that its seeds are accepted.
const link::DeviceSecrets& device() {
    static const link::DeviceSecrets secrets{
        crypto::NoiseKeyPair::of(fixed<crypto::NoisePrivateKey>(
            "409fa2fecb440c4aaeb922bd3568e06cb69e40a94cc7dac3216459cce4bf6862")),
        link::CurvePair::of(fixed<crypto::CurvePrivateKey>(
            "a852dc78e8f8bc329a78bd3fe835d106aba6e53857e536225a09c9aff029d550")),
        1,
        {},
        fixed<link::AdvSecret>("1c86fb82fe224026d3e849053ba325c500b8631bd5faa65d58ddabb125c62a13")};
    return secrets;
}

void check_refs(const wire::Node& root) {
    const Result<std::vector<std::string>> refs = link::refs_of(root);
    if (!refs) {
        return;
    }
    VESTARI_CHECK(!refs->empty() && refs->size() <= link::max_refs);
    for (const std::string& ref : *refs) {
        const link::SecretText text = link::qr_text(ref, device(), link::Platform::chrome);
        VESTARI_CHECK(std::ranges::count(text.expose(), ',') == 4);
        VESTARI_CHECK(
            std::ranges::all_of(text.expose(), [](char c) { return c > ' ' && c <= '~'; }));
    }
}

void check_pair_success(const wire::Node& root) {
    const auto first = link::verify_pair_success(root, device(), TimePoint{});
    const auto again = link::verify_pair_success(root, device(), TimePoint{});
    VESTARI_CHECK(first.index() == again.index());
    const auto* const paired = std::get_if<link::Paired>(&first);
    if (paired == nullptr) {
        VESTARI_CHECK(std::get<link::Rejected>(first) == std::get<link::Rejected>(again));
        return;
    }
    VESTARI_CHECK(paired->linked.me.is_user() && paired->linked.me.device() != 0);
    VESTARI_CHECK(paired->reply.device_identity.size() + 34 == paired->linked.account.size());
    VESTARI_CHECK(
        std::ranges::search(paired->reply.device_identity, paired->linked.account_key).empty());
    // Without the proof's HMAC key nobody is accepted.
    const link::DeviceSecrets& own = device();
    const link::DeviceSecrets other{crypto::NoiseKeyPair::generate(),
                                    link::CurvePair::of(own.identity.private_key.duplicate()),
                                    1,
                                    {},
                                    link::AdvSecret::random()};
    VESTARI_CHECK(std::get<link::Rejected>(link::verify_pair_success(root, other, TimePoint{})) ==
                  link::hmac_mismatch);
}

void check_page(std::string_view page) {
    if (const Result<std::uint64_t> revision = link::revision_in(page)) {
        const Result<link::Version> version = link::accept_revision(*revision);
        VESTARI_CHECK(!version || *link::Version::parse(version->to_string()) == *version);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView frame = std::as_bytes(std::span{data, size});
    check_page(as_text(frame));
    static wire::Decoder decoder;
    const Result<const wire::Node*> root = decoder.decode(frame);
    if (root) {
        check_refs(**root);
        check_pair_success(**root);
        static_cast<void>(link::wants_passkey(**root));
    }
    return 0;
}
