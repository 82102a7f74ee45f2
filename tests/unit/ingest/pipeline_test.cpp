// The pipeline's promises: deduplication, edits, revokes, sold records, chatter, grouping of commits.
#include <doctest/doctest.h>

#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;
using namespace std::chrono_literals;

namespace {
constexpr const char* offer = "WTS 126610LN $12,400";
constexpr const char* other_offer = "WTS 126710BLRO $17,900";
} // namespace

TEST_CASE("a deal goes in and comes out whole") {
    const std::string text = "WTS Rolex 126610LN 98,000";
    Workshop shop;
    Archive archive = shop.open();
    archive.include({rolex_group, "HK Dealers", Currency::of("HKD")});
    Pipeline pipeline{archive, shop.clock};
    const Accepted accepted = pipeline.accept(message("A1", text));
    pipeline.flush();
    CHECK(accepted.outcome == Outcome::deals);
    REQUIRE(accepted.deals.size() == 1);
    CHECK(!accepted.deals[0].duplicate_of);

    const std::vector<StoredDeal> deals = all_deals(archive);
    REQUIRE(deals.size() == 1);
    const StoredDeal& deal = deals[0];
    CHECK(deal.id == accepted.deals[0].id);
    CHECK(deal.facts.brand == "Rolex");
    CHECK(deal.facts.reference == "126610LN");
    CHECK(deal.facts.price == Money{9'800'000, Currency::of("HKD")});
    CHECK(deal.status == DealStatus::active);
    CHECK(iso_date(deal.deal_date) == "2026-03-05");
    CHECK(deal.source.group == rolex_group);
    CHECK(deal.source.group_name == "HK Dealers");
    CHECK(deal.source.sender == person(1).pn);
    CHECK(deal.source.sender_lid == person(1).lid);
    CHECK(deal.source.sender_name == "Dealer 1");
    CHECK(deal.source.message_id == "A1");
    CHECK(deal.source.text == text);
    const auto reference = std::ranges::find(deal.provenance, "reference", &Provenance::field);
    REQUIRE(reference != deal.provenance.end());
    CHECK(text.substr(reference->span.from, 8) == "126610LN");
    CHECK(find_deal(archive, deal.id)->source == deal.source);
}

TEST_CASE("of chatter only that it came is kept") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    CHECK(pipeline.accept(message("A1", "good morning everyone")).outcome == Outcome::chatter);
    CHECK(pipeline.accept(message("A1", "good morning everyone")).outcome == Outcome::duplicate);
    pipeline.flush();
    CHECK(count(archive).messages == 1);
    CHECK(count(archive).deals == 0);
    CHECK(count(archive).outbox == 0);
}

TEST_CASE("each fixture is read in the currency that its own header gives the group") {
    Workshop shop;
    Archive archive = shop.open();
    int id = 0;
    for (const std::string_view currency : {"HKD", "EUR", "HKD"}) {
        Pipeline pipeline{archive, shop.clock, {.groups = GroupsFromStream::adopt}};
        pipeline.accept(event::Group{rolex_group, "Dealers", std::string{currency}, true});
        const Accepted accepted =
            pipeline.accept(message("A" + std::to_string(++id), "WTS Rolex 126610LN 98,000"));
        pipeline.flush();
        REQUIRE(accepted.deals.size() == 1);
        CHECK(accepted.deals[0].facts.price == Money{9'800'000, *Currency::parse(currency)});
    }
    CHECK(archive.group(rolex_group)->currency == Currency::of("HKD")); // as first learnt
}

