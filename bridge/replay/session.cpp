#include "bridge/replay/session.hpp"

#include <cerrno>
#include <cstdlib>

#include "vestari/crypto/blind_index.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::replay {

namespace {

// The database's name tells devices apart without naming them.
std::string file_name(const crypto::IndexKey& key, const FixtureHeader& header) {
    const crypto::BlindIndex index{key.duplicate()};
    const BytesView identity =
        header.device ? BytesView{header.device->identity.public_key} : as_bytes("no device");
    const crypto::Digest name = index.of("session file", {identity});
    return "session-" + to_hex(BytesView{name}.first(8)) + ".db";
}

Result<store::SessionSecrets> take_over(event::Keys& keys) {
    auto session = crypto::SessionKey::from(keys.session_key);
    auto index = crypto::IndexKey::from(keys.index_key);
    crypto::wipe(keys.session_key);
    crypto::wipe(keys.index_key);
    if (!session || !index) {
        return session ? index.error() : session.error();
    }
    store::SessionSecrets secrets{keys.account_id, {}, std::move(*index)};
    secrets.session_keys.emplace(keys.session_key_version, std::move(*session));
    return secrets;
}

} // namespace

Result<Session> Session::open(const std::filesystem::path& folder, event::Keys& keys,
                              const FixtureHeader& header) {
    Result<store::SessionSecrets> secrets = take_over(keys);
    if (!secrets) {
        return secrets.error();
    }
    Session session;
    std::filesystem::path place = folder;
    if (place.empty()) {
        std::error_code missing;
        std::string made =
            (std::filesystem::temp_directory_path(missing) / "vestari-replay-XXXXXX").string();
        if (missing) {
            return ErrorCode{missing.value(), boost::system::system_category()};
        }
        if (::mkdtemp(made.data()) == nullptr) {
            return ErrorCode{errno, boost::system::system_category()};
        }
        session.thrown_away_ = place = made;
    }
    const std::string name = file_name(secrets->index_key, header);
    auto database = store::SessionDatabase::open(place / name, std::move(*secrets));
    if (!database) {
        return database.error();
    }
    session.database_ = std::move(*database);
    return session;
}

Session::~Session() {
    database_.reset();
    if (!thrown_away_.empty()) {
        std::error_code ignored;
        std::filesystem::remove_all(thrown_away_, ignored);
    }
}

event::Keys made_up_keys() {
    event::Keys keys;
    keys.account = "replay";
    keys.session_key.resize(32);
    keys.index_key.resize(32);
    crypto::fill_random(keys.account_id);
    crypto::fill_random(keys.session_key);
    crypto::fill_random(keys.index_key);
    return keys;
}

} // namespace vestari::replay
