#include "ingest/daemon/pipe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <sys/socket.h>

#include "vestari/crypto/secret.hpp"
#include "vestari/service/process/unix_socket.hpp"

namespace vestari::ingest::daemon {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t read_at_once = 64U << 10U;
constexpr std::chrono::milliseconds first_wait = 50ms;
constexpr std::chrono::milliseconds longest_wait = 1s;
constexpr std::chrono::milliseconds first_wait_after_failure = 1s;
constexpr std::chrono::milliseconds longest_wait_after_failure = 30s;
constexpr std::chrono::milliseconds longest_open = 20ms; // SETTLED section 8

} // namespace

// One at a time is connected; a handler of an earlier connection finds its number gone.
class Pipe::Line : public std::enable_shared_from_this<Line> {
public:
    Line(boost::asio::io_context& io, std::filesystem::path socket, Account& account,
         Listener listener)
        : path_{std::move(socket)}, account_{account}, listener_{std::move(listener)}, socket_{io},
          again_{io}, commit_{io} {}

    void connect() {
        if (account_.failure() && !account_.probe()) {
            lose(News::storage_failed, AccountErrc::storage);
            return;
        }
        storage_works();
        auto opened = service::connect_unix(path_);
        if (!opened) {
            tell(News::waiting, opened.error());
            retry();
            return;
        }
        const auto peer = service::peer_of(opened->get());
        if (!peer || !service::is_one_of_us(*peer, {"vestari-bridge"})) {
            tell(News::foreign_peer, {});
            failed_ = true;
            retry();
            return;
        }
        boost::system::error_code ignored;
        socket_.assign(::fcntl(opened->get(), F_DUPFD_CLOEXEC, 0), ignored);
        ++connections_;
        reader_.emplace();
        greeted_ = false;
        write(greeting());
        wait_readable();
    }

    void write(Bytes bytes) {
        if (!socket_.is_open()) {
            crypto::wipe(bytes);
            return;
        }
        if (sending_.capacity() - sending_.size() <
            bytes.size()) { // growing would leave keys behind
            Bytes larger;
            larger.reserve(2 * (sending_.size() + bytes.size()));
            append(larger, sending_);
            crypto::wipe(sending_);
            sending_ = std::move(larger);
        }
        append(sending_, bytes);
        crypto::wipe(bytes);
        write_some();
    }

    void stop() {
        stopped_ = true;
        account_.flush();
        acknowledge();
        close();
        again_.cancel();
        commit_.cancel();
    }

    bool connected() const noexcept { return socket_.is_open() && greeted_; }
    std::uint64_t connections() const noexcept { return connections_; }

private:
    // Keys that were not written yet are wiped with the rest.
    void close() {
        boost::system::error_code ignored;
        socket_.close(ignored);
        crypto::wipe(sending_);
        sent_ = 0;
        reader_.reset();
        greeted_ = false;
    }

    Bytes greeting() {
        try {
            return account_.greet();
        } catch (
            const StorageFailure&) { // the include-list cannot be read: the next turn tries again
            lose(News::storage_failed, AccountErrc::storage);
            return {};
        }
    }

    void tell(News news, ErrorCode why) {
        if (told_ != news) {
            told_ = news;
            listener_(news, why);
        }
    }

    void lose(News news, ErrorCode why) {
        close();
        storage_failed_ = storage_failed_ || news == News::storage_failed;
        failed_ = storage_failed_ || news != News::waiting;
        tell(news, why);
        retry();
    }

