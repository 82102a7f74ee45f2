// The rooms of the session database, one by one.
#include <doctest/doctest.h>

#include "bridge/store/counters.hpp"
#include "bridge/store/dedupe.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "bridge/store/spool.hpp"
#include "bridge/store/waiting.hpp"
#include "tests/support/sessions.hpp"

namespace vestari::store {

namespace {

using test::at;

constexpr std::string_view group = "120363000000000001@g.us";
constexpr std::string_view other_group = "120363000000000002@g.us";

} // namespace

TEST_CASE("spool: sequences rise over erasure and restart, a rolled-back one is given again") {
    test::Sessions sessions;
    {
        Spool spool{*sessions};
        CHECK(spool.next_sequence() == 1);
        spool.append(1, as_bytes("one"));
        spool.append(2, as_bytes("two"));
        {
            const Savepoint undone{*sessions};
            spool.append(3, as_bytes("lost"));
        }
        CHECK(spool.next_sequence() == 3);
        spool.append(3, as_bytes("three"));
        CHECK(spool.rows() == 3);
        const std::vector<Spooled> rows = spool.after(1, 10);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].sequence == 2);
        CHECK(rows[1].payload == to_bytes("three"));
        CHECK(spool.after(0, 1).size() == 1);
        spool.erase_through(3);
        CHECK(spool.rows() == 0);
        CHECK(spool.bytes() == 0);
    }
    sessions.reopen();
    Spool spool{*sessions};
    CHECK(spool.next_sequence() == 4);
    spool.append(4, as_bytes("four"));
    const std::uint64_t bytes = spool.bytes();
    CHECK(bytes > 4);
    spool.append(5, as_bytes("five"));
    CHECK(spool.bytes() == 2 * bytes);
    spool.erase_through(4);
    CHECK(spool.bytes() == bytes);
    CHECK(spool.rows() == 1);
}

TEST_CASE("dedupe: a key is new once, and every part of it counts") {
    test::Sessions sessions;
    Dedupe dedupe{*sessions};
    const RowKey key = dedupe.content_key(group, "1@lid", "ID");
    CHECK(dedupe.insert(key, at(10)));
    CHECK_FALSE(dedupe.insert(key, at(20)));
    CHECK(dedupe.contains(key));
    for (const RowKey& different :
         {dedupe.content_key(other_group, "1@lid", "ID"), dedupe.content_key(group, "2@lid", "ID"),
          dedupe.content_key(group, "1@lid", "I"), dedupe.content_key(group, "1@lidI", "D")}) {
        CHECK_FALSE(dedupe.contains(different));
    }
    const Bytes large(100'000, std::byte{1}); // longer than a part of a row key may be
    const RowKey one = dedupe.ciphertext_key(large, "skmsg", group, "1_1:0");
    CHECK(one == dedupe.ciphertext_key(large, "skmsg", group, "1_1:0"));
    CHECK(one != dedupe.ciphertext_key(large, "msg", group, "1_1:0"));
    CHECK(one != dedupe.ciphertext_key(large, "skmsg", other_group, "1_1:0"));
    CHECK(one != dedupe.ciphertext_key(large, "skmsg", group, "1_1:1"));
    CHECK(dedupe.erase_before(at(10)) == 0); // its first time holds
    CHECK(dedupe.erase_before(at(11)) == 1);
    CHECK_FALSE(dedupe.contains(key));
}

TEST_CASE("lid map: both directions, the newer mapping wins, one row each") {
    test::Sessions sessions;
    LidMap map{*sessions};
    CHECK(map.remember("111", "4917", at(1)) == LidMap::Change::stored);
    CHECK(map.remember("111", "4917", at(2)) == LidMap::Change::known_already);
    CHECK(map.lid_of("4917") == "111");
    CHECK(map.phone_of("111") == "4917");
    CHECK_FALSE(map.lid_of("111").has_value());
    CHECK(map.remember("222", "4917", at(3)) == LidMap::Change::stored);
    CHECK(map.lid_of("4917") == "222");
    CHECK_FALSE(map.phone_of("111").has_value());
    CHECK(map.remember("222", "4918", at(4)) == LidMap::Change::stored);
    CHECK(map.phone_of("222") == "4918");
    CHECK_FALSE(map.lid_of("4917").has_value());
}

TEST_CASE(
    "waiting: rows come back in order, for their key alone, until they are erased or too old") {
    test::Sessions sessions;
    Pending pending{*sessions};
    pending.put(group, "ID", as_bytes("first edit"), at(1));
    pending.put(group, "ID", as_bytes("second edit"), at(2));
    pending.put(group, "OTHER", as_bytes("edit"), at(3));
    const std::vector<WaitingRow> rows = pending.of(group, "ID");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].payload == to_bytes("first edit"));
    CHECK(rows[1].at == at(2));
    CHECK(pending.of(other_group, "ID").empty());
    pending.erase(rows[0].row);
    CHECK(pending.rows() == 2);
    CHECK(pending.erase_before(at(3)) == 1);
    CHECK(pending.rows() == 1);

    KeptCiphertexts kept{*sessions};
    kept.put(group, "1_1", as_bytes("a"), at(1));
    kept.put(group, "1_1", as_bytes("b"), at(2));
    kept.put(group, "2_1", as_bytes("c"), at(3));
    kept.put(other_group, "1_1", as_bytes("d"), at(4));
    REQUIRE(kept.of(group, "1_1").size() == 2);
    CHECK(kept.of(group, "1_1")[1].payload == to_bytes("b"));
    kept.erase(kept.of(group, "1_1")[0].row);
    kept.erase_group(group);
    CHECK(kept.rows() == 1);
    CHECK(kept.erase_before(at(5)) == 1);

    Quarantine quarantine{*sessions};
    quarantine.put(as_bytes("unreadable"), at(1));
    quarantine.put({}, at(2));
    REQUIRE(quarantine.oldest(10).size() == 2);
    CHECK(quarantine.oldest(1)[0].payload == to_bytes("unreadable"));
    CHECK(quarantine.oldest(10)[1].payload.empty());
    quarantine.erase(quarantine.oldest(1)[0].row);
    CHECK(quarantine.erase_before(at(9)) == 1);
    CHECK(quarantine.rows() == 0);
}

