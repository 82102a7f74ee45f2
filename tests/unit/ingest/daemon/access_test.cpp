// The commands' way to an archive: the one that is opened here and the one that vestari-ingest holds give the same.
#include <doctest/doctest.h>

#include "ingest/cli/access/access.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/frame/pick.hpp"
#include "ingest/daemon/control/answers.hpp"
#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/questions.hpp"
#include "ingest/export/deal_json.hpp"
#include "tests/unit/ingest/archive_fixture.hpp"

using namespace vestari;
using namespace vestari::ingest;
using namespace vestari::ingest::testing;

namespace {

// What is exported, as text.
class TextSink final : public Sink {
public:
    Result<> write(std::string_view bytes) override {
        text += bytes;
        return {};
    }
    Result<> finish() override { return {}; }
    std::string text;
};

// An archive with everything in it that a deal can carry, held by the daemon's account.
struct House : Workshop {
    daemon::Events events;
    daemon::Account account{"main", open(), Currency::of("USD"), clock, events};
    std::vector<event::Group> pushed;
    std::size_t asked = 0;
    std::unique_ptr<cli::Access> remote = cli::remote_access([this](const cli::Asked& ask) {
        ++asked;
        const auto verb = ask.verb == cli::Asked::Verb::get    ? "GET"
                          : ask.verb == cli::Asked::Verb::post ? "POST"
                                                               : "DELETE";
        const daemon::Answered answered =
            daemon::answer(account, {verb, ask.path, ask.parameters, ask.body},
                           [this](const event::Group& group) { pushed.push_back(group); });
        CHECK(answered.status == 200);
        return answered.body;
    });

    House() {
        account.include({rolex_group, "Dealers \"A\" \x1b[31m\xc3\xa9", Currency::of("HKD")});
        account.include({other_group, "", std::nullopt});
        int number = 0;
        for (const char* text :
             {"WTS Rolex 126610LN 2023/05 full set unworn $12,400 or 11.900 eur, ready HK",
              "WTB 5711/1A blue dial, budget 100k usd", "Sold 126610LN $12,400",
              "WTS Patek 5167A -12% list, watch only, location SG",
              "WTS Daytona 116500LN 230k hkd usdt", "2x 126710BLRO jubilee n5/24 98,000 HKD each",
              "good morning",
              "WTS 126610LN was 13,000 now 12,200 usd \xf0\x9f\x94\xa5 \xe2\x80\xae tricky"}) {
            event::Envelope one = message("M" + std::to_string(number), text, number % 3, number);
            one.quote = event::Quote{"Q", "x@lid", "126610LN 2022 full set, asking 12,000 usd"};
            REQUIRE(account.take(one));
            ++number;
        }
        REQUIRE(account.take(edit("E1", "M1", "WTB 5711/1A blue dial, budget 99k usd", 1)));
        REQUIRE(account.take(revoke("R1", "M3", 0)));
        account.flush();
    }
    Archive& here() { return account.archive(); }
};

std::string json_of(const StoredDeal& deal) {
    std::string json;
    append_json(json, deal, DuplicateField::written);
    return json;
}

std::vector<std::string> deals_of(cli::Access& access, const DealFilter& filter) {
    std::vector<std::string> all;
    access.for_each_deal(filter, [&](const StoredDeal& deal) {
        all.push_back(json_of(deal));
        return Next::go_on;
    });
    return all;
}
std::vector<std::string> deals_of(const Archive& archive, const DealFilter& filter) {
    std::vector<std::string> all;
    for_each_deal(archive, filter, [&](const StoredDeal& deal) {
        all.push_back(json_of(deal));
        return Next::go_on;
    });
    return all;
}

} // namespace

