#include "bridge/store/forget.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

void forget_device(SessionDatabase& database) {
    Savepoint savepoint{database};
    for (const char* erase :
         {"DELETE FROM device", "DELETE FROM session", "DELETE FROM identity",
          "DELETE FROM pre_key", "DELETE FROM signed_pre_key", "DELETE FROM sender_key",
          "DELETE FROM lid_map", "DELETE FROM pending", "DELETE FROM kept_ciphertext",
          "DELETE FROM group_admins"}) {
        Query{database, erase}.run();
    }
    savepoint.release();
}

} // namespace vestari::store
