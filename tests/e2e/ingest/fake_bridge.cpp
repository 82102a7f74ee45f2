// The bridge's end of the pipe without a bridge: hands a number of messages over to vestari-ingest and waits until all of them are
// acknowledged, whatever happens to it meanwhile.
//
//     fake_bridge SOCKET COUNT SEED
//
// It breaks connections off and sends messages twice, at moments that the seed decides. Prints one line at the end and exits 0.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "vestari/event/codec.hpp"
#include "vestari/service/process/unix_socket.hpp"

namespace {

using namespace vestari;

constexpr const char* chat = "120363040000000001@g.us";
constexpr std::uint64_t window = 512; // envelopes under way

event::Envelope message(std::uint64_t number) {
    event::Envelope envelope;
    envelope.account = "main";
    envelope.sequence = number;
    envelope.chat = chat;
    envelope.sender = {"874574165550" + std::to_string(number % 7) + "@lid", ""};
    envelope.push_name = "Dealer";
    envelope.id = "FAKE" + std::to_string(number);
    envelope.sent_at = TimePoint{std::chrono::seconds{1'772'625'600 + static_cast<int>(number)}};
    envelope.kind = event::Kind::text;
    envelope.text = fmt::format("WTS Rolex 126610LN full set {},{:03} hkd", 80 + number / 1000,
                                number % 1000); // a price with its comma is never a reference
    return envelope;
}

class Bridge {
public:
    Bridge(std::uint64_t count, std::uint32_t seed) : count_{count}, random_{seed} {}

    bool done() const { return acknowledged_ == count_; }

    // One connection, to its end.
    void serve(int socket) {
        event::FrameReader reader;
        bool greeted = false;
        std::uint64_t next = acknowledged_ + 1;
        const std::uint64_t breaks_after = 200 + random_() % 1500;
        for (std::uint64_t sent = 0; !done() && sent < breaks_after;) {
            const bool may_send = greeted && next <= count_ && next <= acknowledged_ + window;
            if (!read_some(socket, reader, greeted, may_send ? 0 : 1000)) {
                return;
            }
            if (greeted && next <= count_ && next <= acknowledged_ + window) {
                if (!send(socket, message(next)) ||
                    (random_() % 50 == 0 && !send(socket, message(next)))) {
                    return;
                }
                ++next;
                ++sent;
            }
        }
    }

private:
    bool send(int socket, const event::Frame& frame) {
        const Bytes bytes = event::encode(frame);
        for (std::size_t sent = 0; sent < bytes.size();) {
            const ssize_t put =
                ::send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (put < 0 && errno != EAGAIN) {
                return false;
            }
            if (put < 0) {
                pollfd writable{socket, POLLOUT, 0};
                ::poll(&writable, 1, 1000);
                continue;
            }
            sent += static_cast<std::size_t>(put);
        }
        return true;
    }

    bool read_some(int socket, event::FrameReader& reader, bool& greeted, int wait) {
        pollfd readable{socket, POLLIN, 0};
        if (::poll(&readable, 1, wait) <= 0) {
            return true;
        }
        Bytes block(65'536);
        const ssize_t got = ::recv(socket, block.data(), block.size(), 0);
        if (got <= 0) {
            return got < 0 && errno == EAGAIN;
        }
        reader.feed(BytesView{block}.first(static_cast<std::size_t>(got)));
        for (auto frame = reader.next(); frame && *frame; frame = reader.next()) {
            if (std::holds_alternative<event::Keys>(**frame)) {
                event::Hello hello;
                hello.program = "fake_bridge";
                hello.account = "main";
                greeted =
                    send(socket, hello) && send(socket, event::Group{chat, "Dealers", "HKD", true});
            } else if (const auto* ack = std::get_if<event::Ack>(&**frame)) {
                if (ack->sequence < acknowledged_ || ack->sequence > count_) {
                    fmt::print("acknowledged {} after {}\n", ack->sequence, acknowledged_);
                    std::exit(1);
                }
                acknowledged_ = ack->sequence;
            }
        }
        return true;
    }

    std::uint64_t count_;
    std::uint64_t acknowledged_ = 0; // as in the spool: what is acknowledged is gone
    std::mt19937 random_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 4) {
        return 64;
    }
    service::ListenOptions options;
    options.path = argv[1];
    auto listener = service::UnixListener::open(options);
    if (!listener) {
        fmt::print("{}\n", listener.error().message());
        return 74;
    }
    Bridge bridge{std::strtoull(argv[2], nullptr, 10),
                  static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10))};
    std::uint64_t connections = 0;
    while (!bridge.done()) {
        pollfd readable{listener->descriptor(), POLLIN, 0};
        ::poll(&readable, 1, 1000);
        if (const Descriptor client = listener->accept()) {
            ++connections;
            bridge.serve(client.get());
        }
    }
    fmt::print("all acknowledged, over {} connections\n", connections);
    return 0;
}
