#include "bridge/signal/sender.hpp"

namespace vestari::signal {

namespace {

bool hosted(const Jid& jid) noexcept {
    return jid.server() == server::hosted || jid.server() == server::hosted_lid;
}

// A bare user of either family, in that family's ordinary form.
std::optional<Jid> plain(const Jid& jid) {
    const std::string_view server = jid.family() == Jid::Family::lid ? server::lid : server::phone;
    const Result<Jid> made = Jid::make(jid.user(), server);
    return made ? std::optional<Jid>{*made} : std::nullopt;
}

std::optional<Jid> user_at(const std::optional<std::string>& user, std::string_view server) {
    if (!user) {
        return std::nullopt;
    }
    const Result<Jid> made = Jid::make(*user, server);
    return made ? std::optional<Jid>{*made} : std::nullopt;
}

} // namespace

std::optional<Sender> resolve(store::SessionDatabase& database, Decryptor& decryptor,
                              const Jid& participant, const std::optional<Jid>& alternative,
                              TimePoint at) {
    if (!participant.is_user()) {
        return std::nullopt;
    }
    store::LidMap map{database};
    std::optional<Jid> lid;
    std::optional<Jid> phone;
    (participant.family() == Jid::Family::lid ? lid : phone) = plain(participant);
    std::optional<Jid>& other = lid ? phone : lid;
    bool learnt = false;
    if (alternative && alternative->is_user() && alternative->family() != participant.family()) {
        other = plain(*alternative);
        if (map.remember(lid->user(), phone->user(), at) == store::LidMap::Change::stored) {
            decryptor.migrate(phone->user(), lid->user());
            learnt = true;
        }
    } else if (lid) {
        phone = user_at(map.phone_of(lid->user()), server::phone);
    } else {
        lid = user_at(map.lid_of(phone->user()), server::lid);
    }

    const Jid& canonical = lid ? *lid : *phone;
    const std::string_view form = lid ? (hosted(participant) ? server::hosted_lid : server::lid)
                                      : std::string_view{participant.server()};
    const Result<Jid> device = Jid::make(canonical.user(), form, participant.device());
    if (!device) {
        return std::nullopt;
    }
    return Sender{*address_of(*device), canonical, phone, lid, learnt};
}

} // namespace vestari::signal
