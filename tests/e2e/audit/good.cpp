// A small program that sends as the shipped one does: what the audit has to accept.
#include <cstdio>

#include "bridge/noise/handshake.hpp"
#include "bridge/outbound/port.hpp"

using namespace vestari;

namespace {
struct Out final : outbound::Sink {
    void write(Bytes frame) override { std::printf("%zu\n", frame.size()); }
};
} // namespace

int main(int count, char** words) {
    const noise::StaticKey device = crypto::NoiseKeyPair::generate();
    noise::ClientHandshake handshake{device, noise::RootKey{}, {}};
    Result<noise::Finished> finished =
        std::move(handshake).finish(as_bytes(count > 1 ? words[1] : ""), {}, SystemClock{}.now());
    if (!finished) {
        return 0;
    }
    Out out;
    outbound::Port port{std::move(finished->sealing), outbound::Guard{{}}, out};
    return port.send(outbound::out::Pong{}).has_value() ? 0 : 1;
}
