#include "bridge/link/pair_success.hpp"

#include "bridge/link/client_payload.hpp"
#include "bridge/link/proto_text.hpp"
#include "link.pb.h"
#include "vestari/crypto/hash.hpp"

namespace vestari::link {

namespace {

constexpr int hosted = 1; // ADVEncryptionType
constexpr std::byte account_prefix[] = {std::byte{0x06}, std::byte{0x00}};
constexpr std::byte hosted_prefix[] = {std::byte{0x06}, std::byte{0x05}};
constexpr std::size_t account_key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t longest_name = 256;

// Steps 1 and 2. The details are what the HMAC vouches for.
std::optional<Rejected> open_container(BytesView bytes, const AdvSecret& secret,
                                       proto::SignedDeviceIdentityHmac& container) {
    if (!parse_limited(container, bytes) || !container.has_details() || !container.has_hmac()) {
        return internal_error;
    }
    const BytesView prefix =
        container.account_type() == hosted ? BytesView{hosted_prefix} : BytesView{};
    const crypto::Digest expected =
        crypto::hmac_sha256(secret.expose(), {prefix, as_bytes(container.details())});
    if (!crypto::constant_time_equal(expected, as_bytes(container.hmac()))) {
        return hmac_mismatch;
    }
    return std::nullopt;
}

// Steps 5 and 6.
bool account_vouches(const proto::SignedDeviceIdentity& identity,
                     const proto::DeviceIdentity& details, const DeviceSecrets& device) {
    const BytesView key = as_bytes(identity.account_signature_key());
    const BytesView signature = as_bytes(identity.account_signature());
    if (key.size() != account_key_bytes || signature.size() != signature_bytes) {
        return false;
    }
    Bytes message =
        to_bytes(BytesView{details.device_type() == hosted ? hosted_prefix : account_prefix});
    append(message, identity.details());
    append(message, BytesView{device.identity.public_key});
    return crypto::xeddsa_verify(key, message, signature);
}

std::optional<Jid> jid_of(const wire::Node& node, std::string_view key, Jid::Family family) {
    const wire::Value* const value = node.find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    const auto* const view = std::get_if<wire::JidView>(value);
    const Result<Jid> jid =
        view != nullptr ? view->to_jid() : Jid::parse(std::get<std::string_view>(*value));
    return jid && jid->family() == family && jid->is_user() && jid->device() != 0
               ? std::optional{*jid}
               : std::nullopt;
}

std::string name_of(const wire::Node& pair_success, std::string_view child) {
    const wire::Node* const node = pair_success.child(child);
    const std::string_view name =
        node == nullptr ? std::string_view{} : node->text_of("name").value_or("");
    return name.size() <= longest_name ? std::string{name} : std::string{};
}

// What the stanza tells beside the proof; none if the own JID is missing or no companion's.
std::optional<Linked> told(const wire::Node& pair_success, TimePoint now) {
    const wire::Node* const node = pair_success.child("device");
    if (node == nullptr) {
        return std::nullopt;
    }
    std::optional<Jid> me = jid_of(*node, "jid", Jid::Family::phone);
    std::optional<Jid> lid = jid_of(*node, "lid", Jid::Family::lid);
    if (!me || login_payload(*me, built_in_version).has_error() || // nobody could log in as that
        (node->find("lid") != nullptr && !lid)) {
        return std::nullopt;
    }
    return Linked{.me = *std::move(me),
                  .lid = std::move(lid),
                  .platform = name_of(pair_success, "platform"),
                  .business_name = name_of(pair_success, "biz"),
                  .account = {},
                  .since = now};
}

// Step 8: with the own signature, in full for the store and without the account's key for the reply. Made anew, so that nothing
// undeclared of the received message travels on.
void sign(Paired& paired, const proto::SignedDeviceIdentity& received,
          const DeviceSecrets& device) {
    std::ranges::copy(as_bytes(received.account_signature_key()),
                      paired.linked.account_key.begin());
    const signal::Signature signature = signal::sign_device(
        device.signing(), as_bytes(received.details()), paired.linked.account_key);
    proto::SignedDeviceIdentity identity;
    identity.set_details(received.details());
    identity.set_account_signature(received.account_signature());
    identity.set_device_signature(text_of(signature));
    paired.reply.device_identity = serialised(identity);
    identity.set_account_signature_key(received.account_signature_key());
    paired.linked.account = serialised(identity);
}

} // namespace

std::variant<Paired, Rejected> verify_pair_success(const wire::Node& iq,
                                                   const DeviceSecrets& device, TimePoint now) {
    const wire::Node* const node = iq.child("pair-success");
    const wire::Node* const proof = node == nullptr ? nullptr : node->child("device-identity");
    if (proof == nullptr) {
        return internal_error;
    }
    proto::SignedDeviceIdentityHmac container;
    if (const auto refused = open_container(proof->bytes(), device.adv_secret, container)) {
        return *refused;
    }
    proto::SignedDeviceIdentity identity;
    proto::DeviceIdentity details;
    if (!parse_limited(identity, as_bytes(container.details())) ||
        !parse_limited(details, as_bytes(identity.details()))) {
        return internal_error;
    }
    if (!account_vouches(identity, details, device)) {
        return signature_mismatch;
    }
    std::optional<Linked> linked = told(*node, now);
    if (!linked) {
        return internal_error;
    }
    Paired paired{*std::move(linked), {}, iq.number_of("t")};
    paired.linked.key_index = details.key_index();
    paired.reply.key_index = details.key_index();
    sign(paired, identity, device);
    return paired;
}

} // namespace vestari::link
