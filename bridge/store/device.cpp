#include "bridge/store/device.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

constexpr std::string_view identity_name = "identity";
constexpr std::size_t identity_bytes = 4 + 33 + 32;

} // namespace

void Device::put(std::string_view name, BytesView value) {
    const Bytes sealed = database_.seal("device", as_bytes(name), value);
    Query{database_, "INSERT OR REPLACE INTO device (name, sealed) VALUES (?, ?)", name, sealed}
        .run();
}

std::optional<Bytes> Device::get(std::string_view name) const {
    Query query{database_, "SELECT sealed FROM device WHERE name = ?", name};
    if (!query.next()) {
        return std::nullopt;
    }
    return database_.unseal("device", as_bytes(name), query.blob(0));
}

void Device::erase(std::string_view name) {
    Query{database_, "DELETE FROM device WHERE name = ?", name}.run();
}

void Device::set_identity(const LocalIdentity& identity) {
    Bytes plain;
    plain.reserve(identity_bytes);
    append_be32(plain, identity.registration_id);
    append(plain, BytesView{identity.public_key});
    append(plain, BytesView{identity.private_key});
    put(identity_name, plain);
    crypto::wipe(plain);
}

bool Device::has_identity() const {
    return Query{database_, "SELECT 1 FROM device WHERE name = ?", identity_name}.next();
}

std::optional<LocalIdentity> Device::identity() const {
    std::optional<Bytes> plain = get(identity_name);
    if (!plain) {
        return std::nullopt;
    }
    if (plain->size() != identity_bytes) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    LocalIdentity identity;
    const BytesView view{*plain};
    identity.registration_id = static_cast<std::uint32_t>(read_be<4>(view));
    std::ranges::copy(view.subspan(4, 33), identity.public_key.begin());
    std::ranges::copy(view.subspan(37, 32), identity.private_key.begin());
    crypto::wipe(*plain);
    return identity;
}

} // namespace vestari::store
