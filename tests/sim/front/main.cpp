// vestari-sim: a WhatsApp service in miniature on loopback, for tests.
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>

#include "tests/sim/dialect/dialect.hpp"
#include "tests/sim/front/control_api.hpp"
#include "tests/sim/front/front.hpp"

namespace vestari::sim {

namespace {

int serve(const Options& options, const Ports& ports, const std::filesystem::path& folder) {
    const Certificates certificates = make_certificates();
    std::filesystem::create_directories(folder);
    const std::filesystem::path ca_file = std::filesystem::absolute(folder / "ca.pem");
    std::ofstream{ca_file} << certificates.authority;
    Service service{options};
    Front front{service, certificates, ports};
    const Ports used = front.ports();
    const boost::json::object line{{"url", fmt::format("wss://127.0.0.1:{}/ws/chat", used.chat)},
                                   {"control", fmt::format("http://127.0.0.1:{}", used.control)},
                                   {"root_key", to_hex(service.root_key())},
                                   {"ca_file", ca_file.string()},
                                   {"media_url", fmt::format("https://127.0.0.1:{}", used.media)}};
    std::cout << boost::json::serialize(line) << std::endl;
    front.run();
    return 0;
}

} // namespace

} // namespace vestari::sim

int main(int argc, char** argv) {
    using namespace vestari;
    sim::Options options;
    options.start = monotonic_now();
    options.wall_start = SystemClock{}.now();
    sim::Ports ports;
    std::string folder = "vestari-sim";
    std::uint32_t ack_deadline = 0, ping_interval = 0, answers_after = 0;
    std::string older;
    bool acks_are_not_enough = false;

    CLI::App app{
        "A WhatsApp service in miniature on loopback. Prints one JSON line and serves until "
        "SIGTERM."};
    app.add_option("--seed", options.seed, "decides people, ids and faults");
    app.add_option("--port", ports.chat, "of the chat; the others are free ones");
    app.add_option("--control-port", ports.control, "of the control requests");
    app.add_option("--dir", folder, "where ca.pem is written")->capture_default_str();
    app.add_option("--oldest-revision", options.oldest_revision, "older clients get failure 405");
    app.add_option("--ack-deadline", ack_deadline, "seconds until a stream error names a stanza");
    app.add_option("--answers-after", answers_after, "milliseconds between handshake and answer");
    app.add_option("--older-dictionary", older,
                   "JSON file: the words of clients of dictionary version 2");
    app.add_option("--ping-interval", ping_interval, "seconds between the service's pings");
    app.add_flag("--batches", options.waits_for_batches, "the queue comes in portions asked for");
    app.add_flag("--acks-are-not-enough", acks_are_not_enough,
                 "ordinary messages want their receipt");
    app.footer(sim::control_help());
    CLI11_PARSE(app, argc, argv);
    options.ack_deadline = std::chrono::seconds{ack_deadline};
    options.answers_after = std::chrono::milliseconds{answers_after};
    options.ping_interval = std::chrono::seconds{ping_interval};
    options.plain_acks_clear = !acks_are_not_enough;
    try {
        if (!older.empty()) {
            options.older = std::make_shared<sim::Dictionary>(sim::Dictionary::read(older));
        }
        return sim::serve(options, ports, folder);
    } catch (const std::exception& error) {
        std::cerr << "vestari-sim: " << error.what() << '\n';
        return 1;
    }
}
