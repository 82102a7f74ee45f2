// What a group message and a pairwise message cost, beside one signature check on libsodium and on the Signal library.
//
// Budget (SETTLED 12): a group message, frame to event before storage, at most 1.3 signature checks.
#include <benchmark/benchmark.h>

#include "bridge/signal/decryptor.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/reference.hpp"
#include "tests/unit/bridge/signal/sending.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"
#include "vestari/crypto/curve.hpp"

namespace vestari {

namespace {

constexpr std::string_view group_jid = "120363000000000001@g.us";
const signal::Address sender{"11111111111111_1", 0};
constexpr std::size_t text_bytes = 200; // an offer of a few lines

// Messages of one sender in order, made before the clock runs.
std::vector<Bytes> messages_of(test::GroupSender& from, std::size_t count) {
    std::vector<Bytes> messages;
    const Bytes text(text_bytes, std::byte{0x61});
    for (std::size_t i = 0; i < count; ++i) {
        messages.push_back(from.next(text));
    }
    return messages;
}

struct Signed {
    crypto::CurvePublicKey key;
    Bytes message, signature;
};

Signed signed_message() {
    test::GroupSender from{1};
    const Bytes distribution = from.distribution();
    const Bytes whole = from.next(Bytes(text_bytes, std::byte{0x61}));
    Signed made;
    std::copy_n(distribution.end() - 32, 32, made.key.begin());
    made.message.assign(whole.begin(), whole.end() - 64);
    made.signature.assign(whole.end() - 64, whole.end());
    return made;
}

void signature_check_libsodium(benchmark::State& state) {
    const Signed made = signed_message();
    const crypto::XeddsaVerifier verifier{made.key};
    for (auto _ : state) {
        const bool ok = verifier.verify(made.message, made.signature);
        if (!ok) {
            state.SkipWithError("signature refused");
        }
    }
    state.SetItemsProcessed(state.iterations());
}

void signature_check_library(benchmark::State& state) {
    const Signed made = signed_message();
    signal::Context context;
    Bytes key{std::byte{5}};
    append(key, made.key);
    ec_public_key* decoded = nullptr;
    curve_decode_point(&decoded, signal::raw(key), key.size(), context.get());
    const signal::SignalRef<ec_public_key> owned{decoded};
    for (auto _ : state) {
        const int ok =
            curve_verify_signature(decoded, signal::raw(made.message), made.message.size(),
                                   signal::raw(made.signature), made.signature.size());
        if (ok != 1) {
            state.SkipWithError("signature refused");
        }
    }
    state.SetItemsProcessed(state.iterations());
}

// In one open transaction, rows written and nothing committed. `range(0)`: messages skipped before each one, as a peer's sender does
// that uses every second key; the record then carries up to 2000 of them.
void group_decrypt_in_transaction(benchmark::State& state) {
    test::Sessions sessions;
    const SystemClock clock;
    signal::Decryptor decryptor{*sessions, clock};
    test::GroupSender from{1};
    store::Transaction transaction{*sessions};
    (void)decryptor.distribute(group_jid, sender, from.distribution());
    const auto skipped = static_cast<std::size_t>(state.range(0));
    std::vector<Bytes> messages;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next >= messages.size()) {
            state.PauseTiming();
            messages = messages_of(from, 512 * (skipped + 1));
            next = skipped;
            state.ResumeTiming();
        }
        if (!decryptor.group(group_jid, sender, messages[next])) {
            state.SkipWithError("not decrypted");
        }
        next += skipped + 1;
    }
    state.SetItemsProcessed(state.iterations());
}

