#include "bridge/daemon/capture/capture.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "bridge/receive/inbox.hpp"
#include "vestari/base/utf8.hpp"

namespace vestari::daemon {

using boost::json::array;
using boost::json::object;

std::string capture_header(const Pseudonyms& pseudonyms,
                           const std::vector<event::Group>& included) {
    array groups;
    array include;
    for (const event::Group& group : included) {
        const std::string jid = pseudonyms.text(group.jid);
        object entry{{"jid", jid}, {"name", "Group " + std::to_string(groups.size() + 1)}};
        if (!group.currency.empty()) {
            entry["currency"] = group.currency;
        }
        groups.push_back(std::move(entry));
        include.emplace_back(jid);
    }
    return boost::json::serialize(object{{"vestari_capture", 1},
                                         {"note", "captured by vestari-bridge; pseudonyms"},
                                         {"me", {{"pn", "15550100001:5@s.whatsapp.net"}}},
                                         {"groups", std::move(groups)},
                                         {"include", std::move(include)}});
}

std::string capture_line(const Pseudonyms& pseudonyms, const receive::Captured& message) {
    const std::string& sender = message.sender.lid.empty() ? message.sender.pn : message.sender.lid;
    return boost::json::serialize(
        object{{"at", message.at.time_since_epoch().count()},
               {"content",
                {{"chat", to_valid_utf8(pseudonyms.text(message.chat))},
                 {"sender", to_valid_utf8(pseudonyms.text(sender))},
                 {"id", to_valid_utf8(pseudonyms.text(message.id))},
                 {"message", to_hex(pseudonyms.message(message.message))}}}});
}

} // namespace vestari::daemon
