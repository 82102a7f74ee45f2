#include "tests/sim/front/front.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>

#include "tests/sim/front/control_api.hpp"
#include "tests/sim/front/loop.hpp"

namespace vestari::sim {

namespace {

Tcp::endpoint local(std::uint16_t port) { return {asio::ip::address_v4::loopback(), port}; }

void use(asio::ssl::context& tls, const Certificates& certificates) {
    tls.use_certificate_chain(asio::buffer(certificates.chain));
    tls.use_private_key(asio::buffer(certificates.key), asio::ssl::context::pem);
}

HttpAnswer media_answer(Service& service, const HttpRequest& request) {
    if (request.method != "GET") {
        service.report_forbidden("a request to the media host that is no GET",
                                 request.method + " " + request.target);
        return {405, "text/plain", {}};
    }
    const auto file = service.media(request.target);
    return file ? HttpAnswer{200, "application/octet-stream", to_string(*file)}
                : HttpAnswer{404, "text/plain", {}};
}

} // namespace

void Loop::settle() {
    service.tick(monotonic_now());
    flush();
    const Instant next = service.next_event_at();
    if (next == Instant::max()) {
        timer.cancel();
        return;
    }
    timer.expires_at(std::max(next, monotonic_now() + std::chrono::milliseconds{1}));
    timer.async_wait([this](boost::system::error_code stopped) {
        if (!stopped) {
            settle();
        }
    });
}

struct Front::State {
    State(Service& service, const Ports& wanted)
        : loop{service}, chat{loop.io, local(wanted.chat)}, control{loop.io, local(wanted.control)},
          media{loop.io, local(wanted.media)} {}
    Loop loop;
    Tcp::acceptor chat, control, media;
};

Front::Front(Service& service, const Certificates& certificates, const Ports& wanted)
    : state_{std::make_unique<State>(service, wanted)} {
    use(state_->loop.tls, certificates);
    serve_chat(state_->loop, state_->chat);
    serve_http(state_->loop, state_->control, Wrapping::plain, [&service](const HttpRequest& got) {
        const ControlAnswer given = answer(service, {got.method, got.target, got.body});
        return HttpAnswer{given.status, "application/json", given.json};
    });
    serve_http(state_->loop, state_->media, Wrapping::tls,
               [&service](const HttpRequest& got) { return media_answer(service, got); });
}

Front::~Front() = default;

Ports Front::ports() const {
    return {.chat = state_->chat.local_endpoint().port(),
            .control = state_->control.local_endpoint().port(),
            .media = state_->media.local_endpoint().port()};
}

void Front::run() {
    asio::signal_set signals{state_->loop.io, SIGTERM, SIGINT};
    signals.async_wait([this](boost::system::error_code, int) { state_->loop.io.stop(); });
    state_->loop.io.run();
}

} // namespace vestari::sim
