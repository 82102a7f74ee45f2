#include <doctest/doctest.h>

#include "bridge/link/pair_success.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"

using namespace vestari;

namespace {

constexpr TimePoint then{std::chrono::milliseconds{1'766'000'000'000}};

link::Linked example() {
    link::Linked linked{.me = Jid::parse("15551234567:5@s.whatsapp.net").value(),
                        .lid = Jid::parse("156535032389744:5@lid").value(),
                        .platform = "android",
                        .business_name = "Test Shop",
                        .key_index = 3,
                        .account = Bytes(140, std::byte{9}),
                        .since = then};
    linked.account_key.fill(std::byte{7});
    return linked;
}

Bytes primary_key() {
    Bytes key(33, std::byte{7});
    key.front() = std::byte{5};
    return key;
}

} // namespace

TEST_CASE("linked: what was stored is there after the process is gone") {
    test::Sessions database;
    CHECK(!link::load_linked(*database));
    link::store_linked(*database, example());
    database.reopen();
    const link::Linked read = link::load_linked(*database).value();
    const link::Linked want = example();
    CHECK(read.me == want.me);
    CHECK(read.lid == want.lid);
    CHECK(read.platform == want.platform);
    CHECK(read.business_name == want.business_name);
    CHECK(read.key_index == want.key_index);
    CHECK(read.account_key == want.account_key);
    CHECK(read.account == want.account);
    CHECK(read.since == want.since);
}

TEST_CASE("linked: the phone's identity stands under LID and number, and the two are mapped") {
    test::Sessions database;
    link::store_linked(*database, example());
    const store::Identities identities{*database};
    CHECK(identities.load("156535032389744_1", 0).value().key == primary_key());
    CHECK(identities.load("15551234567", 0).value().key == primary_key());
    CHECK(store::LidMap{*database}.lid_of("15551234567") == "156535032389744");
}

TEST_CASE("linked: all of it or nothing") {
    test::Sessions database;
    {
        const store::Transaction undone{*database};
        link::store_linked(*database, example());
    }
    CHECK(!link::load_linked(*database));
    CHECK(!store::Identities{*database}.load("15551234567", 0));
    CHECK(!store::LidMap{*database}.lid_of("15551234567"));
}

TEST_CASE("linked: a LID that login tells later is stored with mapping and identity") {
    test::Sessions database;
    link::Linked without = example();
    without.lid.reset();
    link::store_linked(*database, without);
    const Jid lid = Jid::parse("156535032389744:5@lid").value();
    link::store_lid(*database, Jid::parse("15551234567:5@s.whatsapp.net").value(), then);
    CHECK(!link::load_linked(*database)->lid);
    link::store_lid(*database, lid, then + std::chrono::hours{1});
    CHECK(link::load_linked(*database)->lid == lid);
    CHECK(link::load_linked(*database)->since == then);
    CHECK(store::Identities{*database}.load("156535032389744_1", 0).value().key == primary_key());
    CHECK(store::LidMap{*database}.phone_of("156535032389744") == "15551234567");
}
