#include "bridge/store/query.hpp"

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

namespace vestari::store {

namespace {

template <class Call> auto guarded(Call call) {
    try {
        return call();
    } catch (const SQLite::Exception& error) {
        SessionDatabase::fail(error.getErrorCode());
    }
}

} // namespace

Query::~Query() { statement_.tryReset(); } // the next use binds every value anew

bool Query::next() {
    return guarded([this] { return statement_.executeStep(); });
}

std::int64_t Query::run() {
    return guarded([this] { return static_cast<std::int64_t>(statement_.exec()); });
}

std::int64_t Query::integer(int column) const {
    return guarded([&] { return statement_.getColumn(column).getInt64(); });
}

BytesView Query::blob(int column) const {
    return guarded([&] {
        const SQLite::Column value = statement_.getColumn(column);
        const auto* data = static_cast<const std::byte*>(value.getBlob());
        return BytesView{data, static_cast<std::size_t>(value.getBytes())};
    });
}

void Query::bind(std::int64_t value) {
    guarded([&] { statement_.bind(++bound_, value); });
}

void Query::bind(BytesView value) {
    static constexpr std::byte empty{}; // a null pointer would bind NULL
    const std::byte* data = value.empty() ? &empty : value.data();
    guarded([&] { statement_.bindNoCopy(++bound_, data, static_cast<int>(value.size())); });
}

void Query::bind(
    std::string_view value) { // words of our own code: copied, so that literals may be views
    guarded([&] { statement_.bind(++bound_, std::string{value}); });
}

std::int64_t next_row(SessionDatabase& database, std::string_view table) {
    Query query{database, "SELECT seq FROM sqlite_sequence WHERE name = ?", table};
    return query.next() ? query.integer(0) + 1 : 1;
}

} // namespace vestari::store
