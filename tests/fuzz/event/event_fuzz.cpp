// Property: however the bytes on the pipe are cut into pieces, the same frames and errors come out; what is accepted keeps the
// bounds of the codec and encodes to bytes that decode to the same frame.
//
// Input: the first byte is the size of a piece, the rest is the stream.
#include <algorithm>
#include <cstdint>

#include "vestari/base/check.hpp"
#include "vestari/event/codec.hpp"

namespace {

using namespace vestari;
using namespace vestari::event;

struct Outcome {
    std::vector<Frame> frames;
    std::vector<ErrorCode> errors;
    bool operator==(const Outcome&) const = default;
};

Outcome read_in_pieces(BytesView stream, std::size_t piece) {
    Outcome outcome;
    FrameReader reader;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        reader.feed(stream.subspan(at, std::min(piece, stream.size() - at)));
        for (;;) {
            Result<std::optional<Frame>> next = reader.next();
            if (!next) {
                outcome.errors.push_back(next.error());
                if (next.error() == EventErrc::too_long) {
                    return outcome; // a length, or a field: either way nothing is expected to follow
                }
                continue;
            }
            if (!*next) {
                break;
            }
            outcome.frames.push_back(std::move(**next));
        }
    }
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const BytesView stream = std::as_bytes(std::span{data + 1, size - 1});
    const Outcome whole = read_in_pieces(stream, std::max<std::size_t>(stream.size(), 1));
    VESTARI_CHECK(whole == read_in_pieces(stream, std::size_t{data[0]} + 1));
    for (const Frame& frame : whole.frames) {
        const Bytes encoded = encode(frame);
        const Result<Frame> again = decode(BytesView{encoded}.subspan(4));
        VESTARI_CHECK(again && *again == frame);
    }
    static_cast<void>(decode(stream));
    return 0;
}
