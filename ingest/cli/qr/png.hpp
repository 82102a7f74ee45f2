// A QR code as a picture: PNG, 1 bit a pixel, quiet zone included.
//
// Invariants  the file is 0600 from its first byte on and replaced whole: a viewer sees the old code or the new one. A symbolic link
//             at that path is replaced, not followed.
// Threads     any.
// Errors      write_png: the system's error. A failing zlib throws std::bad_alloc.
// Source      PNG (ISO/IEC 15948) sections 5, 10 and 11; CRC and deflate by zlib.
#pragma once

#include <filesystem>

#include "ingest/cli/qr/code.hpp"

namespace vestari::cli::qr {

inline constexpr std::size_t pixels_a_module = 8;

Bytes png(const Code& code); // secret as the code's text is

[[nodiscard]] Result<> write_png(const Code& code, const std::filesystem::path& path);

} // namespace vestari::cli::qr
