// A throw-away archive for tests: its directory goes when the fixture does.
#pragma once

#include <string>

#include "ingest/store/row/time_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "vestari/crypto/master_key.hpp"
#include "vestari/ingest/archive.hpp"
#include "vestari/ingest/pipeline.hpp"
#include "vestari/ingest/query.hpp"

namespace vestari::ingest::testing {

inline const TimePoint noon =
    *read_iso_date("2026-03-05") + std::chrono::hours{12}; // of the day that tests happen on

inline constexpr const char* rolex_group = "120363040000000001@g.us";
inline constexpr const char* other_group = "120363040000000002@g.us";

struct Workshop {
    test::TemporaryFolder folder;
    ManualClock clock{noon};
    crypto::MasterSecret master{crypto::MasterKey::random(), "test-1"};

    ArchiveLocation location(OpenMode mode = OpenMode::create_if_missing) const {
        return {.file = folder.path() / "data" / "archive.db",
                .account = "main",
                .mode = mode,
                .vfs = {}};
    }
    Archive open(OpenMode mode = OpenMode::create_if_missing) {
        return std::move(Archive::open(location(mode), master, clock).value());
    }
};

inline event::Person person(int number) {
    return {.lid = "87457416555" + std::to_string(1000 + number) + "@lid",
            .pn = "1555010" + std::to_string(1000 + number) + "@s.whatsapp.net"};
}

// Message `id` of a person in the first group, so many seconds after noon.
inline event::Envelope message(const std::string& id, const std::string& text, int sender = 1,
                               int seconds = 0, const char* chat = rolex_group) {
    static std::uint64_t sequence = 0;
    event::Envelope envelope;
    envelope.account = "main";
    envelope.sequence = ++sequence;
    envelope.chat = chat;
    envelope.sender = person(sender);
    envelope.push_name = "Dealer " + std::to_string(sender);
    envelope.id = id;
    envelope.sent_at = noon + std::chrono::seconds{seconds};
    envelope.kind = event::Kind::text;
    envelope.text = text;
    return envelope;
}

inline event::Envelope edit(const std::string& id, const std::string& target,
                            const std::string& text, int sender = 1, int seconds = 60) {
    event::Envelope envelope = message(id, text, sender, seconds);
    envelope.kind = event::Kind::edit;
    envelope.target = target;
    return envelope;
}

inline event::Envelope revoke(const std::string& id, const std::string& target, int sender = 1,
                              int seconds = 120) {
    event::Envelope envelope = message(id, {}, sender, seconds);
    envelope.kind = event::Kind::revoke;
    envelope.target = target;
    return envelope;
}

inline std::vector<StoredDeal> all_deals(const Archive& archive, DealFilter filter = {}) {
    std::vector<StoredDeal> deals;
    for_each_deal(archive, filter, [&](const StoredDeal& deal) {
        deals.push_back(deal);
        return Next::go_on;
    });
    return deals;
}

} // namespace vestari::ingest::testing
