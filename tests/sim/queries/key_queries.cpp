// Pre-keys: count, upload, digest, rotation, and what others fetch.
#include <openssl/evp.h>

#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/sim/session/dispatch.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t id_bytes = 3, key_bytes = 32, signature_bytes = 64;

Bytes number_bytes(std::uint32_t value, std::size_t width) {
    Bytes out;
    append_be32(out, value);
    out.erase(out.begin(), out.end() - static_cast<std::ptrdiff_t>(width));
    return out;
}

const Bytes& content(const Stanza& stanza, std::string_view tag) {
    static const Bytes none;
    const Stanza* found = child(stanza, tag);
    return found == nullptr ? none : found->bytes;
}

std::optional<OneTimeKey> one_time_key(const Stanza& key) {
    const Bytes& id = content(key, "id");
    const Bytes& value = content(key, "value");
    if (id.size() != id_bytes || value.size() != key_bytes) {
        return std::nullopt;
    }
    return OneTimeKey{static_cast<std::uint32_t>(read_be<id_bytes>(id)), value};
}

std::optional<SignedKey> signed_key(const Stanza& key) {
    const auto plain = one_time_key(key);
    const Bytes& signature = content(key, "signature");
    if (!plain || signature.size() != signature_bytes) {
        return std::nullopt;
    }
    return SignedKey{plain->id, plain->key, signature};
}

bool signature_is_good(Connection& connection, const SignedKey& key) {
    return signature_holds(connection.world().signal, connection.device->identity, typed(key.key),
                           key.signature);
}

void upload(Connection& connection, const Stanza& iq) {
    Companion& device = *connection.device;
    const Stanza* skey = child(iq, "skey");
    const auto fresh = skey == nullptr ? std::nullopt : signed_key(*skey);
    if (content(iq, "identity") != device.identity || content(iq, "registration").size() != 4 ||
        !fresh || !signature_is_good(connection, *fresh)) {
        return answer_error(connection, iq, 400, "bad-request");
    }
    std::deque<OneTimeKey> keys;
    for (const Stanza& given : child(iq, "list")->children) {
        const auto key = one_time_key(given);
        const bool again =
            key && std::ranges::count(device.one_time_keys, key->id, &OneTimeKey::id) != 0;
        if (!key || again) {
            return answer_error(connection, iq, 406, "not-acceptable");
        }
        keys.push_back(*key);
    }
    device.registration_id = static_cast<std::uint32_t>(read_be<4>(content(iq, "registration")));
    device.signed_key = *fresh;
    device.warned_of_few_keys = false;
    device.one_time_keys.insert(device.one_time_keys.end(), keys.begin(), keys.end());
    connection.world().note(
        fmt::format("connection {} uploads {} keys", connection.number(), keys.size()));
    connection.send(result_of(iq));
}

Stanza key_element(std::string_view tag, std::uint32_t id, BytesView key33) {
    Stanza out = element(tag);
    out.children = {element("id", number_bytes(id, id_bytes)),
                    element("value", to_bytes(untyped(key33)))};
    return out;
}

Stanza signed_key_element(const SignedKey& key) {
    Stanza out = key_element("skey", key.id, typed(key.key));
    out.children.push_back(element("signature", key.signature));
    return out;
}

void digest(Connection& connection, const Stanza& iq) {
    const Companion& device = *connection.device;
    Bytes hashed = device.identity;
    append(hashed, device.signed_key.key);
    append(hashed, device.signed_key.signature);
    Stanza list = element("list");
    for (const OneTimeKey& key : device.one_time_keys) {
        append(hashed, key.key);
        list.children.push_back(element("id", number_bytes(key.id, id_bytes)));
    }
    if (device.one_time_keys.empty()) {
        return answer_error(connection, iq, 404, "item-not-found");
    }
    Bytes hash(20);
    unsigned size = 0;
    VESTARI_CHECK(EVP_Digest(hashed.data(), hashed.size(),
                             reinterpret_cast<unsigned char*>(hash.data()), &size, EVP_sha1(),
                             nullptr) == 1);
    Stanza content = element("digest");
    content.children = {element("registration", number_bytes(device.registration_id, 4)),
                        element("type", {std::byte{5}}),
                        element("identity", device.identity),
                        signed_key_element(device.signed_key),
                        std::move(list),
                        element("hash", hash)};
    connection.send(result_of(iq, std::move(content)));
}

void rotate(Connection& connection, const Stanza& iq, const Stanza& wanted) {
    const Stanza* skey = child(wanted, "skey");
    const auto fresh = skey == nullptr ? std::nullopt : signed_key(*skey);
    if (!fresh || !signature_is_good(connection, *fresh)) {
        return answer_error(connection, iq, 406, "not-acceptable");
    }
    connection.device->signed_key = *fresh;
    connection.send(result_of(iq));
}

void count(Connection& connection, const Stanza& iq) {
    Stanza content = element("count");
    content.with("value", std::to_string(connection.device->one_time_keys.size()));
    connection.send(result_of(iq, std::move(content)));
}

// The keys of one device, simulated or linked, as others fetch them.
Stanza bundle_element(World& world, const Jid& jid) {
    Stanza user = element("user");
    user.with("jid", jid);
    Companion* device = world.companion_of(jid);
    const Person* person = world.person_of(jid);
    if (device == nullptr &&
        (person == nullptr || (jid.device() != 0 && jid.device() != person->device))) {
        Stanza error = element("error");
        error.with("code", "404").with("text", "item-not-found");
        user.children.push_back(std::move(error));
        return user;
    }
    const KeyBundle bundle = device != nullptr ? device->take_bundle() : person->phone->bundle();
    user.children = {element("registration", number_bytes(bundle.registration_id, 4)),
                     element("type", {std::byte{5}}),
                     element("identity", to_bytes(untyped(bundle.identity))),
                     signed_key_element({bundle.signed_id, to_bytes(untyped(bundle.signed_key)),
                                         bundle.signature})};
    if (bundle.one_time_id != 0) {
        user.children.push_back(key_element("key", bundle.one_time_id, bundle.one_time_key));
    }
    if (device != nullptr) {
        user.children.push_back(element("device-identity", device->signed_identity));
        warn_of_few_keys(world, *device);
    }
    return user;
}

void fetch(Connection& connection, const Stanza& iq, const Stanza& wanted) {
    Stanza list = element("list");
    for (const Stanza& user : wanted.children) {
        if (const auto jid = jid_of(user, "jid")) {
            list.children.push_back(bundle_element(connection.world(), *jid));
        }
    }
    connection.send(result_of(iq, std::move(list)));
}

} // namespace

bool answer_key_query(Connection& connection, const Stanza& iq) {
    if (text_of(iq, "xmlns") != "encrypt") {
        return false;
    }
    if (child(iq, "count") != nullptr) {
        count(connection, iq);
    } else if (child(iq, "list") != nullptr) {
        upload(connection, iq);
    } else if (child(iq, "digest") != nullptr) {
        digest(connection, iq);
    } else if (const Stanza* rotated = child(iq, "rotate")) {
        rotate(connection, iq, *rotated);
    } else if (const Stanza* wanted = child(iq, "key")) {
        fetch(connection, iq, *wanted);
    } else {
        return false;
    }
    return true;
}

} // namespace vestari::sim
