#include "vestari/ingest/reparse.hpp"

#include <doctest/doctest.h>

#include "ingest/store/database/state.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

namespace {

const Currency usd = Currency::of("USD");

ReparseCounts run(Archive& archive, Reparse what, std::vector<MessageChange>& changes,
                  Currency currency = usd) {
    return reparse(archive, currency, what, [&](const MessageChange& change) {
        changes.push_back(change);
        return Next::go_on;
    });
}

void fill(Workshop& shop, Archive& archive) {
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A", "WTS 126610LN 2023 full set 12.4k"));
    pipeline.accept(message("B", "WTS\n126334 blue 11.2k\n5711/1A-010 105k", 2, 5));
    pipeline.accept(message("C", "WTS 126500LN 2024 29.5k call +1 555 010 0199", 3, 9));
    pipeline.flush();
}

// As an earlier parser would have left it.
void misread(Archive& archive) {
    archive.state().db.script("UPDATE sighting SET year = 2019, parser = '0' "
                              "WHERE reference = '126610LN'");
}

} // namespace

TEST_CASE("reparse: the same parser finds nothing to change, in masked words too") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    const std::string before = archive.logical_hash();
    std::vector<MessageChange> changes;
    const ReparseCounts counts = run(archive, Reparse::apply, changes);
    CHECK(counts.messages == 3);
    CHECK(counts.changed_messages == 0);
    CHECK(archive.logical_hash() == before);
}

TEST_CASE("reparse: shows what would change and leaves the archive as it is") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    misread(archive);
    const std::string before = archive.logical_hash();
    std::vector<MessageChange> changes;
    run(archive, Reparse::show, changes);
    REQUIRE(changes.size() == 1);
    REQUIRE(changes[0].deals.size() == 1);
    CHECK(changes[0].deals[0].watch == "Rolex 126610LN");
    CHECK(changes[0].deals[0].fields == std::vector<FieldChange>{{"year", "2019", "2023"}});
    CHECK(archive.logical_hash() == before);
}

TEST_CASE("reparse: what is applied stands, what it replaces stays as history, and again changes "
          "nothing") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    misread(archive);
    std::vector<MessageChange> changes;
    const ReparseCounts counts = run(archive, Reparse::apply, changes);
    CHECK(counts.changed == 1);
    DealFilter filter;
    filter.reference = "126610LN";
    const auto deals = all_deals(archive, filter);
    REQUIRE(deals.size() == 1);
    CHECK(deals[0].facts.year == 2023);
    CHECK(deals[0].status == DealStatus::active);
    CHECK(deals[0].parser_version == parser::parser_version);
    CHECK(sightings_of(archive, deals[0].id).size() == 2);
    changes.clear();
    CHECK(run(archive, Reparse::apply, changes).changed_messages == 0);
}

TEST_CASE("reparse: another currency of the account gives other deals, the old ones superseded") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    std::vector<MessageChange> changes;
    run(archive, Reparse::apply, changes, Currency::of("EUR"));
    CHECK(changes.size() == 3);
    for (const StoredDeal& deal : all_deals(archive)) {
        CHECK(deal.facts.price->currency == Currency::of("EUR"));
    }
    DealFilter everything;
    everything.history = History::everything;
    CHECK(all_deals(archive, everything).size() == 2 * all_deals(archive).size());
}

TEST_CASE("reparse: a later edit and a revoke still win over a reading made before them") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    misread(archive);
    std::vector<MessageChange> changes;
    run(archive, Reparse::apply, changes);
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(edit("E", "A", "WTS 126610LN 2023 full set 12.1k"));
    pipeline.accept(revoke("R", "B", 2));
    pipeline.flush();
    DealFilter filter;
    filter.reference = "126610LN";
    const auto deals = all_deals(archive, filter);
    REQUIRE(deals.size() == 1);
    CHECK(deals[0].facts.price->minor == 1'210'000);
    changes.clear();
    const ReparseCounts counts = run(archive, Reparse::apply, changes);
    CHECK(counts.changed_messages == 0);
    CHECK(counts.left == 1);
}

TEST_CASE("reparse: an edit that was read again is read again only once, and stopping keeps the "
          "rest") {
    Workshop shop;
    Archive archive = shop.open();
    fill(shop, archive);
    {
        Pipeline pipeline{archive, shop.clock};
        pipeline.accept(edit("E", "A", "WTS 126610LN 2023 full set 12.1k"));
        pipeline.flush();
    }
    misread(archive);
    const ReparseCounts stopped =
        reparse(archive, usd, Reparse::apply, [](const MessageChange&) { return Next::stop; });
    CHECK(stopped.stopped);
    CHECK(stopped.changed_messages == 0);
    std::vector<MessageChange> changes;
    CHECK(run(archive, Reparse::apply, changes).changed_messages == 1);
    CHECK(run(archive, Reparse::apply, changes).changed_messages == 0);
}
