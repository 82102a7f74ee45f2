// What cryptography costs: seals, blind indexes, fingerprints, and the signature check beside libsodium's bare one and
// libsignal-protocol-c's.
#include <benchmark/benchmark.h>

#include <array>
#include <cstring>

#include <signal/curve.h>
#include <signal/signal_protocol.h>
#include <sodium.h>

#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/fingerprint.hpp"
#include "vestari/crypto/hash.hpp"
#include "vestari/crypto/seal.hpp"

// Exported by the library, declared in no header of it: signs with a Montgomery private key, `random` is 64 bytes.
extern "C" int curve25519_sign(unsigned char* signature, const unsigned char* private_key,
                               const unsigned char* message, unsigned long length,
                               const unsigned char* random);

using namespace vestari;
using namespace vestari::crypto;

namespace {

const Cell cell{.table = "source", .column = "text", .row = as_bytes("01234567")};

Sealer make_sealer(SealCounter& counter) {
    KeyVersions<FieldKey> keys;
    keys.emplace(1, FieldKey::random());
    return {AccountId{}, std::move(keys), counter};
}

void seal(benchmark::State& state) {
    MemorySealCounter counter;
    Sealer sealer = make_sealer(counter);
    const Bytes plain(static_cast<std::size_t>(state.range(0)), std::byte{0x41});
    for (auto _ : state) {
        benchmark::DoNotOptimize(sealer.seal(cell, plain));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(seal)->Arg(16)->Arg(120)->Arg(400)->Arg(4000);

void open_sealed(benchmark::State& state) {
    MemorySealCounter counter;
    Sealer sealer = make_sealer(counter);
    const Bytes sealed =
        sealer.seal(cell, Bytes(static_cast<std::size_t>(state.range(0)), std::byte{0x41}));
    for (auto _ : state) {
        benchmark::DoNotOptimize(sealer.open(cell, sealed));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(open_sealed)->Arg(120)->Arg(400);

void hmac(benchmark::State& state) {
    const IndexKey key = IndexKey::random();
    const Bytes data(120, std::byte{0x41});
    for (auto _ : state) {
        benchmark::DoNotOptimize(hmac_sha256(key.expose(), data));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hmac);

void blind_index(benchmark::State& state) {
    const BlindIndex index{IndexKey::random()};
    for (auto _ : state) {
        benchmark::DoNotOptimize(index.message("120363000000000001@g.us", "3EB0C767D82B4C1A2F5E"));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(blind_index);

void deal_fingerprint(benchmark::State& state) {
    const FingerprintKey key = FingerprintKey::random();
    const DealIdentity deal{.brand = "Rolex",
                            .reference = "126610LN",
                            .price =
                                DealPrice{.kind = "ask", .minor = 1'250'000, .currency = "EUR"},
                            .side = "sell"};
    for (auto _ : state) {
        benchmark::DoNotOptimize(crypto::fingerprint(key, deal));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(deal_fingerprint);

// One signature of the size that a group message carries.
struct Signed {
    std::array<std::byte, 32> key;
    std::array<std::byte, 200> message;
    std::array<std::byte, 64> signature;
    unsigned char edwards[32];
    unsigned char plain_signature[64];

    Signed() {
        message.fill(std::byte{0x41});
        unsigned char private_key[32] = {8};
        private_key[31] = 64;
        unsigned char random[64] = {1};
        auto* out = reinterpret_cast<unsigned char*>(signature.data());
        auto* text = reinterpret_cast<const unsigned char*>(message.data());
        auto* point = reinterpret_cast<unsigned char*>(key.data());
        unsigned char secret[64];
        if (sodium_init() < 0 || crypto_scalarmult_curve25519_base(point, private_key) != 0 ||
            curve25519_sign(out, private_key, text, message.size(), random) != 0 ||
            crypto_sign_keypair(edwards, secret) != 0 ||
            crypto_sign_detached(plain_signature, nullptr, text, message.size(), secret) != 0) {
            std::abort();
        }
    }
};

void xeddsa_ours(benchmark::State& state) {
    const Signed signed_;
    const XeddsaVerifier verifier{signed_.key};
    for (auto _ : state) {
        if (!verifier.verify(signed_.message, signed_.signature)) {
            state.SkipWithError("refused");
        }
    }
}
BENCHMARK(xeddsa_ours);

void xeddsa_ours_key_converted_each_time(benchmark::State& state) {
    const Signed signed_;
    for (auto _ : state) {
        if (!xeddsa_verify(signed_.key, signed_.message, signed_.signature)) {
            state.SkipWithError("refused");
        }
    }
}
BENCHMARK(xeddsa_ours_key_converted_each_time);

void xeddsa_libsignal(benchmark::State& state) {
    const Signed signed_;
    std::array<unsigned char, 33> serialized{5};
    std::memcpy(serialized.data() + 1, signed_.key.data(), 32);
    ec_public_key* key = nullptr;
    if (curve_decode_point(&key, serialized.data(), serialized.size(), nullptr) != 0) {
        std::abort();
    }
    for (auto _ : state) {
        if (curve_verify_signature(
                key, reinterpret_cast<const unsigned char*>(signed_.message.data()),
                signed_.message.size(),
                reinterpret_cast<const unsigned char*>(signed_.signature.data()), 64) != 1) {
            state.SkipWithError("refused");
        }
    }
    signal_type_unref(reinterpret_cast<signal_type_base*>(key));
}
BENCHMARK(xeddsa_libsignal);

void ed25519_libsodium(benchmark::State& state) {
    const Signed signed_;
    for (auto _ : state) {
        if (crypto_sign_verify_detached(
                signed_.plain_signature,
                reinterpret_cast<const unsigned char*>(signed_.message.data()),
                signed_.message.size(), signed_.edwards) != 0) {
            state.SkipWithError("refused");
        }
    }
}
BENCHMARK(ed25519_libsodium);

} // namespace
