#include "ingest/cli/replay/transcript.hpp"

#include <fmt/format.h>

#include "ingest/export/deal_json.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli::replay {
namespace {

using ingest::Outcome;

// A message is what somebody said: no gap, no group's change, nothing that had no effect.
bool is_message(const event::Envelope& envelope, Outcome outcome) {
    return envelope.kind != event::Kind::gap && envelope.kind != event::Kind::group &&
           envelope.kind != event::Kind::other && outcome != Outcome::duplicate &&
           outcome != Outcome::flagged;
}

void append_field(std::string& json, std::string_view name, std::string_view text) {
    json += fmt::format("\"{}\":", name);
    if (text.empty()) {
        json += "null";
    } else {
        ingest::append_json_string(json, text);
    }
}

} // namespace

void Transcript::add(const event::Envelope& envelope, const ingest::Accepted& accepted) {
    if (accepted.outcome == Outcome::flagged) {
        ++refused_;
    }
    if (!is_message(envelope, accepted.outcome)) {
        return;
    }
    messages_.push_back({envelope.chat, envelope.id,
                         envelope.sender.lid.empty() ? envelope.sender.pn : envelope.sender.lid,
                         envelope.kind, envelope.target, accepted.deals.size()});
    for (const ingest::StoredDeal& deal : accepted.deals) {
        ++deals_;
        reposts_ += deal.duplicate_of ? 1U : 0U;
        if (keep_ == Keep::json) {
            deals_json_ += deals_json_.empty() ? "\n" : ",\n";
            ingest::append_json(deals_json_, deal, ingest::DuplicateField::written);
        }
    }
}

void Transcript::add(const event::Summary& summary) {
    counts_.stanzas += summary.counts.stanzas;
    counts_.dropped += summary.counts.dropped;
    counts_.decrypted += summary.counts.decrypted;
    counts_.failed += summary.counts.failed;
    counts_.duplicates += summary.counts.duplicates;
    counts_.other += summary.counts.other;
    refused_ += summary.refused;
    for (const auto& [reason, count] : summary.dropped_by_reason) {
        dropped_[reason] += count;
    }
}

std::string Transcript::to_json() const {
    std::string json = fmt::format(
        R"({{"stanzas":{},"dropped":{},"decrypted":{},"failed":{},"duplicates":{},"other":{},"messages":[)",
        counts_.stanzas, counts_.dropped, counts_.decrypted, counts_.failed, counts_.duplicates,
        counts_.other);
    for (const SeenMessage& message : messages_) {
        json += &message == &messages_.front() ? "\n{" : ",\n{";
        append_field(json, "chat", message.chat);
        json += ',';
        append_field(json, "id", message.id);
        json += ',';
        append_field(json, "sender", message.sender);
        json += fmt::format(",\"kind\":\"{}\",", event::to_string(message.kind));
        append_field(json, "target", message.target);
        json += fmt::format(",\"deals\":{}}}", message.deals);
    }
    return json + "\n],\"deals\":[" + deals_json_ + "\n]}\n";
}

} // namespace vestari::cli::replay
