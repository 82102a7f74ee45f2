#include "ingest/daemon/control/answers.hpp"

#include <array>

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/questions.hpp"
#include "ingest/exchange/reader.hpp"
#include "ingest/export/deal_json.hpp"
#include "ingest/export/export.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/base/jid.hpp"

namespace vestari::ingest::daemon {
namespace {

struct BadQuestion {};

template <class T> T read(Result<T> value) {
    if (!value) {
        throw BadQuestion{};
    }
    return *std::move(value);
}

struct IdsAsked {
    std::vector<DealId> ids;
    std::size_t before = 0;
};

IdsAsked read_ids(std::string_view body) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(body, wrong);
    bool broken = wrong.failed();
    exchange::Reader from{value, broken};
    IdsAsked asked;
    from.list("ids", [&](const boost::json::value& item) {
        const auto* text = item.if_string();
        const auto id = text == nullptr ? std::nullopt : DealId::parse(*text);
        broken = broken || !id;
        asked.ids.push_back(id.value_or(DealId{0}));
    });
    if (!broken && value.get_object().contains("before")) {
        asked.before = from.number<std::size_t>("before");
    }
    return broken ? throw BadQuestion{} : asked;
}

DealId read_id(const exchange::Parameters& parameters) {
    const auto found = parameters.find("id");
    const auto id = found == parameters.end() ? std::nullopt : DealId::parse(found->second);
    return id ? *id : throw BadQuestion{};
}

std::string deals_json(const std::vector<StoredDeal>& deals) {
    std::string json = "[";
    for (const StoredDeal& deal : deals) {
        json += &deal == &deals.front() ? "\n" : ",\n";
        append_json(json, deal);
    }
    return json + (deals.empty() ? "]\n" : "\n]\n");
}

class Clerk {
public:
    Clerk(Account& account, const Asked& asked,
          const std::function<void(const event::Group&)>& push)
        : account_{account}, archive_{account.archive()}, asked_{asked}, push_{push} {}

    std::string deals() const { // what `vestari deals --json` prints
        std::vector<StoredDeal> found;
        for_each_deal(archive_, read(exchange::read_filter(asked_.parameters)),
                      [&](const StoredDeal& deal) {
                          found.push_back(deal);
                          return Next::go_on;
                      });
        return deals_json(found);
    }

    std::string ids() const {
        std::string json = "[";
        for (const DealId id : deal_ids(archive_, read(exchange::read_filter(asked_.parameters)))) {
            json += json.size() == 1 ? "\"" : ",\"";
            json += id.to_string() + '"';
        }
        return json + "]\n";
    }

    std::string deals_by_id() const {
        const bool facts_only = parameter("content") == "facts";
        std::vector<StoredDeal> found;
        for (const DealId id : read_ids(asked_.body).ids) {
            DealFilter one;
            one.ids = IdRange{id, id};
            one.history = History::everything;
            one.content = facts_only ? Content::facts_only : Content::opened;
            for_each_deal(archive_, one, [&](const StoredDeal& deal) {
                found.push_back(deal);
                return Next::stop;
            });
        }
        return deals_json(found);
    }

    std::string sightings() const {
        return deals_json(sightings_of(archive_, read_id(asked_.parameters)));
    }

    std::string row() const {
        std::string json;
        exchange::append_json(json, raw_row(archive_, read_id(asked_.parameters)));
        return json;
    }

    std::string comps() const {
        std::string json;
        exchange::append_json(
            json, price_history(archive_, read(exchange::read_price_query(asked_.parameters))));
        return json;
    }

    // It is open here: what a command asks before it asks anything else.
    std::string archive() const {
        std::string json = "{\"account\":";
        append_json_string(json, account_.name());
        return json + "}";
    }

    std::string counts() const {
        const ArchiveCounts counts = count(archive_);
        return fmt::format(R"({{"messages":{},"deals":{},"sightings":{},"held":{},"outbox":{}}})",
                           counts.messages, counts.deals, counts.sightings, counts.held,
                           counts.outbox);
    }

    std::string exported() const {
        const std::string_view word = parameter("format");
        if (word != "csv" && word != "json") {
            throw BadQuestion{};
        }
        const ExportFormat format = word == "csv" ? ExportFormat::csv : ExportFormat::json;
        const IdsAsked asked = read_ids(asked_.body);
        std::string text;
        std::size_t deals = 0;
        for (const DealId id : asked.ids) {
            if (const auto deal = find_deal(archive_, id)) { // it may have gone meanwhile
                append_export(text, format, archive_, *deal, asked.before + deals++);
            }
        }
        std::string json = fmt::format("{{\"deals\":{},\"text\":", deals);
        append_json_string(json, text);
        return json + "}";
    }

    std::string included() const {
        std::string json;
        exchange::append_json(json, archive_.groups());
        return json;
    }

