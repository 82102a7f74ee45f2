// Certificates for TLS servers in tests: authorities, and leaves that are right or wrong in one chosen way.
//
// Threads     values.
// Errors      a failing OpenSSL is a defect of the test and stops it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vestari::test {

enum class CertificateUse { server, client, none };
enum class CertificateKey { p256, rsa_1024 };
enum class CertificateDigest { sha256, sha1 };

struct CertificateOptions {
    std::string common_name = "vestari test";
    std::vector<std::string> dns; // may hold any byte
    std::vector<std::string> ip;
    std::chrono::hours from{-24}; // from now
    std::chrono::hours to{24};
    CertificateUse use = CertificateUse::server;
    CertificateKey key = CertificateKey::p256;
    CertificateDigest digest = CertificateDigest::sha256;
    bool authority = false;
    std::optional<int> path_length; // of an authority
    std::string key_usage;          // as OpenSSL writes it; empty: none
    std::string name_constraint;    // likewise
    bool unknown_critical_extension = false;

    static CertificateOptions for_host(std::string dns_name);
    static CertificateOptions for_loopback(); // 127.0.0.1, ::1 and localhost
    static CertificateOptions authority_named(std::string name);
};

class Certificate {
public:
    // Signed by `issuer`; without one by itself.
    explicit Certificate(const CertificateOptions& options, const Certificate* issuer = nullptr);
    Certificate(Certificate&&) noexcept;
    Certificate& operator=(Certificate&&) noexcept;
    Certificate(const Certificate&) = delete;
    Certificate& operator=(const Certificate&) = delete;
    ~Certificate();

    std::string pem() const;
    std::string key_pem() const;
    void damage_signature();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vestari::test
