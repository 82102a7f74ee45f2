#include "bridge/store/lid_map.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

struct Pair {
    std::string lid;
    std::string phone;
};

RowKey lid_key(const SessionDatabase& database, std::string_view user) {
    return database.row_key("lid", {as_bytes(user)});
}

RowKey phone_key(const SessionDatabase& database, std::string_view user) {
    return database.row_key("phone", {as_bytes(user)});
}

Bytes joined(std::string_view lid, std::string_view phone) {
    Bytes plain = to_bytes(lid);
    plain.push_back(std::byte{0}); // stands in no user name
    append(plain, phone);
    return plain;
}

Pair split(BytesView plain) {
    const std::string_view text = as_text(plain);
    const std::size_t end = text.find('\0');
    if (end == std::string_view::npos) {
        throw boost::system::system_error{make_error_code(StoreErrc::damaged_record)};
    }
    return {std::string{text.substr(0, end)}, std::string{text.substr(end + 1)}};
}

} // namespace

LidMap::Change LidMap::remember(std::string_view lid_user, std::string_view phone_user,
                                TimePoint at) {
    const RowKey lid = lid_key(database_, lid_user);
    const RowKey phone = phone_key(database_, phone_user);
    const bool known =
        Query{database_, "SELECT 1 FROM lid_map WHERE lid = ? AND phone = ?", lid, phone}.next();
    if (known) {
        return Change::known_already;
    }
    const Bytes sealed = database_.seal("lid_map", lid, joined(lid_user, phone_user));
    Query{database_,
          "INSERT OR REPLACE INTO lid_map (lid, phone, learned_at, sealed) VALUES (?, ?, ?, ?)",
          lid,
          phone,
          at,
          sealed}
        .run();
    return Change::stored;
}

std::optional<std::string> LidMap::lid_of(std::string_view phone_user) const {
    const RowKey phone = phone_key(database_, phone_user);
    Query query{database_, "SELECT lid, sealed FROM lid_map WHERE phone = ?", phone};
    if (!query.next()) {
        return std::nullopt;
    }
    return split(database_.unseal("lid_map", query.blob(0), query.blob(1))).lid;
}

std::optional<std::string> LidMap::phone_of(std::string_view lid_user) const {
    const RowKey lid = lid_key(database_, lid_user);
    Query query{database_, "SELECT sealed FROM lid_map WHERE lid = ?", lid};
    if (!query.next()) {
        return std::nullopt;
    }
    return split(database_.unseal("lid_map", lid, query.blob(0))).phone;
}

} // namespace vestari::store
