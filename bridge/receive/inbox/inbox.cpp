#include "bridge/receive/inbox.hpp"

#include "bridge/receive/inbox/parts.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

Inbox::Inbox(store::SessionDatabase& database, InboxOptions options, const Clock& clock)
    : parts_{std::make_unique<Parts>(database, std::move(options), clock)} {}
Inbox::~Inbox() = default;

Inbox::Took Inbox::take(BytesView frame, TimePoint at, ConnectionNumber connection) {
    if (full()) {
        return Took::full;
    }
    parts_->work(connection, [&] { parts_->stanza(frame, at); });
    return Took::yes;
}

void Inbox::learn(std::span<const std::pair<Jid, Jid>> mappings, TimePoint at,
                  ConnectionNumber connection) {
    if (!mappings.empty() && parts_->receiver) {
        parts_->work(connection, [&] {
            for (const auto& [lid, phone] : mappings) {
                parts_->learn(lid, phone, at);
            }
        });
    }
}

void Inbox::tick(TimePoint now, ConnectionNumber connection) {
    if (const auto due = parts_->resends.next_due(); due && *due <= now) {
        parts_->work(connection, [&] { parts_->ask_again(now); });
    }
}

std::optional<TimePoint> Inbox::wake_at() const { return parts_->resends.next_due(); }

std::size_t Inbox::batched() const noexcept { return parts_->batch ? parts_->batch->pieces : 0; }

std::vector<outbound::Outbound> Inbox::commit() {
    parts_->commit();
    return std::exchange(parts_->ready.stanzas, {});
}

void Inbox::roll_back() noexcept { parts_->roll_back(); }

std::vector<Notice> Inbox::take_notices() { return std::exchange(parts_->ready.notices, {}); }

bool Inbox::spooled() noexcept { return std::exchange(parts_->spooled, false); }

bool Inbox::full() const { return parts_->spool.bytes() >= parts_->options.spool_max_bytes; }

void Inbox::set_included(route::IncludeList included) { parts_->set_included(std::move(included)); }

void Inbox::set_device(route::Own own, Bytes device_identity) {
    VESTARI_CHECK(!parts_->batch); // between two connections
    parts_->options.own = std::move(own);
    parts_->resends.set_device_identity(std::move(device_identity));
    parts_->make_receiver();
}

void Inbox::use_receipts() { parts_->use_receipts(); }

void Inbox::housekeeping(TimePoint now) { parts_->housekeeping(now); }

void Inbox::rest() {
    if (parts_->receiver) {
        parts_->receiver->rest();
    }
    parts_->roots.rest();
    parts_->decoder.rest();
}

std::optional<GroupActivity> Inbox::activity(std::string_view group) const {
    const store::Activity* const open =
        parts_->batch ? parts_->batch->activity(std::string{group}) : nullptr;
    const std::optional<store::Activity> found =
        open != nullptr ? std::optional{*open} : parts_->activities.load(group);
    if (!found) {
        return std::nullopt;
    }
    return GroupActivity{found->last_at, found->messages, found->usual, found->longest};
}

const Tally& Inbox::tally() const noexcept {
    static const Tally nothing;
    return parts_->receiver ? parts_->receiver->tally() : nothing;
}

void Inbox::set_observer(std::function<void(const Captured&)> observer) {
    parts_->observer = std::move(observer);
    parts_->watch();
}

} // namespace vestari::receive
