#include "vestari/service/log.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vestari/service/time.hpp"

namespace vestari::service {

namespace {

constexpr double burst = 30;                     // lines of one message at once
constexpr std::chrono::seconds one_more_each{5}; // and then
constexpr std::size_t max_buckets = 1024;        // accounts × messages; beyond, one shared bucket
constexpr std::size_t max_name = 64;

constexpr std::string_view names[] = {"error", "warning", "info", "debug"};
constexpr int priorities[] = {3, 4, 6, 7}; // syslog.h

// stderr belongs to the journal when its device and inode are the ones that $JOURNAL_STREAM names.
bool is_journal(int descriptor) {
    const char* named = std::getenv("JOURNAL_STREAM"); // NOLINT(concurrency-mt-unsafe): at start
    struct stat info{};
    if (named == nullptr || ::fstat(descriptor, &info) != 0) {
        return false;
    }
    return fmt::format("{}:{}", info.st_dev, info.st_ino) == named;
}

LogForm resolve(LogForm form, int descriptor) {
    if (form != LogForm::automatic) {
        return form;
    }
    return is_journal(descriptor) ? LogForm::journal : LogForm::text;
}

std::string plain_name(std::string_view name) {
    std::string plain;
    for (const char c : name.substr(0, max_name)) {
        const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        plain += fine ? c : '_';
    }
    return plain;
}

} // namespace

Log::Log(Options options)
    : options_{std::move(options)}, form_{resolve(options_.form, options_.descriptor)} {
    if (form_ == LogForm::journal) {
        journal_ = Descriptor{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    }
}

Log::OfAccount::OfAccount(Log& log, std::string_view name)
    : log_{log}, account_{plain_name(name)} {}

void Log::put(std::string_view account, Level level, MessageId id, std::string_view key,
              std::string&& line) {
    const std::scoped_lock lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    std::string name = fmt::format("{}\n{}", account, key);
    if (buckets_.size() >= max_buckets && !buckets_.contains(name)) {
        name.clear();
    }
    Bucket& bucket = buckets_.try_emplace(std::move(name), Bucket{burst, now}).first->second;
    const std::chrono::duration<double> passed = now - bucket.at;
    bucket.at = now;
    bucket.tokens =
        std::min(burst, bucket.tokens + passed / std::chrono::duration<double>{one_more_each});
    if (bucket.tokens < 1) {
        ++bucket.left_out;
        return;
    }
    bucket.tokens -= 1;
    if (const std::uint64_t left_out = std::exchange(bucket.left_out, 0); left_out != 0) {
        line += fmt::format(" ({} more like it were left out)", left_out);
    }
    const std::string out = in_form(account, level, id, line);
    if (form_ == LogForm::journal && to_journal(out)) {
        return;
    }
    const std::string& text = out;
    static_cast<void>(::write(options_.descriptor, text.data(), text.size()) == 0);
}

std::string Log::in_form(std::string_view account, Level level, MessageId id,
                         const std::string& line) const {
    const auto index = static_cast<std::size_t>(level);
    if (form_ == LogForm::journal) {
        std::string datagram = fmt::format("MESSAGE={}\nPRIORITY={}\nSYSLOG_IDENTIFIER={}\n", line,
                                           priorities[index], options_.identifier);
        if (!account.empty()) {
            datagram += fmt::format("VESTARI_ACCOUNT={}\n", account);
        }
        if (!id.hex.empty()) {
            datagram += fmt::format("MESSAGE_ID={}\n", id.hex);
        }
        return datagram;
    }
    const std::string at = rfc3339(SystemClock{}.now());
    if (form_ == LogForm::json) {
        boost::json::object object{{"at", at},
                                   {"level", names[index]},
                                   {"program", options_.identifier},
                                   {"message", line}};
        if (!account.empty()) {
            object["account"] = account;
        }
        if (!id.hex.empty()) {
            object["message_id"] = id.hex;
        }
        return boost::json::serialize(object) + "\n";
    }
    const std::string about = account.empty() ? std::string{} : fmt::format("[{}] ", account);
    return fmt::format("{} {} {}: {}{}\n", at, names[index], options_.identifier, about, line);
}

bool Log::to_journal(const std::string& datagram) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (options_.journal_path.size() >= sizeof address.sun_path) {
        return false;
    }
    std::memcpy(address.sun_path, options_.journal_path.data(), options_.journal_path.size());
    return ::sendto(journal_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL,
                    reinterpret_cast<const sockaddr*>(&address), sizeof address) >= 0;
}

} // namespace vestari::service