    void retry() {
        if (stopped_) {
            return;
        }
        const auto first = failed_ ? first_wait_after_failure : first_wait;
        const auto longest = failed_ ? longest_wait_after_failure : longest_wait;
        wait_ = std::clamp(wait_ * 2, first, longest);
        again_.expires_after(wait_);
        again_.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
            if (!stopped && !self->stopped_) {
                self->connect();
            }
        });
    }

    void wait_readable() {
        if (!socket_.is_open()) {
            return;
        }
        socket_.async_wait(
            boost::asio::posix::stream_descriptor::wait_read,
            [self = shared_from_this(), now = connections_](const boost::system::error_code& gone) {
                if (!gone && self->connections_ == now) {
                    self->read_some();
                }
            });
    }

    void read_some() {
        const ssize_t got =
            ::recv(socket_.native_handle(), block_.data(), block_.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            account_.flush();
            lose(News::waiting, {});
            return;
        }
        if (got > 0) {
            reader_->feed(BytesView{block_}.first(static_cast<std::size_t>(got)));
            if (!take_frames()) {
                return;
            }
            account_.commit_if_due();
            after_work();
        }
        wait_readable();
    }

    bool take_frames() {
        for (;;) {
            const auto frame = reader_->next();
            if (!frame) {
                account_.flush();
                lose(News::refused, frame.error());
                return false;
            }
            if (!*frame) {
                return true;
            }
            if (const Result<> taken = account_.take(**frame); !taken) {
                account_.flush(); // what came before it was right
                lose(taken.error() == AccountErrc::storage ? News::storage_failed : News::refused,
                     taken.error());
                return false;
            }
            if (std::holds_alternative<event::Hello>(**frame)) {
                greeted();
            }
        }
    }

    void greeted() {
        greeted_ = true;
        if (!storage_failed_) { // that ends with a commit
            failed_ = false;
            wait_ = 0ms;
            tell(News::connected, {});
        }
    }

    // What a commit has brought about, and when the next one is due.
    void after_work() {
        if (account_.failure()) {
            lose(News::storage_failed, AccountErrc::storage);
            return;
        }
        acknowledge();
        if (!account_.commit_due()) {
            return;
        }
        if (std::exchange(commit_waits_, true)) {
            return;
        }
        commit_.expires_after(longest_open);
        commit_.async_wait([self = shared_from_this()](const boost::system::error_code& stopped) {
            self->commit_waits_ = false;
            if (!stopped && !self->stopped_) {
                self->account_.flush();
                self->after_work();
            }
        });
    }

    void acknowledge() {
        if (const auto durable = account_.take_acknowledgement()) {
            storage_works();
            write(event::encode(event::Ack{*durable}));
        }
    }

    void storage_works() {
        if (storage_failed_ && !account_.failure()) {
            storage_failed_ = failed_ = false;
            wait_ = 0ms;
            tell(News::storage_works, {});
        }
    }

    void write_some() {
        while (sent_ < sending_.size()) {
            const ssize_t sent = ::send(socket_.native_handle(), sending_.data() + sent_,
                                        sending_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && errno == EINTR) {
                continue;
            }
            if (sent < 0 && errno == EAGAIN) {
                wait_writable();
                return;
            }
            if (sent < 0) {
                return; // reading finds it gone
            }
            sent_ += static_cast<std::size_t>(sent);
        }
        crypto::wipe(sending_);
        sent_ = 0;
    }

    void wait_writable() {
        if (std::exchange(write_waits_, true)) {
            return;
        }
        socket_.async_wait(
            boost::asio::posix::stream_descriptor::wait_write,
            [self = shared_from_this(), now = connections_](const boost::system::error_code& gone) {
                self->write_waits_ = false;
                if (!gone && self->connections_ == now) {
                    self->write_some();
                }
            });
    }

    std::filesystem::path path_;
    Account& account_;
    Listener listener_;
    boost::asio::posix::stream_descriptor socket_;
    boost::asio::steady_timer again_;
    boost::asio::steady_timer commit_;
    std::optional<event::FrameReader> reader_;
    std::array<std::byte, read_at_once> block_{};
    Bytes sending_; // may hold keys: wiped when it is through, and when the connection ends
    std::size_t sent_ = 0;
    std::chrono::milliseconds wait_{0};
    std::optional<News> told_;
    std::uint64_t connections_ = 0;
    bool greeted_ = false;
    bool failed_ = false; // the last connection ended for a reason that a quick retry does not mend
    bool storage_failed_ = false;
    bool stopped_ = false;
    bool commit_waits_ = false;
    bool write_waits_ = false;
};

Pipe::Pipe(boost::asio::io_context& io, std::filesystem::path socket, Account& account,
           Listener listener)
    : line_{std::make_shared<Line>(io, std::move(socket), account, std::move(listener))} {}
Pipe::~Pipe() { line_->stop(); }

void Pipe::start() { line_->connect(); }
void Pipe::send(const event::Frame& frame) { line_->write(event::encode(frame)); }
void Pipe::stop() { line_->stop(); }
bool Pipe::connected() const noexcept { return line_->connected(); }
std::uint64_t Pipe::connections() const noexcept { return line_->connections(); }

} // namespace vestari::ingest::daemon
