#include "tests/sim/front/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>

#include "vestari/base/check.hpp"

namespace vestari::sim {

namespace {

template <auto Free> struct Freed {
    template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

constexpr long hour = 3600, day = 24 * hour;

void add(X509* certificate, X509* issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value)};
    VESTARI_CHECK(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

void set_name(X509_NAME* name, const char* text) {
    VESTARI_CHECK(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                             reinterpret_cast<const unsigned char*>(text), -1, -1,
                                             0) == 1);
}

Certificate begun(const Key& key, const char* name, long serial) {
    Certificate certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 30 * day);
    X509_set_pubkey(certificate.get(), key.get());
    set_name(X509_get_subject_name(certificate.get()), name);
    return certificate;
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem(X509* certificate) {
    const Memory out{BIO_new(BIO_s_mem())};
    VESTARI_CHECK(PEM_write_bio_X509(out.get(), certificate) == 1);
    return text_of(out.get());
}

std::string pem(EVP_PKEY* key) {
    const Memory out{BIO_new(BIO_s_mem())};
    VESTARI_CHECK(PEM_write_bio_PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) ==
                  1);
    return text_of(out.get());
}

} // namespace

Certificates make_certificates() {
    const Key authority_key{EVP_EC_gen("P-256")};
    const Key server_key{EVP_EC_gen("P-256")};
    VESTARI_CHECK(authority_key && server_key);

    const Certificate authority = begun(authority_key, "Vestari test authority", 1);
    X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
    add(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    add(authority.get(), authority.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
    VESTARI_CHECK(X509_sign(authority.get(), authority_key.get(), EVP_sha256()) > 0);

    const Certificate server = begun(server_key, "localhost", 2);
    X509_set_issuer_name(server.get(), X509_get_subject_name(authority.get()));
    add(server.get(), authority.get(), NID_basic_constraints, "critical,CA:FALSE");
    add(server.get(), authority.get(), NID_key_usage, "critical,digitalSignature");
    add(server.get(), authority.get(), NID_ext_key_usage, "serverAuth");
    add(server.get(), authority.get(), NID_authority_key_identifier, "keyid");
    add(server.get(), authority.get(), NID_subject_alt_name,
        "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1");
    VESTARI_CHECK(X509_sign(server.get(), authority_key.get(), EVP_sha256()) > 0);
    return {pem(authority.get()), pem(server.get()), pem(server_key.get())};
}

} // namespace vestari::sim
