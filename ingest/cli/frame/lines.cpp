#include "ingest/cli/frame/lines.hpp"

#include <cerrno>

#include <unistd.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli {
namespace {

constexpr std::size_t block = 64U << 10U;

} // namespace

bool Lines::more_is_buffered() const noexcept {
    return buffer_.find('\n', start_) != std::string::npos;
}

bool Lines::fill() {
    buffer_.erase(0, start_);
    start_ = 0;
    const std::size_t had = buffer_.size();
    buffer_.resize(had + block);
    ssize_t got = 0;
    do {
        got = read(fileno(from_), buffer_.data() + had,
                   block); // not buffered by stdio: a pipe gives what it has
    } while (got < 0 && errno == EINTR);
    buffer_.resize(had + (got > 0 ? static_cast<std::size_t>(got) : 0));
    if (got < 0) {
        throw Failure{ExitCode::io, "the input cannot be read", "check where it comes from"};
    }
    return got > 0;
}

std::optional<std::string_view> Lines::next() {
    std::size_t searched = start_;
    for (;;) {
        const std::size_t end = buffer_.find('\n', searched);
        if (end != std::string::npos) {
            const std::string_view line{buffer_.data() + start_, end - start_};
            start_ = end + 1;
            ++number_;
            if (line.size() > longest_) {
                throw TooLong{};
            }
            return line;
        }
        if (buffer_.size() - start_ > longest_) {
            ++number_;
            throw TooLong{};
        }
        const std::size_t pending = buffer_.size() - start_;
        if (at_end_ || !fill()) {
            at_end_ = true;
            if (pending == 0) {
                return std::nullopt;
            }
            const std::string_view line{buffer_.data() + start_, pending};
            start_ = buffer_.size();
            ++number_;
            return line;
        }
        searched = start_ + pending;
    }
}

} // namespace vestari::cli
