// Reads a captured fixture (`.jsonl`): line 1 is the header, each further line one event.
//
// Invariants  at most one line is held in memory; unknown keys are ignored; every event that `next` gave out is whole.
// Errors      FixtureErrc with the number of the line (`line()`): what stood before a broken line has been given out already.
// Threads     one owner.
// Source      DESIGN 3.3.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/base/clock.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/base/result.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::replay {

enum class FixtureErrc {
    cannot_open = 1,
    cannot_read,
    empty,
    not_a_fixture,
    unknown_version,
    bad_header,
    bad_key,
    line_too_long,
    not_json,
    bad_event,
    truncated,
};
std::string_view describe(FixtureErrc error) noexcept;
inline ErrorCode make_error_code(FixtureErrc e) noexcept {
    return make_code(e, category_of<FixtureErrc>("fixture"));
}

inline constexpr std::size_t max_line_bytes =
    40U << 20U; // a 16 MiB frame in hexadecimal, and its frame of JSON

struct KeyPair {
    Bytes public_key;                         // 33 bytes, type byte 0x05 first
    Bytes private_key;                        // 32 bytes
    ~KeyPair() { crypto::wipe(private_key); } // copied, not moved: each copy wipes itself
};
struct NumberedKeyPair {
    std::uint32_t id = 0;
    KeyPair pair;
    Bytes signature; // 64 bytes for the signed pre-key, else empty
};
struct Device {
    std::uint32_t registration_id = 0;
    KeyPair identity;
    NumberedKeyPair signed_pre_key;
    std::vector<NumberedKeyPair> pre_keys;
};
struct FixtureGroup {
    std::string jid;
    std::string name;
    std::string currency; // ISO 4217 or empty
};
struct FixtureHeader {
    std::optional<Jid> pn; // own number, with device
    std::optional<Jid> lid;
    std::optional<Device> device; // absent in fixtures of content lines
    std::vector<FixtureGroup> groups;
    std::vector<std::string> include;
    std::string default_currency; // or empty
};

// One stanza as it leaves Noise, compression flag byte first.
struct StanzaEvent {
    TimePoint at;
    Bytes frame;
};
// One decoded message of a live session, pseudonymised.
struct ContentEvent {
    TimePoint at;
    std::string chat;
    std::string sender;
    std::string id;
    Bytes message;
};
// A line with neither `in` nor `content`: from a newer program, or a remark.
struct UnknownEvent {};
using FixtureEvent = std::variant<StanzaEvent, ContentEvent, UnknownEvent>;

class FixtureReader {
public:
    [[nodiscard]] static Result<FixtureReader> open(const std::filesystem::path& path);

    const FixtureHeader& header() const noexcept { return header_; }
    // The next event; an empty optional at the end of the file.
    [[nodiscard]] Result<std::optional<FixtureEvent>> next();
    std::size_t line() const noexcept { return line_; } // number of the line read last, from 1
    void forget_device() noexcept { header_.device.reset(); } // its private keys are wiped

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
    };
    explicit FixtureReader(std::FILE* file) : file_{file} {}
    Result<bool> read_line(); // into text_; false at the end

    std::unique_ptr<std::FILE, Close> file_;
    std::string text_;
    std::size_t line_ = 0;
    bool at_end_ = false;
    FixtureHeader header_;
};

// The header from its JSON text; for tests and fuzzing.
[[nodiscard]] Result<FixtureHeader> parse_header(std::string_view json);
// One event from its JSON text.
[[nodiscard]] Result<FixtureEvent> parse_event(std::string_view json);

} // namespace vestari::replay

template <>
struct boost::system::is_error_code_enum<vestari::replay::FixtureErrc> : std::true_type {};
