// Text that only its recipient may read: what a QR code says, a pairing code. It cannot be printed, compared with ==, or copied.
//
// Invariants  neither a formatter nor a stream takes it; its bytes are wiped when it dies.
// Threads     values.
// Source      wire/10-connection.md section 7.7: whoever reads the QR text can link as this device.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "vestari/crypto/secret.hpp"

namespace vestari::link {

class SecretText {
public:
    explicit SecretText(std::string text) noexcept : text_{std::move(text)} {}
    SecretText(SecretText&& other) noexcept : text_{other.text_} { crypto::wipe(other.text_); }
    SecretText& operator=(SecretText&& other) noexcept {
        if (this != &other) {
            crypto::wipe(text_);
            text_ = other.text_;
            crypto::wipe(other.text_);
        }
        return *this;
    }
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    ~SecretText() { crypto::wipe(text_); }

    // The one way to the text; valid as long as this object. grep `expose(` to review every use.
    std::string_view expose() const noexcept { return text_; }
    SecretText duplicate() const { return SecretText{text_}; }

private:
    std::string text_;
};

} // namespace vestari::link
