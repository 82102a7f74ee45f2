#include "bridge/live/account.hpp"

#include "bridge/live/machine/machine.hpp"

namespace vestari::live {

std::string_view describe(LiveErrc error) noexcept {
    switch (error) {
    case LiveErrc::already_linked: return "the account is linked already: unlink it first";
    case LiveErrc::not_linked: return "the account is not linked";
    case LiveErrc::not_connected:
        return "the account is not connected, so WhatsApp cannot be told: try again when it is";
    case LiveErrc::busy: return "the account is being linked already";
    case LiveErrc::shut_by_guard: return "the account was shut by a defect: restart the bridge";
    }
    return "unknown account error";
}

Account::Account(Settings settings, store::SessionDatabase& database, Lease& lease,
                 const Clock& clock, Random& random, Observer& observer, Instant now)
    : machine_{std::make_unique<Machine>(std::move(settings), database, lease, clock, random,
                                         observer, now)} {}
Account::~Account() = default;

bool Account::wants_connection() const { return machine_->wants_connection(); }
Instant Account::wake_at() const { return machine_->wake_at(); }
void Account::tick(Instant now) { machine_->tick(now); }
void Account::opened(Instant now) { machine_->opened(now); }
void Account::received(BytesView bytes, Instant now) { machine_->received(bytes, now); }
void Account::closed(const CloseInfo& info, Instant now) { machine_->closed(info, now); }
Bytes Account::take_output() { return machine_->take_output(); }
bool Account::reading_paused() const { return machine_->reading_paused(); }
void Account::shut_down(Instant now) { machine_->shut_down(now); }

Result<> Account::link(const LinkOptions& options, Instant now) {
    return machine_->link(options, now);
}
void Account::cancel_link(Instant now) { machine_->cancel_link(now); }
Result<> Account::unlink(Instant now) { return machine_->unlink(now); }
void Account::set_groups(std::vector<event::Group> groups, Instant now) {
    machine_->set_groups(std::move(groups), now);
}
void Account::reconnect(Instant now) { machine_->reconnect(now); }
void Account::version_found(const link::Version& version, Instant now) {
    machine_->version_found(version, now);
}
void Account::rest() { machine_->rest(); }
void Account::spool_shrank(Instant now) { machine_->spool_shrank(now); }
void Account::set_capture(std::function<void(const receive::Captured&)> capture) {
    machine_->set_capture(std::move(capture));
}
Status Account::status() const { return machine_->status(); }
const std::vector<GroupInfo>& Account::groups() const { return machine_->groups(); }

} // namespace vestari::live
