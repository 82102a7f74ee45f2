#include "bridge/live/keys/digest.hpp"

#include <algorithm>
#include <stdexcept>

#include <openssl/evp.h>

namespace vestari::live {

namespace {

constexpr std::size_t most_keys = 4096;

template <std::size_t Width> std::optional<std::uint32_t> number_in(const wire::Node* node) {
    if (node == nullptr || node->bytes().size() != Width) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(read_be<Width>(node->bytes()));
}

} // namespace

std::optional<KeyDigest> read_digest(const wire::Node& digest) {
    const wire::Node* const skey = digest.child("skey");
    const wire::Node* const list = digest.child("list");
    const wire::Node* const hash = digest.child("hash");
    if (skey == nullptr || list == nullptr || hash == nullptr ||
        list->children().size() > most_keys) {
        return std::nullopt;
    }
    KeyDigest read;
    const std::optional<std::uint32_t> registration = number_in<4>(digest.child("registration"));
    const std::optional<std::uint32_t> signed_id = number_in<3>(skey->child("id"));
    if (!registration || !signed_id || hash->bytes().size() != read.hash.size()) {
        return std::nullopt;
    }
    read.registration_id = *registration;
    read.signed_key_id = *signed_id;
    std::ranges::copy(hash->bytes(), read.hash.begin());
    for (const wire::Node& child : list->children()) {
        const std::optional<std::uint32_t> id = number_in<3>(&child);
        if (!id) {
            return std::nullopt;
        }
        read.key_ids.push_back(*id);
    }
    return read;
}

KeyHash digest_of(const crypto::CurvePublicKey& identity,
                  const signal::PublishedKeys::Signed& signed_key,
                  std::span<const signal::PublicPreKey> keys) {
    Bytes all = to_bytes(BytesView{identity});
    append(all, BytesView{signed_key.key});
    append(all, BytesView{signed_key.signature});
    for (const signal::PublicPreKey& key : keys) {
        append(all, BytesView{key.key});
    }
    KeyHash hash{};
    std::size_t size = 0;
    if (EVP_Q_digest(nullptr, "SHA1", nullptr, all.data(), all.size(),
                     reinterpret_cast<unsigned char*>(hash.data()), &size) != 1 ||
        size != hash.size()) {
        throw std::runtime_error{"OpenSSL cannot compute SHA-1"};
    }
    return hash;
}

} // namespace vestari::live