TEST_CASE("a repost is a sighting of the same deal, and says of which") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    const Accepted first = pipeline.accept(message("A1", offer, 1, 0));
    const Accepted again = pipeline.accept(message("A2", offer, 2, 300, other_group));
    const Accepted earlier = pipeline.accept(message("A3", offer, 3, -300));
    const Accepted tomorrow = pipeline.accept(message("A4", offer, 1, 86'400));
    pipeline.flush();
    CHECK(again.deals.at(0).duplicate_of == first.deals.at(0).id);
    CHECK(again.deals.at(0).id != first.deals.at(0).id);
    CHECK(earlier.deals.at(0).duplicate_of == first.deals.at(0).id);
    CHECK(!tomorrow.deals.at(0).duplicate_of);
    const std::vector<StoredDeal> deals = all_deals(archive);
    REQUIRE(deals.size() == 2);
    CHECK(deals[1].sightings == 3);
    CHECK(deals[1].first_seen == noon - 300s);
    CHECK(deals[1].last_seen == noon + 300s);
    CHECK(deals[1].source.message_id == "A3");
    CHECK(sightings_of(archive, deals[1].id).size() == 3);
}

TEST_CASE("one id from two people is two messages; the same from one person is one") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    CHECK(pipeline.accept(message("A1", offer, 1)).outcome == Outcome::deals);
    CHECK(pipeline.accept(message("A1", other_offer, 2)).outcome == Outcome::deals);
    event::Envelope by_number = message("A1", offer, 1);
    by_number.sender.lid.clear();
    CHECK(pipeline.accept(by_number).outcome == Outcome::duplicate);
    event::Envelope by_lid = message("A1", offer, 1);
    by_lid.sender.pn.clear();
    CHECK(pipeline.accept(by_lid).outcome == Outcome::duplicate);
    CHECK(pipeline.accept(message("A1", offer, 1, 0, other_group)).outcome == Outcome::deals);
}

TEST_CASE("what a group says itself has no author, and may come again") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    event::Envelope renamed = message("712345678", "Gold Souk B2B");
    renamed.kind = event::Kind::group;
    renamed.sender = {};
    CHECK(pipeline.accept(renamed).outcome == Outcome::service);
    CHECK(pipeline.accept(renamed).outcome == Outcome::duplicate);
    pipeline.flush();
    CHECK(count(archive).messages == 1);
}

TEST_CASE("a person first known by number is the same person under the LID") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    event::Envelope by_number = message("A1", offer, 1);
    by_number.sender.lid.clear();
    pipeline.accept(by_number);
    CHECK(pipeline.accept(message("A1", offer, 1)).outcome == Outcome::duplicate);
    CHECK(pipeline.accept(edit("E1", "A1", other_offer, 1)).outcome == Outcome::edited);
    event::Envelope by_lid = edit("E2", "A1", offer, 1, 90);
    by_lid.sender.pn.clear();
    CHECK(pipeline.accept(by_lid).outcome ==
          Outcome::flagged); // no row under the LID alone: nothing is guessed
}

TEST_CASE("an edit supersedes, with the history kept") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    const Accepted first = pipeline.accept(message("A1", offer));
    const Accepted second = pipeline.accept(edit("E1", "A1", other_offer));
    CHECK(second.outcome == Outcome::edited);
    REQUIRE(second.deals.size() == 1);
    CHECK(second.deals[0].source.message_id == "A1");
    CHECK(all_deals(archive).size() == 1);
    CHECK(all_deals(archive)[0].facts.reference == "126710BLRO");
    const std::vector<StoredDeal> with_history =
        all_deals(archive, {.history = History::everything});
    CHECK(with_history.size() == 2);
    CHECK(find_deal(archive, first.deals[0].id)->status == DealStatus::edited);
    CHECK(find_deal(archive, first.deals[0].id)->source.text == offer);

    CHECK(pipeline.accept(edit("E0", "A1", "WTS 126610LV $14,000", 1, 30)).outcome ==
          Outcome::edited);
    CHECK(all_deals(archive)[0].facts.reference == "126710BLRO"); // older, so it does not replace
    CHECK(pipeline.accept(edit("E2", "A1", "never mind", 1, 90)).outcome == Outcome::edited);
    CHECK(all_deals(archive).empty());
}

