#include "bridge/store/spool.hpp"

#include "bridge/store/query.hpp"
#include "vestari/base/check.hpp"

namespace vestari::store {

namespace {

Bytes row_of(std::uint64_t sequence) {
    Bytes row;
    append_be64(row, sequence);
    return row;
}

} // namespace

std::uint64_t Spool::next_sequence() const {
    return static_cast<std::uint64_t>(next_row(database_, "spool"));
}

void Spool::append(std::uint64_t sequence, BytesView payload) {
    VESTARI_CHECK(sequence == next_sequence());
    const Bytes sealed = database_.seal("spool", row_of(sequence), payload);
    Savepoint both{database_};
    Query{database_, "INSERT INTO spool (id, sealed) VALUES (?, ?)", sequence, sealed}.run();
    Query{database_, "UPDATE spool_size SET rows = rows + 1, bytes = bytes + ?", sealed.size()}
        .run();
    both.release();
}

std::vector<Spooled> Spool::after(std::uint64_t sequence, std::size_t limit) const {
    std::vector<Spooled> rows;
    Query query{database_, "SELECT id, sealed FROM spool WHERE id > ? ORDER BY id LIMIT ?",
                sequence, limit};
    while (query.next()) {
        const auto id = static_cast<std::uint64_t>(query.integer(0));
        rows.push_back({id, database_.unseal("spool", row_of(id), query.blob(1))});
    }
    return rows;
}

void Spool::erase_through(std::uint64_t sequence) {
    Savepoint both{database_};
    Query{database_,
          "UPDATE spool_size SET (rows, bytes) = (SELECT rows - count(*), "
          "bytes - coalesce(sum(length(sealed)), 0) FROM spool WHERE id <= ?)",
          sequence}
        .run();
    Query{database_, "DELETE FROM spool WHERE id <= ?", sequence}.run();
    both.release();
}

std::uint64_t Spool::rows() const {
    Query query{database_, "SELECT rows FROM spool_size"};
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

std::uint64_t Spool::bytes() const {
    Query query{database_, "SELECT bytes FROM spool_size"};
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

} // namespace vestari::store
