// What rests on disk: no sensitive word in any spelling, no value that opens elsewhere, no index over readable secrets.
#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include "ingest/store/database/state.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

namespace {

std::string base64(std::string_view text) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i + 2 < text.size(); i += 3) {
        const auto byte = [&](std::size_t n) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i + n]));
        };
        const std::uint32_t bits = (byte(0) << 16U) | (byte(1) << 8U) | byte(2);
        for (unsigned shift = 24; shift > 0;) {
            shift -= 6;
            out += digits[(bits >> shift) & 63U];
        }
    }
    return out;
}

std::string utf16(std::string_view text, bool big_endian) {
    std::string out;
    for (const char c : text) {
        if (big_endian) {
            out += '\0';
        }
        out += c;
        if (!big_endian) {
            out += '\0';
        }
    }
    return out;
}

std::vector<std::string> spellings(const std::string& canary) {
    std::vector<std::string> all{canary, utf16(canary, true), utf16(canary, false),
                                 to_hex(as_bytes(canary))};
    for (std::size_t skip = 0; skip < 3; ++skip) {
        all.push_back(base64(canary.substr(skip)));
    }
    std::string upper = all[3];
    std::ranges::transform(upper, upper.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    all.push_back(upper);
    all.push_back({canary.rbegin(), canary.rend()});
    return all;
}

std::size_t hits_below(const std::filesystem::path& folder,
                       const std::vector<std::string>& canaries) {
    std::size_t hits = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder}) {
        if (!entry.is_regular_file()) {
            continue;
        }
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        for (const std::string& canary : canaries) {
            for (const std::string& spelling : spellings(canary)) {
                hits += bytes.find(spelling) != std::string::npos ? 1U : 0U;
            }
        }
    }
    return hits;
}

// Ten canaries for each sensitive field: different values, none of which may be found.
struct Canaries {
    std::vector<std::string> all;
    std::string make(const std::string& field, int number) {
        std::string canary = "Canary" + field + "Number" + std::to_string(7000 + number) + "Xq";
        all.push_back(canary);
        return canary;
    }
};

} // namespace

