// Fetches one small text page over HTTPS: the page that names the client's current version. A second outbound connection, so it is
// made only if the configuration allows it (whatsapp.version_lookup).
//
// Invariants  TLS as for the connection itself (connection.hpp); no cookies, no redirects, no compression asked for; at most
//             `max_page` bytes are held. Exactly one call of the handler, none after destruction.
// Threads     on the executor's strand, as Connection.
// Errors      CloseReason; Failure::too_long for a longer page, http_status for any status but 200.
// Source      wire/10-connection.md section 7.4.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/system/result.hpp>

#include "bridge/net/connection.hpp"

namespace vestari::net {

inline constexpr std::size_t max_page = std::size_t{2} << 20U;

class PageFetch {
public:
    using Page = boost::system::result<std::string, CloseReason>;
    using Handler = std::function<void(Page)>;

    // The page /sw.js at the endpoint's host.
    static std::unique_ptr<PageFetch> start(const boost::asio::any_io_executor& strand,
                                            const Endpoint& endpoint, Handler handler,
                                            const Timeouts& timeouts = {});
    PageFetch(const PageFetch&) = delete;
    PageFetch& operator=(const PageFetch&) = delete;
    ~PageFetch(); // cancels

private:
    class Session;
    explicit PageFetch(std::shared_ptr<Session> session);
    std::shared_ptr<Session> session_;
};

} // namespace vestari::net
