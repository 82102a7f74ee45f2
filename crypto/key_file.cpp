// Making a master key file: complete and synced under its name, or not there at all.
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/stat.h>

#include "crypto/key_text.hpp"
#include "vestari/base/descriptor.hpp"
#include "vestari/crypto/master_key.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::crypto {

namespace {

ErrorCode last_error() { return {errno, boost::system::generic_category()}; }

std::string random_digits() {
    std::array<std::byte, 4> bytes;
    fill_random(bytes);
    return to_hex(bytes);
}

// Removes the unfinished file unless it got its name.
class Unfinished {
public:
    explicit Unfinished(std::string path) : path_{std::move(path)} {}
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;
    ~Unfinished() { unlink(path_.c_str()); }
    const char* path() const noexcept { return path_.c_str(); }

private:
    std::string path_;
};

Result<> write_all(const Descriptor& file, BytesView bytes) {
    while (!bytes.empty()) {
        const ssize_t put = write(file.get(), bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return last_error();
        }
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

// Writes the key's text into `buffer`; the bytes written.
BytesView compose(const SecretBuffer& buffer, std::string_view id) {
    std::size_t length = 0;
    const auto add = [&](std::string_view text) {
        std::memcpy(buffer.text() + length, text.data(), text.size());
        length += text.size();
    };
    add(R"({"v":1,"kek":")");
    const MasterKey key = MasterKey::random();
    char* base64 = buffer.text() + length;
    sodium_bin2base64(base64, buffer.size() - length,
                      reinterpret_cast<const unsigned char*>(key.expose().data()), MasterKey::size,
                      sodium_base64_VARIANT_ORIGINAL);
    length += std::strlen(base64);
    add(R"(","id":")");
    add(id);
    add("\"}\n");
    return buffer.bytes().first(length);
}

Result<> sync_folder(const std::filesystem::path& path) {
    const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    const Descriptor opened{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || fsync(opened.get()) != 0) {
        return last_error();
    }
    return {};
}

} // namespace

Result<> create_master_key_file(const std::filesystem::path& path, std::string_view id) {
    const std::string name = id.empty() ? "local-" + random_digits() : std::string{id};
    if (!is_key_name(name)) {
        return CryptoErrc::key_name_bad;
    }
    const std::string unfinished_path = path.string() + ".new-" + random_digits();
    const Descriptor file{
        open(unfinished_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!file) {
        return last_error();
    }
    const Unfinished unfinished{unfinished_path};
    if (fchmod(file.get(), S_IRUSR | S_IWUSR) != 0) { // whatever the umask took away
        return last_error();
    }
    const SecretBuffer text{max_key_text};
    if (const Result<> written = write_all(file, compose(text, name)); !written) {
        return written.error();
    }
    if (fsync(file.get()) != 0) {
        return last_error();
    }
    if (link(unfinished.path(), path.c_str()) != 0) { // unlike a rename, never overwrites
        return errno == EEXIST ? ErrorCode{CryptoErrc::key_file_exists} : last_error();
    }
    return sync_folder(path);
}

} // namespace vestari::crypto