TEST_CASE("an edit counts from the same author in the same chat only") {
    struct Row {
        const char* what;
        int author, editor;
        bool original_lid, original_pn, edit_lid, edit_pn, same_chat;
        Outcome want;
    };
    const Row rows[] = {
        {"same, both names", 1, 1, true, true, true, true, true, Outcome::edited},
        {"same, edit by number", 1, 1, true, true, false, true, true, Outcome::edited},
        {"same, edit by LID", 1, 1, true, true, true, false, true, Outcome::edited},
        {"same, only ever the LID", 1, 1, true, false, true, false, true, Outcome::edited},
        {"same, only ever the number", 1, 1, false, true, false, true, true, Outcome::edited},
        {"same, number then both", 1, 1, false, true, true, true, true, Outcome::edited},
        {"same, LID then both", 1, 1, true, false, true, true, true, Outcome::edited},
        {"other, both names", 1, 2, true, true, true, true, true, Outcome::flagged},
        {"other, by number", 1, 2, true, true, false, true, true, Outcome::flagged},
        {"other, by LID", 1, 2, true, true, true, false, true, Outcome::flagged},
        {"other, LID against number", 1, 2, true, false, false, true, true, Outcome::flagged},
        {"same, other chat", 1, 1, true, true, true, true, false, Outcome::held},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Workshop shop;
        Archive archive = shop.open();
        Pipeline pipeline{archive, shop.clock};
        event::Envelope original = message("A1", offer, row.author);
        event::Envelope change = edit("E1", "A1", other_offer, row.editor);
        const auto keep = [](event::Person& who, bool lid, bool pn) {
            who.lid = lid ? who.lid : "";
            who.pn = pn ? who.pn : "";
        };
        keep(original.sender, row.original_lid, row.original_pn);
        keep(change.sender, row.edit_lid, row.edit_pn);
        change.chat = row.same_chat ? rolex_group : other_group;
        change.sender_is_admin = true; // an admin may revoke, and never edit
        pipeline.accept(original);
        CHECK(pipeline.accept(change).outcome == row.want);
        const std::string reference = row.want == Outcome::edited ? "126710BLRO" : "126610LN";
        CHECK(all_deals(archive).at(0).facts.reference == reference);
    }
}

TEST_CASE("a revoke counts from the author or an admin, wipes the words and leaves the facts") {
    struct Row {
        const char* what;
        int sender;
        bool admin, lid, pn;
        Outcome want;
    };
    const Row rows[] = {
        {"author", 1, false, true, true, Outcome::revoked},
        {"author by LID", 1, false, true, false, Outcome::revoked},
        {"author by number", 1, false, false, true, Outcome::revoked},
        {"admin", 2, true, true, true, Outcome::revoked},
        {"admin by LID", 2, true, true, false, Outcome::revoked},
        {"admin by number", 2, true, false, true, Outcome::revoked},
        {"ex-admin or member", 2, false, true, true, Outcome::flagged},
        {"member by LID", 2, false, true, false, Outcome::flagged},
        {"member by number", 2, false, false, true, Outcome::flagged},
        {"stranger", 9, false, true, true, Outcome::flagged},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Workshop shop;
        Archive archive = shop.open();
        Pipeline pipeline{archive, shop.clock};
        pipeline.accept(message("A1", offer));
        pipeline.accept(edit("E1", "A1", other_offer));
        event::Envelope envelope = revoke("R1", "A1", row.sender);
        envelope.sender_is_admin = row.admin;
        envelope.sender.lid = row.lid ? envelope.sender.lid : "";
        envelope.sender.pn = row.pn ? envelope.sender.pn : "";
        CHECK(pipeline.accept(envelope).outcome == row.want);
        pipeline.flush();
        const bool revoked = row.want == Outcome::revoked;
        const StoredDeal deal = all_deals(archive).at(0);
        CHECK(deal.status == (revoked ? DealStatus::revoked : DealStatus::active));
        CHECK(deal.facts.reference == "126710BLRO");
        CHECK(deal.facts.price.has_value());
        CHECK(deal.source.text == (revoked ? "" : other_offer));
        for (const StoredDeal& any : all_deals(archive, {.history = History::everything})) {
            CHECK(any.source.text.empty() == revoked); // the superseded words are gone too
        }
        if (revoked) {
            CHECK(pipeline.accept(edit("E2", "A1", offer, 1, 180)).outcome == Outcome::edited);
            CHECK(all_deals(archive).at(0).status == DealStatus::revoked); // no edit comes back
        }
    }
}

