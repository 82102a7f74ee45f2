// The groups that the account is in: their names and sizes, for the operator's choice; of included groups also who administers them.
//
// Invariants  names and sizes stand in memory only; of members nothing is kept but the admins of included groups
//             and, by the inbox, who has which two names. At most one request a
//             second, the whole list at most once in 24 hours unless the server says that it changed.
// Threads     the session database's owner; no transaction is open when it is called.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md sections 12.1 and 12.2.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bridge/content/group_change.hpp"
#include "bridge/live/account.hpp"
#include "bridge/live/session/connection.hpp"
#include "bridge/route/include_list.hpp"
#include "bridge/wire/node.hpp"

namespace vestari::live {

class GroupDirectory {
public:
    static constexpr std::chrono::hours lasts{24};
    static constexpr std::chrono::seconds between_queries{1};
    enum class News : std::uint8_t { none, changed };

    explicit GroupDirectory(store::SessionDatabase& database) : database_{database} {}

    void list_changed() noexcept { listed_at_.reset(); } // the server says so
    void changed(std::string_view group);                // ask for this one again
    void heard_of(std::string_view group);               // one that is not on the list: it is old
    News answered(const Answer& answer, const wire::Node* iq, const route::IncludeList& included,
                  Instant now);
    void tick(Connection& connection, Instant now); // logged in, active
    Instant wake_at() const noexcept;
    void disconnected() noexcept;
    void forget() noexcept; // another account from now on

    const std::vector<GroupInfo>& groups() const noexcept { return groups_; }
    using Mapping = std::pair<Jid, Jid>;  // LID and phone number of one user
    std::vector<Mapping> take_mappings(); // of members of included groups, since the last call

private:
    void take(const content::GroupInfo& group, const route::IncludeList& included);

    store::SessionDatabase& database_;
    std::vector<GroupInfo> groups_; // by JID
    std::vector<Mapping> mappings_;
    std::optional<Instant> listed_at_;
    std::optional<Instant> asked_list_at_;
    std::set<std::string, std::less<>> stale_;
    Instant next_query_ = Instant::min();
};

} // namespace vestari::live
