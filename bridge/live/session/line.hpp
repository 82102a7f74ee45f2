// The encrypted line of one socket: the handshake, then stanzas in and stanzas out.
//
// Invariants  nothing but hello() leaves before the server has proved who it is; every stanza leaves through outbound::Port. Frames are
//             short until logged_in() says that longer ones may come.
// Threads     one owner.
// Errors      next: NoiseErrc. send: GuardErrc (a defect of ours), NoiseErrc, CryptoErrc. After an error the line is of no more use.
// Source      wire/10-connection.md sections 2.2, 2.3, 4.
#pragma once

#include <optional>

#include "bridge/noise/frame_reader.hpp"
#include "bridge/noise/handshake.hpp"
#include "bridge/outbound/port.hpp"
#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"

namespace vestari::live {

class Line final : private outbound::Sink {
public:
    struct Identity {
        noise::StaticKey key;
        noise::RootKey root;
        Bytes routing_info;   // of an earlier connection, or empty
        Bytes client_payload; // who we will be, or are
        outbound::Own own;
    };

    explicit Line(Identity identity); // the hello is in the output
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    ~Line();

    void feed(BytesView bytes) { frames_.feed(bytes); }
    // The next stanza as it leaves the cipher; empty when more bytes are needed. `now` dates the certificates.
    [[nodiscard]] Result<std::optional<Bytes>> next(TimePoint now);
    [[nodiscard]] Result<> send(const outbound::Outbound& stanza); // established() only

    bool established() const noexcept { return opening_.has_value(); }
    bool routed() const noexcept { return routed_; } // routing info was used
    void rest() { frames_.rest(); }
    void logged_in() { frames_.set_limit(noise::max_frame_bytes); }
    Bytes take_output();

private:
    void write(Bytes frame) override;
    Result<> finish(BytesView server_hello, TimePoint now);

    noise::FrameReader frames_;
    std::optional<noise::ClientHandshake> handshake_;
    Bytes client_payload_; // until the handshake is done
    outbound::Own own_;
    std::optional<noise::Opening> opening_;
    std::optional<outbound::Port> port_;
    bool routed_;
    Bytes output_;
};

} // namespace vestari::live
