#include "bridge/daemon/control/routes.hpp"

#include <algorithm>
#include <mutex>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "bridge/link/client_payload.hpp"
#include "vestari/base/version.hpp"
#include "vestari/service/time.hpp"

namespace vestari::daemon {

namespace {

using service::Answer;
using service::Method;
using service::Metrics;
using service::Request;
using Kind = service::Route::Kind;

// One value of each account, in the configuration's order; `done` runs when the last has come, on that account's strand.
template <class Value> class Gathering {
public:
    using Done = std::function<void(const std::vector<Value>&)>;
    static void of(const Runners& runners, Value (Runner::*value)(), Done done) {
        const auto all = std::make_shared<Gathering>(runners.size(), std::move(done));
        for (std::size_t i = 0; i < runners.size(); ++i) {
            runners[i]->on_strand(
                [all, i, value](Runner& runner) { all->put(i, (runner.*value)()); });
        }
    }
    Gathering(std::size_t size, Done done)
        : values_(size), missing_{size}, done_{std::move(done)} {}

private:
    void put(std::size_t at, Value value) {
        const std::scoped_lock lock{mutex_};
        values_[at] = std::move(value);
        if (--missing_ == 0) {
            done_(values_);
        }
    }
    std::mutex mutex_;
    std::vector<Value> values_;
    std::size_t missing_;
    Done done_;
};

// The account that is meant: the named one, or the only one. Answers itself when there is none.
Runner* meant(const Runners& runners, std::string_view name, const Answer& answer) {
    if (name.empty() && runners.size() == 1) {
        return runners.front().get();
    }
    const auto found = std::ranges::find_if(
        runners, [name](const auto& runner) { return runner->name() == name; });
    if (found != runners.end()) {
        return found->get();
    }
    answer->error(name.empty() ? 400U : 404U, name.empty() ? "which_account" : "unknown_account");
    return nullptr;
}

std::optional<boost::json::object> body_of(const Request& request, const Answer& answer) {
    if (request.body.empty()) {
        return boost::json::object{};
    }
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(request.body, error);
    if (error || !value.is_object()) {
        answer->error(400, "bad_json");
        return std::nullopt;
    }
    return std::move(value.get_object());
}

std::string_view text_in(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string_view{value->get_string()}
                                                  : std::string_view{};
}

void status(const Runners& runners, const Answer& answer) {
    Gathering<boost::json::object>::of(
        runners, &Runner::status, [answer](const std::vector<boost::json::object>& accounts) {
            boost::json::array list;
            for (const boost::json::object& account : accounts) {
                list.push_back(account);
            }
            answer->json(
                200, boost::json::serialize(boost::json::object{{"program", "vestari-bridge"},
                                                                {"version", version},
                                                                {"accounts", std::move(list)}}));
        });
}

// Ready: every account has its keys, and none that should be connected is not.
bool is_ready(const Figures& figures) {
    return figures.keys && figures.state != live::State::offline &&
           figures.state != live::State::connecting;
}

void readiness(const Runners& runners, const Answer& answer) {
    Gathering<Figures>::of(runners, &Runner::figures, [answer](const std::vector<Figures>& all) {
        const bool ready = std::ranges::all_of(all, is_ready);
        answer->json(ready ? 200 : 503, ready ? R"({"ready":true})" : R"({"ready":false})");
    });
}

struct Row {
    std::string_view name;
    Metrics::Type type;
    std::string_view help;
    std::uint64_t (*value)(const Figures&);
};

constexpr auto counter = Metrics::Type::counter;
constexpr auto gauge = Metrics::Type::gauge;
const Row rows[] = {
    {"vestari_bridge_keys", gauge, "1 when ingest has handed over the account's keys.",
     [](const Figures& f) { return std::uint64_t{f.keys}; }},
    {"vestari_bridge_pipe_connected", gauge, "1 while ingest is connected.",
     [](const Figures& f) { return std::uint64_t{f.pipe}; }},
    {"vestari_bridge_spool_rows", gauge, "Envelopes that wait for ingest.",
     [](const Figures& f) { return f.spool_rows; }},
    {"vestari_bridge_spool_bytes", gauge, "Bytes that wait for ingest, sealed.",
     [](const Figures& f) { return f.spool_bytes; }},
    {"vestari_bridge_handed_over_total", counter, "Envelopes that ingest has acknowledged.",
     [](const Figures& f) { return f.handed_over; }},
    {"vestari_bridge_connections_total", counter, "Sockets that opened.",
     [](const Figures& f) { return f.totals.connections; }},
    {"vestari_bridge_logins_total", counter, "Logins that succeeded.",
     [](const Figures& f) { return f.totals.logins; }},
    {"vestari_bridge_pings_total", counter, "Keep-alive pings sent.",
     [](const Figures& f) { return f.totals.pings; }},
    {"vestari_bridge_stanzas_sent_total", counter, "Stanzas sent, all of the closed set.",
     [](const Figures& f) { return f.totals.sent; }},
    {"vestari_bridge_stanzas_received_total", counter, "Stanzas received.",
     [](const Figures& f) { return f.totals.received; }},
    {"vestari_bridge_pre_key_uploads_total", counter, "Uploads of one-time pre-keys.",
     [](const Figures& f) { return f.totals.pre_key_uploads; }},
    {"vestari_bridge_protocol_errors_total", counter, "Connections that broke their own rules.",
     [](const Figures& f) { return f.totals.protocol_errors; }},
};

void metrics(const Runners& runners, const Answer& answer) {
    Gathering<Figures>::of(
        runners, &Runner::figures, [&runners, answer](const std::vector<Figures>& all) {
            Metrics metrics;
            metrics.family("vestari_bridge_info", gauge, "The build that runs.");
            metrics.sample({{"version", version}}, 1);
            metrics.family("vestari_bridge_state", gauge, "1 for the state the account is in.");
            for (std::size_t i = 0; i < all.size(); ++i) {
                metrics.sample(
                    {{"account", runners[i]->name()}, {"state", live::to_string(all[i].state)}}, 1);
            }
            for (const Row& row : rows) {
                metrics.family(row.name, row.type, row.help);
                for (std::size_t i = 0; i < all.size(); ++i) {
                    metrics.sample({{"account", runners[i]->name()}}, row.value(all[i]));
                }
            }
            answer->text(200, Metrics::content_type, metrics.text());
        });
}

std::optional<live::LinkOptions> link_options(const boost::json::object& body,
                                              const Answer& answer) {
    live::LinkOptions options;
    if (const std::string_view history = text_in(body, "history"); !history.empty()) {
        const auto word = link::history_from(history);
        if (!word) {
            answer->error(400, "bad_history");
            return std::nullopt;
        }
        options.history = *word;
    }
    for (const char c : text_in(body, "phone")) {
        if (c >= '0' && c <= '9') {
            options.phone += c;
        }
    }
    constexpr std::size_t longest_number = 15; // E.164
    if (options.phone.size() > longest_number) {
        answer->error(400, "bad_phone");
        return std::nullopt;
    }
    return options;
}

class Handlers {
public:
    Handlers(const Context& context, const Runners& runners)
        : context_{context}, runners_{runners} {}

