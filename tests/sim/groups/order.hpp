// What a test orders of groups and their members, and what it can look up afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vestari/base/clock.hpp"

namespace vestari::sim {

enum class Addressing : std::uint8_t { lid, pn };

struct GroupSpec {
    std::string name;
    std::vector<std::string>
        members; // persons by name; unknown ones are made. "owner" is always a member
    Addressing addressing = Addressing::lid;
};

struct GroupView {
    std::string jid, name;
    std::vector<std::string> members;
    Addressing addressing = Addressing::lid;
};

enum class PostKind : std::uint8_t { text, image, edit, revoke, reaction, unavailable };

struct PostOrder {
    std::string chat;   // a group's JID, or "direct": from the member to the owner
    std::string member; // who writes. "owner": the phone of the account itself
    PostKind kind = PostKind::text;
    std::string text;   // of several: each gets " #n" appended from the second on
    std::string target; // message id of an edit, revoke or reaction
    std::uint32_t count = 1;
};

struct HistoryOrder {
    std::string group;              // whose conversation the blob holds
    std::vector<std::string> texts; // by its first member
    bool media_host = true;         // false: inline in the notification
};

struct Posted {
    std::string chat, id, sender_pn, sender_lid, text, target;
    PostKind kind = PostKind::text;
    TimePoint at;
};

} // namespace vestari::sim
