// Text that only its recipient may read: what a QR code says, a pairing code. It cannot be printed, compared with ==, or copied.
//
// Invariants  neither a formatter nor a stream takes it; its bytes are wiped when it dies.
// Threads     values.
// Source      wire/10-connection.md section 7.7: whoever reads the QR text can link as this device.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vestari/crypto/secret.hpp"

namespace vestari::link {

class SecretText {
public:
    explicit SecretText(std::string text) : text_{text.begin(), text.end()} { crypto::wipe(text); }
    SecretText(SecretText&& other) noexcept =
        default; // the bytes stay where they are; `other` is empty
    SecretText& operator=(SecretText&& other) noexcept {
        std::swap(text_, other.text_); // wiped with `other`
        return *this;
    }
    SecretText(const SecretText&) = delete;
    SecretText& operator=(const SecretText&) = delete;
    ~SecretText() { crypto::wipe(std::as_writable_bytes(std::span{text_})); }

    // The one way to the text; valid as long as this object. grep `expose(` to review every use.
    std::string_view expose() const noexcept { return {text_.data(), text_.size()}; }
    SecretText duplicate() const { return SecretText{std::string{expose()}}; }

private:
    std::vector<char> text_; // never small enough to be copied by a move
};

} // namespace vestari::link
