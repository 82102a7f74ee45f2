#include <doctest/doctest.h>

#include "ingest/daemon/account.hpp"
#include "tests/support/failing_vfs.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;
using daemon::Account;
using daemon::AccountErrc;
using daemon::Events;
using namespace std::chrono_literals;

namespace {

struct House : Workshop {
    Events events;
    Account account{"main", open(), Currency::of("USD"), clock, events};

    House() { account.include({rolex_group, "", std::nullopt}); }

    std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const auto* event = events.after(0, ""); event != nullptr;
             event = events.after(event->number, "")) {
            all.push_back(event->line);
        }
        return all;
    }
    Result<> take(const event::Frame& frame) { return account.take(frame); }
    void wait_for_commit() {
        clock.advance(20ms);
        account.commit_if_due();
    }
};

event::Envelope offer(const std::string& id, std::uint64_t sequence) {
    event::Envelope envelope = message(id, "WTS Rolex 126610LN 2023 full set $12,400");
    envelope.sequence = sequence;
    return envelope;
}

event::Frame first_frame(BytesView bytes) {
    event::FrameReader reader;
    reader.feed(bytes);
    return reader.next().value().value();
}

} // namespace

TEST_CASE("account: says its keys and include-list first") {
    House house;
    house.account.include({rolex_group, "Dealers", Currency::of("HKD")});
    const auto keys = std::get<event::Keys>(first_frame(house.account.greet()));
    CHECK(keys.account == "main");
    CHECK(keys.session_key.size() == 32);
    REQUIRE(keys.groups.size() == 1);
    CHECK(keys.groups.front() == event::Group{rolex_group, "Dealers", "HKD", true});
}

TEST_CASE("account: nothing is acknowledged or told before it is durable") {
    House house;
    static_cast<void>(house.account.greet());
    REQUIRE(house.take(offer("A", 7)));
    CHECK_FALSE(house.account.take_acknowledgement());
    CHECK(house.lines().empty());
    house.account.commit_if_due();
    CHECK_FALSE(house.account.take_acknowledgement());
    house.wait_for_commit();
    CHECK(house.account.take_acknowledgement() == 7);
    CHECK_FALSE(house.account.take_acknowledgement());
    REQUIRE(house.lines().size() == 1);
    CHECK(house.lines().front() ==
          R"({"type":"message","kind":"text","account":"main","chat":"120363040000000001@g.us",)"
          R"("id":"A","sender":"874574165551001@lid","target":null,"deals":1,)"
          R"("at":"2026-03-05T12:00:00Z"})");
}

TEST_CASE("account: what a new connection sends again is acknowledged again, and told once") {
    House house;
    static_cast<void>(house.account.greet());
    REQUIRE(house.take(offer("A", 7)));
    house.wait_for_commit();
    CHECK(house.account.take_acknowledgement() == 7);
    static_cast<void>(house.account.greet()); // the acknowledgement was lost
    CHECK_FALSE(house.account.take_acknowledgement());
    REQUIRE(house.take(offer("A", 7)));
    house.wait_for_commit();
    CHECK(house.account.take_acknowledgement() == 7);
    CHECK(house.lines().size() == 1);
    CHECK(count(house.account.archive()).messages == 1);
}

TEST_CASE("account: a bridge that begins to count anew is acknowledged by its own numbers") {
    House house;
    REQUIRE(house.take(offer("A", 700)));
    house.wait_for_commit();
    static_cast<void>(house.account.greet());
    CHECK_FALSE(house.account.take_acknowledgement()); // nothing of the old count
    REQUIRE(house.take(offer("B", 1)));
    house.wait_for_commit();
    CHECK(house.account.take_acknowledgement() == 1);
}

TEST_CASE("account: frames that no bridge of ours sends are refused") {
    event::Hello other_protocol;
    other_protocol.protocol = event::protocol_version + 1;
    event::Hello other_account;
    other_account.account = "shop";
    event::Envelope foreign = offer("A", 1);
    foreign.account = "shop";
    const std::pair<event::Frame, AccountErrc> rows[] = {
        {other_protocol, AccountErrc::other_protocol},
        {other_account, AccountErrc::other_account},
        {foreign, AccountErrc::other_account},
        {event::Keys{}, AccountErrc::unexpected_frame},
        {event::Ack{3}, AccountErrc::unexpected_frame},
    };
    for (const auto& [frame, why] : rows) {
        House house;
        const Result<> taken = house.take(frame);
        REQUIRE_FALSE(taken);
        CHECK(taken.error() == why);
        CHECK(count(house.account.archive()).messages == 0);
    }
}

TEST_CASE("account: the stream refreshes names and never widens the include-list") {
    House house;
    house.account.include({rolex_group, "", std::nullopt});
    REQUIRE(house.take(event::Group{rolex_group, "Dealers", "HKD", true}));
    REQUIRE(house.take(event::Group{other_group, "Others", "", true}));
    CHECK(house.account.archive().groups() ==
          std::vector<GroupEntry>{{rolex_group, "Dealers", Currency::of("HKD")}});
}

