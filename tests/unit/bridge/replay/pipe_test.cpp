#include "bridge/replay/pipe.hpp"

#include <array>

#include <doctest/doctest.h>
#include <unistd.h>

using namespace vestari;
using namespace vestari::replay;

namespace {

// Both directions of a pipe between two ends in one process.
struct Ends {
    std::array<int, 2> to_bridge{};
    std::array<int, 2> to_ingest{};
    Ends() {
        REQUIRE(::pipe(to_bridge.data()) == 0);
        REQUIRE(::pipe(to_ingest.data()) == 0);
    }
    Ends(const Ends&) = delete;
    Ends& operator=(const Ends&) = delete;
    ~Ends() {
        for (const int fd : {to_bridge[0], to_bridge[1], to_ingest[0], to_ingest[1]}) {
            ::close(fd);
        }
    }
    void say(const event::Frame& frame) const {
        const Bytes bytes = event::encode(frame);
        REQUIRE(::write(to_bridge[1], bytes.data(), bytes.size()) ==
                static_cast<ssize_t>(bytes.size()));
    }
};

Bytes envelope(std::uint64_t sequence) {
    event::Envelope envelope;
    envelope.account = "main";
    envelope.chat = "1@g.us";
    envelope.id = "A";
    envelope.sender.lid = "1@lid";
    envelope.sequence = sequence;
    return event::encode(event::Frame{envelope});
}

} // namespace

TEST_CASE("pipe: keys come first, anything else is refused") {
    {
        const Ends ends;
        event::Keys keys;
        keys.account = "main";
        keys.session_key = Bytes(32, std::byte{1});
        keys.index_key = Bytes(32, std::byte{2});
        ends.say(event::Frame{keys});
        Pipe pipe{ends.to_bridge[0], ends.to_ingest[1]};
        CHECK(pipe.receive_keys().value() == keys);
    }
    const Ends ends;
    ends.say(event::Frame{event::Ack{1}});
    Pipe pipe{ends.to_bridge[0], ends.to_ingest[1]};
    CHECK(pipe.receive_keys().error() == PipeErrc::keys_missing);
}

TEST_CASE("pipe: drain waits for the acknowledgement of what was sent last") {
    const Ends ends;
    Pipe pipe{ends.to_bridge[0], ends.to_ingest[1]};
    REQUIRE(pipe.send_spooled(41, envelope(41)));
    REQUIRE(pipe.send_spooled(42, envelope(42)));
    CHECK(pipe.acknowledged() == 40); // the spool started there
    ends.say(event::Frame{event::Ack{42}});
    REQUIRE(pipe.drain());
    CHECK(pipe.acknowledged() == 42);
}

TEST_CASE("pipe: an acknowledgement of what was never sent is refused") {
    const Ends ends;
    Pipe pipe{ends.to_bridge[0], ends.to_ingest[1]};
    REQUIRE(pipe.send_spooled(1, envelope(1)));
    ends.say(event::Frame{event::Ack{2}});
    CHECK(pipe.drain().error() == PipeErrc::not_a_frame);
}

TEST_CASE("pipe: the other end gone is an error, not a wait") {
    Ends ends;
    Pipe pipe{ends.to_bridge[0], ends.to_ingest[1]};
    REQUIRE(pipe.send_spooled(1, envelope(1)));
    ::close(ends.to_bridge[1]);
    ends.to_bridge[1] = ::dup(ends.to_ingest[1]); // something for the destructor
    CHECK(pipe.drain().error() == PipeErrc::closed);
}
