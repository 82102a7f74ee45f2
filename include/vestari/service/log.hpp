// The log of a program that runs for months: facts, never people.
//
// Invariants  a message is a literal of our own code; its arguments are LogSafe: numbers, durations, error codes, our own
//             words. Text that a stranger, a chat or a key could stand in does not compile. A line is one line. A message that
//             comes too often is counted instead of written, and the next one written says how many were left out.
// Threads     any; a Log outlives the programs' parts that write to it.
// Errors      none: a log that cannot be written loses lines.
// Source      STYLE section 11; ASSURANCE H21; systemd journal native protocol (datagrams to /run/systemd/journal/socket).
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/system/error_code.hpp>
#include <fmt/format.h>

#include "vestari/base/clock.hpp"
#include "vestari/base/descriptor.hpp"

namespace vestari::service {

// A word of our own code: made of a literal only.
class Word {
public:
    consteval Word(const char* literal)
        : text_{literal} {} // NOLINT: a literal may be passed as it is
    // An enumerator's name, as its own to_string gives it: for functions that return literals only.
    static Word of_literal(std::string_view literal) noexcept { return Word{literal, Trusted{}}; }
    std::string_view text() const noexcept { return text_; }

private:
    struct Trusted {};
    Word(std::string_view text, Trusted) noexcept : text_{text} {}
    std::string_view text_;
};

template <class T> struct IsDuration : std::false_type {};
template <class R, class P> struct IsDuration<std::chrono::duration<R, P>> : std::true_type {};

template <class T>
concept LogSafe =
    (std::integral<T> && !std::same_as<T, char> && !std::same_as<T, char8_t> &&
     !std::same_as<T, wchar_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>) ||
    IsDuration<T>::value || std::same_as<T, boost::system::error_code> || std::same_as<T, Word>;

enum class Level : std::uint8_t { error, warning, info, debug };
enum class LogForm : std::uint8_t { automatic, journal, text, json };

// What a message is in the catalog of the journal (systemd/vestari.catalog); empty: none.
struct MessageId {
    std::string_view hex;
};

class Log {
public:
    struct Options {
        std::string identifier; // "vestari-bridge"
        Level level = Level::info;
        LogForm form = LogForm::automatic; // journal where stderr is connected to it, else text
        int descriptor = 2;
        std::string journal_path = "/run/systemd/journal/socket";
    };
    explicit Log(Options options);

    template <LogSafe... Args>
    void error(fmt::format_string<Args...> message, const Args&... args) {
        write(Level::error, {}, message, args...);
    }
    template <LogSafe... Args>
    void warning(fmt::format_string<Args...> message, const Args&... args) {
        write(Level::warning, {}, message, args...);
    }
    template <LogSafe... Args> void info(fmt::format_string<Args...> message, const Args&... args) {
        write(Level::info, {}, message, args...);
    }
    template <LogSafe... Args>
    void debug(fmt::format_string<Args...> message, const Args&... args) {
        write(Level::debug, {}, message, args...);
    }
    template <LogSafe... Args>
    void event(Level level, MessageId id, fmt::format_string<Args...> message,
               const Args&... args) {
        write(level, id, message, args...);
    }

    // The account that the lines are about: the name that the operator gave it, cut to letters, digits, "-", "_" and ".".
    class OfAccount {
    public:
        OfAccount(Log& log, std::string_view name);
        template <LogSafe... Args>
        void event(Level level, MessageId id, fmt::format_string<Args...> message,
                   const Args&... args) {
            log_.write_for(account_, level, id, message, args...);
        }

    private:
        Log& log_;
        std::string account_;
    };

private:
    template <class... Args>
    void write(Level level, MessageId id, fmt::format_string<Args...> message,
               const Args&... args) {
        write_for(std::string_view{}, level, id, message, args...);
    }
    template <class... Args>
    void write_for(std::string_view account, Level level, MessageId id,
                   fmt::format_string<Args...> message, const Args&... args) {
        if (level <= options_.level) {
            const fmt::string_view literal = message;
            put(account, level, id, std::string_view{literal.data(), literal.size()},
                fmt::vformat(literal, fmt::make_format_args(args...)));
        }
    }
    void put(std::string_view account, Level level, MessageId id, std::string_view key,
             std::string&& line);
    std::string in_form(std::string_view account, Level level, MessageId id,
                        const std::string& line) const;
    bool to_journal(const std::string& datagram) const;

    struct Bucket {
        double tokens;
        std::chrono::steady_clock::time_point at;
        std::uint64_t left_out = 0;
    };
    Options options_;
    LogForm form_;
    Descriptor journal_;
    std::mutex mutex_;
    std::map<std::string, Bucket, std::less<>> buckets_; // by account and message
};

} // namespace vestari::service

template <> struct fmt::formatter<vestari::service::Word> : fmt::formatter<std::string_view> {
    template <class Context> auto format(const vestari::service::Word& word, Context& to) const {
        return fmt::formatter<std::string_view>::format(word.text(), to);
    }
};

template <> struct fmt::formatter<boost::system::error_code> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(const boost::system::error_code& error, Context& to) const {
        // Our categories and the system's give literals: no text of a stranger can be in a message.
        return fmt::format_to(to.out(), "{} ({}:{})", error.message(), error.category().name(),
                              error.value());
    }
};

template <class R, class P>
struct fmt::formatter<std::chrono::duration<R, P>> : fmt::formatter<std::string_view> {
    template <class Context>
    auto format(const std::chrono::duration<R, P>& length, Context& to) const {
        return fmt::format_to(
            to.out(), "{} ms",
            std::chrono::duration_cast<std::chrono::milliseconds>(length).count());
    }
};
