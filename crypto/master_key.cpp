// Reading a master key: the text's form, and the places it can come from. Making a file of it is key_file.cpp.
#include "vestari/crypto/master_key.hpp"

#include <cerrno>
#include <cstdlib>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/null_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>
#include <fcntl.h>
#include <sys/stat.h>

#include "crypto/key_text.hpp"
#include "vestari/base/descriptor.hpp"

namespace vestari::crypto {

namespace json = boost::json;

namespace {

struct Place {
    mode_t forbidden;   // permission bits that must be clear
    CryptoErrc missing; // what its absence is called
};

ErrorCode open_error(int error, const Place& place) {
    switch (error) {
    case ENOENT:
    case ENOTDIR: return place.missing;
    case EACCES:
    case EPERM: return CryptoErrc::key_file_unreadable;
    default: return {error, boost::system::generic_category()};
    }
}

// The number of bytes of the file, all of which fit into `to`.
Result<std::size_t> read_all(const Descriptor& file, std::span<std::byte> to) {
    std::size_t filled = 0;
    while (filled < to.size()) {
        const ssize_t got = read(file.get(), to.data() + filled, to.size() - filled);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return ErrorCode{errno, boost::system::generic_category()};
        }
        if (got == 0) {
            return filled;
        }
        filled += static_cast<std::size_t>(got);
    }
    return CryptoErrc::key_file_malformed;
}

Result<MasterSecret> load_from(const std::filesystem::path& path, const Place& place) {
    // Not blocking: a FIFO in the file's place must not hang the start.
    const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
    if (!file) {
        return open_error(errno, place);
    }
    struct stat status{};
    if (fstat(file.get(), &status) != 0) {
        return ErrorCode{errno, boost::system::generic_category()};
    }
    if (!S_ISREG(status.st_mode)) {
        return CryptoErrc::key_file_not_regular;
    }
    if ((status.st_mode & place.forbidden) != 0) {
        return CryptoErrc::key_file_readable_by_others;
    }
    const SecretBuffer text{max_key_text};
    const Result<std::size_t> length = read_all(file, text.bytes());
    if (!length) {
        return length.error();
    }
    return parse_master_secret(text.bytes().first(*length));
}

const json::string* text_member(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member == nullptr ? nullptr : member->if_string();
}

Result<MasterKey> decode_kek(const json::string& base64) {
    const SecretBuffer decoded{max_key_text};
    std::size_t length = 0;
    if (sodium_base642bin(decoded.data(), decoded.size(), base64.data(), base64.size(), nullptr,
                          &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return CryptoErrc::key_file_malformed;
    }
    if (length != MasterKey::size) {
        return CryptoErrc::key_not_32_bytes;
    }
    return MasterKey::take(decoded.bytes().first<MasterKey::size>());
}

Result<MasterSecret> master_secret_of(const json::value& value) {
    const json::object* object = value.if_object();
    const json::value* format = object == nullptr ? nullptr : object->if_contains("v");
    if (format == nullptr || !format->is_int64()) {
        return CryptoErrc::key_file_malformed;
    }
    if (format->get_int64() != 1) {
        return format->get_int64() > 1 ? CryptoErrc::key_file_newer
                                       : CryptoErrc::key_file_malformed;
    }
    const json::string* kek = text_member(*object, "kek");
    const json::string* id = text_member(*object, "id");
    if (object->size() != 3 || kek == nullptr || id == nullptr ||
        !is_key_name({id->data(), id->size()})) {
        return CryptoErrc::key_file_malformed;
    }
    Result<MasterKey> key = decode_kek(*kek);
    if (!key) {
        return key.error();
    }
    return MasterSecret{.key = std::move(*key), .id = {id->data(), id->size()}};
}

std::filesystem::path credentials_directory() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): read at start, and nothing of ours sets it
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory == nullptr ? "" : directory;
}

} // namespace

Result<MasterSecret> parse_master_secret(BytesView json) {
    if (json.size() >= max_key_text) {
        return CryptoErrc::key_file_malformed;
    }
    // All that the parser allocates comes from memory of ours; when that is used up the text is no key file.
    const SecretBuffer values{4 * max_key_text};
    const SecretBuffer temporary{2 * max_key_text};
    json::monotonic_resource memory{values.data(), values.size(), json::get_null_resource()};
    json::parse_options options;
    options.max_depth = 2;
    try {
        json::parser parser{&memory, options, temporary.data(), temporary.size()};
        parser.reset(&memory); // the constructor's is for temporary values only
        json::error_code error;
        parser.write(as_text(json), error);
        if (error) {
            return CryptoErrc::key_file_malformed;
        }
        const json::value value = parser.release();
        return master_secret_of(value);
    } catch (const std::bad_alloc&) {
        return CryptoErrc::key_file_malformed;
    }
}

Result<MasterSecret> FileProvider::load() {
    return load_from(path_,
                     {.forbidden = S_IRWXG | S_IRWXO, .missing = CryptoErrc::key_file_missing});
}

CredentialProvider::CredentialProvider(std::string name)
    : CredentialProvider{std::move(name), credentials_directory()} {}

Result<MasterSecret> CredentialProvider::load() {
    if (directory_.empty()) {
        return CryptoErrc::no_credentials_directory;
    }
    if (!is_key_name(name_)) {
        return CryptoErrc::key_name_bad;
    }
    // systemd grants the unit's user by an access list, whose mask shows as the group's bits: only others' bits can judge.
    return load_from(directory_ / name_,
                     {.forbidden = S_IRWXO, .missing = CryptoErrc::credential_missing});
}

} // namespace vestari::crypto
