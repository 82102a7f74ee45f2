#include "bridge/store/lease_epoch.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

std::uint64_t lease_epoch(SessionDatabase& database) {
    Query query{database, "SELECT epoch FROM lease WHERE id = 1"};
    return query.next() ? static_cast<std::uint64_t>(query.integer(0)) : 0;
}

void set_lease_epoch(SessionDatabase& database, std::uint64_t epoch) {
    Query{database,
          "INSERT INTO lease (id, epoch) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET epoch = "
          "excluded.epoch",
          epoch}
        .run();
}

} // namespace vestari::store
