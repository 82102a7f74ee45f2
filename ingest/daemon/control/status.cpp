#include "ingest/daemon/control/status.hpp"

#include <fmt/format.h>

#include "ingest/exchange/questions.hpp"
#include "ingest/export/json_text.hpp"
#include "vestari/base/version.hpp"
#include "vestari/ingest/query.hpp"
#include "vestari/service/metrics.hpp"

namespace vestari::ingest::daemon {
namespace {

struct Seen {
    ArchiveCounts counts;
    std::vector<GroupEntry> groups;
    std::optional<ArchiveErrc> failure;
};

Seen look_at(Slot& slot, GroupNames names) {
    Seen seen;
    if (!slot.account) {
        seen.failure = slot.why;
        return seen;
    }
    try {
        Archive& archive = slot.account->archive();
        seen.counts = count(archive);
        if (names == GroupNames::opened) {
            seen.groups = archive.groups();
        }
        seen.failure = slot.account->failure();
    } catch (const StorageFailure& failed) {
        seen.failure = failed.why();
    }
    return seen;
}

void append_groups(std::string& json, const std::vector<GroupEntry>& groups) {
    for (const GroupEntry& group : groups) {
        json += &group == &groups.front() ? "{\"jid\":" : ",{\"jid\":";
        append_json_string(json, group.jid);
        json += ",\"name\":";
        if (group.name.empty()) {
            json += "null";
        } else {
            append_json_string(json, group.name);
        }
        json += ",\"included\":true,\"currency\":";
        json += group.currency ? fmt::format("\"{}\"}}", group.currency->code()) : "null}";
    }
}

void append_warning(std::string& json, std::string_view code, std::string_view text,
                    std::string_view description) {
    const std::size_t colon = description.find(": ");
    json += fmt::format(R"({{"code":"{}","text":"{}","cause":)", code, text);
    append_json_string(json, description.substr(0, colon));
    json += ",\"next\":";
    append_json_string(json, colon == std::string_view::npos ? std::string_view{"vestari doctor"}
                                                             : description.substr(colon + 2));
    json += '}';
}

void append_account(std::string& json, Slot& slot, GroupNames names) {
    const Seen seen = look_at(slot, names);
    json += "{\"name\":";
    append_json_string(json, slot.settings.name);
    json += fmt::format(R"(,"counts":{{"messages":{},"deals":{}}},"groups":[)",
                        seen.counts.messages, seen.counts.deals);
    append_groups(json, seen.groups);
    json += fmt::format(R"(],"outbox":{},"pipe":"{}","warnings":[)", seen.counts.outbox,
                        slot.pipe && slot.pipe->connected() ? "connected" : "waiting");
    if (seen.failure) {
        append_warning(json, exchange::to_string(*seen.failure),
                       slot.account ? "nothing can be stored at the moment; nothing is lost"
                                    : "the archive is not open",
                       describe(*seen.failure));
    }
    json += "]}";
}

} // namespace

std::string status_json(Slots& slots, std::string_view account, GroupNames names) {
    std::string json =
        fmt::format(R"({{"program":"vestari-ingest","version":"{}","accounts":[)", version);
    bool any = false;
    for (Slot& slot : slots.all()) {
        if (account.empty() || slot.settings.name == account) {
            json += std::exchange(any, true) ? "," : "";
            append_account(json, slot, names);
        }
    }
    return json + "]}\n";
}

std::string metrics_text(Slots& slots) {
    using service::Metrics;
    Metrics metrics;
    const auto family = [&](std::string_view name, Metrics::Type type, std::string_view help,
                            auto&& value) {
        metrics.family(name, type, help);
        for (Slot& slot : slots.all()) {
            metrics.sample({{"account", slot.settings.name}}, value(slot));
        }
    };
    family("vestari_ingest_archive_open", Metrics::Type::gauge, "1: the archive is open",
           [](Slot& slot) { return slot.account ? 1U : 0U; });
    family("vestari_ingest_pipe_connected", Metrics::Type::gauge, "1: the bridge is connected",
           [](Slot& slot) { return slot.pipe && slot.pipe->connected() ? 1U : 0U; });
    family("vestari_ingest_storage_works", Metrics::Type::gauge, "0: nothing can be stored",
           [](Slot& slot) { return slot.account && !slot.account->failure() ? 1U : 0U; });
    family("vestari_ingest_storage_failures_total", Metrics::Type::counter,
           "times that the archive could not store", [](Slot& slot) { return slot.failures; });
    family("vestari_ingest_pipe_connections_total", Metrics::Type::counter,
           "connections to the bridge",
           [](Slot& slot) { return slot.pipe ? slot.pipe->connections() : 0U; });
    const auto counted = [](auto member) {
        return [member](Slot& slot) {
            return slot.account ? slot.account->counts().*member : std::uint64_t{0};
        };
    };
    family("vestari_ingest_messages_total", Metrics::Type::counter, "messages taken",
           counted(&PipelineCounts::messages));
    family("vestari_ingest_deals_total", Metrics::Type::counter, "deals, before deduplication",
           counted(&PipelineCounts::deals));
    family("vestari_ingest_duplicates_total", Metrics::Type::counter, "messages known before",
           counted(&PipelineCounts::duplicates));
    family("vestari_ingest_excluded_total", Metrics::Type::counter,
           "messages dropped: their group is not included any more",
           counted(&PipelineCounts::excluded));
    family("vestari_ingest_commits_total", Metrics::Type::counter, "durable transactions",
           counted(&PipelineCounts::commits));
    return metrics.text();
}

} // namespace vestari::ingest::daemon