TEST_CASE("access: deals are the same through the socket, by every filter") {
    House house;
    std::vector<DealFilter> filters(12);
    filters[1].brand = "Rolex";
    filters[2].reference = "126610LN";
    filters[3].since = std::chrono::floor<std::chrono::days>(noon);
    filters[3].until = filters[3].since;
    filters[4].side = parser::Side::buy;
    filters[5].currency = Currency::of("HKD");
    filters[6].min_major = 12'000;
    filters[6].max_major = 99'000;
    filters[7].status = DealStatus::revoked;
    filters[8].history = History::everything;
    filters[9].content = Content::facts_only;
    filters[10].limit = 2;
    filters[11].min_confidence = 0.9;
    CHECK(deals_of(house.here(), filters[8]).size() > 5);
    for (std::size_t i = 0; i < filters.size(); ++i) {
        CAPTURE(i);
        CHECK(deals_of(*house.remote, filters[i]) == deals_of(house.here(), filters[i]));
    }
}

TEST_CASE("access: a deal in full, its sightings, its row on disk, the counts") {
    House house;
    DealFilter everything;
    everything.history = History::everything;
    for (const StoredDeal& deal : all_deals(house.here(), everything)) {
        const auto found = house.remote->find_deal(deal.id);
        REQUIRE(found);
        CHECK(json_of(*found) == json_of(*find_deal(house.here(), deal.id)));
        CHECK(found->source == deal.source);
        CHECK(found->provenance == deal.provenance);
        const auto sightings = house.remote->sightings_of(deal.id);
        const auto local = sightings_of(house.here(), deal.id);
        REQUIRE(sightings.size() == local.size());
        for (std::size_t i = 0; i < local.size(); ++i) {
            CHECK(json_of(sightings[i]) == json_of(local[i]));
        }
        const auto row = house.remote->raw_row(deal.id);
        const auto local_row = raw_row(house.here(), deal.id);
        REQUIRE(row.size() == local_row.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            CHECK(row[i].name == local_row[i].name);
            CHECK(row[i].value == local_row[i].value);
            CHECK(row[i].sealed == local_row[i].sealed);
        }
    }
    CHECK_FALSE(house.remote->find_deal(DealId{12345}));
    CHECK(house.remote->count().messages == count(house.here()).messages);
    CHECK(house.remote->count().outbox == count(house.here()).outbox);
}

TEST_CASE("access: prices and exports are the same, byte for byte") {
    House house;
    for (const char* reference : {"126610LN", "nothing"}) {
        PriceQuery query;
        query.reference = reference;
        query.min_confidence = 0.5;
        std::string here;
        std::string there;
        exchange::append_json(here, price_history(house.here(), query));
        exchange::append_json(there, house.remote->price_history(query));
        CHECK(here == there);
    }
    DealFilter everything;
    everything.history = History::everything;
    for (const ExportFormat format : {ExportFormat::csv, ExportFormat::json}) {
        TextSink here;
        TextSink there;
        const auto count_here = export_deals(format, house.here(), everything, here);
        const auto count_there = house.remote->export_deals(format, everything, there);
        REQUIRE(count_here.has_value());
        REQUIRE(count_there.has_value());
        CHECK(*count_here == *count_there);
        CHECK(here.text == there.text);
    }
}

