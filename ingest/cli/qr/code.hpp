// A text as a QR code: a square of dark and light modules.
//
// Invariants  the smallest code that holds the text, with 7 % error correction: a screen shows it unharmed, and fewer modules are
//             easier to scan. The text may be a secret: the modules are wiped with the code, and it can be neither copied nor printed.
// Threads     values.
// Errors      QrErrc::too_long, empty.
// Source      ISO/IEC 18004, by libqrencode; quiet zone: section 5.3.8.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "vestari/base/bytes.hpp"
#include "vestari/base/result.hpp"

namespace vestari::cli::qr {

enum class QrErrc { empty = 1, too_long };

inline std::string_view describe(QrErrc error) noexcept {
    switch (error) {
    case QrErrc::empty: return "there is no text to make a QR code of";
    case QrErrc::too_long: return "the text is too long for a QR code";
    }
    return "unknown QR code error";
}
inline ErrorCode make_error_code(QrErrc e) noexcept {
    return make_code(e, category_of<QrErrc>("qr"));
}

inline constexpr std::size_t quiet_zone =
    4; // light modules on every side; without them phones find nothing

class Code {
public:
    [[nodiscard]] static Result<Code> of(std::string_view text);

    Code(Code&&) noexcept = default;
    Code& operator=(Code&&) noexcept = default;
    Code(const Code&) = delete;
    Code& operator=(const Code&) = delete;
    ~Code();

    // Modules a side, quiet zone included.
    std::size_t side() const noexcept { return width_ + 2 * quiet_zone; }
    // Light in the quiet zone and outside of the code.
    bool dark(std::size_t x, std::size_t y) const noexcept {
        const std::size_t column =
            x - quiet_zone; // wraps left of the code, and is then not below width_
        const std::size_t row = y - quiet_zone;
        return column < width_ && row < width_ && modules_[row * width_ + column] != std::byte{};
    }

private:
    Code(Bytes modules, std::size_t width) noexcept : modules_{std::move(modules)}, width_{width} {}
    Bytes modules_; // row by row; 1 is dark
    std::size_t width_;
};

} // namespace vestari::cli::qr

template <> struct boost::system::is_error_code_enum<vestari::cli::qr::QrErrc> : std::true_type {};
