#include "tests/support/noise_responder.hpp"

#include <algorithm>

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "bridge/noise/handshake.hpp"
#include "proto/noise.pb.h"
#include "vestari/base/check.hpp"
#include "vestari/crypto/hash.hpp"

// Exported by libsignal-protocol-c, declared in no header of it: signs with a Montgomery private key, `random` is 64 bytes.
extern "C" int curve25519_sign(unsigned char* signature, const unsigned char* private_key,
                               const unsigned char* message, unsigned long length,
                               const unsigned char* random);

namespace vestari::test {

namespace {

using noise::NoiseErrc;
using Certificate = noise::wire::CertChain_NoiseCertificate;
using Details = noise::wire::CertChain_NoiseCertificate_Details;

constexpr std::size_t key_bytes = 32;
constexpr std::uint32_t intermediate_serial = 7;
constexpr std::uint32_t leaf_serial = 1234;
constexpr std::uint64_t day = 86'400;

const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

crypto::Digest derived(std::uint64_t seed, std::string_view name) {
    Bytes input = to_bytes("vestari test key ");
    append_be64(input, seed);
    append(input, name);
    return crypto::sha256(input);
}

std::string sign(const crypto::NoiseKeyPair& key, std::string_view message, std::uint64_t seed) {
    Bytes random = to_bytes(BytesView{derived(seed, message)});
    append(random, crypto::sha256(random));
    std::string signature(64, '\0');
    const int rc = curve25519_sign(reinterpret_cast<unsigned char*>(signature.data()),
                                   raw(key.private_key.expose()), raw(as_bytes(message)),
                                   message.size(), raw(random));
    VESTARI_CHECK(rc == 0);
    return signature;
}

void sign(Certificate& certificate, const Details& details, const crypto::NoiseKeyPair& issuer,
          std::uint64_t seed) {
    certificate.set_details(details.SerializeAsString());
    certificate.set_signature(sign(issuer, certificate.details(), seed));
}

void flip(std::string& text) {
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
}

Details details_of(std::uint32_t serial, std::uint32_t issuer, const crypto::CurvePublicKey& key,
                   TimePoint now) {
    const auto seconds = static_cast<std::uint64_t>(
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    Details details;
    details.set_serial(serial);
    details.set_issuer_serial(issuer);
    details.set_key(to_string(key));
    details.set_not_before(seconds - day);
    details.set_not_after(seconds + day);
    return details;
}

// What goes wrong after both were signed.
void spoil(noise::wire::CertChain& chain, ChainFault fault) {
    if (fault == ChainFault::no_leaf) {
        chain.clear_leaf();
    } else if (fault == ChainFault::no_intermediate) {
        chain.clear_intermediate();
    } else if (fault == ChainFault::no_leaf_signature) {
        chain.mutable_leaf()->clear_signature();
    } else if (fault == ChainFault::short_intermediate_signature) {
        chain.mutable_intermediate()->mutable_signature()->pop_back();
    } else if (fault == ChainFault::intermediate_signature) {
        flip(*chain.mutable_intermediate()->mutable_signature());
    } else if (fault == ChainFault::leaf_signature) {
        flip(*chain.mutable_leaf()->mutable_signature());
    }
}

Result<Bytes> framed(const noise::wire::HandshakeMessage& message) {
    return noise::framed(as_bytes(message.SerializeAsString()));
}

Result<noise::wire::HandshakeMessage> parsed(BytesView frame) {
    noise::wire::HandshakeMessage message;
    if (!message.ParseFromArray(frame.data(), static_cast<int>(frame.size()))) {
        return NoiseErrc::malformed_hello;
    }
    return message;
}

} // namespace

crypto::NoiseKeyPair noise_key_of(std::uint64_t seed, std::string_view name) {
    crypto::Digest bytes = derived(seed, name);
    bytes.front() &= std::byte{0xf8}; // clamped: libsignal signs with what it is given
    bytes.back() = (bytes.back() & std::byte{0x7f}) | std::byte{0x40};
    return crypto::NoiseKeyPair::of(crypto::NoisePrivateKey::take(bytes));
}

NoiseAuthority::NoiseAuthority(std::uint64_t seed)
    : seed_{seed}, root_{noise_key_of(seed, "root")},
      intermediate_{noise_key_of(seed, "intermediate")} {}

Bytes NoiseAuthority::chain_for(const crypto::CurvePublicKey& server, TimePoint now,
                                ChainFault fault) const {
    const auto is = [fault](ChainFault other) { return fault == other; };
    if (is(ChainFault::garbage)) {
        return to_bytes("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff no protobuf");
    }
    Details above = details_of(intermediate_serial, is(ChainFault::intermediate_issuer) ? 1 : 0,
                               intermediate_.public_key, now);
    Details below = details_of(
        leaf_serial, intermediate_serial + (is(ChainFault::leaf_issuer) ? 1 : 0), server, now);
    for (auto [details, expired, not_yet] :
         {std::tuple{&above, ChainFault::intermediate_expired, ChainFault::intermediate_not_yet},
          std::tuple{&below, ChainFault::leaf_expired, ChainFault::leaf_not_yet}}) {
        if (is(expired)) {
            details->set_not_after(details->not_before() + day - 1);
        } else if (is(not_yet)) {
            details->set_not_before(details->not_after() - day + 1);
        }
    }
    if (is(ChainFault::leaf_without_end)) {
        below.clear_not_after();
    } else if (is(ChainFault::leaf_other_key)) {
        below.set_key(to_string(intermediate_.public_key));
    } else if (is(ChainFault::intermediate_short_key)) {
        above.mutable_key()->resize(key_bytes - 1);
    }

    const crypto::NoiseKeyPair other_root = noise_key_of(seed_, "other root");
    noise::wire::CertChain chain;
    Certificate& intermediate = *chain.mutable_intermediate();
    Certificate& leaf = *chain.mutable_leaf();
    sign(intermediate, above, is(ChainFault::intermediate_other_root) ? other_root : root_, seed_);
    sign(leaf, below, is(ChainFault::leaf_signed_by_root) ? root_ : intermediate_, seed_);
    if (is(ChainFault::leaf_details_garbage)) {
        leaf.set_details("\xff\xff\xff\xff");
        leaf.set_signature(sign(intermediate_, leaf.details(), seed_));
    }
    spoil(chain, fault);
    return to_bytes(chain.SerializeAsString());
}

Result<std::optional<Introduction>> read_introduction(BytesView bytes) {
    constexpr std::string_view mark{"ED\0\x01", 4};
    constexpr std::size_t before_info = 7;
    Introduction intro{0, {}, {}};
    if (bytes.size() < mark.size()) {
        return std::optional<Introduction>{};
    }
    if (as_text(bytes).starts_with(mark)) {
        if (bytes.size() < before_info) {
            return std::optional<Introduction>{};
        }
        const std::size_t length = read_be<3>(bytes.subspan(mark.size()));
        if (length > noise::max_routing_info) {
            return NoiseErrc::malformed_hello;
        }
        if (bytes.size() < before_info + length + noise::introduction.size()) {
            return std::optional<Introduction>{};
        }
        intro.routing_info = to_bytes(bytes.subspan(before_info, length));
        intro.length = before_info + length;
    }
    intro.prologue = as_text(bytes.subspan(intro.length)).substr(0, noise::introduction.size());
    if (intro.prologue != noise::introduction && intro.prologue != "WA\x06\x02") {
        return NoiseErrc::malformed_hello;
    }
    intro.length += noise::introduction.size();
    return std::optional{std::move(intro)};
}

NoiseResponder::NoiseResponder(const NoiseAuthority& authority, std::uint64_t seed,
                               std::string_view prologue)
    : authority_{authority}, static_{noise_key_of(seed, "server static")},
      ephemeral_{noise_key_of(seed, "server ephemeral")}, state_{prologue} {}

Result<Bytes> NoiseResponder::hello(BytesView client_hello, TimePoint now, ChainFault fault) {
    const Result<noise::wire::HandshakeMessage> message = parsed(client_hello);
    if (!message) {
        return message.error();
    }
    const BytesView theirs = as_bytes(message->client_hello().ephemeral());
    if (theirs.size() != key_bytes) {
        return NoiseErrc::malformed_hello;
    }
    state_.mix_hash(theirs);
    state_.mix_hash(ephemeral_.public_key);
    const auto ee = crypto::x25519(ephemeral_.private_key, theirs.first<key_bytes>());
    const auto es = crypto::x25519(static_.private_key, theirs.first<key_bytes>());
    if (!ee || !es) {
        return NoiseErrc::malformed_hello;
    }
    noise::wire::HandshakeMessage answer;
    auto& hello = *answer.mutable_server_hello();
    hello.set_ephemeral(to_string(ephemeral_.public_key));
    state_.mix_key(*ee);
    hello.set_static_(to_string(state_.encrypt(static_.public_key)));
    state_.mix_key(*es);
    hello.set_payload(
        to_string(state_.encrypt(authority_.chain_for(static_.public_key, now, fault))));
    return framed(answer);
}

Result<Bytes> NoiseResponder::finish(BytesView client_finish) {
    const Result<noise::wire::HandshakeMessage> message = parsed(client_finish);
    if (!message) {
        return message.error();
    }
    const Result<Bytes> theirs = state_.decrypt(as_bytes(message->client_finish().static_()));
    if (!theirs) {
        return theirs.error();
    }
    if (theirs->size() != key_bytes) {
        return NoiseErrc::malformed_hello;
    }
    std::ranges::copy(*theirs, client_key_.begin());
    const auto se = crypto::x25519(ephemeral_.private_key, client_key_);
    if (!se) {
        return NoiseErrc::malformed_hello;
    }
    state_.mix_key(*se);
    Result<Bytes> payload = state_.decrypt(as_bytes(message->client_finish().payload()));
    if (!payload) {
        return payload.error();
    }
    noise::SymmetricState::Keys keys = std::move(state_).split();
    opening_.emplace(std::move(keys.client_to_server));
    sealing_.emplace(std::move(keys.server_to_client));
    return payload;
}

Bytes NoiseResponder::seal(BytesView plain) {
    VESTARI_CHECK(sealing_.has_value());
    return noise::framed(sealing_->seal(plain, {}).value()).value();
}

Result<Bytes> NoiseResponder::open(BytesView frame) {
    VESTARI_CHECK(opening_.has_value());
    Result<Bytes> plain = opening_->open(frame, {});
    if (!plain) {
        return NoiseErrc::cannot_decrypt;
    }
    return plain;
}

} // namespace vestari::test
