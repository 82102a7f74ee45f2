// Messages of included groups that could not be decrypted and are asked for again: how often, when, and what waits for its turn.
//
// Invariants  messages, groups and members are HMACs; what a retry receipt copies stands sealed.
// Threads     the database's owner.
// Errors      StoreErrc, thrown.
// Source      wire/20-messages.md section 5.2.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "bridge/store/session_database.hpp"

namespace vestari::store {

inline constexpr std::chrono::days resend_lifetime{14}; // as long as the server queues

struct Resend {
    enum class State : std::uint8_t { open, read, given_up };
    RowKey key{};
    State state = State::open;
    std::uint32_t asked = 0; // retry receipts that were sent
    TimePoint asked_at{};    // the last one
    TimePoint due{};         // when the next one may go; the epoch: none is wanted
    TimePoint at{};          // when the message failed first
    Bytes payload;           // the caller's own form
};

class Resends {
public:
    explicit Resends(SessionDatabase& database) noexcept : database_{database} {}

    // `member`: the sender's Signal address as text.
    RowKey key_of(std::string_view chat, std::string_view member, std::string_view id) const;
    std::optional<Resend> find(const RowKey& key) const;
    void put(std::string_view chat, std::string_view member, const Resend& row);
    void update(const Resend& row); // all but at and payload
    // The message was read: nothing of it waits any more. False: it was not asked for.
    bool settle(const RowKey& key);

    std::vector<Resend> due(TimePoint now, std::size_t limit) const; // earliest first
    std::optional<TimePoint> next_due() const;
    // Asked for, never answered, failed before `limit`.
    std::vector<Resend> unanswered(TimePoint limit, std::size_t most) const;

    struct Load {                // of one member or group
        std::uint64_t asked = 0; // receipts since the given time, at least one a message
        std::uint64_t waiting = 0;
        TimePoint last_open{}; // since then: when a message was asked for that is still missing
    };
    Load of_member(std::string_view chat, std::string_view member, TimePoint since) const;
    Load of_member(const RowKey& row, TimePoint since) const; // of that row's member
    std::uint64_t asked_in_chat(std::string_view chat, TimePoint since) const;
    std::uint64_t asked_in_chat(const RowKey& row, TimePoint since) const; // of that row's chat

    void erase_group(std::string_view chat);
    std::int64_t erase_before(TimePoint limit);
    std::uint64_t rows() const;

private:
    RowKey member_key(std::string_view chat, std::string_view member) const;
    RowKey chat_key(std::string_view chat) const;
    Load load(const RowKey& member, TimePoint since) const;

    SessionDatabase& database_;
};

} // namespace vestari::store
