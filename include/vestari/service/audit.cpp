#include "vestari/service/audit.hpp"

#include <array>
#include <cerrno>
#include <fstream>
#include <mutex>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vestari/base/bytes.hpp"
#include "vestari/base/check.hpp"
#include "vestari/base/descriptor.hpp"
#include "vestari/base/utf8.hpp"
#include "vestari/service/time.hpp"

namespace vestari::service {

namespace {

constexpr std::size_t max_line = 8192;
constexpr std::size_t max_note = 512;

const std::string no_line_before(64, '0');

std::string hash_of(std::string_view line) {
    std::array<std::byte, 32> digest{};
    unsigned int length = 0;
    VESTARI_CHECK(::EVP_Digest(line.data(), line.size(),
                               reinterpret_cast<unsigned char*>(digest.data()), &length,
                               ::EVP_sha256(), nullptr) == 1);
    return to_hex(digest);
}

struct Line {
    std::uint64_t number = 0;
    std::uint64_t values = 0;
    std::string prev;
};

std::uint64_t natural(const boost::json::object& object, std::string_view key) {
    const boost::json::value* value = object.if_contains(key);
    return value != nullptr && value->is_int64() && value->get_int64() >= 0
               ? static_cast<std::uint64_t>(value->get_int64())
               : 0;
}

std::optional<Line> read_line(std::string_view text) {
    boost::system::error_code error;
    const boost::json::value value = boost::json::parse(text, error);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    const boost::json::object& object = value.get_object();
    const boost::json::value* prev = object.if_contains("prev");
    if (prev == nullptr || !prev->is_string() || natural(object, "n") == 0) {
        return std::nullopt;
    }
    return Line{natural(object, "n"), natural(object, "values"), std::string{prev->get_string()}};
}

void write_whole(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t put = ::write(file, text.data(), text.size());
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            throw boost::system::system_error{AuditErrc::cannot_write};
        }
        text.remove_prefix(static_cast<std::size_t>(put));
    }
}

} // namespace

std::string_view describe(AuditErrc error) noexcept {
    switch (error) {
    case AuditErrc::cannot_open:
        return "the audit file cannot be opened: check its folder and permissions";
    case AuditErrc::locked: return "another process writes the audit file: stop that one first";
    case AuditErrc::broken_chain:
        return "the audit file's last line is not one of ours: run `vestari audit verify`";
    case AuditErrc::cannot_write: return "the audit file cannot be written: check the disk";
    }
    return "unknown audit error";
}

struct Audit::State {
    const Clock& clock;
    Descriptor file;
    std::mutex mutex;
    std::uint64_t number = 0; // of the last line
    off_t end = 0;            // behind the last whole line
    std::string last_hash = no_line_before;

    Result<std::uint64_t> find_end();
};

// Sets number, end and last_hash from the file's tail; the number of bytes of a line that was cut short.
Result<std::uint64_t> Audit::State::find_end() {
    struct stat info{};
    if (::fstat(file.get(), &info) != 0) {
        return AuditErrc::cannot_open;
    }
    const off_t from = std::max<off_t>(0, info.st_size - static_cast<off_t>(2 * max_line));
    std::string tail(static_cast<std::size_t>(info.st_size - from), '\0');
    if (::pread(file.get(), tail.data(), tail.size(), from) != static_cast<ssize_t>(tail.size())) {
        return AuditErrc::cannot_open;
    }
    const std::size_t last = tail.rfind('\n');
    if (last == std::string::npos) {
        if (from != 0) {
            return AuditErrc::broken_chain;
        }
        return tail.size(); // empty, or its very first line was cut
    }
    const std::size_t before = last == 0 ? std::string::npos : tail.rfind('\n', last - 1);
    const std::size_t start = before == std::string::npos ? 0 : before + 1;
    const std::string_view line = std::string_view{tail}.substr(start, last - start);
    const std::optional<Line> read = read_line(line);
    if (!read || (start == 0 && from != 0)) {
        return AuditErrc::broken_chain;
    }
    number = read->number;
    last_hash = hash_of(line);
    end = from + static_cast<off_t>(last) + 1;
    return tail.size() - last - 1;
}

Result<std::unique_ptr<Audit>> Audit::open(const std::filesystem::path& file, const Clock& clock) {
    auto state = std::make_unique<State>(clock);
    state->file = Descriptor{
        ::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!state->file) {
        return AuditErrc::cannot_open;
    }
    if (::flock(state->file.get(), LOCK_EX | LOCK_NB) != 0) {
        return AuditErrc::locked;
    }
    const Result<std::uint64_t> cut = state->find_end();
    if (!cut) {
        return cut.error();
    }
    if (*cut != 0 && ::ftruncate(state->file.get(), state->end) != 0) {
        return AuditErrc::cannot_write;
    }
    std::unique_ptr<Audit> audit{new Audit{std::move(state)}};
    if (*cut != 0) {
        audit->append({.what = "recovered",
                       .by = {},
                       .account = {},
                       .values = 0,
                       .note = "an entry that a crash cut short was taken away"});
    }
    return audit;
}

Audit::Audit(std::unique_ptr<State> state) noexcept : state_{std::move(state)} {}
Audit::~Audit() = default;

void Audit::append(const AuditEntry& entry) {
    const std::scoped_lock lock{state_->mutex};
    boost::json::object object{
        {"n", state_->number + 1}, {"at", rfc3339(state_->clock.now())}, {"what", entry.what}};
    if (entry.by) {
        object["by"] = *entry.by;
    }
    if (!entry.account.empty()) {
        object["account"] = to_valid_utf8(cut_utf8(entry.account, max_note));
    }
    object["values"] = entry.values;
    if (!entry.note.empty()) {
        object["note"] = to_valid_utf8(cut_utf8(entry.note, max_note));
    }
    object["prev"] = state_->last_hash;
    const std::string line = boost::json::serialize(object);
    try {
        write_whole(state_->file.get(), line + "\n");
        if (::fdatasync(state_->file.get()) != 0) {
            throw boost::system::system_error{AuditErrc::cannot_write};
        }
    } catch (...) {
        // Half a line must not stand before the next one.
        static_cast<void>(::ftruncate(state_->file.get(), state_->end) == 0);
        throw;
    }
    state_->end += static_cast<off_t>(line.size()) + 1;
    state_->number += 1;
    state_->last_hash = hash_of(line);
}

Result<> read_audit(const std::filesystem::path& file,
                    const std::function<bool(std::string_view)>& keep) {
    std::ifstream in{file, std::ios::binary};
    if (!in) {
        return AuditErrc::cannot_open;
    }
    std::string line;
    while (std::getline(in, line)) {
        if (!keep(line)) {
            break;
        }
    }
    return {};
}

Result<AuditCheck> verify_audit(const std::filesystem::path& file) {
    AuditCheck check;
    check.last_hash = no_line_before;
    const Result<> read = read_audit(file, [&check](std::string_view text) {
        const std::optional<Line> line = read_line(text);
        if (!line || line->number != check.entries + 1 || line->prev != check.last_hash) {
            check.broken_at = check.entries + 1;
            return false;
        }
        check.entries += 1;
        check.values += line->values;
        check.last_hash = hash_of(text);
        return true;
    });
    if (!read) {
        return read.error();
    }
    return check;
}

} // namespace vestari::service
