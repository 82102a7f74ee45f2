#include "ingest/cli/qr/png.hpp"

#include <cerrno>
#include <new>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "vestari/crypto/secret.hpp"

namespace vestari::cli::qr {

namespace {

constexpr unsigned char signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
constexpr std::byte depth_1_grey_rest_0[] = {std::byte{1}, {}, {}, {}, {}};

ErrorCode last_error() { return {errno, boost::system::system_category()}; }

void append_chunk(Bytes& to, std::string_view type, BytesView data) {
    append_be32(to, static_cast<std::uint32_t>(data.size()));
    const std::size_t start = to.size();
    append(to, type);
    append(to, data);
    const uLong crc = crc32(0, reinterpret_cast<const Bytef*>(to.data() + start),
                            static_cast<uInt>(to.size() - start));
    append_be32(to, static_cast<std::uint32_t>(crc));
}

// Filter byte 0, then 8 pixels a byte, 1 for light: with 8 pixels a module, one byte a module.
Bytes scan_lines(const Code& code) {
    static_assert(pixels_a_module == 8);
    Bytes lines;
    lines.reserve(code.side() * pixels_a_module * (code.side() + 1)); // never moved
    for (std::size_t y = 0; y < code.side() * pixels_a_module; ++y) {
        lines.push_back(std::byte{0});
        for (std::size_t x = 0; x < code.side(); ++x) {
            lines.push_back(code.dark(x, y / pixels_a_module) ? std::byte{0} : std::byte{0xff});
        }
    }
    return lines;
}

Bytes deflated(BytesView plain) {
    uLongf size = compressBound(static_cast<uLong>(plain.size()));
    Bytes out(size);
    if (compress2(reinterpret_cast<Bytef*>(out.data()), &size,
                  reinterpret_cast<const Bytef*>(plain.data()), static_cast<uLong>(plain.size()),
                  Z_BEST_COMPRESSION) != Z_OK) {
        throw std::bad_alloc{};
    }
    out.resize(size);
    return out;
}

class File {
public:
    explicit File(std::string name)
        : name_{std::move(name)}, descriptor_{::mkostemp(name_.data(), O_CLOEXEC)} {
    } // creates it 0600, and only if new
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
        if (!name_.empty()) {
            ::unlink(name_.c_str());
        }
    }
    bool is_open() const noexcept { return descriptor_ >= 0; }
    void not_created() noexcept { name_.clear(); }

    bool write(BytesView bytes) noexcept {
        while (!bytes.empty()) {
            const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR) {
                return false;
            }
            bytes = bytes.subspan(written < 0 ? 0 : static_cast<std::size_t>(written));
        }
        return true;
    }
    bool become(const std::filesystem::path& path) noexcept {
        if (::rename(name_.c_str(), path.c_str()) != 0) {
            return false;
        }
        name_.clear();
        return true;
    }

private:
    std::string name_;
    int descriptor_;
};

} // namespace

Bytes png(const Code& code) {
    const auto pixels = static_cast<std::uint32_t>(code.side() * pixels_a_module);
    Bytes header;
    append_be32(header, pixels);
    append_be32(header, pixels);
    append(header, BytesView{depth_1_grey_rest_0});
    Bytes lines = scan_lines(code);
    Bytes body = deflated(lines);
    Bytes picture;
    picture.reserve(body.size() + 128); // never moved
    append(picture, std::as_bytes(std::span{signature}));
    append_chunk(picture, "IHDR", header);
    append_chunk(picture, "IDAT", body);
    append_chunk(picture, "IEND", {});
    crypto::wipe(lines);
    crypto::wipe(body);
    return picture;
}

Result<> write_png(const Code& code, const std::filesystem::path& path) {
    File file{path.string() + ".XXXXXX"};
    if (!file.is_open()) {
        const ErrorCode why = last_error();
        file.not_created();
        return why;
    }
    Bytes picture = png(code);
    const bool written = file.write(picture);
    const ErrorCode why = last_error();
    crypto::wipe(picture);
    if (!written) {
        return why;
    }
    return file.become(path) ? Result<>{} : Result<>{last_error()};
}

} // namespace vestari::cli::qr
