// Simulated members write: every message is encrypted for every linked client of the group's members, and again when one asks.
//
// Invariants  the pairwise part with the sender key comes first, `skmsg` after it; the key goes to each client once, until it asks
//             again; what was sent is kept for ever.
// Threads     free functions over one world.
// Errors      an order that names no group or member: std::invalid_argument.
// Source      wire/20-messages.md sections 2, 5.2 and 7.
#pragma once

#include "tests/sim/world/world.hpp"

namespace vestari::sim {

std::vector<std::string> post(World& world, const PostOrder& order);
std::string send_history(World& world, const HistoryOrder& order);

// What a receipt names; null: no simulated sender wrote it.
const Sent* find_sent(const World& world, const std::string& to, const std::string& id);
// Answers a retry receipt. Beyond five times the sender gives up.
void resend(World& world, const Sent& sent, Companion& to, const Stanza& receipt);

// Pairwise for one client; makes the session first if there is none.
Stanza sealed_for(World& world, Person& sender, Companion& to, const Bytes& content);

struct StoredFile {
    std::string path;
    Bytes media_key, file_hash, encrypted_hash;
    std::size_t length = 0;
};
// Encrypts a file and puts it on the media host. `info`: as in wire/20-messages.md section 9.3.
StoredFile store_file(World& world, BytesView file, std::string_view info);

} // namespace vestari::sim
