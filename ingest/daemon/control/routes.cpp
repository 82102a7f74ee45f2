#include "ingest/daemon/control/routes.hpp"

#include <algorithm>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/daemon/control/answers.hpp"
#include "ingest/daemon/control/follow.hpp"
#include "ingest/daemon/control/status.hpp"
#include "vestari/service/audit.hpp"
#include "vestari/service/log.hpp"
#include "vestari/service/metrics.hpp"

namespace vestari::ingest::daemon {
namespace {

using service::Answer;
using service::Method;
using service::Request;
using service::Route;
using Handler = std::function<void(Desk&, const Request&, const Answer&)>;

// What cannot be audited must not go on: the question is answered 503 instead.
bool audited(Desk& desk, const service::AuditEntry& entry) {
    try {
        desk.audit.append(entry);
        return true;
    } catch (const std::exception&) {
        desk.log.error("the audit file cannot be written: nothing is answered");
        return false;
    }
}

// In the address, or in the body.
std::string account_of(const Request& request) {
    if (const auto given = request.parameter("account"); !given.empty()) {
        return std::string{given};
    }
    boost::system::error_code wrong;
    const boost::json::value body = boost::json::parse(request.body, wrong);
    const auto* object = wrong ? nullptr : body.if_object();
    const auto* name = object == nullptr ? nullptr : object->if_contains("account");
    return name != nullptr && name->is_string() ? std::string{name->get_string()} : std::string{};
}

void answer_question(Desk& desk, const Question& question, const Request& request,
                     const Answer& reply) {
    const std::string name = account_of(request);
    Slot* slot = desk.slots.find(name);
    if (slot == nullptr) {
        reply->error(404, name.empty() ? "which_account" : "no_account");
        return;
    }
    const std::string_view archive = request.parameter("archive");
    if (!archive.empty() && archive != slot->file.string()) {
        reply->error(409, "other_archive");
        return;
    }
    if (!slot->account) {
        reply->json(503, error_body(slot->why));
        return;
    }
    exchange::Parameters parameters = request.query;
    parameters.erase("archive");
    const Answered answered =
        answer(*slot->account, {question.verb, question.path, parameters, request.body},
               [slot](const event::Group& group) { slot->pipe->send(group); });
    const bool noted =
        question.audited.empty() ||
        audited(desk, {std::string{question.audited}, request.peer.uid, slot->settings.name,
                       answered.opened, answered.status == 200 ? "" : "not answered"});
    if (noted) {
        reply->json(answered.status, answered.body);
    } else {
        reply->json(503, error_body(ArchiveErrc::io));
    }
}

Method method_of(std::string_view verb) {
    return verb == "GET" ? Method::get : verb == "POST" ? Method::post : Method::del;
}

Route handed_on(Desk& desk, Method method, std::string path, Route::Kind kind, Handler handle) {
    return {method, std::move(path), kind,
            [&desk, handle = std::move(handle)](const Request& request, const Answer& reply) {
                boost::asio::post(
                    desk.io, [&desk, handle, request, reply] { handle(desk, request, reply); });
            }};
}

std::uint64_t values_opened(Slots& slots) {
    std::uint64_t sum = 0;
    for (const Slot& slot : slots.all()) {
        sum += slot.account ? slot.account->values_opened() : 0;
    }
    return sum;
}

// The groups' names are opened for it; without any there is nothing to audit.
void answer_status(Desk& desk, const Request& request, const Answer& reply) {
    const std::uint64_t before = values_opened(desk.slots);
    const std::string account{request.parameter("account")};
    const std::string status = status_json(desk.slots, account, GroupNames::opened);
    const std::uint64_t opened = values_opened(desk.slots) - before;
    const bool noted =
        opened == 0 || audited(desk, {"status", request.peer.uid, account, opened, ""});
    // On a full disk nothing can be audited, and this is where one looks for it.
    reply->json(200, noted ? status : status_json(desk.slots, account, GroupNames::left_out));
}

void answer_ready(Desk& desk, const Request&, const Answer& reply) {
    const auto& slots = desk.slots.all();
    const bool works = std::all_of(slots.begin(), slots.end(), [](const Slot& slot) {
        return slot.account && !slot.account->failure();
    });
    reply->json(works ? 200 : 503, works ? R"({"ready":true})" : R"({"ready":false})");
}

} // namespace

std::vector<Route> routes(Desk& desk) {
    std::vector<Route> all;
    const auto whole = [&](std::string path, Handler handle) {
        all.push_back(
            handed_on(desk, Method::get, std::move(path), Route::Kind::whole, std::move(handle)));
    };
    whole("/v1/status", answer_status);
    whole("/healthz", [](Desk&, const Request&, const Answer& reply) {
        reply->json(200, R"({"healthy":true})");
    });
    whole("/readyz", answer_ready);
    whole("/metrics", [](Desk& at, const Request&, const Answer& reply) {
        reply->text(200, service::Metrics::content_type, metrics_text(at.slots));
    });
    all.push_back(handed_on(
        desk, Method::get, "/v1/events", Route::Kind::stream,
        [](Desk& at, const Request& request, const Answer& reply) { follow(at, request, reply); }));
    for (const Question& question : questions()) {
        all.push_back(handed_on(desk, method_of(question.verb), std::string{question.path},
                                Route::Kind::whole,
                                [question](Desk& at, const Request& request, const Answer& reply) {
                                    answer_question(at, question, request, reply);
                                }));
    }
    return all;
}

void refused(Desk& desk, const Request& request) {
    audited(desk, {"refused", request.peer.uid, "", 0,
                   fmt::format("{} {}", to_string(request.method), request.path)});
}

} // namespace vestari::ingest::daemon
