#include "ingest/store/database/state.hpp"

#include <algorithm>

#include "vestari/crypto/hash.hpp"

namespace vestari::ingest {
namespace {

constexpr std::size_t most_remembered_lids = 20'000;

Key16 cut(const crypto::Digest& digest) {
    Key16 key;
    std::copy_n(digest.begin(), key.size(), key.begin());
    return key;
}

std::array<std::byte, 8> row_name(std::int64_t row) {
    std::array<std::byte, 8> name;
    for (std::size_t i = 0; i < name.size(); ++i) {
        name[i] = static_cast<std::byte>((static_cast<std::uint64_t>(row) >> (56 - 8 * i)) & 0xffU);
    }
    return name;
}

} // namespace

std::uint64_t StoredSealCounter::reserve(crypto::Purpose purpose, std::uint32_t key_version,
                                         std::uint64_t block) {
    Use add =
        db_.use("INSERT INTO seal_count(purpose, version, reserved) VALUES(?, ?, ?) ON CONFLICT "
                "DO UPDATE SET reserved = reserved + excluded.reserved RETURNING reserved");
    add.bind(static_cast<int>(purpose), key_version, block);
    VESTARI_CHECK(add.step());
    const auto reserved = static_cast<std::uint64_t>(add.integer(0));
    VESTARI_CHECK(!add.step());
    return reserved;
}

State::State(FileLock held, Database opened, crypto::Keyring opened_keys, std::string account_name)
    : lock{std::move(held)}, db{std::move(opened)}, account{std::move(account_name)},
      keys{std::move(opened_keys)}, seal_counter{db},
      sealer{keys.account(), crypto::duplicate(keys.field()), seal_counter},
      blind{keys.newest<crypto::IndexKey>().duplicate()} {
    load_next_id();
}

void State::load_next_id() {
    next_id_ = saved_id_ = db.number("SELECT value FROM meta WHERE key = 'next_id'");
}

void State::begin() { db.run("BEGIN IMMEDIATE"); }

void State::commit() {
    if (next_id_ != saved_id_) {
        db.use("UPDATE meta SET value = ? WHERE key = 'next_id'").bind(next_id_).run();
    }
    db.run("COMMIT");
    saved_id_ = next_id_;
}

// Ids that were handed out are skipped rather than used again: a torn commit may yet turn out to be whole.
void State::abandon() noexcept {
    db.rollback();
    sealer.rolled_back();
    lids_.clear();
    ++abandoned_;
}

Bytes State::seal(const char* table, const char* column, std::int64_t row, BytesView plain) const {
    const auto name = row_name(row);
    return sealer.seal({table, column, name}, plain);
}

Bytes State::open(const char* table, const char* column, std::int64_t row, BytesView sealed) const {
    const auto name = row_name(row);
    Result<Bytes> plain = sealer.open({table, column, name}, sealed);
    if (!plain) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return std::move(*plain);
}

Bytes State::seal(const char* table, const char* column, BytesView row,
                  std::string_view plain) const {
    return sealer.seal({table, column, row}, plain);
}

std::string State::open(const char* table, const char* column, BytesView row,
                        BytesView sealed) const {
    const Result<Bytes> plain = sealer.open({table, column, row}, sealed);
    if (!plain) {
        throw StorageFailure{ArchiveErrc::corrupt};
    }
    return to_string(*plain);
}

Key16 State::chat_key(std::string_view jid) const { return cut(blind.chat(jid)); }
Key16 State::sender_key(std::string_view user) const { return cut(blind.sender(user)); }
Key16 State::message_name(std::string_view chat, std::string_view id) const {
    return cut(blind.message(chat, id));
}
Key16 State::author_tag(std::string_view chat, std::string_view id, std::string_view author) const {
    return cut(blind.of("author", {as_bytes(chat), as_bytes(id), as_bytes(author)}));
}

std::string State::lid_of(const std::string& pn) {
    if (const auto known = lids_.find(pn); known != lids_.end()) {
        return known->second;
    }
    if (lids_.size() >= most_remembered_lids) {
        lids_.clear();
    }
    const Key16 key = sender_key(pn);
    Use query = db.use("SELECT sealed_lid FROM alias WHERE pn = ?");
    query.bind(key);
    std::string lid =
        query.step() ? open("alias", "sealed_lid", key, query.blob(0)) : std::string{};
    return lids_.emplace(pn, std::move(lid)).first->second;
}

void State::remember_lid(const std::string& pn, const std::string& lid) {
    if (lid_of(pn) == lid) {
        return;
    }
    const Key16 key = sender_key(pn);
    const Bytes sealed = seal("alias", "sealed_lid", key, lid);
    db.use("INSERT OR REPLACE INTO alias(pn, sealed_lid) VALUES(?, ?)").bind(key, sealed).run();
    lids_.insert_or_assign(pn, lid);
}

} // namespace vestari::ingest