TEST_CASE("counters: per day and reason; chats by index; deliveries of a dropped stanza") {
    test::Sessions sessions;
    Counters counters{*sessions};
    counters.add("not_included", at(0));
    counters.add("not_included", at(86'399), 4);
    counters.add("not_included", at(86'400));
    counters.add("broadcast", at(1));
    CHECK(counters.total("not_included") == 6);
    CHECK(counters.total("other") == 0);
    const std::vector<Count> all = counters.all();
    REQUIRE(all.size() == 3);
    CHECK(all[0].what == "broadcast");
    CHECK(all[1].count == 5);
    CHECK(all[2].day == std::chrono::sys_days{std::chrono::days{1}});

    SeenChats chats{*sessions};
    chats.seen(group, at(10));
    chats.seen(group, at(5), 2);
    chats.seen(other_group, at(20));
    REQUIRE(chats.all().size() == 2);
    CHECK(chats.all()[0].chat == chats.key_of(other_group));
    CHECK(chats.all()[1].stanzas == 3);
    CHECK(chats.all()[1].last_seen == at(10));
    CHECK(chats.all()[1].first_seen == at(10));
    chats.erase(group);
    CHECK(chats.all().size() == 1);

    DroppedStanzas dropped{*sessions};
    const DroppedStanzas::Name stanza{"ID", "a@g.us", "1@lid"};
    CHECK(dropped.delivered(stanza, 1, at(1)) == 1);
    CHECK(dropped.delivered(stanza, 1, at(1)) ==
          1); // twice on one connection: the first clearing may be on its way
    CHECK(dropped.delivered(stanza, 2, at(2)) == 2);
    CHECK(dropped.delivered({"ID", "a@g.us", "2@lid"}, 2, at(1)) == 1);
    CHECK(dropped.delivered({"ID", "a@g.us", "1@lid", 1}, 2, at(1)) == 1);
    CHECK(dropped.delivered(stanza, 3, at(3)) == 3);
    CHECK(dropped.erase_before(at(2)) == 2);
    CHECK(dropped.delivered(stanza, 4, at(4)) == 4);
}

TEST_CASE("signal records: by device, by user, by group") {
    test::Sessions sessions;
    store::Sessions records{*sessions};
    records.store("1_1", 0, as_bytes("a"));
    records.store("1_1", 7, as_bytes("b"));
    records.store("1_1", 7, as_bytes("c"));
    records.store("2_1", 7, as_bytes("d"));
    CHECK(records.load("1_1", 7) == to_bytes("c"));
    CHECK(records.contains("2_1", 7));
    CHECK_FALSE(records.contains("2_1", 0));
    CHECK(records.of_user("1_1").size() == 2);
    CHECK(records.erase("1_1", 0));
    CHECK_FALSE(records.erase("1_1", 0));
    CHECK(records.erase_user("1_1") == 1);
    CHECK(records.contains("2_1", 7));

    Identities identities{*sessions};
    CHECK(identities.store("1_1", 0, as_bytes("key"), at(1)) == Identities::Change::first);
    CHECK(identities.store("1_1", 0, as_bytes("key"), at(2)) == Identities::Change::none);
    CHECK(identities.store("1_1", 0, as_bytes("new"), at(3)) == Identities::Change::changed);
    CHECK(identities.load("1_1", 0)->first_seen == at(1));
    CHECK(identities.load("1_1", 0)->changed_at == at(3));

    SenderKeys keys{*sessions};
    keys.store(keys.key_of(group, "1_1", 0), group, "1_1", 0, as_bytes("a"));
    keys.store(keys.key_of(group, "1_1", 3), group, "1_1", 3, as_bytes("b"));
    keys.store(keys.key_of(other_group, "1_1", 3), other_group, "1_1", 3, as_bytes("c"));
    keys.store(keys.key_of(group, "2_1", 0), group, "2_1", 0, as_bytes("d"));
    keys.store(keys.key_of(group, "2_1", 0), group, "2_1", 0, as_bytes("e"));
    CHECK(keys.load(keys.key_of(group, "2_1", 0)) == to_bytes("e"));
    CHECK(keys.of_group_and_user(group, "1_1").size() == 2);
    CHECK(keys.of_user("1_1").size() == 3);
    CHECK(keys.erase_group(group) == 3);
    CHECK(keys.of_user("1_1")[0].group == other_group);
}

TEST_CASE("prekeys: ids are not given twice, published ones are not fresh") {
    test::Sessions sessions;
    PreKeys keys{*sessions};
    CHECK(keys.highest_id_ever() == 0);
    keys.store(5, as_bytes("five"), PreKeys::State::fresh);
    keys.store(6, as_bytes("six"), PreKeys::State::fresh);
    keys.store(4, as_bytes("four"), PreKeys::State::published);
    CHECK(keys.load(6) == to_bytes("six"));
    REQUIRE(keys.fresh(10).size() == 2);
    keys.mark_published(5);
    CHECK(keys.fresh(10)[0].id == 6);
    CHECK(keys.erase(6));
    CHECK(keys.highest_id_ever() == 6);
    CHECK(keys.ids() == std::vector<std::uint32_t>{4, 5});
}

TEST_CASE("device: the identity and named values survive a restart") {
    test::Sessions sessions;
    LocalIdentity identity{4711, {}, {}};
    identity.public_key.fill(std::byte{5});
    identity.private_key.fill(std::byte{6});
    Device{*sessions}.set_identity(identity);
    Device{*sessions}.put("me", as_bytes("1@lid"));
    sessions.reopen();
    const std::optional<LocalIdentity> read = Device{*sessions}.identity();
    REQUIRE(read.has_value());
    CHECK(read->registration_id == 4711);
    CHECK(read->private_key == identity.private_key);
    CHECK(Device{*sessions}.get("me") == to_bytes("1@lid"));
    Device{*sessions}.erase("me");
    CHECK_FALSE(Device{*sessions}.get("me").has_value());
}

} // namespace vestari::store