// The library's own group_cipher over a store in memory, without sealing or rows: what was given up for the faster signature check.
void group_decrypt_library(benchmark::State& state) {
    test::ReferenceGroup reference{std::string{group_jid}, sender};
    test::GroupSender from{1};
    reference.distribute(from.distribution());
    std::vector<Bytes> messages;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next == messages.size()) {
            state.PauseTiming();
            messages = messages_of(from, 512);
            next = 0;
            state.ResumeTiming();
        }
        Bytes plain;
        if (reference.decrypt(messages[next++], plain) != SG_SUCCESS) {
            state.SkipWithError("not decrypted");
        }
    }
    state.SetItemsProcessed(state.iterations());
}

// Commits in groups of `range`, as the receive path does while draining.
void group_decrypt_stored(benchmark::State& state) {
    test::Sessions sessions;
    const SystemClock clock;
    signal::Decryptor decryptor{*sessions, clock};
    test::GroupSender from{1};
    (void)decryptor.distribute(group_jid, sender, from.distribution());
    const auto share = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        state.PauseTiming();
        const std::vector<Bytes> messages = messages_of(from, share);
        state.ResumeTiming();
        store::Transaction transaction{*sessions};
        for (const Bytes& message : messages) {
            if (!decryptor.group(group_jid, sender, message)) {
                state.SkipWithError("not decrypted");
            }
        }
        transaction.commit();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(share));
}

// The first message of the vectors' in_order scenario: X3DH included, undone each time.
void pairwise_first(benchmark::State& state) {
    const boost::json::value vectors = test::read_vectors("a-pairwise.json");
    const boost::json::object& all = vectors.as_object();
    const boost::json::object& scenario = all.at("scenarios").as_array()[0].as_object();
    const Bytes ciphertext =
        test::hex_of(scenario.at("steps").as_array()[0].as_object(), "ciphertext");
    const signal::Address from = test::address_in(scenario.at("sender_address").as_object());
    test::Sessions sessions;
    const SystemClock clock;
    signal::Decryptor decryptor{*sessions, clock};
    (void)decryptor.install(test::receiver_keys(all.at("receiver").as_object()));
    store::Transaction transaction{*sessions};
    for (auto _ : state) {
        const store::Savepoint undone{*sessions};
        if (!decryptor.pairwise(signal::EncType::pkmsg, from, ciphertext)) {
            state.SkipWithError("not decrypted");
        }
    }
    state.SetItemsProcessed(state.iterations());
}

// A later message of the same session, undone each time.
void pairwise_later(benchmark::State& state) {
    const boost::json::value vectors = test::read_vectors("a-pairwise.json");
    const boost::json::object& all = vectors.as_object();
    const boost::json::object& scenario = all.at("scenarios").as_array()[0].as_object();
    const boost::json::array& steps = scenario.at("steps").as_array();
    const signal::Address from = test::address_in(scenario.at("sender_address").as_object());
    test::Sessions sessions;
    const SystemClock clock;
    signal::Decryptor decryptor{*sessions, clock};
    (void)decryptor.install(test::receiver_keys(all.at("receiver").as_object()));
    (void)decryptor.pairwise(signal::EncType::pkmsg, from,
                             test::hex_of(steps[0].as_object(), "ciphertext"));
    const Bytes ciphertext = test::hex_of(steps[1].as_object(), "ciphertext");
    store::Transaction transaction{*sessions};
    for (auto _ : state) {
        const store::Savepoint undone{*sessions};
        if (!decryptor.pairwise(signal::EncType::pkmsg, from, ciphertext)) {
            state.SkipWithError("not decrypted");
        }
    }
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK(signature_check_libsodium)->Unit(benchmark::kMicrosecond);
BENCHMARK(signature_check_library)->Unit(benchmark::kMicrosecond);
BENCHMARK(group_decrypt_in_transaction)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);
BENCHMARK(group_decrypt_library)->Unit(benchmark::kMicrosecond);
BENCHMARK(group_decrypt_stored)->Arg(1)->Arg(100)->Arg(500);
BENCHMARK(pairwise_first)->Unit(benchmark::kMicrosecond);
BENCHMARK(pairwise_later)->Unit(benchmark::kMicrosecond);

} // namespace

} // namespace vestari
