#include "tests/support/tls_certificates.hpp"

#include <array>
#include <string_view>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>

#include "vestari/base/check.hpp"

namespace vestari::test {

namespace {

template <auto Free> struct Freed {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freed<X509_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<GENERAL_NAMES_free>>;

Key key_of(CertificateKey kind) {
    EVP_PKEY* made = kind == CertificateKey::p256
                         ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{1024});
    Key key{made};
    VESTARI_CHECK(key != nullptr);
    return key;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, static_cast<void*>(&data));
    return {data, static_cast<std::size_t>(size)};
}

void add(X509* certificate, X509* issuer, int nid, const std::string& value) {
    if (value.empty()) {
        return;
    }
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str())};
    VESTARI_CHECK(extension != nullptr);
    VESTARI_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
}

void add_name(GENERAL_NAMES* names, int type, std::string_view bytes) {
    ASN1_STRING* value =
        ASN1_STRING_type_new(type == GEN_DNS ? V_ASN1_IA5STRING : V_ASN1_OCTET_STRING);
    VESTARI_CHECK(ASN1_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())) == 1);
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, type, value);
    VESTARI_CHECK(sk_GENERAL_NAME_push(names, name) > 0);
}

void add_names(X509* certificate, const CertificateOptions& options) {
    const Names names{sk_GENERAL_NAME_new_null()};
    for (const std::string& dns : options.dns) {
        add_name(names.get(), GEN_DNS, dns);
    }
    for (const std::string& text : options.ip) {
        std::array<char, 16> address{};
        const bool ipv6 = text.find(':') != std::string::npos;
        VESTARI_CHECK(inet_pton(ipv6 ? AF_INET6 : AF_INET, text.c_str(), address.data()) == 1);
        add_name(names.get(), GEN_IPADD, {address.data(), ipv6 ? 16U : 4U});
    }
    if (sk_GENERAL_NAME_num(names.get()) > 0) {
        VESTARI_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
    }
}

void add_unknown_critical(X509* certificate) {
    ASN1_OBJECT* oid = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
    ASN1_OCTET_STRING* value = ASN1_OCTET_STRING_new();
    const std::array<unsigned char, 2> null{5, 0};
    ASN1_OCTET_STRING_set(value, null.data(), 2);
    const Extension extension{X509_EXTENSION_create_by_OBJ(nullptr, oid, 1, value)};
    VESTARI_CHECK(X509_add_ext(certificate, extension.get(), -1) == 1);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(oid);
}

std::string constraints_of(const CertificateOptions& options) {
    if (!options.authority) {
        return "critical,CA:FALSE";
    }
    return options.path_length ? "critical,CA:TRUE,pathlen:" + std::to_string(*options.path_length)
                               : "critical,CA:TRUE";
}

std::string use_of(const CertificateOptions& options) {
    switch (options.use) {
    case CertificateUse::server: return "serverAuth";
    case CertificateUse::client: return "clientAuth";
    case CertificateUse::none: return "";
    }
    return "";
}

} // namespace

struct Certificate::State {
    Key key;
    X509Ptr certificate;
};

CertificateOptions CertificateOptions::for_host(std::string dns_name) {
    CertificateOptions options;
    options.dns = {std::move(dns_name)};
    return options;
}

CertificateOptions CertificateOptions::for_loopback() {
    CertificateOptions options = for_host("localhost");
    options.ip = {"127.0.0.1", "::1"};
    return options;
}

CertificateOptions CertificateOptions::authority_named(std::string name) {
    CertificateOptions options;
    options.common_name = std::move(name);
    options.authority = true;
    options.use = CertificateUse::none;
    return options;
}

Certificate::Certificate(const CertificateOptions& options, const Certificate* issuer)
    : state_{std::make_unique<State>(key_of(options.key), X509Ptr{X509_new()})} {
    X509* made = state_->certificate.get();
    X509* above = issuer != nullptr ? issuer->state_->certificate.get() : made;
    VESTARI_CHECK(X509_set_version(made, X509_VERSION_3) == 1);
    static long serial = 1000;
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    using std::chrono::seconds;
    X509_gmtime_adj(X509_getm_notBefore(made), seconds{options.from}.count());
    X509_gmtime_adj(X509_getm_notAfter(made), seconds{options.to}.count());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(options.common_name.data()),
                               static_cast<int>(options.common_name.size()), -1, 0);
    VESTARI_CHECK(X509_set_issuer_name(made, X509_get_subject_name(above)) == 1);
    VESTARI_CHECK(X509_set_pubkey(made, state_->key.get()) == 1);
    add(made, above, NID_basic_constraints, constraints_of(options));
    add(made, above, NID_ext_key_usage, use_of(options));
    add(made, above, NID_key_usage, options.key_usage);
    add(made, above, NID_name_constraints, options.name_constraint);
    add_names(made, options);
    if (options.unknown_critical_extension) {
        add_unknown_critical(made);
    }
    EVP_PKEY* signing = issuer != nullptr ? issuer->state_->key.get() : state_->key.get();
    const EVP_MD* digest = options.digest == CertificateDigest::sha256 ? EVP_sha256() : EVP_sha1();
    VESTARI_CHECK(X509_sign(made, signing, digest) > 0);
}

Certificate::Certificate(Certificate&&) noexcept = default;
Certificate& Certificate::operator=(Certificate&&) noexcept = default;
Certificate::~Certificate() = default;

std::string Certificate::pem() const {
    const Memory memory{BIO_new(BIO_s_mem())};
    VESTARI_CHECK(PEM_write_bio_X509(memory.get(), state_->certificate.get()) == 1);
    return text_of(memory.get());
}

std::string Certificate::key_pem() const {
    const Memory memory{BIO_new(BIO_s_mem())};
    VESTARI_CHECK(PEM_write_bio_PrivateKey(memory.get(), state_->key.get(), nullptr, nullptr, 0,
                                           nullptr, nullptr) == 1);
    return text_of(memory.get());
}

void Certificate::damage_signature() {
    const ASN1_BIT_STRING* signature = nullptr;
    X509_get0_signature(&signature, nullptr, state_->certificate.get());
    auto* bytes =
        const_cast<unsigned char*>(ASN1_STRING_get0_data(signature)); // the last bytes: part of s
    bytes[ASN1_STRING_length(signature) - 1] ^= 1U;
}

} // namespace vestari::test
