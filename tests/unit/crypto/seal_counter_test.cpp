// How seals are counted: ahead, in blocks, over restarts and rollbacks, up to the limit.
#include <doctest/doctest.h>

#include <stdexcept>

#include <boost/system/system_error.hpp>

#include "vestari/crypto/seal.hpp"

using namespace vestari;
using namespace vestari::crypto;

namespace {

// A counter on a "disk" that a test can set back, as a rollback does, or break.
class DiskCounter final : public SealCounter {
public:
    std::uint64_t stored = 0;
    std::uint64_t calls = 0;
    bool broken = false;
    std::uint64_t reserve(Purpose purpose, std::uint32_t version, std::uint64_t block) override {
        CHECK(purpose == Purpose::session);
        CHECK(version == 3);
        if (broken) {
            throw std::runtime_error{"disk full"};
        }
        ++calls;
        return stored += block;
    }
};

Sealer make_sealer(SealCounter& counter) {
    KeyVersions<SessionKey> keys;
    keys.emplace(2, SessionKey::random());
    keys.emplace(3, SessionKey::random());
    return {AccountId{}, std::move(keys), counter};
}

const Cell cell{.table = "session", .column = "record", .row = as_bytes("1")};

void seal_times(Sealer& sealer, std::uint64_t times) {
    for (std::uint64_t i = 0; i < times; ++i) {
        sealer.seal(cell, "");
    }
}

bool seal_is_refused(Sealer& sealer) {
    try {
        sealer.seal(cell, "text");
        return false;
    } catch (const boost::system::system_error& error) {
        return error.code() == CryptoErrc::seal_limit;
    }
}

} // namespace

TEST_CASE(
    "seal counter: a block is reserved before its first seal, the next one when it is used up") {
    DiskCounter counter;
    Sealer sealer = make_sealer(counter);
    CHECK(counter.calls == 0);
    seal_times(sealer, 1);
    CHECK(counter.stored == seal_block);
    seal_times(sealer, seal_block - 1);
    CHECK(counter.calls == 1);
    seal_times(sealer, 1);
    CHECK(counter.calls == 2);
    CHECK(counter.stored == 2 * seal_block);
}

TEST_CASE("seal counter: after a crash the rest of the block is lost, never given out again") {
    DiskCounter counter;
    for (std::uint64_t start = 1; start <= 5; ++start) {
        Sealer sealer = make_sealer(counter);
        seal_times(sealer, 3);
        CHECK(counter.stored == start * seal_block);
    }
}

TEST_CASE("seal counter: a reservation that was rolled back is made up for by the next") {
    DiskCounter counter;
    Sealer sealer = make_sealer(counter);
    seal_times(sealer, seal_block);
    counter.stored = 0; // the transaction around it was rolled back
    seal_times(sealer, 1);
    CHECK(counter.stored == 2 * seal_block);
}

TEST_CASE("seal counter: told of a rollback, the next seal reserves what was lost and a block of "
          "its own") {
    DiskCounter counter;
    Sealer sealer = make_sealer(counter);
    seal_times(sealer, 3);
    counter.stored = 0;
    sealer.rolled_back();
    seal_times(sealer, 1);
    CHECK(counter.stored == 2 * seal_block);
    seal_times(sealer, seal_block - 1);
    CHECK(counter.stored == 2 * seal_block);
}

TEST_CASE("seal counter: rotation is due from 2^28, and sealing goes on") {
    DiskCounter counter;
    counter.stored = rotate_seals_at - 2 * seal_block;
    Sealer sealer = make_sealer(counter);
    CHECK_FALSE(sealer.rotation_due());
    seal_times(sealer, 1);
    CHECK_FALSE(sealer.rotation_due());
    seal_times(sealer, seal_block);
    CHECK(sealer.rotation_due());
    CHECK_FALSE(seal_is_refused(sealer));
}

TEST_CASE(
    "seal counter: the last block ends at 2^31, then nothing is sealed, also after a restart") {
    DiskCounter counter;
    counter.stored = stop_seals_at - seal_block;
    Sealer sealer = make_sealer(counter);
    const Bytes last = sealer.seal(cell, "text");
    seal_times(sealer, seal_block - 1);
    CHECK(seal_is_refused(sealer));
    CHECK(seal_is_refused(sealer));
    CHECK(sealer.sealed() == seal_block);
    CHECK(to_string(sealer.open(cell, last).value()) == "text"); // opening goes on
    Sealer restarted = make_sealer(counter);
    CHECK(seal_is_refused(restarted));
}

TEST_CASE("seal counter: when the reservation cannot be stored nothing is sealed") {
    DiskCounter counter;
    counter.broken = true;
    Sealer sealer = make_sealer(counter);
    CHECK_THROWS_AS(sealer.seal(cell, "text"), std::runtime_error);
    CHECK(sealer.sealed() == 0);
    counter.broken = false;
    CHECK_FALSE(seal_is_refused(sealer));
    CHECK(counter.stored == seal_block);
}
