#include "ingest/daemon/account.hpp"

#include <fmt/format.h>

#include "ingest/export/json_text.hpp"

namespace vestari::ingest::daemon {
namespace {

void append_word(std::string& json, std::string_view name, std::string_view text) {
    json += fmt::format(",\"{}\":", name);
    if (text.empty()) {
        json += "null";
    } else {
        append_json_string(json, text);
    }
}

event::Group frame_of(const GroupEntry& group) {
    return {.jid = group.jid,
            .name = group.name,
            .currency = group.currency ? std::string{group.currency->code()} : "",
            .included = true};
}

} // namespace

std::string_view describe(AccountErrc error) noexcept {
    switch (error) {
    case AccountErrc::other_protocol:
        return "the bridge speaks another protocol: install both programs of one version";
    case AccountErrc::other_account:
        return "the bridge answered for another account: both programs must read one configuration";
    case AccountErrc::unexpected_frame:
        return "the bridge sent what only ingest sends: install both programs of one version";
    case AccountErrc::storage:
        return "the archive cannot store: nothing is acknowledged until it can";
    }
    return "unknown account error";
}

std::string event_line(const std::string& account, const event::Envelope& envelope,
                       const Accepted& accepted, TimePoint taken_at) {
    if (envelope.kind == event::Kind::group || envelope.kind == event::Kind::other ||
        accepted.outcome == Outcome::duplicate || accepted.outcome == Outcome::flagged ||
        accepted.outcome == Outcome::excluded) {
        return {};
    }
    std::string json =
        fmt::format(R"({{"type":"message","kind":"{}")", event::to_string(envelope.kind));
    append_word(json, "account", account);
    append_word(json, "chat", envelope.chat);
    append_word(json, "id", envelope.id);
    append_word(json, "sender",
                envelope.sender.lid.empty() ? envelope.sender.pn : envelope.sender.lid);
    append_word(json, "target", envelope.target);
    return json +
           fmt::format(R"(,"deals":{},"at":"{}"}})", accepted.deals.size(), rfc3339(taken_at));
}

Account::Account(std::string name, Archive archive, Currency default_currency, const Clock& clock,
                 Events& events)
    : name_{std::move(name)}, archive_{std::move(archive)}, clock_{clock}, events_{events},
      pipeline_{archive_, clock, {.default_currency = default_currency, .chats = Chats::included}} {
}

Bytes Account::greet() {
    commits_acknowledged_ = pipeline_.counts().commits; // of this connection nothing is known yet
    event::Frame keys{archive_.lend_keys()};
    Bytes encoded = event::encode(keys);
    wipe_keys(std::get<event::Keys>(keys));
    return encoded;
}

// Runs a step that may write; the machine's failure becomes a state, and the events of what was undone are not told.
template <class Step> Result<> Account::guarded(Step&& step) {
    try {
        step();
    } catch (const StorageFailure& failed) {
        failure_ = failed.why();
        untold_.clear();
        return AccountErrc::storage;
    }
    tell_what_is_durable();
    return {};
}

Result<> Account::take(const event::Frame& frame) {
    return std::visit([&](const auto& kind) { return take_one(kind); }, frame);
}

Result<> Account::take_one(const event::Hello& hello) {
    if (hello.protocol != event::protocol_version) {
        return AccountErrc::other_protocol;
    }
    if (!hello.account.empty() && hello.account != name_) {
        return AccountErrc::other_account;
    }
    return {};
}

Result<> Account::take_one(const event::Group& group) {
    return guarded([&] { pipeline_.accept(group); });
}

Result<> Account::take_one(const event::Envelope& envelope) {
    if (envelope.account != name_) {
        return AccountErrc::other_account;
    }
    return guarded([&] {
        const Accepted accepted = pipeline_.accept(envelope);
        const TimePoint now = clock_.now();
        if (std::string line = event_line(name_, envelope, accepted, now); !line.empty()) {
            untold_.push_back({now, std::move(line)});
        }
    });
}

void Account::commit_if_due() {
    if (const auto due = pipeline_.commit_due(); due && *due <= clock_.now()) {
        flush();
    }
}

void Account::flush() {
    (void)guarded([this] { pipeline_.flush(); }); // a failure is kept, and shown by failure()
}

void Account::tell_what_is_durable() {
    if (pipeline_.commit_due()) {
        return; // a group is open: its events wait for its commit
    }
    if (const std::uint64_t commits = pipeline_.counts().commits; commits != commits_told_) {
        commits_told_ = commits;
        failure_.reset();
    }
    for (Told& told : untold_) {
        events_.add(told.at, name_, std::move(told.line));
    }
    untold_.clear();
}

std::optional<std::uint64_t> Account::take_acknowledgement() {
    const std::uint64_t commits = pipeline_.counts().commits;
    if (commits == commits_acknowledged_) {
        return std::nullopt;
    }
    commits_acknowledged_ = commits;
    return pipeline_.durable();
}

bool Account::probe() {
    const Result<> works = guarded([this] {
        for (const GroupEntry& group : archive_.groups()) {
            archive_.include(group); // as it is: a whole transaction, sealed and synced
            break;
        }
    });
    if (works) {
        failure_.reset();
    }
    return works.has_value();
}

Archive& Account::archive() {
    if (const Result<> done = guarded([this] { pipeline_.flush(); }); !done) {
        throw StorageFailure{failure_.value_or(ArchiveErrc::io)};
    }
    return archive_;
}

event::Group Account::include(const GroupEntry& group) {
    archive().include(group);
    changed();
    return frame_of(group);
}

std::optional<event::Group> Account::exclude(std::string_view jid) {
    const bool removed = archive().exclude(jid);
    changed();
    if (!removed) {
        return std::nullopt;
    }
    return event::Group{.jid = std::string{jid}, .name = "", .currency = "", .included = false};
}

} // namespace vestari::ingest::daemon
