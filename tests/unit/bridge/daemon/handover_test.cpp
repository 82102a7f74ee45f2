#include "bridge/daemon/pipe/handover.hpp"

#include <array>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>

#include "bridge/daemon/pipe/window.hpp"
#include "tests/support/sessions.hpp"

using namespace vestari;
using namespace vestari::daemon;

namespace {

// Ingest's end of the pipe, in the same thread.
class Ingest {
public:
    Line::Parts connect() {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) ==
                0);
        mine_ = Descriptor{ends[0]};
        reader_ = std::make_unique<event::FrameReader>();
        return {Descriptor{ends[1]}, std::make_unique<event::FrameReader>()};
    }
    void hang_up() { mine_.close(); }
    void say(const event::Frame& frame) { say(event::encode(frame)); }
    void say(BytesView bytes) {
        REQUIRE(::send(mine_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
    }
    // The sequences of the envelopes that have come since the last call.
    std::vector<std::uint64_t> heard() {
        std::vector<std::uint64_t> sequences;
        std::array<std::byte, 65'536> block{};
        for (;;) {
            const ssize_t got = ::recv(mine_.get(), block.data(), block.size(), 0);
            if (got <= 0) {
                return sequences;
            }
            reader_->feed(BytesView{block}.first(static_cast<std::size_t>(got)));
            for (auto frame = reader_->next(); frame && *frame; frame = reader_->next()) {
                sequences.push_back(std::get<event::Envelope>(**frame).sequence);
            }
        }
    }

private:
    Descriptor mine_;
    std::unique_ptr<event::FrameReader> reader_;
};

struct House {
    test::Sessions sessions;
    boost::asio::io_context io;
    store::Spool spool{*sessions};
    Window window{*sessions};
    std::vector<std::string> included;
    std::uint64_t shrank = 0;
    int lost = 0;
    Handover handover{
        boost::asio::any_io_executor{io.get_executor()}, window,
        HandoverHooks{.group = [this](const event::Group& group) { included.push_back(group.jid); },
                      .shrank = [this](std::uint64_t envelopes) { shrank += envelopes; },
                      .lost = [this](const ErrorCode&) { ++lost; }}};
    Ingest ingest;

    void fill(int envelopes) {
        store::Transaction transaction{*sessions};
        for (int i = 0; i < envelopes; ++i) {
            const std::uint64_t sequence = spool.next_sequence();
            event::Envelope envelope;
            envelope.account = "main";
            envelope.sequence = sequence;
            envelope.id = "3EB0";
            spool.append(sequence, event::encode(envelope));
        }
        transaction.commit();
        handover.pump();
    }
    // Lets everything happen that can.
    void turn() {
        io.restart();
        io.poll();
    }
    template <class Condition> void until(Condition&& holds) {
        for (int i = 0; i < 200 && !holds(); ++i) {
            io.restart();
            io.run_for(std::chrono::milliseconds{100});
        }
        CHECK(holds());
    }
};

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t n = first; n <= last; ++n) {
        numbers.push_back(n);
    }
    return numbers;
}

} // namespace

TEST_CASE("handover: the spool goes out in order and is erased when ingest has it") {
    House house;
    house.fill(3);
    house.handover.connect(house.ingest.connect());
    house.handover.pump();
    house.turn();
    CHECK(house.ingest.heard() == from_to(1, 3));
    house.fill(2);
    house.turn();
    CHECK(house.ingest.heard() == from_to(4, 5));
    house.ingest.say(event::Ack{4});
    house.until([&] { return house.spool.rows() == 1; });
    CHECK(house.shrank == 4);
}

TEST_CASE("handover: what was not acknowledged is sent again to the next ingest") {
    House house;
    house.fill(10);
    house.handover.connect(house.ingest.connect());
    house.handover.pump();
    house.turn();
    CHECK(house.ingest.heard() == from_to(1, 10));
    house.ingest.say(event::Ack{6});
    house.turn();
    house.ingest.hang_up();
    house.until([&] { return house.lost == 1; });
    house.fill(5); // spooled while nobody is there
    house.handover.connect(house.ingest.connect());
    house.handover.pump();
    house.turn();
    CHECK(house.ingest.heard() == from_to(7, 15));
    house.ingest.say(event::Ack{15});
    house.until([&] { return house.spool.rows() == 0; });
    house.fill(1);
    house.turn();
    CHECK(house.ingest.heard() == from_to(16, 16));
}

TEST_CASE("handover: an ingest that only listens gets a window's worth and no more") {
    House house;
    house.fill(static_cast<int>(Window::max_unacknowledged) + 500);
    house.handover.connect(house.ingest.connect());
    house.handover.pump();
    std::uint64_t heard = 0;
    for (int i = 0; i < 1000; ++i) {
        house.turn();
        heard += house.ingest.heard().size();
    }
    CHECK(heard == Window::max_unacknowledged);
    house.ingest.say(event::Ack{100});
    house.until([&] {
        heard += house.ingest.heard().size();
        return heard == Window::max_unacknowledged + 100;
    });
}

TEST_CASE("handover: an ingest that is never quite up to date does not make the line grow") {
    House house;
    const Bytes frame(std::size_t{64} << 10U); // larger than what one look reads
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) == 0);
    const Descriptor mine{ends[0]};
    struct Deaf final : Line::Events {
        void arrived(event::Frame&) override {}
        void writable() override {}
        void lost(ErrorCode) override {}
    } deaf;
    Line line{boost::asio::any_io_executor{house.io.get_executor()}, Descriptor{ends[1]},
              std::make_unique<event::FrameReader>(), deaf};
    Bytes block(frame.size());
    for (int i = 0; i < 2000; ++i) {
        while (line.has_room()) {
            line.send(frame);
        }
        REQUIRE(line.held() <= 3 * Line::room);
        static_cast<void>(::recv(mine.get(), block.data(), block.size(), 0));
        house.turn();
    }
}

TEST_CASE("handover: nothing of a batch that is not durable goes out") {
    House house;
    house.handover.connect(house.ingest.connect());
    {
        store::Transaction open{*house.sessions};
        event::Envelope envelope;
        envelope.sequence = house.spool.next_sequence();
        house.spool.append(envelope.sequence, event::encode(envelope));
        house.handover.pump();
        house.turn();
        CHECK(house.ingest.heard().empty());
    } // rolled back
    house.fill(1);
    house.turn();
    CHECK(house.ingest.heard() == from_to(1, 1));
}

TEST_CASE("handover: changes of the include-list arrive, and what is no business of ingest ends "
          "the line") {
    House house;
    house.handover.connect(house.ingest.connect());
    house.ingest.say(event::Group{.jid = "1@g.us", .name = "", .currency = "", .included = true});
    house.until([&] { return house.included == std::vector<std::string>{"1@g.us"}; });
    struct Row {
        std::string_view what;
        Bytes bytes;
    };
    const Row rows[] = {
        {"an acknowledgement of what was never sent", event::encode(event::Ack{999})},
        {"a frame of the other direction", event::encode(event::Hello{})},
        {"rubbish", from_hex("00000003ffffff").value()},
        {"a frame too long", from_hex("7fffffff").value()},
    };
    int lost = 0;
    for (const Row& row : rows) {
        CAPTURE(row.what);
        house.ingest.say(row.bytes);
        ++lost;
        house.until([&] { return house.lost == lost; });
        CHECK_FALSE(house.handover.connected());
        house.handover.connect(house.ingest.connect());
    }
}
