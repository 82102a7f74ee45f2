#include <boost/json/parse.hpp>

#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/questions.hpp"
#include "ingest/exchange/reader.hpp"
#include "ingest/store/row/time_text.hpp"

namespace vestari::ingest::exchange {
namespace {

template <class Enum> std::optional<Enum> word(Reader& from, std::string_view name) {
    return from.word(name, [](const std::string& text) { return parser::enum_from<Enum>(text); });
}

void read_prices(parser::Deal& facts, Reader& from) {
    const auto minor = from.maybe_number<std::int64_t>("price_minor");
    const auto unit =
        from.word("currency", [](const std::string& code) { return Currency::parse(code); });
    if (minor && unit) {
        facts.price = Money{*minor, *unit};
    }
    facts.price_kind = word<parser::PriceKind>(from, "price_kind");
    facts.price_max_minor = from.maybe_number<std::int64_t>("price_max_minor");
    facts.price_prev_minor = from.maybe_number<std::int64_t>("price_prev_minor");
    facts.list_pct = from.maybe_real("list_pct");
    facts.settlement = word<parser::Settlement>(from, "settlement");
    from.list("alt_prices", [&](const boost::json::value& item) {
        Reader price{item, from.broken()};
        const auto amount = price.number<std::int64_t>("price_minor");
        const auto other =
            price.word("currency", [](const std::string& code) { return Currency::parse(code); });
        if (other) {
            facts.alt_prices.push_back(Money{amount, *other});
        }
    });
}

parser::Deal read_facts(Reader& from) {
    parser::Deal facts;
    facts.side = word<parser::Side>(from, "side").value_or(parser::Side::unknown);
    facts.brand = from.text("brand");
    facts.reference = from.maybe("reference");
    facts.model = from.maybe("model");
    read_prices(facts, from);
    facts.condition = word<parser::Condition>(from, "condition");
    facts.set = word<parser::Set>(from, "set");
    facts.year = from.maybe_number<int>("year");
    facts.month = from.maybe_number<int>("month");
    facts.dial = from.maybe("dial");
    facts.bracelet = word<parser::Bracelet>(from, "bracelet");
    facts.metal = word<parser::Metal>(from, "metal");
    facts.qty = from.number<int>("qty");
    facts.location = from.maybe("location");
    facts.availability = word<parser::Availability>(from, "availability");
    facts.notes = from.text("notes");
    facts.confidence = from.maybe_real("confidence").value_or(0);
    return facts;
}

Source read_source(Reader from) {
    return {.group = from.text("group"),
            .group_name = from.text("group_name"),
            .sender = from.text("sender"),
            .sender_lid = from.text("sender_lid"),
            .sender_name = from.text("sender_name"),
            .message_id = from.text("message_id"),
            .text = from.text("text"),
            .quoted = from.text("quoted")};
}

void read_provenance(StoredDeal& deal, Reader from) {
    deal.parser_version = from.text("parser");
    from.list("fields", [&](const boost::json::value& item) {
        Reader field{item, from.broken()};
        std::vector<std::uint32_t> span;
        field.list("span", [&](const boost::json::value& edge) {
            boost::system::error_code wrong;
            span.push_back(edge.to_number<std::uint32_t>(wrong));
            field.broken() = field.broken() || wrong.failed();
        });
        span.resize(2);
        deal.provenance.push_back({field.text("field"),
                                   field.text("rule"),
                                   {span[0], span[1], field.text("in") == "quoted"}});
    });
}

StoredDeal read_deal(const boost::json::value& value, bool& broken) {
    Reader from{value, broken};
    StoredDeal deal;
    const auto id = from.word("id", [](const std::string& text) { return DealId::parse(text); });
    const auto time = [&](std::string_view name) {
        return from.word(name, [](const std::string& text) { return read_rfc3339(text); })
            .value_or(TimePoint{});
    };
    deal.id = id.value_or(DealId{0});
    deal.status = from.word("status", [](const std::string& text) { return status_from(text); })
                      .value_or(DealStatus::active);
    deal.deal_date =
        from.word("deal_date", [](const std::string& text) { return read_iso_date(text); })
            .value_or(std::chrono::sys_days{});
    deal.sightings = from.number<std::uint32_t>("sightings");
    deal.first_seen = time("first_seen");
    deal.last_seen = time("last_seen");
    deal.facts = read_facts(from);
    const boost::json::value nothing;
    const auto inner = [&](std::string_view name) -> const boost::json::value& {
        const boost::json::value* found = from.get(name);
        return found == nullptr ? nothing : *found;
    };
    deal.source = read_source(Reader{inner("source"), broken});
    read_provenance(deal, Reader{inner("provenance"), broken});
    return deal;
}

} // namespace

Result<StoredDeal> read_deal(std::string_view json) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    bool broken = wrong.failed();
    StoredDeal deal = read_deal(value, broken);
    if (broken) {
        return ExchangeErrc::malformed;
    }
    return deal;
}

Result<std::vector<StoredDeal>> read_deals(std::string_view json) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    const auto* items = value.if_array();
    bool broken = wrong.failed() || items == nullptr;
    std::vector<StoredDeal> deals;
    for (std::size_t i = 0; !broken && i < items->size(); ++i) {
        deals.push_back(read_deal((*items)[i], broken));
    }
    if (broken) {
        return ExchangeErrc::malformed;
    }
    return deals;
}

} // namespace vestari::ingest::exchange
