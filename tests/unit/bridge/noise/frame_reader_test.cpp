#include <doctest/doctest.h>

#include "bridge/noise/errors.hpp"
#include "bridge/noise/frame_reader.hpp"
#include "tests/unit/bridge/noise/support.hpp"

using namespace vestari;
using namespace vestari::noise;

namespace {

Bytes frame_of(std::size_t length) { return framed(Bytes(length, std::byte{0x5a})).value(); }

} // namespace

TEST_CASE("frames: framing.json is cut as it says, however the stream is split") {
    const test::json::value file = test::connection_vectors("framing.json");
    std::size_t cases = 0;
    for (const test::json::value& item : file.at("cases").as_array()) {
        CAPTURE(item.at("name").as_string().c_str());
        FrameReader reader;
        std::vector<std::string> frames;
        for (const test::json::value& message : item.at("websocket_messages_hex").as_array()) {
            reader.feed(from_hex(message.as_string().c_str()).value());
            for (auto next = reader.next(); *next; next = reader.next()) {
                frames.push_back(to_hex(**next));
            }
        }
        std::vector<std::string> wanted;
        for (const test::json::value& frame : item.at("frames_hex").as_array()) {
            wanted.emplace_back(frame.as_string().c_str());
        }
        CHECK(frames == wanted);
        CHECK(reader.held() == 0);
        ++cases;
    }
    CHECK(cases == 5);
}

TEST_CASE("frames: one over the limit is refused by its length alone, and for ever") {
    struct Row {
        std::size_t limit;
        std::size_t length;
        bool refused;
    };
    const Row rows[] = {
        {max_frame_before_login, max_frame_before_login, false},
        {max_frame_before_login, max_frame_before_login + 1, true},
        {max_frame_bytes, max_frame_before_login + 1, false},
        {max_frame_bytes, max_frame_bytes, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.length);
        FrameReader reader;
        reader.set_limit(row.limit);
        const Bytes frame = frame_of(row.length);
        reader.feed(BytesView{frame}.first(frame_header_bytes));
        if (row.refused) {
            CHECK(reader.next().error() == NoiseErrc::frame_too_long);
            reader.feed(frame_of(1));
            CHECK(reader.next().error() == NoiseErrc::frame_too_long);
            CHECK(reader.held() == 0);
        } else {
            CHECK_FALSE(reader.next().value());
            reader.feed(BytesView{frame}.subspan(frame_header_bytes));
            CHECK(reader.next().value()->size() == row.length);
            CHECK_FALSE(reader.next().value());
        }
    }
}

TEST_CASE("frames: a limit that is raised between two frames holds for the next one") {
    FrameReader reader;
    Bytes stream = frame_of(10);
    append(stream, frame_of(max_frame_before_login + 1));
    reader.feed(stream);
    CHECK(reader.next().value()->size() == 10);
    reader.set_limit(max_frame_bytes);
    CHECK(reader.next().value()->size() == max_frame_before_login + 1);
}

TEST_CASE("frames: a long run of small ones holds no more than one feed") {
    FrameReader reader;
    const Bytes frame = frame_of(100);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < 10'000; ++i) {
        const std::size_t cut = 1 + i % (frame.size() - 1);
        reader.feed(BytesView{frame}.first(cut));
        CHECK_FALSE(*reader.next());
        reader.feed(BytesView{frame}.subspan(cut));
        while (*reader.next()) {
            ++seen;
        }
        REQUIRE(reader.held() == 0);
    }
    CHECK(seen == 10'000);
}

TEST_CASE("frames: at rest between two feeds, half a frame is not lost") {
    const Bytes frame = frame_of(5);
    FrameReader reader;
    for (std::size_t first = 0; first <= frame.size(); ++first) {
        CAPTURE(first);
        reader.feed(BytesView{frame}.first(first));
        reader.rest();
        reader.feed(BytesView{frame}.subspan(first));
        const auto next = reader.next();
        REQUIRE(next->has_value());
        CHECK((*next)->size() == 5);
        reader.rest();
        CHECK(reader.held() == 0);
    }
}

TEST_CASE("frames: ours are refused at 2^24 bytes") {
    CHECK(framed(Bytes(max_frame_bytes)).value().size() == max_frame_bytes + 3);
    CHECK(framed(Bytes(max_frame_bytes + 1)).error() == NoiseErrc::frame_too_large);
}
