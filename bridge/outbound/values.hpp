// What a stanza of ours is made of: values that are checked once, when they are made, so that every stanza built of them has the
// form that the guard expects.
//
// Invariants  an IqId comes from the connection's own counter and from nothing else: only live::Requests makes them (and the tests).
//             A Text is never empty. Keys have their size. A count, a number or an address out of its range does not exist.
// Threads     values.
// Errors      OutboundErrc from the functions that check.
// Source      wire/10-connection.md sections 7.9, 9.2, 9.3, 11, 14; wire/20-messages.md section 5.2.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vestari/base/bytes.hpp"
#include "vestari/base/jid.hpp"
#include "vestari/base/result.hpp"

namespace vestari::live {
class Requests;
}
namespace vestari::test {
struct RequestIds; // tests/support/request_ids.hpp
}

namespace vestari::outbound {

enum class OutboundErrc { empty_text = 1, bad_retry_count, bad_key_id, bad_phone, not_a_group };

inline std::string_view describe(OutboundErrc error) noexcept {
    switch (error) {
    case OutboundErrc::empty_text: return "a stanza's id or type would be empty";
    case OutboundErrc::bad_retry_count: return "a retry receipt's count is not 1 to 4";
    case OutboundErrc::bad_key_id: return "a pre-key's number is not 1 to 16777215";
    case OutboundErrc::bad_phone:
        return "a phone number is 7 to 15 digits with the country code, without zeros or a plus "
               "before it";
    case OutboundErrc::not_a_group: return "the JID is not that of a group";
    }
    return "unknown outbound error";
}
inline ErrorCode make_error_code(OutboundErrc e) noexcept {
    return make_code(e, category_of<OutboundErrc>("outbound"));
}

} // namespace vestari::outbound

template <>
struct boost::system::is_error_code_enum<vestari::outbound::OutboundErrc> : std::true_type {};

namespace vestari::outbound::out {

// The id of a request of ours: two numbers drawn for the connection, and a counter.
class IqId {
public:
    std::string text() const { // as sent: "26.7-1"
        return std::to_string(first_) + '.' + std::to_string(second_) + '-' +
               std::to_string(count_);
    }
    auto operator<=>(const IqId&) const = default;

private:
    friend class vestari::live::Requests;
    friend struct vestari::test::RequestIds;
    IqId(std::uint8_t first, std::uint8_t second, std::uint32_t count) noexcept
        : first_{first}, second_{second}, count_{count} {}

    std::uint8_t first_, second_;
    std::uint32_t count_;
};

// Text of a peer that is sent back to it as it came: an id, a type. Never empty.
class Text {
public:
    [[nodiscard]] static Result<Text> of(std::string_view text) {
        if (text.empty()) {
            return OutboundErrc::empty_text;
        }
        return Text{std::string{text}};
    }
    const std::string& value() const noexcept { return value_; }
    bool operator==(const Text&) const = default;

private:
    explicit Text(std::string value) noexcept : value_{std::move(value)} {}
    std::string value_;
};

// The id of an iq of the server's that is being answered.
struct AnsweredId {
    Text id;
};

// The stanza that an acknowledgement or a receipt is about, with its attributes as they came.
struct Addressed {
    Text id;
    Jid from;
    std::optional<Jid> participant{};
    std::optional<Jid> recipient{};
};

// How often a message was asked for: 1 to 4.
class RetryCount {
public:
    static constexpr unsigned last = 4;
    [[nodiscard]] static Result<RetryCount> of(std::uint64_t count) noexcept {
        if (count < 1 || count > last) {
            return OutboundErrc::bad_retry_count;
        }
        return RetryCount{static_cast<std::uint8_t>(count)};
    }
    unsigned value() const noexcept { return value_; }
    auto operator<=>(const RetryCount&) const = default;

private:
    explicit RetryCount(std::uint8_t value) noexcept : value_{value} {}
    std::uint8_t value_;
};

// The number of a one-time or signed pre-key: 1 to 2^24 - 1.
class KeyId {
public:
    static constexpr std::uint32_t last = 0xff'ffff;
    [[nodiscard]] static Result<KeyId> of(std::uint64_t number) noexcept {
        if (number < 1 || number > last) {
            return OutboundErrc::bad_key_id;
        }
        return KeyId{static_cast<std::uint32_t>(number)};
    }
    std::uint32_t value() const noexcept { return value_; }
    auto operator<=>(const KeyId&) const = default;

private:
    explicit KeyId(std::uint32_t value) noexcept : value_{value} {}
    std::uint32_t value_;
};

struct RegistrationId {
    explicit RegistrationId(std::uint32_t number) noexcept : value{number} {}
    std::uint32_t value;
};

using PublicKey = std::array<std::byte, 32>; // without the type byte 05
using KeySignature = std::array<std::byte, 64>;

struct PreKey {
    KeyId id;
    PublicKey key;
};
struct SignedPreKey {
    KeyId id;
    PublicKey key;
    KeySignature signature;
};

// An account's own number, for pairing with a code: digits with the country code.
class Phone {
public:
    [[nodiscard]] static Result<Phone> of(std::string_view digits) {
        if (digits.size() < 7 || digits.size() > 15 || digits.front() == '0' ||
            digits.find_first_not_of("0123456789") != std::string_view::npos) {
            return OutboundErrc::bad_phone;
        }
        return Phone{std::string{digits}};
    }
    const std::string& digits() const noexcept { return digits_; }
    Jid jid() const { return Jid::make(digits_, server::phone).value(); }

private:
    explicit Phone(std::string digits) noexcept : digits_{std::move(digits)} {}
    std::string digits_;
};

class Group {
public:
    [[nodiscard]] static Result<Group> of(const Jid& jid) {
        if (!jid.is_group()) {
            return OutboundErrc::not_a_group;
        }
        return Group{jid};
    }
    const Jid& jid() const noexcept { return jid_; }

private:
    explicit Group(Jid jid) noexcept : jid_{std::move(jid)} {}
    Jid jid_;
};

} // namespace vestari::outbound::out
