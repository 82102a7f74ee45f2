#include "bridge/net/page_fetch.hpp"

#include <exception>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "bridge/net/dial.hpp"

namespace vestari::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

constexpr const char* page = "/sw.js";
constexpr unsigned http_11 = 11;
constexpr std::size_t max_header = std::size_t{32} << 10U;
constexpr const char* browser =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36";

http::request<http::empty_body> request_to(const Peer& peer) {
    http::request<http::empty_body> request{http::verb::get, page, http_11};
    request.set(http::field::host, authority_of(peer));
    request.set(http::field::user_agent, browser);
    request.set(http::field::accept, "*/*");
    request.set("Sec-Fetch-Site", "none");
    request.set(http::field::connection, "close");
    return request;
}

} // namespace

class PageFetch::Session : public std::enable_shared_from_this<Session> {
public:
    Session(const asio::any_io_executor& strand, const Endpoint& endpoint, Handler handler,
            const Timeouts& timeouts)
        : strand_{strand}, peer_{endpoint.peer}, timeouts_{timeouts}, handler_{std::move(handler)},
          resolver_{strand}, deadline_{strand} {}

    void start() {
        expire();
        auto run_whole = run(shared_from_this());
        asio::co_spawn(strand_, std::move(run_whole),
                       [self = shared_from_this()](const std::exception_ptr& failed) {
                           if (failed) {
                               self->finish(CloseReason{Failure::lost});
                           }
                       });
    }

    void abandon() {
        handler_ = nullptr;
        abort();
    }

private:
    asio::awaitable<void> run(std::shared_ptr<Session> self) {
        co_await asio::post(strand_, asio::use_awaitable); // no answer from within start()
        if (!stop_.requested) {
            Page fetched = co_await fetch();
            finish(std::move(fetched));
        }
        static_cast<void>(self);
    }

    asio::awaitable<Page> fetch() {
        auto context = context_for(peer_);
        if (!context) {
            co_return context.error();
        }
        stream_.emplace(strand_, **context);
        const std::optional<CloseReason> failed =
            co_await dial(resolver_, *stream_, peer_, timeouts_.open, stop_);
        if (failed || stop_.requested) {
            co_return failed.value_or(CloseReason{Failure::timed_out});
        }
        expire(); // anew for the answer
        const http::request<http::empty_body> request = request_to(peer_);
        const auto [unsent, sent] = co_await http::async_write(*stream_, request, as_result);
        if (unsent) {
            co_return reason_of(unsent);
        }
        http::response_parser<http::string_body> parser;
        parser.header_limit(max_header);
        parser.body_limit(max_page);
        beast::flat_buffer buffer{max_header + max_page};
        const auto [unread, read] =
            co_await http::async_read_header(*stream_, buffer, parser, as_result);
        if (unread) {
            co_return reason_of(unread);
        }
        if (parser.get().result() != http::status::ok) {
            co_return CloseReason{Failure::http_status, parser.get().result_int()};
        }
        const auto [cut, rest] = co_await http::async_read(*stream_, buffer, parser, as_result);
        if (cut) {
            co_return reason_of(cut);
        }
        co_return std::move(parser.get().body());
    }

    void expire() {
        deadline_.expires_after(timeouts_.open);
        deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
            if (!cancelled) {
                self->finish(CloseReason{Failure::timed_out});
            }
        });
    }

    void finish(Page fetched) {
        if (stop_.requested) {
            return;
        }
        abort();
        if (const Handler handler = std::exchange(handler_, nullptr)) {
            handler(std::move(fetched));
        }
    }

    void abort() {
        stop_.requested = true;
        resolver_.cancel();
        deadline_.cancel();
        if (stream_) {
            beast::get_lowest_layer(*stream_).close();
        }
    }

    asio::any_io_executor strand_;
    Peer peer_;
    Timeouts timeouts_;
    Handler handler_;
    asio::ip::tcp::resolver resolver_;
    asio::steady_timer deadline_;
    std::optional<TlsStream> stream_;
    Stop stop_;
};

std::unique_ptr<PageFetch> PageFetch::start(const asio::any_io_executor& strand,
                                            const Endpoint& endpoint, Handler handler,
                                            const Timeouts& timeouts) {
    auto session = std::make_shared<Session>(strand, endpoint, std::move(handler), timeouts);
    session->start();
    return std::unique_ptr<PageFetch>{new PageFetch{std::move(session)}};
}

PageFetch::PageFetch(std::shared_ptr<Session> session) : session_{std::move(session)} {}
PageFetch::~PageFetch() { session_->abandon(); }

} // namespace vestari::net
