#include "bridge/link/qr.hpp"

#include <sodium.h>

#include "bridge/link/link_error.hpp"

namespace vestari::link {

namespace {

constexpr std::string_view prefix = "https://wa.me/settings/linked_devices#";
constexpr std::size_t base64_bytes = 44; // of 32 bytes, with padding

bool is_ref(std::string_view ref) noexcept {
    return !ref.empty() && ref.size() <= max_ref_bytes &&
           std::ranges::all_of(ref, [](char c) { return c > ' ' && c <= '~' && c != ','; });
}

void append_base64(std::string& text, std::span<const std::byte, 32> key) {
    char encoded[base64_bytes + 1];
    sodium_bin2base64(encoded, sizeof encoded, reinterpret_cast<const unsigned char*>(key.data()),
                      key.size(), sodium_base64_VARIANT_ORIGINAL);
    text.append(encoded, base64_bytes);
    sodium_memzero(encoded, sizeof encoded);
}

} // namespace

SecretText qr_text(std::string_view ref, const DeviceSecrets& device, Platform platform) {
    std::string text;
    text.reserve(prefix.size() + ref.size() + 3 * (base64_bytes + 1) + 2); // never moved
    text.append(prefix).append(ref);
    for (const std::span<const std::byte, 32> key :
         {std::span<const std::byte, 32>{device.noise.public_key},
          std::span<const std::byte, 32>{device.identity.public_key}, device.adv_secret.expose()}) {
        text.push_back(',');
        append_base64(text, key);
    }
    text.push_back(',');
    text.push_back(client_type(platform));
    SecretText secret{text};
    crypto::wipe(text);
    return secret;
}

Result<std::vector<std::string>> refs_of(const wire::Node& iq) {
    const wire::Node* const offer = iq.child("pair-device");
    if (offer == nullptr) {
        return LinkErrc::no_refs;
    }
    std::vector<std::string> refs;
    for (const wire::Node& child : offer->children()) {
        if (child.tag != "ref") {
            continue;
        }
        if (refs.size() == max_refs) {
            return LinkErrc::too_many_refs;
        }
        if (!is_ref(child.text())) {
            return LinkErrc::bad_ref;
        }
        refs.emplace_back(child.text());
    }
    if (refs.empty()) {
        return LinkErrc::no_refs;
    }
    return refs;
}

Refs::Refs(std::vector<std::string> refs, Instant now)
    : refs_{std::move(refs)}, until_{now + first_ref_lasts} {}

const std::string* Refs::current(Instant now) {
    while (at_ < refs_.size() && now >= until_) {
        if (++at_ < refs_.size()) {
            until_ += further_ref_lasts;
        }
    }
    return at_ < refs_.size() ? &refs_[at_] : nullptr;
}

Instant Refs::all_until() const noexcept {
    const std::size_t left = at_ < refs_.size() ? refs_.size() - at_ - 1 : 0;
    return until_ + further_ref_lasts * static_cast<std::int64_t>(left);
}

} // namespace vestari::link
