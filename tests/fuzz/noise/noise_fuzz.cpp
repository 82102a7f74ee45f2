// A hostile server: its bytes reach the client in pieces, as the first frame or after a handshake that went well.
//
// Input       byte 0: what is tried (see below); byte 1: the size of the pieces; the rest: what the server sends.
// Property    frames come out as a cutter of the whole stream cuts them, whatever the pieces, and no more is held than was fed.
//             A handshake message that our own server did not make leads to an error and to nothing that could be sent. A certificate
//             chain that the root did not sign is refused, also when it comes encrypted as it should. A frame that the server did not
//             seal does not open, and nothing after it.
#include <cstdint>
#include <optional>
#include <vector>

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "bridge/noise/handshake.hpp"
#include "tests/support/noise_responder.hpp"
#include "vestari/base/check.hpp"

namespace vestari {

namespace {

const TimePoint now{std::chrono::seconds{1'790'000'000}};

struct Cut {
    std::vector<Bytes> frames;
    bool refused = false;
    std::size_t left = 0;
    bool operator==(const Cut&) const = default;
};

// Section 2.3, over the stream as a whole.
Cut cut_whole(BytesView stream, std::size_t limit) {
    Cut cut;
    while (stream.size() >= 3) {
        const std::size_t length = read_be<3>(stream);
        if (length > limit) {
            cut.refused = true;
            return cut;
        }
        if (stream.size() - 3 < length) {
            break;
        }
        cut.frames.push_back(to_bytes(stream.subspan(3, length)));
        stream = stream.subspan(3 + length);
    }
    cut.left = stream.size();
    return cut;
}

Cut cut_in_pieces(BytesView stream, std::size_t piece, std::size_t limit) {
    Cut cut;
    noise::FrameReader reader;
    reader.set_limit(limit);
    while (!stream.empty() && !cut.refused) {
        const BytesView part = stream.first(std::min(piece, stream.size()));
        stream = stream.subspan(part.size());
        reader.feed(part);
        for (;;) {
            const Result<std::optional<BytesView>> frame = reader.next();
            if (!frame) {
                cut.refused = true;
                break;
            }
            if (!*frame) {
                break;
            }
            cut.frames.push_back(to_bytes(**frame));
        }
        VESTARI_CHECK(reader.held() <= limit + noise::frame_header_bytes + part.size());
    }
    cut.left = reader.held();
    return cut;
}

const test::NoiseAuthority& authority() {
    static const test::NoiseAuthority shared{1};
    return shared;
}

struct Connected {
    test::NoiseResponder server{authority(), 2};
    std::optional<noise::Finished> client;

    Connected() {
        const noise::StaticKey device = test::noise_key_of(3, "device");
        noise::ClientHandshake handshake{device, authority().root_key(), {}};
        const Bytes first = handshake.hello();
        const Bytes hello = server.hello(BytesView{first}.subspan(7), now).value();
        client = std::move(handshake).finish(BytesView{hello}.subspan(3), {}, now).value();
        VESTARI_CHECK(server.finish(BytesView{client->client_finish}.subspan(3)).has_value());
    }
};

void hostile_hello(BytesView bytes) {
    const noise::StaticKey device = test::noise_key_of(3, "device");
    noise::ClientHandshake handshake{device, authority().root_key(), {}};
    VESTARI_CHECK(!std::move(handshake).finish(bytes, as_bytes("secret"), now).has_value());
}

void hostile_chain(BytesView bytes) {
    const auto server = test::noise_key_of(2, "server static").public_key;
    VESTARI_CHECK(!noise::verify_chain(bytes, noise::whatsapp_root, server, now).has_value());
    const auto with_test_root = noise::verify_chain(bytes, authority().root_key(), server, now);
    // The one valid chain may be found, in this order or with its fields repeated: what counts must then be signed.
    VESTARI_CHECK(!with_test_root.has_value() || bytes.size() >= 200);
}

void hostile_frames(BytesView bytes) {
    Connected connected;
    const Bytes good = connected.server.seal(as_bytes("good"));
    VESTARI_CHECK(connected.client->opening.open(BytesView{good}.subspan(3)).has_value());
    bool sent = false;
    for (const Bytes& frame : cut_whole(bytes, noise::max_frame_bytes).frames) {
        VESTARI_CHECK(!connected.client->opening.open(frame).has_value());
        sent = true;
    }
    const Bytes after = connected.server.seal(as_bytes("after"));
    VESTARI_CHECK(connected.client->opening.open(BytesView{after}.subspan(3)).has_value() != sent);
}

} // namespace

} // namespace vestari

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vestari;
    if (size < 2) {
        return 0;
    }
    const BytesView stream = std::as_bytes(std::span{data, size}).subspan(2);
    const std::size_t limit =
        (data[0] & 4U) != 0 ? noise::max_frame_bytes : noise::max_frame_before_login;
    switch (data[0] & 3U) {
    case 0:
        VESTARI_CHECK(cut_in_pieces(stream, 1U + data[1], limit).frames ==
                      cut_whole(stream, limit).frames);
        VESTARI_CHECK(cut_in_pieces(stream, 1U + data[1], limit).refused ==
                      cut_whole(stream, limit).refused);
        break;
    case 1: hostile_hello(stream); break;
    case 2: hostile_chain(stream); break;
    default: hostile_frames(stream); break;
    }
    return 0;
}
