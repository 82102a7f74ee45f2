// The port at work: what passes arrives at the other end, what does not leaves no byte and ends it.
#include <doctest/doctest.h>

#include "bridge/noise/frame_reader.hpp"
#include "bridge/noise/handshake.hpp"
#include "bridge/outbound/port.hpp"
#include "tests/support/noise_responder.hpp"
#include "tests/unit/bridge/outbound/support.hpp"

using namespace vestari;
using namespace vestari::test;
using outbound::GuardErrc;
using outbound::Port;

static_assert(!std::is_copy_constructible_v<Port>);
template <class T>
concept sends = requires(Port& port, T stanza) { port.send(stanza); };
static_assert(sends<out::Ping> && sends<outbound::Outbound>);
static_assert(!sends<wire::OutNode> && !sends<const wire::Node&> && !sends<Bytes> &&
              !sends<BytesView> && !sends<std::string>);

namespace {

const TimePoint now{std::chrono::milliseconds{1'790'000'000'000}};
const NoiseAuthority authority{1};

BytesView body(const Bytes& frame) { return BytesView{frame}.subspan(noise::frame_header_bytes); }

struct Socket final : outbound::Sink {
    std::vector<Bytes> frames;
    void write(Bytes frame) override { frames.push_back(std::move(frame)); }
};

// A connection after its handshake.
struct Connected {
    NoiseResponder server{authority, 2};
    Socket socket;
    Port port{sealing(), outbound::Guard{own_account()}, socket};

    noise::Sealing sealing() {
        noise::ClientHandshake handshake{
            crypto::NoiseKeyPair::generate(), authority.root_key(), {}};
        const Bytes first = handshake.hello();
        const Introduction intro = read_introduction(first).value().value();
        const Bytes hello =
            server.hello(BytesView{first}.subspan(intro.length + noise::frame_header_bytes), now)
                .value();
        noise::Finished finished =
            std::move(handshake).finish(body(hello), as_bytes("payload"), now).value();
        REQUIRE(server.finish(body(finished.client_finish)).has_value());
        return std::move(finished.sealing);
    }
};

} // namespace

TEST_CASE("port: every kind arrives as it was encoded, one frame a stanza, in order") {
    Connected connected;
    const Stanzas all = every_kind();
    for (const outbound::Outbound& stanza : all) {
        CHECK(connected.port.send(stanza).has_value());
    }
    REQUIRE(connected.socket.frames.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(connected.server.open(body(connected.socket.frames[i])).value() == encoded(all[i]));
    }
}

TEST_CASE("port: a stanza that the guard refuses leaves no byte, and nothing leaves after it") {
    const outbound::Outbound refused[] = {
        out::Unlink{RequestIds::make(1), jid("15551234567:6@s.whatsapp.net")},
        out::Unlink{RequestIds::make(1), jid("15551234567@s.whatsapp.net")},
        out::SenderReceipt{direct_message()},
        out::SenderReceipt{group_message()},
        out::PeerReceipt{direct_message()},
        out::HistoryReceipt{group_message()},
        out::InactiveReceipt{{text("A"), jid("120363144038483540@newsletter")}},
        out::InactiveReceipt{
            {text("A"), jid("status@broadcast"), jid("15557654321@s.whatsapp.net")}},
        out::AppStateRead{RequestIds::make(1), {}},
        out::PairDeviceSign{out::AnsweredId{text("1")}, 1, {}},
    };
    for (const outbound::Outbound& stanza : refused) {
        CAPTURE(stanza.index());
        Connected connected;
        REQUIRE(connected.port.send(out::Ping{RequestIds::make(1)}).has_value());
        CHECK(connected.port.send(stanza).error() == GuardErrc::not_allowed);
        CHECK(connected.port.send(stanza).error() == GuardErrc::shut);
        CHECK(connected.port.send(out::Ping{RequestIds::make(2)}).error() == GuardErrc::shut);
        CHECK(connected.socket.frames.size() == 1);
    }
}

TEST_CASE("port: one account's refusal is its own") {
    Connected first;
    Connected second;
    CHECK(first.port.send(out::PeerReceipt{direct_message()}).error() == GuardErrc::not_allowed);
    CHECK(second.port.send(out::PeerReceipt{own_message()}).has_value());
    CHECK(second.socket.frames.size() == 1);
}