TEST_CASE("an edit or revoke before its message is held until it comes") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    CHECK(pipeline.accept(edit("E1", "A1", other_offer)).outcome == Outcome::held);
    CHECK(pipeline.accept(edit("E9", "A1", "WTS 126610LV $13,000", 2)).outcome ==
          Outcome::held); // forged
    CHECK(pipeline.accept(revoke("R2", "A2", 2)).outcome == Outcome::held);
    CHECK(all_deals(archive).empty());
    pipeline.accept(message("A1", offer, 1));
    pipeline.accept(message("A2", offer, 2));
    const std::vector<StoredDeal> deals = all_deals(archive);
    REQUIRE(deals.size() == 2);
    for (const StoredDeal& deal : deals) {
        const bool edited = deal.facts.reference == "126710BLRO";
        CHECK(deal.status == (edited ? DealStatus::active : DealStatus::revoked));
        CHECK(deal.source.text.empty() != edited);
    }
    CHECK(count(archive).held == 1); // the forged one, until its time is over
    pipeline.flush();
    shop.clock.advance(std::chrono::hours{24 * 14 + 1});
    pipeline.accept(message("Z", "hello"));
    CHECK(count(archive).held == 0);
}

TEST_CASE("what could not be read at first is read when it comes again") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    event::Envelope gap = message("A1", "", 7);
    gap.kind = event::Kind::gap;
    CHECK(pipeline.accept(gap).outcome == Outcome::gap);
    CHECK(pipeline.accept(gap).outcome == Outcome::duplicate);
    CHECK(pipeline.accept(message("A1", offer)).outcome == Outcome::deals);
    CHECK(pipeline.accept(gap).outcome == Outcome::duplicate);
    CHECK(count(archive).messages == 1);
}

TEST_CASE("five hundred messages or 20 ms share a commit, and only then are they durable") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    CHECK(!pipeline.durable());
    CHECK(!pipeline.commit_due());
    event::Envelope last;
    for (int i = 0; i < 499; ++i) {
        last = message("M" + std::to_string(i), "hello");
        pipeline.accept(last);
    }
    CHECK(!pipeline.durable());
    CHECK(pipeline.commit_due() == noon + 20ms);
    last = message("M499", "hello");
    pipeline.accept(last);
    CHECK(pipeline.durable() == last.sequence);
    CHECK(!pipeline.commit_due());

    pipeline.accept(message("N1", "hello"));
    shop.clock.advance(20ms);
    last = message("N2", "hello");
    pipeline.accept(last);
    CHECK(pipeline.durable() == last.sequence);
    CHECK(pipeline.counts().commits == 2);
}

TEST_CASE("what was not committed is not there afterwards") {
    Workshop shop;
    {
        Archive archive = shop.open();
        Pipeline pipeline{archive, shop.clock};
        pipeline.accept(message("A1", offer));
        pipeline.flush();
        pipeline.accept(message("A2", other_offer));
    }
    Archive archive = shop.open(OpenMode::existing);
    CHECK(all_deals(archive).size() == 1);
}

