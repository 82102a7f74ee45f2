#include "vestari/crypto/blind_index.hpp"

#include "crypto/length_prefixed.hpp"

namespace vestari::crypto {

namespace {

template <class Part>
Digest index_of(const IndexKey& key, std::string_view label, std::initializer_list<Part> parts) {
    VESTARI_CHECK(label.find('\0') == std::string_view::npos);
    Bytes input;
    input.reserve(128);
    append(input, "vestari/index/1/");
    append(input, label);
    input.push_back(std::byte{0});
    for (const Part& part : parts) {
        append_lp(input, part);
    }
    return hmac_sha256(key.expose(), input);
}

} // namespace

Digest BlindIndex::of(std::string_view label, std::initializer_list<BytesView> parts) const {
    return index_of(key_, label, parts);
}

Digest BlindIndex::of(std::string_view label, std::initializer_list<std::string_view> parts) const {
    return index_of(key_, label, parts);
}

} // namespace vestari::crypto