TEST_CASE("access: a long archive comes in parts, whole and in order") {
    House house;
    for (int i = 0; i < 500; ++i) {
        REQUIRE(house.account.take(message(
            "L" + std::to_string(i),
            "WTS Rolex 126610LN full set " + std::to_string(95'000 + i) + " hkd", i % 7, 100 + i)));
    }
    house.asked = 0;
    CHECK(deals_of(*house.remote, {}) == deals_of(house.here(), {}));
    const std::size_t deals = all_deals(house.here()).size();
    CHECK(deals > 400);
    CHECK(house.asked == 1 + (deals + 199) / 200); // the ids, and 200 deals at a time
    TextSink here;
    TextSink there;
    CHECK(export_json(house.here(), {}, here).has_value());
    CHECK(house.remote->export_deals(ExportFormat::json, {}, there).has_value());
    CHECK(here.text == there.text);
}

TEST_CASE("access: the include-list is the same, and a change is told to the bridge") {
    House house;
    CHECK(house.remote->groups() == house.here().groups());
    const GroupEntry entry{"120363040000000003@g.us", "New \"one\"", Currency::of("EUR")};
    house.remote->include(entry);
    CHECK(house.here().group(entry.jid) == entry);
    REQUIRE(house.pushed.size() == 1);
    CHECK(house.pushed.front() == event::Group{entry.jid, entry.name, "EUR", true});
    CHECK(house.remote->exclude(entry.jid));
    CHECK_FALSE(house.remote->exclude(entry.jid));
    REQUIRE(house.pushed.size() == 2);
    CHECK_FALSE(house.pushed.back().included);
    CHECK(house.pushed.back().jid == entry.jid);
}

TEST_CASE("access: deals are picked, deleted and purged through the socket") {
    House house;
    const auto before = all_deals(house.here());
    const auto picked = cli::pick_deals(*house.remote, {before.front().id.to_string().substr(0, 8)},
                                        Content::opened);
    REQUIRE(picked.size() == 1);
    CHECK(picked.front().id == before.front().id);
    CHECK_THROWS_AS(cli::pick_deals(*house.remote, {"0000000000000000"}, Content::opened),
                    cli::Failure);
    const DealId id = before.front().id;
    CHECK(house.remote->delete_deals({&id, 1}) == 1);
    CHECK(house.remote->delete_deals({&id, 1}) == 0);
    CHECK_FALSE(find_deal(house.here(), id));
    CHECK(house.remote->purge() > 0);
    CHECK(count(house.here()).deals == 0);
}

TEST_CASE("access: what cannot be a question is refused, and changes nothing") {
    House house;
    const auto status = [&](std::string_view verb, std::string_view path,
                            const exchange::Parameters& parameters, std::string_view body) {
        return daemon::answer(house.account, {verb, path, parameters, body},
                              [](const event::Group&) {})
            .status;
    };
    const auto before = count(house.here()).deals;
    CHECK(status("GET", "/v1/deals", {{"brnad", "Rolex"}}, "") == 400); // would widen the answer
    CHECK(status("GET", "/v1/deals", {{"limit", "-1"}}, "") == 400);
    CHECK(status("GET", "/v1/deals", {{"since", "yesterday"}}, "") == 400);
    CHECK(status("POST", "/v1/delete", {}, "") == 400);
    CHECK(status("POST", "/v1/delete", {}, R"({"ids":["xyz"]})") == 400);
    CHECK(status("POST", "/v1/delete", {}, R"({"ids":[1]})") == 400);
    CHECK(status("POST", "/v1/delete", {}, R"([])") == 400);
    CHECK(status("POST", "/v1/export", {{"format", "xml"}}, R"({"ids":[]})") == 400);
    CHECK(status("POST", "/v1/include", {}, R"({"jid":"15550100001@s.whatsapp.net"})") == 400);
    CHECK(status("POST", "/v1/include", {},
                 R"({"jid":"120363040000000003@g.us","currency":"XX"})") == 400);
    CHECK(status("DELETE", "/v1/include", {}, R"({"jid":7})") == 400);
    CHECK(status("GET", "/v1/comps", {}, "") == 400);
    CHECK(status("GET", "/v1/row", {}, "") == 400);
    CHECK(status("POST", "/v1/messages", {}, "") == 403);
    CHECK(status("PUT", "/v1/deals", {}, "") == 403);
    CHECK(count(house.here()).deals == before);
    CHECK(house.here().groups().size() == 2);
}

TEST_CASE("access: a filter is read back as it was written") {
    DealFilter filter;
    filter.brand = "Patek & Söhne = 100%";
    filter.ids = exchange::ids_beginning("3f9c");
    filter.min_confidence = 0.85;
    filter.limit = 7;
    exchange::Parameters parameters;
    exchange::add(parameters, filter);
    const auto back = exchange::read_filter(parameters);
    REQUIRE(back.has_value());
    CHECK(back->brand == filter.brand);
    CHECK(back->ids == filter.ids);
    CHECK(back->min_confidence == filter.min_confidence);
    CHECK(back->limit == filter.limit);
    CHECK(exchange::ids_beginning("3f9c")->first.to_string() == "3f9c000000000000");
    CHECK(exchange::ids_beginning("3f9c")->last.to_string() == "3f9cffffffffffff");
    CHECK_FALSE(exchange::ids_beginning("xyz"));
    CHECK_FALSE(exchange::ids_beginning(""));
}