TEST_CASE("account: an include-list that changes in mid-stream commits what was open, and counts "
          "at once") {
    House house;
    house.account.include({rolex_group, "Dealers", std::nullopt});
    event::Envelope first = message("A", "WTS Rolex 126610LN 2023 full set 12,400");
    REQUIRE(house.take(first));
    const event::Group told = house.account.include({rolex_group, "Dealers", Currency::of("HKD")});
    CHECK(told == event::Group{rolex_group, "Dealers", "HKD", true});
    CHECK(house.lines().size() == 1); // committed
    event::Envelope second = message("B", "WTS Rolex 126710BLRO 2022 full set 99,000");
    REQUIRE(house.take(second));
    house.account.flush();
    const auto deals = all_deals(house.account.archive());
    REQUIRE(deals.size() == 2);
    for (const StoredDeal& deal : deals) {
        REQUIRE(deal.facts.price);
        CHECK(deal.facts.price->currency ==
              (deal.source.message_id == "A" ? Currency::of("USD") : Currency::of("HKD")));
    }
    CHECK(house.account.exclude(rolex_group) == event::Group{rolex_group, "", "", false});
    CHECK_FALSE(house.account.exclude(rolex_group));
}

TEST_CASE("account: what still waits of a group that left the list is dropped, counted and "
          "acknowledged") {
    House house;
    REQUIRE(house.take(offer("A", 7)));
    CHECK(house.account.exclude(rolex_group));
    CHECK(house.account.take_acknowledgement() == 7); // was included when it came
    REQUIRE(house.take(offer("B", 8)));
    REQUIRE(house.take(edit("C", "A", "sold")));
    REQUIRE(house.take(offer("D", 10)));
    house.account.flush();
    CHECK(house.account.take_acknowledgement() == 10);
    CHECK(house.account.counts().excluded == 3);
    CHECK(house.lines().size() == 1);
    REQUIRE(all_deals(house.account.archive()).size() == 1);
    house.account.include({rolex_group, "", std::nullopt});
    REQUIRE(house.take(offer("B", 11))); // sent again, now that it is read again
    house.account.flush();
    CHECK(all_deals(house.account.archive()).front().source.message_id == "A");
    CHECK(house.account.counts().duplicates == 0);
}

TEST_CASE("account: kinds that nobody said are no events") {
    const auto line = [&](event::Kind kind, Outcome outcome) {
        event::Envelope envelope = message("A", "x");
        envelope.kind = kind;
        return daemon::event_line("main", envelope, {outcome, {}}, noon);
    };
    CHECK_FALSE(line(event::Kind::text, Outcome::chatter).empty());
    CHECK_FALSE(line(event::Kind::gap, Outcome::gap).empty());
    CHECK_FALSE(line(event::Kind::revoke, Outcome::revoked).empty());
    CHECK(line(event::Kind::text, Outcome::duplicate).empty());
    CHECK(line(event::Kind::revoke, Outcome::flagged).empty());
    CHECK(line(event::Kind::group, Outcome::service).empty());
    CHECK(line(event::Kind::other, Outcome::service).empty());
}

TEST_CASE("account: a full disk stops the acknowledgements, keeps what was committed, and is over "
          "by itself") {
    vestari::testing::FailingVfs disk{"full-disk"};
    Workshop shop;
    ArchiveLocation where = shop.location();
    where.vfs = disk.name();
    disk.disarm();
    Events events;
    Account account{"main", std::move(Archive::open(where, shop.master, shop.clock).value()),
                    Currency::of("USD"), shop.clock, events};
    account.include({rolex_group, "Dealers", std::nullopt});
    const auto take_and_wait = [&](const event::Envelope& envelope) {
        const Result<> taken = account.take(envelope);
        shop.clock.advance(20ms);
        account.commit_if_due();
        return taken;
    };
    REQUIRE(take_and_wait(offer("A", 1)));
    CHECK(account.take_acknowledgement() == 1);

    disk.arm(vestari::testing::DiskFault::disk_full, 1);
    static_cast<void>(take_and_wait(offer("B", 2)));
    CHECK(account.failure() == ArchiveErrc::disk_full);
    CHECK_FALSE(account.take_acknowledgement());
    CHECK_FALSE(account.probe());
    static_cast<void>(take_and_wait(offer("B", 2)));
    CHECK_FALSE(account.take_acknowledgement());
    CHECK(events.size() == 1); // nothing is told that was not stored

    disk.disarm();
    CHECK(account.probe());
    CHECK_FALSE(account.failure());
    static_cast<void>(account.greet());
    REQUIRE(take_and_wait(offer("B", 2)));
    CHECK(account.take_acknowledgement() == 2);
    CHECK(events.size() == 2);
    CHECK(count(account.archive()).messages == 2);
}
