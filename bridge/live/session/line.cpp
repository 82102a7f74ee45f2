#include "bridge/live/session/line.hpp"

#include "bridge/noise/errors.hpp"

namespace vestari::live {

Line::Line(Identity identity)
    : client_payload_{std::move(identity.client_payload)}, own_{std::move(identity.own)},
      routed_{!identity.routing_info.empty()} {
    handshake_.emplace(identity.key, identity.root, identity.routing_info);
    output_ = handshake_->hello();
}

Line::~Line() = default;

Result<> Line::finish(BytesView server_hello, TimePoint now) {
    Result<noise::Finished> finished =
        std::move(*handshake_).finish(server_hello, client_payload_, now);
    handshake_.reset();
    crypto::wipe(client_payload_);
    if (!finished) {
        return finished.error();
    }
    write(std::move(finished->client_finish));
    port_.emplace(std::move(finished->sealing), outbound::Guard{own_},
                  static_cast<outbound::Sink&>(*this));
    opening_.emplace(std::move(finished->opening));
    return {};
}

Result<std::optional<Bytes>> Line::next(TimePoint now) {
    for (;;) {
        Result<std::optional<BytesView>> frame = frames_.next();
        if (!frame) {
            return frame.error();
        }
        if (!*frame) {
            return std::optional<Bytes>{};
        }
        if (opening_) {
            Result<Bytes> plain = opening_->open(**frame);
            if (!plain) {
                return plain.error();
            }
            return std::optional<Bytes>{std::move(*plain)};
        }
        if (!handshake_) {
            return noise::NoiseErrc::malformed_hello; // it failed before
        }
        if (const Result<> done = finish(**frame, now); !done) {
            return done.error();
        }
    }
}

Result<> Line::send(const outbound::Outbound& stanza) {
    VESTARI_CHECK(port_.has_value());
    return port_->send(stanza);
}

void Line::write(Bytes frame) { append(output_, frame); }

Bytes Line::take_output() { return std::exchange(output_, {}); }

} // namespace vestari::live
