#include "ingest/cli/qr/code.hpp"

#include <cerrno>
#include <memory>
#include <new>

#include <qrencode.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::cli::qr {

namespace {

constexpr std::size_t max_text = 2953; // what version 40 holds

struct FreeCode {
    void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

} // namespace

Code::~Code() { crypto::wipe(modules_); }

Result<Code> Code::of(std::string_view text) {
    if (text.empty()) {
        return QrErrc::empty;
    }
    if (text.size() > max_text) {
        return QrErrc::too_long;
    }
    const std::unique_ptr<QRcode, FreeCode> made{
        QRcode_encodeData(static_cast<int>(text.size()),
                          reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_L)};
    if (made == nullptr) {
        if (errno == ENOMEM) {
            throw std::bad_alloc{};
        }
        return QrErrc::too_long;
    }
    const auto width = static_cast<std::size_t>(made->width);
    const std::span<unsigned char> drawn{made->data, width * width};
    Bytes modules;
    modules.reserve(drawn.size());
    for (const unsigned char module : drawn) {
        modules.push_back(static_cast<std::byte>(module & 1U)); // the lowest bit is the colour
    }
    crypto::wipe(std::as_writable_bytes(drawn));
    return Code{std::move(modules), width};
}

} // namespace vestari::cli::qr
