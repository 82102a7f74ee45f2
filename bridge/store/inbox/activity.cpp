#include "bridge/store/inbox/activity.hpp"

#include "bridge/store/query.hpp"

namespace vestari::store {

namespace {

constexpr std::int64_t averaged = 32;
constexpr std::int64_t forgotten = 256;

} // namespace

void Activity::message(TimePoint sent_at) noexcept {
    ++messages;
    if (messages > 1 && sent_at > last_at) {
        const auto silence = sent_at - last_at;
        longest = std::max(silence, longest - longest / forgotten);
        const auto weight =
            std::min<std::int64_t>(static_cast<std::int64_t>(messages) - 1, averaged);
        usual += (silence - usual) / weight;
    }
    last_at = std::max(last_at, sent_at);
}

RowKey GroupActivities::key_of(std::string_view group) const {
    return database_.row_key("group activity", {as_bytes(group)});
}

std::optional<Activity> GroupActivities::load(std::string_view group) const {
    const RowKey key = key_of(group);
    Query query{database_,
                "SELECT last_at, messages, usual, longest FROM group_activity WHERE key = ?", key};
    if (!query.next()) {
        return std::nullopt;
    }
    return Activity{time_from(query.integer(0)), static_cast<std::uint64_t>(query.integer(1)),
                    std::chrono::milliseconds{query.integer(2)},
                    std::chrono::milliseconds{query.integer(3)}};
}

void GroupActivities::store(std::string_view group, const Activity& activity) {
    Query{database_,
          "INSERT OR REPLACE INTO group_activity (key, last_at, messages, usual, longest) "
          "VALUES (?, ?, ?, ?, ?)",
          key_of(group),
          activity.last_at,
          activity.messages,
          std::int64_t{activity.usual.count()},
          std::int64_t{activity.longest.count()}}
        .run();
}

void GroupActivities::erase(std::string_view group) {
    Query{database_, "DELETE FROM group_activity WHERE key = ?", key_of(group)}.run();
}

} // namespace vestari::store
