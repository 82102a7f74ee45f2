// Pairing by number: the server passes on, the phone knows the code.
#include <openssl/evp.h>

#include "tests/sim/linking/pairing.hpp"
#include "tests/sim/queries/answers.hpp"
#include "vestari/crypto/curve.hpp"
#include "vestari/crypto/hash.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t key_bytes = 32, salt_bytes = 32, iv_bytes = 16, nonce_bytes = 12,
                      tag_bytes = 16;
constexpr int rounds = 131'072;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, synth::Freed<EVP_CIPHER_CTX_free>>;

unsigned char* raw(Bytes& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(BytesView bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

// AES-256-CTR, both ways, under the key that the code gives.
Bytes crypted(std::string_view code, BytesView salt, BytesView iv, BytesView data) {
    Bytes key(key_bytes);
    VESTARI_CHECK(PKCS5_PBKDF2_HMAC(code.data(), static_cast<int>(code.size()), raw(salt),
                                    static_cast<int>(salt.size()), rounds, EVP_sha256(),
                                    static_cast<int>(key.size()), raw(key)) == 1);
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    Bytes out(data.size());
    int length = 0;
    VESTARI_CHECK(EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_ctr(), nullptr, raw(key), raw(iv)) ==
                      1 &&
                  EVP_EncryptUpdate(cipher.get(), raw(out), &length, raw(data),
                                    static_cast<int>(data.size())) == 1);
    return out;
}

// AES-256-GCM with the tag at the end; empty optional: it does not open.
std::optional<Bytes> opened(BytesView key, BytesView nonce, BytesView sealed) {
    const BytesView body = sealed.first(sealed.size() - tag_bytes);
    Bytes tag = to_bytes(sealed.last(tag_bytes));
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    Bytes out(body.size());
    int length = 0;
    const bool good =
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1 &&
        EVP_DecryptUpdate(cipher.get(), raw(out), &length, raw(body),
                          static_cast<int>(body.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), raw(out) + length, &length) == 1;
    return good ? std::optional{std::move(out)} : std::nullopt;
}

Bytes agreed(const Bytes& own_private, BytesView theirs) {
    std::array<std::byte, key_bytes> copy{};
    std::ranges::copy(own_private, copy.begin());
    const auto shared =
        crypto::x25519(crypto::CurvePrivateKey::take(copy), theirs.first<key_bytes>());
    return shared ? to_bytes(shared->expose()) : Bytes{};
}

void hello(Connection& connection, const Stanza& request, const Stanza& reg) {
    World& world = connection.world();
    const Stanza* wrapped = child(reg, "link_code_pairing_wrapped_companion_ephemeral_pub");
    const Stanza* key = child(reg, "companion_server_auth_key_pub");
    const auto phone = jid_of(reg, "jid");
    if (wrapped == nullptr || wrapped->bytes.size() != salt_bytes + iv_bytes + key_bytes ||
        key == nullptr || !std::ranges::equal(key->bytes, connection.client_key()) || !phone) {
        return answer_error(connection, request, 400, "bad-request");
    }
    connection.pairing.wrapped_ephemeral = wrapped->bytes;
    connection.pairing.phone_number = phone->user();
    connection.pairing.code_ref = to_bytes("3@" + world.random.text(40, "abcdefghijkmnop"));
    Stanza answer = result_of(request);
    Stanza content = element("link_code_companion_reg");
    content.children.push_back(element("link_code_pairing_ref", connection.pairing.code_ref));
    answer.children.push_back(std::move(content));
    connection.send(answer);
}

void finish(Connection& connection, const Stanza& request, const Stanza& reg) {
    Pairing& pairing = connection.pairing;
    const Stanza* bundle = child(reg, "link_code_pairing_wrapped_key_bundle");
    const Stanza* identity = child(reg, "companion_identity_public");
    const Stanza* ref = child(reg, "link_code_pairing_ref");
    Person* person = pairing.phone;
    constexpr std::size_t before = salt_bytes + nonce_bytes;
    if (person == nullptr || bundle == nullptr || identity == nullptr || ref == nullptr ||
        ref->bytes != pairing.code_ref || identity->bytes != pairing.registration->identity ||
        bundle->bytes.size() != before + 3 * key_bytes + tag_bytes) {
        return answer_error(connection, request, 400, "bad-request");
    }
    const BytesView all = bundle->bytes;
    const Bytes s1 = agreed(pairing.phone_ephemeral, pairing.companion_ephemeral);
    const auto key =
        crypto::hkdf_sha256(s1, all.first(salt_bytes),
                            as_bytes("link_code_pairing_key_bundle_encryption_key"), key_bytes);
    const auto plain = opened(*key, all.subspan(salt_bytes, nonce_bytes), all.subspan(before));
    const BytesView own = untyped(person->phone->identity().public_key);
    if (!plain || !std::ranges::equal(BytesView{*plain}.first(key_bytes), identity->bytes) ||
        !std::ranges::equal(BytesView{*plain}.subspan(key_bytes, key_bytes), own)) {
        return answer_error(connection, request, 400, "bad-request");
    }
    Bytes input = s1;
    append(input, agreed(person->phone->identity().private_key, identity->bytes));
    append(input, BytesView{*plain}.subspan(2 * key_bytes));
    const auto secret = crypto::hkdf_sha256(input, {}, as_bytes("adv_secret"), key_bytes);
    connection.send(result_of(request));
    sign_and_succeed(connection, *person, *secret);
}

} // namespace

