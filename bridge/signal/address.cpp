#include "bridge/signal/address.hpp"

namespace vestari::signal {

std::optional<Address> address_of(const Jid& jid) {
    if (!jid.is_user()) {
        return std::nullopt;
    }
    std::string name{jid.user()};
    if (jid.server() == server::lid) {
        name += "_1";
    } else if (jid.server() == server::hosted) {
        name += "_128";
    } else if (jid.server() == server::hosted_lid) {
        name += "_129";
    }
    return Address{std::move(name), jid.device()};
}

} // namespace vestari::signal
