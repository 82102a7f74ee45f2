// What the tests of connections share: certificates of one authority, a loop to run them in, and a record of what happened.
#pragma once

#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include "bridge/net/connection.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tls_certificates.hpp"
#include "tests/unit/bridge/net/tls_server.hpp"
#include "vestari/base/check.hpp"

namespace vestari::test {

// An authority that the client trusts, and the file that says so.
struct Trust {
    TemporaryFolder folder;
    Certificate root{CertificateOptions::authority_named("Vestari test root")};
    std::filesystem::path ca_file = folder.path() / "ca.pem";

    Trust() { std::ofstream{ca_file} << root.pem(); }

    ServerOptions server(Role role) const {
        const Certificate leaf{CertificateOptions::for_loopback(), &root};
        return {
            .role = role, .chain = leaf.pem(), .key = leaf.key_pem(), .versions = {}, .page = {}};
    }
    net::Endpoint endpoint(std::uint16_t port, const std::string& host = "127.0.0.1") const {
        return {{host, port, ca_file}, "/ws/chat", noise::whatsapp_root, std::nullopt};
    }
};

class Client final : public net::Connection::Events {
public:
    explicit Client(const net::Endpoint& endpoint, const net::Timeouts& timeouts = {})
        : connection{net::Connection::start(io.get_executor(), endpoint, *this, timeouts)} {}

    void opened() override {
        VESTARI_CHECK(!is_open && !reason);
        is_open = true;
        if (on_open) {
            on_open();
        }
    }
    void received(BytesView bytes) override {
        VESTARI_CHECK(is_open && !reason);
        text += to_string(bytes);
        largest = std::max(largest, bytes.size());
        if (on_received) {
            on_received();
        }
    }
    void closed(net::CloseReason why) override {
        VESTARI_CHECK(!reason);
        reason = why;
    }

    // Runs the loop until it holds; false after a deadline that only a defect reaches.
    bool until(const std::function<bool()>& holds) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (!holds()) {
            if (std::chrono::steady_clock::now() > deadline) {
                return false;
            }
            io.restart();
            io.run_one_for(std::chrono::milliseconds{20});
        }
        return true;
    }
    bool until_closed() {
        return until([this] { return reason.has_value(); });
    }
    // Runs what can be run without waiting for anybody.
    void settle() {
        io.restart();
        io.poll();
    }

    boost::asio::io_context io;
    std::unique_ptr<net::Connection> connection;
    std::function<void()> on_open;
    std::function<void()> on_received;
    bool is_open = false;
    std::string text;
    std::size_t largest = 0;
    std::optional<net::CloseReason> reason;
};

} // namespace vestari::test
