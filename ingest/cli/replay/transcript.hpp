// What a replay saw and did: the counts, the messages of the stream, the deals of each.
//
// Threads     values; one owner.
// Source      SETTLED section 6, DESIGN 3.1 (`vestari replay`).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "vestari/event/envelope.hpp"
#include "vestari/ingest/pipeline.hpp"

namespace vestari::cli::replay {

struct SeenMessage {
    std::string chat;
    std::string id;
    std::string sender;
    event::Kind kind = event::Kind::other;
    std::string target; // edit, revoke; else empty
    std::size_t deals = 0;
};

class Transcript {
public:
    enum class Keep : std::uint8_t {
        numbers,
        json
    }; // json: the deals too, as they will be printed

    explicit Transcript(Keep keep) : keep_{keep} {}

    void add(const event::Envelope& envelope, const ingest::Accepted& accepted);
    void add(const event::Summary& summary); // of one file

    const event::Counts& counts() const noexcept { return counts_; }
    const std::vector<SeenMessage>& messages() const noexcept { return messages_; }
    const std::map<std::string, std::uint64_t>& dropped_by_reason() const noexcept {
        return dropped_;
    }
    std::uint64_t refused() const noexcept { return refused_; } // forged: read, without effect
    std::uint64_t deals() const noexcept { return deals_; }     // before deduplication
    std::uint64_t reposts() const noexcept { return reposts_; } // of them, known before

    std::string to_json() const; // one document, with a line feed

private:
    Keep keep_;
    event::Counts counts_;
    std::map<std::string, std::uint64_t> dropped_;
    std::uint64_t refused_ = 0;
    std::uint64_t deals_ = 0;
    std::uint64_t reposts_ = 0;
    std::vector<SeenMessage> messages_;
    std::string deals_json_;
};

} // namespace vestari::cli::replay
