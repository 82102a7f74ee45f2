// A JID: who or which chat a stanza is about. Parsed once, then trusted.
//
//     [user[.agent][:device]@]server
//
// Invariants  `server` is never empty; `user` is empty exactly for a bare server; `device` is 0 for groups. The agent of a phone
//             number is dropped on reading, device 0 is omitted on printing.
// Errors      JidErrc from parse; nothing else can fail.
// Threads     values.
// Source      wire/10-connection.md section 6 (servers, text form, families), wire/20-messages.md section 2.5.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari {

enum class JidErrc { empty = 1, two_at_signs, no_server, bad_device, too_long, control_character };

inline std::string_view describe(JidErrc error) noexcept {
    switch (error) {
    case JidErrc::empty: return "the JID is empty";
    case JidErrc::two_at_signs: return "the JID holds more than one @";
    case JidErrc::no_server: return "the JID has no server after its @";
    case JidErrc::bad_device: return "the JID's device is not a number up to 65535";
    case JidErrc::too_long: return "the JID is longer than 256 bytes";
    case JidErrc::control_character: return "the JID holds a space or a control character";
    }
    return "unknown JID error";
}
inline ErrorCode make_error_code(JidErrc e) noexcept { return make_code(e, category_of<JidErrc>("jid")); }

} // namespace vestari

template <> struct boost::system::is_error_code_enum<vestari::JidErrc> : std::true_type {};

namespace vestari {

namespace server {
inline constexpr std::string_view phone = "s.whatsapp.net"; // users by phone number
inline constexpr std::string_view legacy_phone = "c.us";    // the same users, older spelling
inline constexpr std::string_view lid = "lid";              // users by hidden id
inline constexpr std::string_view group = "g.us";
inline constexpr std::string_view broadcast = "broadcast";
inline constexpr std::string_view newsletter = "newsletter";
inline constexpr std::string_view hosted = "hosted";
inline constexpr std::string_view hosted_lid = "hosted.lid";
inline constexpr std::string_view bot = "bot";
inline constexpr std::string_view messenger = "msgr";
inline constexpr std::string_view interop = "interop";
inline constexpr std::string_view call = "call";
} // namespace server

class Jid {
public:
    // Which namespace a user's name comes from; two JIDs can only denote the same user within one family.
    enum class Family : std::uint8_t { phone, lid, other };

    [[nodiscard]] static Result<Jid> parse(std::string_view text);

    // From parts that a binary stanza or our own code gives; the same checks as parse.
    [[nodiscard]] static Result<Jid> make(std::string_view user, std::string_view server,
                                          std::uint16_t device = 0);

    const std::string& user() const noexcept { return user_; }
    const std::string& server() const noexcept { return server_; }
    std::uint16_t device() const noexcept { return device_; }

    Family family() const noexcept {
        if (server_ == server::phone || server_ == server::legacy_phone || server_ == server::hosted) {
            return Family::phone;
        }
        return server_ == server::lid || server_ == server::hosted_lid ? Family::lid : Family::other;
    }
    bool is_group() const noexcept { return server_ == server::group && !user_.empty(); }
    bool is_user() const noexcept { return family() != Family::other && !user_.empty(); }

    // The same person or chat, whatever the device and whichever spelling of the server.
    bool same_user(const Jid& other) const noexcept {
        if (user_ != other.user_) {
            return false;
        }
        return family() == Family::other ? server_ == other.server_ : family() == other.family();
    }

    Jid bare() const { return Jid{user_, server_, 0}; }
    Jid with_device(std::uint16_t device) const { return Jid{user_, server_, device}; }

    std::string to_string() const {
        if (user_.empty()) {
            return server_;
        }
        std::string text = user_;
        if (device_ != 0) {
            text += ':';
            text += std::to_string(device_);
        }
        text += '@';
        text += server_;
        return text;
    }

    auto operator<=>(const Jid&) const = default;

private:
    Jid(std::string user, std::string server, std::uint16_t device)
        : user_{std::move(user)}, server_{std::move(server)}, device_{device} {}

    std::string user_;
    std::string server_;
    std::uint16_t device_;
};

inline constexpr std::size_t max_jid_bytes = 256;

inline Result<Jid> Jid::make(std::string_view user, std::string_view server, std::uint16_t device) {
    if (server.empty()) {
        return JidErrc::no_server;
    }
    if (user.size() + server.size() > max_jid_bytes) {
        return JidErrc::too_long;
    }
    const auto plain = [](std::string_view part) {
        for (const char c : part) {
            if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) == 0x7f) {
                return false;
            }
        }
        return true;
    };
    if (!plain(user) || !plain(server)) {
        return JidErrc::control_character;
    }
    return Jid{std::string{user}, std::string{server}, device};
}

inline Result<Jid> Jid::parse(std::string_view text) {
    if (text.empty()) {
        return JidErrc::empty;
    }
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) {
        return make({}, text);
    }
    std::string_view user = text.substr(0, at);
    const std::string_view server = text.substr(at + 1);
    if (server.find('@') != std::string_view::npos) {
        return JidErrc::two_at_signs;
    }
    std::uint16_t device = 0;
    const bool has_devices =
        server != server::group && server != server::newsletter && server != server::broadcast;
    if (const std::size_t colon = user.rfind(':'); has_devices && colon != std::string_view::npos) {
        const std::string_view digits = user.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), device);
        if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
            return JidErrc::bad_device;
        }
        user = user.substr(0, colon);
    }
    if (server == server::phone || server == server::legacy_phone) { // the agent: "123.0:5@…"
        if (const std::size_t dot = user.find_first_of("._"); dot != std::string_view::npos) {
            user = user.substr(0, dot);
        }
    }
    return make(user, server, device);
}

} // namespace vestari