TEST_CASE(
    "no sensitive word is found on disk in any spelling, before and after the log is folded in") {
    Workshop shop;
    Canaries canaries;
    const auto folder = shop.location().file.parent_path();
    {
        Archive archive = shop.open();
        Pipeline pipeline{archive, shop.clock};
        for (int i = 0; i < 10; ++i) {
            const std::string group = canaries.make("groupjid", i) + "@g.us";
            archive.include({group, canaries.make("groupname", i), Currency::of("USD")});
            event::Envelope envelope = message(canaries.make("messageid", i),
                                               "WTS 126610LN $" + std::to_string(12'000 + i) +
                                                   "\n" + canaries.make("text", i),
                                               1, i, group.c_str());
            envelope.sender = {canaries.make("lid", i) + "@lid",
                               canaries.make("pn", i) + "@s.whatsapp.net"};
            envelope.push_name = canaries.make("pushname", i);
            envelope.quote =
                event::Quote{canaries.make("quotedid", i), canaries.make("quotedby", i),
                             canaries.make("quotedtext", i)};
            CHECK(pipeline.accept(envelope).outcome == Outcome::deals);
            event::Envelope chatter = envelope;
            chatter.id = canaries.make("chatterid", i);
            chatter.text = canaries.make("chatter", i);
            CHECK(pipeline.accept(chatter).outcome == Outcome::chatter);
            event::Envelope early = envelope;
            early.kind = event::Kind::edit;
            early.id = canaries.make("editid", i);
            early.target = canaries.make("target", i);
            early.text = canaries.make("heldtext", i);
            CHECK(pipeline.accept(early).outcome == Outcome::held);
        }
        pipeline.flush();
        CHECK(all_deals(archive).size() == 10);
        CHECK(hits_below(folder, canaries.all) == 0); // database and log
    }
    CHECK(canaries.all.size() == 150);
    CHECK(hits_below(folder, canaries.all) == 0); // the log is folded in
}

TEST_CASE("a sealed value opens in its own row and column only") {
    Workshop shop;
    Archive archive = shop.open();
    archive.include({rolex_group, "Dealers", Currency::of("USD")});
    archive.include({other_group, "Others", Currency::of("USD")});
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A1", "WTS 126610LN $12,400", 1));
    pipeline.accept(message("A2", "WTS 126610LN $12,500", 2));
    pipeline.flush();
    const char* splices[] = {
        "UPDATE include_list SET sealed_name = sealed_jid",
        "UPDATE include_list SET sealed_name = (SELECT sealed_name FROM include_list ORDER BY chat "
        "LIMIT 1)",
        "UPDATE sighting SET sealed_details = (SELECT sealed_details FROM sighting ORDER BY id "
        "LIMIT 1)",
        "UPDATE revision SET sealed_source = (SELECT sealed_source FROM revision ORDER BY id LIMIT "
        "1)",
        "UPDATE revision SET sealed_source = (SELECT sealed_details FROM sighting LIMIT 1)",
        "UPDATE sighting SET sealed_details = (SELECT sealed_source FROM revision LIMIT 1)",
        "UPDATE revision SET sealed_source = zeroblob(length(sealed_source))",
        "UPDATE revision SET sealed_source = substr(sealed_source, 1, length(sealed_source) - 1)",
        "UPDATE sighting SET sealed_details = x''",
    };
    for (const char* splice : splices) {
        CAPTURE(std::string{splice});
        State& state = archive.state();
        Transaction undone{state.db};
        state.db.script(splice);
        const auto read_all = [&] {
            archive.groups();
            all_deals(archive);
        };
        CHECK_THROWS_AS(read_all(), StorageFailure);
    }
    CHECK(all_deals(archive).size() == 2);
}

TEST_CASE("one account's key opens nothing of another's") {
    Workshop one;
    Workshop two;
    Archive first = one.open();
    Archive second = two.open();
    const Bytes sealed = first.state().seal("t", "c", 1, as_bytes("secret"));
    CHECK(first.state().open("t", "c", 1, sealed) == to_bytes("secret"));
    CHECK_THROWS_AS(second.state().open("t", "c", 1, sealed), StorageFailure);
    CHECK(first.state().chat_key(rolex_group) != second.state().chat_key(rolex_group));
    CHECK(first.state().seal("t", "c", 1, as_bytes("secret")) !=
          sealed); // equal words, other bytes
}

TEST_CASE(
    "the schema: every column has its place in the table of what is plain and what is sealed") {
    Workshop shop;
    shop.open();
    const std::set<std::string> blind = {"chat", "sender", "name",   "author",    "target",
                                         "edit", "pn",     "quotes", "author_pn", "fingerprint"};
    const std::set<std::string> opaque = {"id", "salt",
                                          "wrapped"}; // of the account: random or wrapped
    const std::set<std::string> plain = {"key",
                                         "value",
                                         "id",
                                         "master_id",
                                         "created_at",
                                         "purpose",
                                         "version",
                                         "reserved",
                                         "sent_at",
                                         "outcome",
                                         "revoked_at",
                                         "message",
                                         "said_at",
                                         "deal",
                                         "revision",
                                         "ordinal",
                                         "state",
                                         "seen_at",
                                         "deal_date",
                                         "parser",
                                         "confidence",
                                         "side",
                                         "brand",
                                         "reference",
                                         "model",
                                         "price_minor",
                                         "currency",
                                         "price_kind",
                                         "price_max_minor",
                                         "price_prev_minor",
                                         "list_pct",
                                         "settlement",
                                         "condition",
                                         "completeness",
                                         "year",
                                         "month",
                                         "dial",
                                         "bracelet",
                                         "metal",
                                         "qty",
                                         "availability",
                                         "status",
                                         "shown",
                                         "sightings",
                                         "first_seen",
                                         "last_seen",
                                         "until",
                                         "deleted"};
    SQLite::Database db{shop.location().file.string()};
    SQLite::Statement columns{db, "SELECT m.name, c.name, c.type FROM sqlite_schema m JOIN "
                                  "pragma_table_info(m.name) c WHERE m.type = 'table'"};
    while (columns.executeStep()) {
        const std::string table = columns.getColumn(0).getString();
        const std::string name = columns.getColumn(1).getString();
        const std::string type = columns.getColumn(2).getString();
        CAPTURE(table);
        CAPTURE(name);
        if (name.starts_with("sealed_")) {
            CHECK(type == "BLOB");
        } else if (table == "account" && name == "name") {
            CHECK(type == "TEXT"); // the configuration's word for the account
        } else if (type == "BLOB") {
            CHECK(
                (blind.contains(name) || (table.starts_with("account") && opaque.contains(name))));
        } else {
            CHECK(plain.contains(name));
        }
    }
    SQLite::Statement indexes{db, "SELECT m.name, i.name FROM sqlite_schema m JOIN "
                                  "pragma_index_info(m.name) i WHERE m.type = 'index'"};
    const std::set<std::string> indexed = {
        "purpose", "version", "name",      "author", "message",     "quotes",
        "deal",    "sender",  "reference", "model",  "fingerprint", "last_seen",
        "target",  "key",     "chat",      "pn",     "id"};
    while (indexes.executeStep()) {
        CAPTURE(indexes.getColumn(0).getString());
        CHECK(indexed.contains(indexes.getColumn(1).getString()));
    }
}

TEST_CASE("what is deleted leaves neither row nor word, here or in the log") {
    Workshop shop;
    const auto folder = shop.location().file.parent_path();
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A1", "WTS 126610LN $12,400", 1));
    pipeline.accept(message("A2", "WTS 126610LN $12,500\nWTS 126610LN $12,600", 2));
    pipeline.flush();
    std::vector<std::string> sealed;
    std::vector<DealId> ids;
    for (const StoredDeal& deal : all_deals(archive)) {
        ids.push_back(deal.id);
        for (const RawColumn& column : raw_row(archive, deal.id)) {
            if (column.sealed) {
                sealed.push_back(to_string(*from_hex(column.value)));
            }
        }
    }
    REQUIRE(ids.size() == 3);
    REQUIRE(sealed.size() == 6);
    const auto found = [&](const std::string& bytes) {
        for (const auto& entry : std::filesystem::directory_iterator{folder}) {
            std::ifstream in{entry.path(), std::ios::binary};
            const std::string text{std::istreambuf_iterator<char>{in}, {}};
            if (text.find(bytes) != std::string::npos) {
                return true;
            }
        }
        return false;
    };
    CHECK(found(sealed[0]));
    CHECK(delete_deals(archive, std::span{ids}.first(1)) == 1);
    CHECK(all_deals(archive).size() == 2);
    CHECK(!find_deal(archive, ids[0]));
    CHECK(delete_deals(archive, std::span{ids}.first(1)) == 0);
    CHECK(purge(archive) == 2);
    for (const std::string& bytes : sealed) {
        CHECK(!found(bytes));
    }
    CHECK(count(archive).deals == 0);
    CHECK(count(archive).outbox == 3); // tombstones
    CHECK(pipeline.accept(message("A1", "WTS 126610LN $12,400", 1)).outcome == Outcome::duplicate);
}
