#include "vestari/ingest/archive.hpp"

#include <algorithm>

#include "ingest/store/database/schema.hpp"
#include "ingest/store/database/state.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/error.hpp"

namespace vestari::ingest {
namespace {

constexpr std::uintmax_t checked_at_every_open =
    16U << 20U; // a larger file would make every command wait

std::int64_t milliseconds(TimePoint at) { return at.time_since_epoch().count(); }

void store_account(Database& db, const crypto::AccountRecord& record, const std::string& name,
                   TimePoint now) {
    db.use("INSERT INTO account(id, name, salt, master_id, created_at) VALUES(?, ?, ?, ?, ?)")
        .bind(record.id, name, record.salt, record.master_id, milliseconds(now))
        .run();
    for (const crypto::WrappedKey& key : record.keys) {
        db.use("INSERT INTO account_key(purpose, version, wrapped) VALUES(?, ?, ?)")
            .bind(static_cast<int>(key.purpose), key.version, key.wrapped)
            .run();
    }
}

template <std::size_t N> bool take(BytesView from, std::array<std::byte, N>& to) {
    if (from.size() != N) {
        return false;
    }
    std::ranges::copy(from, to.begin());
    return true;
}

struct NamedRecord {
    crypto::AccountRecord record;
    std::string account;
};

Result<NamedRecord> load_account(Database& db) {
    NamedRecord found;
    {
        Use query = db.use("SELECT id, name, salt, master_id FROM account");
        if (!query.step() || !take(query.blob(0), found.record.id) ||
            !take(query.blob(2), found.record.salt)) {
            return ArchiveErrc::corrupt;
        }
        found.account = query.text(1);
        found.record.master_id = query.text(3);
    }
    Use keys =
        db.use("SELECT purpose, version, wrapped FROM account_key ORDER BY purpose, version");
    while (keys.step()) {
        found.record.keys.push_back({static_cast<crypto::Purpose>(keys.integer(0)),
                                     static_cast<std::uint32_t>(keys.integer(1)),
                                     to_bytes(keys.blob(2))});
    }
    return found;
}

// The keys of the account in this file; a new account where the file is empty.
Result<crypto::Keyring> keyring_of(Database& db, SchemaState schema, const ArchiveLocation& where,
                                   const crypto::MasterSecret& master, const Clock& clock) {
    if (schema == SchemaState::empty) {
        Transaction making{db};
        migrate(db);
        store_account(db, crypto::create_account(master), where.account, clock.now());
        making.commit();
    }
    Result<NamedRecord> found = load_account(db);
    if (!found) {
        return found.error();
    }
    Result<crypto::Keyring> keys = crypto::Keyring::open(master, found->record);
    if (!keys) {
        return keys.error() == crypto::CryptoErrc::account_record_malformed
                   ? ArchiveErrc::corrupt
                   : ArchiveErrc::wrong_master_key;
    }
    if (found->account != where.account) {
        return ArchiveErrc::other_account;
    }
    return keys;
}

bool looks_whole(Database& db, const std::filesystem::path& file) {
    std::error_code unknown;
    const std::uintmax_t size = std::filesystem::file_size(file, unknown);
    if (unknown || size > checked_at_every_open) {
        return true;
    }
    Use check = db.use("PRAGMA quick_check(1)");
    return check.step() && check.text(0) == "ok";
}

Result<std::unique_ptr<State>> open_state(const ArchiveLocation& where,
                                          const crypto::MasterSecret& master, const Clock& clock) {
    if (const Result<> made = make_private(where.file, where.mode); !made) {
        return made.error();
    }
    Result<FileLock> lock = FileLock::take(where.file.string() + ".lock");
    if (!lock) {
        return lock.error();
    }
    Database db{where.file.string(), where.vfs};
    const Result<SchemaState> schema = inspect(db);
    if (!schema) {
        return schema.error();
    }
    if (*schema == SchemaState::empty && where.mode == OpenMode::existing) {
        return ArchiveErrc::missing;
    }
    if (*schema == SchemaState::ours && !looks_whole(db, where.file)) {
        return ArchiveErrc::corrupt;
    }
    db.prepare_for_writing();
    Result<crypto::Keyring> keys = keyring_of(db, *schema, where, master, clock);
    if (!keys) {
        return keys.error();
    }
    if (*schema == SchemaState::ours) {
        Transaction upgrading{db};
        migrate(db);
        upgrading.commit();
    }
    return std::make_unique<State>(std::move(*lock), std::move(db), std::move(*keys),
                                   where.account);
}

GroupEntry read_group(const State& state, Use& row) {
    const Key16 chat = row.key(0);
    const std::string currency = state.open("include_list", "sealed_currency", chat, row.blob(3));
    return {.jid = state.open("include_list", "sealed_jid", chat, row.blob(1)),
            .name = state.open("include_list", "sealed_name", chat, row.blob(2)),
            .currency = Currency::parse(currency)};
}

} // namespace

Archive::Archive(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

Result<Archive> Archive::open(const ArchiveLocation& where, const crypto::MasterSecret& master,
                              const Clock& clock) {
    try {
        Result<std::unique_ptr<State>> state = open_state(where, master, clock);
        if (!state) {
            return state.error();
        }
        return Archive{std::move(*state)};
    } catch (const StorageFailure& failure) {
        return failure.why();
    }
}

std::vector<GroupEntry> Archive::groups() const {
    std::vector<GroupEntry> groups;
    {
        Use rows = state_->db.use(
            "SELECT chat, sealed_jid, sealed_name, sealed_currency FROM include_list");
        while (rows.step()) {
            groups.push_back(read_group(*state_, rows));
        }
    }
    std::ranges::sort(groups, {}, [](const GroupEntry& g) { return std::tie(g.name, g.jid); });
    return groups;
}

std::optional<GroupEntry> Archive::group(std::string_view jid) const {
    Use row = state_->db.use(
        "SELECT chat, sealed_jid, sealed_name, sealed_currency FROM include_list WHERE chat = ?");
    row.bind(state_->chat_key(jid));
    if (!row.step()) {
        return std::nullopt;
    }
    return read_group(*state_, row);
}

void Archive::include(const GroupEntry& group) {
    const Key16 chat = state_->chat_key(group.jid);
    in_transaction(*state_, [&] {
        const Bytes jid = state_->seal("include_list", "sealed_jid", chat, group.jid);
        const Bytes name = state_->seal("include_list", "sealed_name", chat, group.name);
        const Bytes currency =
            state_->seal("include_list", "sealed_currency", chat,
                         group.currency ? group.currency->code() : std::string_view{});
        state_->db
            .use("INSERT OR REPLACE INTO include_list(chat, sealed_jid, sealed_name, "
                 "sealed_currency) "
                 "VALUES(?, ?, ?, ?)")
            .bind(chat, jid, name, currency)
            .run();
    });
}

bool Archive::exclude(std::string_view jid) {
    int removed = 0;
    const Key16 chat = state_->chat_key(jid);
    in_transaction(*state_, [&] {
        removed = state_->db.use("DELETE FROM include_list WHERE chat = ?")
                      .bind(chat)
                      .changes_after_run();
    });
    return removed != 0;
}

event::Keys Archive::lend_keys() const {
    event::Keys lent;
    lent.account = state_->account;
    lent.account_id = state_->keys.account();
    lent.session_key = to_bytes(state_->keys.newest<crypto::SessionKey>().expose());
    lent.session_key_version = state_->keys.newest_version<crypto::SessionKey>();
    lent.index_key = to_bytes(state_->keys.newest<crypto::IndexKey>().expose());
    lent.index_key_version = state_->keys.newest_version<crypto::IndexKey>();
    for (const GroupEntry& group : groups()) {
        lent.groups.push_back(
            {.jid = group.jid,
             .name = group.name,
             .currency = group.currency ? std::string{group.currency->code()} : "",
             .included = true});
    }
    return lent;
}

void wipe_keys(event::Keys& keys) noexcept {
    crypto::wipe(keys.session_key);
    crypto::wipe(keys.index_key);
}

std::uint64_t Archive::values_opened() const noexcept { return state_->sealer.opened(); }

} // namespace vestari::ingest
