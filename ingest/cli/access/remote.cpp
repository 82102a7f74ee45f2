#include <algorithm>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/cli/access/access.hpp"
#include "ingest/cli/frame/failure.hpp"
#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/questions.hpp"
#include "ingest/exchange/reader.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using ingest::DealId;
using Verb = Asked::Verb;

constexpr std::size_t deals_at_once = 200; // well below what the control socket takes and gives

template <class T> T understood(Result<T> read) {
    if (!read) {
        throw Failure{ExitCode::defect, "vestari-ingest answered what this program cannot read",
                      "both programs must be of one version: install them together"};
    }
    return *std::move(read);
}

std::string ids_json(std::span<const DealId> ids) {
    std::string json = "[";
    for (const DealId id : ids) {
        json += json.size() == 1 ? "\"" : ",\"";
        json += id.to_string() + '"';
    }
    return json + "]";
}

// A number that stands in an answer under this name.
std::uint64_t number_in(const std::string& json, std::string_view name) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    bool broken = wrong.failed();
    ingest::exchange::Reader from{value, broken};
    const auto number = from.number<std::uint64_t>(name);
    return understood(broken ? Result<std::uint64_t>{ingest::exchange::ExchangeErrc::malformed}
                             : Result<std::uint64_t>{number});
}

class Remote final : public Access {
public:
    explicit Remote(Carrier carrier) : ask_{std::move(carrier)} {}

    std::vector<ingest::GroupEntry> groups() override {
        return understood(ingest::exchange::read_groups(ask_({Verb::get, "/v1/include"})));
    }
    void include(const ingest::GroupEntry& group) override {
        std::string body;
        ingest::exchange::append_json(body, group);
        ask_({Verb::post, "/v1/include", {}, body});
    }
    bool exclude(const std::string& jid) override {
        std::string body = "{\"jid\":";
        ingest::append_json_string(body, jid);
        return number_in(ask_({Verb::del, "/v1/include", {}, body + "}"}), "removed") != 0;
    }

    // The ids first, then the deals of a few of them at a time: messages go on being stored in between, and no deal is passed
    // over or shown twice for it.
    void for_each_deal(const ingest::DealFilter& filter, const Each& each) override {
        const std::vector<DealId> ids = ids_of(filter);
        const std::string content =
            filter.content == ingest::Content::facts_only ? "facts" : "opened";
        for_each_part(ids, [&](std::span<const DealId> part) {
            const std::string answer = ask_({Verb::post,
                                             "/v1/deals",
                                             {{"content", content}},
                                             "{\"ids\":" + ids_json(part) + "}"});
            for (const auto& deal : understood(ingest::exchange::read_deals(answer))) {
                if (each(deal) == ingest::Next::stop) {
                    return ingest::Next::stop;
                }
            }
            return ingest::Next::go_on;
        });
    }
    std::optional<ingest::StoredDeal> find_deal(DealId id) override {
        auto deals = understood(ingest::exchange::read_deals(
            ask_({Verb::post, "/v1/deals", {}, "{\"ids\":" + ids_json({&id, 1}) + "}"})));
        return deals.empty() ? std::nullopt : std::optional{std::move(deals.front())};
    }
    std::vector<ingest::StoredDeal> sightings_of(DealId id) override {
        return understood(ingest::exchange::read_deals(
            ask_({Verb::get, "/v1/sightings", {{"id", id.to_string()}}})));
    }
    std::vector<ingest::RawColumn> raw_row(DealId id) override {
        return understood(
            ingest::exchange::read_row(ask_({Verb::get, "/v1/row", {{"id", id.to_string()}}})));
    }
    ingest::PriceHistory price_history(const ingest::PriceQuery& query) override {
        Asked asked{Verb::get, "/v1/comps"};
        ingest::exchange::add(asked.parameters, query);
        return understood(ingest::exchange::read_prices(ask_(asked)));
    }
    ingest::ArchiveCounts count() override {
        const std::string answer = ask_({Verb::get, "/v1/counts"});
        return {.messages = number_in(answer, "messages"),
                .deals = number_in(answer, "deals"),
                .sightings = number_in(answer, "sightings"),
                .held = number_in(answer, "held"),
                .outbox = number_in(answer, "outbox")};
    }
    Result<std::size_t> export_deals(ingest::ExportFormat format, const ingest::DealFilter& filter,
                                     ingest::Sink& to) override {
        const std::vector<DealId> ids = ids_of(filter);
        Result<> written = to.write(ingest::export_head(format));
        std::uint64_t deals = 0;
        for_each_part(ids, [&](std::span<const DealId> part) {
            if (!written) {
                return ingest::Next::stop;
            }
            const std::string answer =
                ask_({Verb::post,
                      "/v1/export",
                      {{"format", format == ingest::ExportFormat::csv ? "csv" : "json"}},
                      fmt::format("{{\"ids\":{},\"before\":{}}}", ids_json(part), deals)});
            boost::system::error_code wrong;
            const boost::json::value value = boost::json::parse(answer, wrong);
            bool broken = wrong.failed();
            ingest::exchange::Reader from{value, broken};
            const auto text = from.maybe("text");
            deals += from.number<std::uint64_t>("deals");
            understood(broken ? Result<bool>{ingest::exchange::ExchangeErrc::malformed}
                              : Result<bool>{true});
            written = to.write(text.value_or(""));
            return ingest::Next::go_on;
        });
        written = written ? to.write(ingest::export_tail(format)) : written;
        written = written ? to.finish() : written;
        if (!written) {
            return written.error();
        }
        return deals;
    }

    std::size_t delete_deals(std::span<const DealId> ids) override {
        std::size_t deleted = 0;
        for_each_part(ids, [&](std::span<const DealId> part) {
            deleted +=
                number_in(ask_({Verb::post, "/v1/delete", {}, "{\"ids\":" + ids_json(part) + "}"}),
                          "deleted");
            return ingest::Next::go_on;
        });
        return deleted;
    }
    std::size_t purge() override {
        return number_in(ask_({Verb::post, "/v1/purge", {}, "{}"}), "deleted");
    }

private:
    std::vector<DealId> ids_of(const ingest::DealFilter& filter) const {
        Asked asked{Verb::get, "/v1/ids"};
        ingest::exchange::add(asked.parameters, filter);
        const std::string answer = ask_(asked);
        boost::system::error_code wrong;
        const boost::json::value value = boost::json::parse(answer, wrong);
        std::vector<DealId> ids;
        bool broken = wrong.failed() || value.if_array() == nullptr;
        for (std::size_t i = 0; !broken && i < value.get_array().size(); ++i) {
            const auto* text = value.get_array()[i].if_string();
            const auto id = text == nullptr ? std::nullopt : DealId::parse(*text);
            broken = !id;
            ids.push_back(id.value_or(DealId{0}));
        }
        return understood(
            broken ? Result<std::vector<DealId>>{ingest::exchange::ExchangeErrc::malformed}
                   : Result<std::vector<DealId>>{std::move(ids)});
    }

    template <class Step> static void for_each_part(std::span<const DealId> ids, Step&& step) {
        while (!ids.empty()) {
            const std::size_t count = std::min(ids.size(), deals_at_once);
            if (step(ids.first(count)) == ingest::Next::stop) {
                return;
            }
            ids = ids.subspan(count);
        }
    }

    Carrier ask_;
};

} // namespace

std::unique_ptr<Access> remote_access(Carrier carrier) {
    return std::make_unique<Remote>(std::move(carrier));
}

} // namespace vestari::cli