void on_link_code(Connection& connection, const Stanza& request) {
    const Stanza& reg = request.children.front();
    const std::string stage = text_of(reg, "stage");
    if (stage == "companion_hello") {
        hello(connection, request, reg);
    } else if (stage == "companion_finish") {
        finish(connection, request, reg);
    } else {
        answer_error(connection, request, 400, "bad-request");
    }
}

bool enter_code(World& world, std::string_view phone, std::string_view code) {
    Person* person = world.person_of(jid(std::string{phone} + "@s.whatsapp.net"));
    const auto found = std::ranges::find_if(world.connections, [&](const auto& c) {
        return c->usable() && c->pairing.phone_number == phone && c->pairing.phone == nullptr;
    });
    if (person == nullptr || found == world.connections.end()) {
        return false;
    }
    std::string letters{code};
    std::erase(letters, '-');
    Connection& connection = **found;
    Pairing& pairing = connection.pairing;
    const BytesView wrapped = pairing.wrapped_ephemeral;
    pairing.phone = person;
    pairing.companion_ephemeral =
        crypted(letters, wrapped.first(salt_bytes), wrapped.subspan(salt_bytes, iv_bytes),
                wrapped.subspan(salt_bytes + iv_bytes));
    const synth::KeyPair ephemeral = synth::make_key_pair(world.signal);
    pairing.phone_ephemeral = ephemeral.private_key;
    Bytes answer = world.random.bytes(salt_bytes + iv_bytes);
    append(answer,
           crypted(letters, BytesView{answer}.first(salt_bytes),
                   to_bytes(BytesView{answer}.last(iv_bytes)), untyped(ephemeral.public_key)));
    Stanza content = element("link_code_companion_reg");
    content.children = {
        element("link_code_pairing_ref", pairing.code_ref),
        element("link_code_pairing_wrapped_primary_ephemeral_pub", std::move(answer)),
        element("primary_identity_pub", to_bytes(untyped(person->phone->identity().public_key)))};
    Stanza notification = element("notification");
    notification.with("from", server_jid())
        .with("type", "link_code_companion_reg")
        .with("id", world.random.text(10, "0123456789"))
        .with("t", std::to_string(world.seconds()));
    notification.children.push_back(std::move(content));
    connection.before_link.put(notification);
    connection.before_link.delivered(*connection.before_link.next(connection.number()),
                                     connection.number(), world.now);
    connection.send(notification);
    return true;
}

} // namespace vestari::sim