    std::string include() {
        boost::system::error_code wrong;
        const boost::json::value value = boost::json::parse(asked_.body, wrong);
        bool broken = wrong.failed();
        exchange::Reader from{value, broken};
        const std::string jid = read_jid(from);
        GroupEntry group = archive_.group(jid).value_or(GroupEntry{jid, "", std::nullopt});
        const auto given = [&](const char* name) {
            return !broken && value.get_object().contains(name) ? from.maybe(name) : std::nullopt;
        };
        group.name = given("name").value_or(group.name);
        if (const auto code = given("currency")) {
            group.currency = Currency::parse(*code);
            broken = broken || !group.currency;
        }
        if (broken) {
            throw BadQuestion{};
        }
        push_(account_.include(group));
        std::string json;
        exchange::append_json(json, group);
        return json + "\n";
    }

    std::string exclude() {
        boost::system::error_code wrong;
        const boost::json::value value = boost::json::parse(asked_.body, wrong);
        bool broken = wrong.failed();
        exchange::Reader from{value, broken};
        const auto gone = account_.exclude(broken ? throw BadQuestion{} : read_jid(from));
        if (gone) {
            push_(*gone);
        }
        return fmt::format("{{\"removed\":{}}}", gone ? 1 : 0);
    }

    std::string deleted() {
        const std::size_t gone = delete_deals(archive_, read_ids(asked_.body).ids);
        account_.changed();
        return fmt::format("{{\"deleted\":{}}}", gone);
    }

    std::string purged() {
        const std::size_t gone = purge(archive_);
        account_.changed();
        return fmt::format("{{\"deleted\":{}}}", gone);
    }

private:
    std::string_view parameter(std::string_view name) const {
        const auto found = asked_.parameters.find(name);
        return found == asked_.parameters.end() ? std::string_view{} : found->second;
    }
    static std::string read_jid(exchange::Reader& from) {
        const auto jid = Jid::parse(from.text("jid"));
        return jid && jid->is_group() ? jid->to_string() : throw BadQuestion{};
    }

    Account& account_;
    Archive& archive_;
    const Asked& asked_;
    const std::function<void(const event::Group&)>& push_;
};

struct Row {
    Question question;
    std::string (*run)(Clerk&);
};

constexpr std::array rows{
    Row{{"GET", "/v1/deals", "deals"}, [](Clerk& c) { return c.deals(); }},
    Row{{"POST", "/v1/deals", "deals"}, [](Clerk& c) { return c.deals_by_id(); }},
    Row{{"GET", "/v1/ids", "ids"}, [](Clerk& c) { return c.ids(); }},
    Row{{"GET", "/v1/sightings", "sightings"}, [](Clerk& c) { return c.sightings(); }},
    Row{{"GET", "/v1/row", "row"}, [](Clerk& c) { return c.row(); }},
    Row{{"GET", "/v1/comps", "comps"}, [](Clerk& c) { return c.comps(); }},
    Row{{"GET", "/v1/archive", ""}, [](Clerk& c) { return c.archive(); }},
    Row{{"GET", "/v1/counts", ""}, [](Clerk& c) { return c.counts(); }},
    Row{{"POST", "/v1/export", "export"}, [](Clerk& c) { return c.exported(); }},
    Row{{"GET", "/v1/include", "include_list"}, [](Clerk& c) { return c.included(); }},
    Row{{"POST", "/v1/include", "include_add"}, [](Clerk& c) { return c.include(); }},
    Row{{"DELETE", "/v1/include", "include_remove"}, [](Clerk& c) { return c.exclude(); }},
    Row{{"POST", "/v1/delete", "delete"}, [](Clerk& c) { return c.deleted(); }},
    Row{{"POST", "/v1/purge", "purge"}, [](Clerk& c) { return c.purged(); }},
};

constexpr auto all_questions = [] {
    std::array<Question, rows.size()> all{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        all[i] = rows[i].question;
    }
    return all;
}();

} // namespace

std::span<const Question> questions() { return all_questions; }

Answered answer(Account& account, const Asked& asked,
                const std::function<void(const event::Group&)>& push) {
    for (const Row& row : rows) {
        if (row.question.verb != asked.verb || row.question.path != asked.path) {
            continue;
        }
        try {
            Clerk clerk{account, asked, push};
            const std::uint64_t before = account.archive().values_opened();
            std::string body = row.run(clerk);
            return {200, std::move(body), account.archive().values_opened() - before};
        } catch (const BadQuestion&) {
            return {400, error_body("bad_request"), 0};
        } catch (const StorageFailure& failed) {
            return {503, error_body(failed.why()), 0};
        }
    }
    return {403, error_body("read_only"), 0};
}

std::string error_body(std::string_view word) { return fmt::format("{{\"error\":\"{}\"}}", word); }

std::string error_body(ArchiveErrc failed) {
    return fmt::format("{{\"error\":\"storage\",\"why\":\"{}\"}}", exchange::to_string(failed));
}

} // namespace vestari::ingest::daemon
