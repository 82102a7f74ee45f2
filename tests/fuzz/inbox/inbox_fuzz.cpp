// Offers the inbox frames of the service, some on later connections: real ones of the vectors, damaged, in any order.
//
//     input: for each frame a byte (1: a new connection comes before it), its length in two bytes, its bytes
//
// Property    whatever arrives, nothing but stanzas that the guard lets pass would leave, at most five for a frame; the same frame at
//             once again adds nothing to the spool and is cleared as before; a rollback leaves the database as it was.
#include "bridge/outbound/encode.hpp"
#include "bridge/outbound/guard.hpp"
#include "bridge/receive/inbox.hpp"
#include "bridge/signal/decryptor.hpp"
#include "bridge/store/spool.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"
#include "vestari/base/check.hpp"

namespace vestari {

namespace {

constexpr std::size_t most_frames = 16;
constexpr std::size_t most_for_a_frame = 5;

struct World {
    test::Sessions sessions;
    ManualClock clock{test::at(1'780'000'000)};
    route::Own own{Jid::parse("12025550199:12@s.whatsapp.net").value(),
                   Jid::parse("77777777777777:12@lid").value()};
    outbound::Guard guard{{own.pn, own.lid}};
    receive::ConnectionNumber connection = 1;
    receive::Inbox inbox;

    World() : inbox{*sessions, options(), clock} {
        const boost::json::value vectors = test::read_vectors("a-pairwise.json");
        signal::Decryptor decryptor{*sessions, clock};
        const bool installed =
            decryptor.install(test::receiver_keys(vectors.at("receiver").as_object())).has_value();
        VESTARI_CHECK(installed);
    }

    receive::InboxOptions options() const {
        receive::InboxOptions options;
        options.account = "main";
        options.own = own;
        options.included =
            route::IncludeList::of(std::vector<std::string>{"120363000000000001@g.us"}).value();
        options.device_identity = to_bytes("identity");
        return options;
    }

    void check(const std::vector<outbound::Outbound>& leaving) {
        VESTARI_CHECK(leaving.size() <= most_for_a_frame);
        for (const outbound::Outbound& stanza : leaving) {
            VESTARI_CHECK(guard.check(wire::encode(outbound::encode(stanza))).has_value());
        }
    }
};

// One frame, in a batch of its own that is committed.
void deliver(World& world, BytesView frame) {
    const store::Spool spool{*world.sessions};
    world.inbox.take(frame, world.clock.now(), world.connection);
    const std::vector<outbound::Outbound> first = world.inbox.commit();
    world.check(first);
    const std::uint64_t rows = spool.rows();
    world.inbox.take(frame, world.clock.now(), world.connection);
    const std::vector<outbound::Outbound> second = world.inbox.commit();
    world.check(second);
    VESTARI_CHECK(spool.rows() == rows);
    VESTARI_CHECK(second.size() <= first.size()); // a retry receipt is not repeated at once
    world.clock.advance(std::chrono::seconds{1});
    world.inbox.tick(world.clock.now(), world.connection);
    for (const outbound::Outbound& stanza : world.inbox.commit()) {
        VESTARI_CHECK(world.guard.check(wire::encode(outbound::encode(stanza))).has_value());
    }
    world.inbox.take_notices();
}

} // namespace

} // namespace vestari

// NOLINTNEXTLINE(bugprone-reserved-identifier): ASan's name
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=32"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vestari;
    static World world;
    const store::Spool spool{*world.sessions};
    BytesView rest = std::as_bytes(std::span{data, size});
    const std::uint64_t rows = spool.rows();
    for (std::size_t frames = 0; rest.size() > 3 && frames < most_frames; ++frames) {
        world.connection += rest.front() == std::byte{1} ? 1U : 0U;
        const auto length = static_cast<std::size_t>(read_be<2>(rest.subspan(1)));
        const BytesView frame = rest.subspan(3, std::min(length, rest.size() - 3));
        rest = rest.subspan(3 + frame.size());
        // Undone, it never was.
        const std::uint64_t before = spool.rows();
        world.inbox.take(frame, world.clock.now(), world.connection);
        world.inbox.roll_back();
        VESTARI_CHECK(spool.rows() == before);
        VESTARI_CHECK(world.inbox.commit().empty());
        deliver(world, frame);
    }
    VESTARI_CHECK(spool.rows() >= rows);
    ++world.connection;
    return 0;
}