TEST_CASE("a sold record closes the same sender's earlier offers of that watch") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A1", "WTS 126610LN 2023 $12,400", 1, 0));
    pipeline.accept(message("A2", "WTS 126610LN 2021 $11,400", 1, 10));  // another year
    pipeline.accept(message("A3", "WTS 126610LN 2023 $12,500", 2, 20));  // another sender
    pipeline.accept(message("A4", "WTS 126710BLRO $17,900", 1, 30));     // another watch
    pipeline.accept(message("A5", "WTS 126610LN 2023 $12,600", 1, 600)); // offered later
    const Accepted sold = pipeline.accept(message("S1", "SOLD 126610LN 2023", 1, 300));
    REQUIRE(sold.deals.size() == 1);
    REQUIRE(sold.deals[0].facts.side == parser::Side::sold);
    pipeline.accept(message("A0", "WTS 126610LN 2023 $12,000", 1, -60)); // came late
    pipeline.flush();
    const auto status_of = [&](const char* id) {
        for (const StoredDeal& deal : all_deals(archive)) {
            if (deal.source.message_id == id) {
                return deal.status;
            }
        }
        return DealStatus::edited;
    };
    CHECK(status_of("A0") == DealStatus::closed);
    CHECK(status_of("A1") == DealStatus::closed);
    for (const char* open : {"A2", "A3", "A4", "A5", "S1"}) {
        CAPTURE(open);
        CHECK(status_of(open) == DealStatus::active);
    }
    pipeline.accept(revoke("R1", "S1", 1, 900)); // not sold after all
    CHECK(status_of("A1") == DealStatus::active);
    CHECK(status_of("S1") == DealStatus::revoked);
}

TEST_CASE("a quote is read from what is kept of it; what is not kept is read as unverified") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    pipeline.accept(message("A1", "WTS 126610LN 2023 $12,400", 1));
    event::Envelope answer = message("Q1", "sold", 1, 60);
    answer.quote = event::Quote{"A1", person(1).pn, "WTS 126710BLRO $99"}; // a forged quotation
    const Accepted sold = pipeline.accept(answer);
    REQUIRE(sold.deals.size() == 1);
    CHECK(sold.deals[0].facts.reference == "126610LN");
    CHECK(sold.deals[0].source.quoted == "WTS 126610LN 2023 $12,400");
    CHECK(all_deals(archive).size() >= 1);

    event::Envelope unknown = message("Q2", "sold", 2, 60);
    unknown.quote = event::Quote{"A9", person(2).pn, "WTS 126610LN 2023 $12,400"};
    const Accepted unsure = pipeline.accept(unknown);
    REQUIRE(unsure.deals.size() == 1);
    CHECK(unsure.deals[0].facts.confidence < sold.deals[0].facts.confidence);

    event::Envelope elsewhere = message("Q3", "sold", 3, 60, other_group);
    elsewhere.quote = event::Quote{"A1", person(1).pn, ""}; // kept, and in another chat
    CHECK(pipeline.accept(elsewhere).outcome == Outcome::chatter);

    // With the message its words go from the answers too.
    pipeline.accept(revoke("R1", "A1", 1, 300));
    for (const StoredDeal& deal : all_deals(archive, {.history = History::everything})) {
        CHECK(deal.source.quoted.find(deal.source.message_id == "Q2" ? "2023" : "12,400") ==
              (deal.source.message_id == "Q2" ? 13 : std::string::npos));
    }

    // Nor does a later answer bring them back.
    event::Envelope late = message("Q4", "sold", 4, 360);
    late.quote = event::Quote{"A1", person(1).pn, "WTS 126610LN 2023 $12,400"};
    const Accepted after = pipeline.accept(late);
    REQUIRE(after.deals.size() == 1);
    CHECK(after.deals[0].source.quoted.empty());
}

TEST_CASE("numbers that nobody may keep are masked, and the spans still point at their words") {
    Workshop shop;
    Archive archive = shop.open();
    Pipeline pipeline{archive, shop.clock};
    const std::string text =
        "call +1 555 010 4477 or pay 4111 1111 1111 1111\nWTS 126610LN $12,400";
    const Accepted accepted = pipeline.accept(message("A1", text));
    REQUIRE(accepted.deals.size() == 1);
    pipeline.flush();
    const StoredDeal deal = all_deals(archive).at(0);
    CHECK(deal.source.text.find("4111 1111") == std::string::npos);
    CHECK(deal.source.text.find("010 4477") == std::string::npos);
    const auto reference = std::ranges::find(deal.provenance, "reference", &Provenance::field);
    REQUIRE(reference != deal.provenance.end());
    CHECK(deal.source.text.substr(reference->span.from,
                                  reference->span.to - reference->span.from) == "126610LN");
}
