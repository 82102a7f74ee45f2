// Snippets that must not compile; must_not_compile.cmake builds each alone with -DCASE=n. 0 is the one that must.
#include <iostream>

#include <fmt/format.h>

#include "vestari/crypto/aead.hpp"
#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/seal.hpp"

using namespace vestari;
using namespace vestari::crypto;

void use(FieldKey& key, FieldKey& other, SealCounter& counter, KeyVersions<IndexKey> index) {
#if CASE == 0
    FieldKey copy = key.duplicate();
    other = std::move(copy);
#elif CASE == 1
    FieldKey copy = key;
#elif CASE == 2
    other = key;
#elif CASE == 3
    SessionKey session = std::move(key);
#elif CASE == 4
    std::cout << key;
#elif CASE == 5
    fmt::print("{}", key);
#elif CASE == 6
    if (key == other) {
        return;
    }
#elif CASE == 7
    Sealer sealer{AccountId{}, std::move(index), counter};
#elif CASE == 8
    BlindIndex blind{FingerprintKey::random()};
#elif CASE == 9
    const std::array<std::byte, 12> nonce{};
    aead_seal(key.expose(), Bytes{}, Bytes{}, nonce);
#endif
    (void)counter, (void)index, (void)other, (void)key;
}
