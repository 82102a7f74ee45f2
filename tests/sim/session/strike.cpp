#include "tests/sim/session/strike.hpp"

#include <zlib.h>

#include "tests/sim/session/delivery.hpp"
#include "tests/sim/session/login.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t flood_stanzas = 300;
constexpr std::size_t bomb_bytes = std::size_t{24} << 20U;
constexpr std::size_t furthest_jump = 86'400'000; // ms

// Inflates to 24 MiB of zeros.
const Bytes& bomb() {
    static const Bytes made = [] {
        const Bytes zeros(bomb_bytes);
        uLongf size = compressBound(zeros.size());
        Bytes out(1 + size);
        out[0] = std::byte{2};
        VESTARI_CHECK(compress(reinterpret_cast<Bytef*>(out.data() + 1), &size,
                               reinterpret_cast<const Bytef*>(zeros.data()), zeros.size()) == Z_OK);
        out.resize(1 + size);
        return out;
    }();
    return made;
}

// A list that promises more than there is.
Bytes no_stanza(World& world) {
    Bytes document = {std::byte{0}, std::byte{0xf8}, std::byte{9}};
    append(document, world.faults.random().bytes(5));
    return document;
}

Bytes frame_of_nobody(World& world) {
    Bytes frame;
    append_be<3>(frame, 40);
    append(frame, world.faults.random().bytes(40));
    return frame;
}

// Messages of strangers, which only need to be cleared.
void flood(World& world, Companion& device) {
    for (std::size_t i = 0; i < flood_stanzas; ++i) {
        synth::Random& random = world.faults.random();
        Stanza sealed = element("enc", random.bytes(160));
        sealed.with("v", "2").with("type", "msg");
        Stanza message = element("message");
        message.with("from", jid("1666" + random.text(7, "0123456789") + "@s.whatsapp.net"))
            .with("id", "3A" + random.text(18, "0123456789ABCDEF"))
            .with("t", std::to_string(world.seconds()))
            .with("type", "text")
            .with("notify", "stranger");
        message.children.push_back(std::move(sealed));
        deliver(world, device, std::move(message));
    }
}

void jump(World& world) {
    const std::size_t far = world.faults.random().below(2 * furthest_jump);
    world.wall_shift = std::chrono::milliseconds{static_cast<std::int64_t>(far)} -
                       std::chrono::milliseconds{furthest_jump};
}

// What ends the session.
bool strike_down(Connection& connection) {
    Faults& faults = connection.world().faults;
    if (faults.fires(Fault::half_close)) {
        connection.end(Ending::reset);
    } else if (faults.fires(Fault::server_error)) {
        send_stream_error(connection, {.code = "503", .conflict = {}});
    } else if (faults.fires(Fault::restart)) {
        send_stream_error(connection, {.code = "515", .conflict = {}});
    } else if (faults.fires(Fault::stall)) {
        connection.stall();
    } else {
        return false;
    }
    return true;
}

} // namespace

void strike(Connection& connection) {
    World& world = connection.world();
    if (connection.device == nullptr || !connection.usable()) {
        return;
    }
    Faults& faults = world.faults;
    if (faults.fires(Fault::malformed)) {
        connection.send_document(no_stanza(world));
    }
    if (faults.fires(Fault::bad_frame)) {
        connection.send_raw(frame_of_nobody(world));
    }
    if (faults.fires(Fault::zlib_bomb)) {
        // Another flag byte each time (only bit 1 counts): twice the same bytes would be a stanza that comes again.
        Bytes document = bomb();
        document[0] |= static_cast<std::byte>((faults.fired(Fault::zlib_bomb) % 63U) << 2U);
        connection.send_document(document);
    }
    // Once a connection: what a flood brings about would be drawn for again.
    if (!connection.flooded && faults.fires(Fault::flood)) {
        connection.flooded = true;
        flood(world, *connection.device);
    }
    if (faults.fires(Fault::clock_jump)) {
        jump(world);
    }
    strike_down(connection);
}

void after_login_faults(Connection& connection) { strike(connection); }

} // namespace vestari::sim