    void link(const Request& request, const Answer& answer) const {
        const auto body = body_of(request, answer);
        Runner* runner = body ? meant(runners_, text_in(*body, "account"), answer) : nullptr;
        const auto options = runner != nullptr ? link_options(*body, answer) : std::nullopt;
        if (!options) {
            return;
        }
        audit("link", request, runner->name());
        runner->on_strand(
            [options = *options, answer](Runner& self) { self.link(options, answer); });
    }

    // POSTs that name an account and nothing else.
    void order(std::string_view what, void (Runner::*method)(const Answer&), const Request& request,
               const Answer& answer) const {
        const auto body = body_of(request, answer);
        Runner* runner = body ? meant(runners_, text_in(*body, "account"), answer) : nullptr;
        if (runner == nullptr) {
            return;
        }
        audit(what, request, runner->name());
        runner->on_strand([method, answer](Runner& self) { (self.*method)(answer); });
    }

    void groups(const Request& request, const Answer& answer) const {
        if (Runner* runner = meant(runners_, request.parameter("account"), answer)) {
            runner->on_strand([answer](Runner& self) { self.list_groups(answer); });
        }
    }

    void events(const Request& request, const Answer& answer) const {
        const std::string_view account = request.parameter("account");
        if (!account.empty() && meant(runners_, account, answer) == nullptr) {
            return;
        }
        const auto follow =
            request.parameter("follow") == "1" ? EventLog::Follow::yes : EventLog::Follow::no;
        context_.events.stream(account, follow, context_.clock.now(), answer);
    }

private:
    void audit(std::string_view what, const Request& request, const std::string& account) const {
        context_.audit.append({.what = std::string{what},
                               .by = request.peer.uid,
                               .account = account,
                               .values = 0,
                               .note = {}});
    }
    Context context_;
    const Runners& runners_;
};

} // namespace

std::vector<service::Route> routes(const Context& context, const Runners& runners) {
    const auto handlers = std::make_shared<Handlers>(context, runners);
    const auto order = [&handlers](std::string_view what, void (Runner::*method)(const Answer&)) {
        return [handlers, what, method](const Request& request, const Answer& answer) {
            handlers->order(what, method, request, answer);
        };
    };
    return {
        {Method::get, "/v1/status", Kind::whole,
         [&runners](const Request&, const Answer& answer) { status(runners, answer); }},
        {Method::get, "/healthz", Kind::whole,
         [](const Request&, const Answer& answer) { answer->json(200, R"({"ok":true})"); }},
        {Method::get, "/readyz", Kind::whole,
         [&runners](const Request&, const Answer& answer) { readiness(runners, answer); }},
        {Method::get, "/metrics", Kind::whole,
         [&runners](const Request&, const Answer& answer) { metrics(runners, answer); }},
        {Method::get, "/v1/groups", Kind::whole,
         [handlers](const Request& request, const Answer& answer) {
             handlers->groups(request, answer);
         }},
        {Method::get, "/v1/events", Kind::stream,
         [handlers](const Request& request, const Answer& answer) {
             handlers->events(request, answer);
         }},
        {Method::post, "/v1/link", Kind::stream,
         [handlers](const Request& request, const Answer& answer) {
             handlers->link(request, answer);
         }},
        {Method::post, "/v1/unlink", Kind::whole, order("unlink", &Runner::unlink)},
        {Method::post, "/v1/reconnect", Kind::whole, order("reconnect", &Runner::reconnect)},
        {Method::post, "/v1/capture", Kind::stream, order("capture", &Runner::capture)},
    };
}

} // namespace vestari::daemon
