// A JID: who or which chat a stanza is about. Parsed once, then trusted.
//
//     [user[.agent][:device]@]server
//
// Invariants  `server` is never empty; `user` is empty exactly for a bare server; `device` is 0 for groups. The agent of a phone
//             number is dropped on reading, device 0 is omitted on printing. What to_string prints, parse reads as the same JID:
//             no part can hold an @, and no user of a server with devices a colon.
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

enum class JidErrc {
    empty = 1,
    two_at_signs,
    no_server,
    bad_device,
    too_long,
    control_character,
    no_user,
};

inline std::string_view describe(JidErrc error) noexcept {
    switch (error) {
    case JidErrc::empty: return "the JID is empty";
    case JidErrc::two_at_signs: return "the JID holds more than one @";
    case JidErrc::no_server: return "the JID has no server after its @";
    case JidErrc::bad_device: return "the JID's device is not a number up to 65535";
    case JidErrc::too_long: return "the JID is longer than 256 bytes";
    case JidErrc::control_character: return "the JID holds a space or a control character";
    case JidErrc::no_user: return "the JID has a device or an agent and no user";
    }
    return "unknown JID error";
}
inline ErrorCode make_error_code(JidErrc e) noexcept {
    return make_code(e, category_of<JidErrc>("jid"));
}

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

inline constexpr std::size_t max_jid_bytes = 256;

// Users of this server have devices: "user:device@server". For the others a colon belongs to the user.
constexpr bool has_devices(std::string_view server) noexcept {
    return server != server::group && server != server::newsletter && server != server::broadcast;
}

// The user without the agent that older clients put behind a phone number: "123.0", "123_1". The dot of a LID belongs to it.
constexpr std::string_view without_agent(std::string_view user, std::string_view server) noexcept {
    const bool phone = server == server::phone || server == server::legacy_phone;
    return phone ? user.substr(0, user.find_first_of("._")) : user;
}

// A JID's parts, as views into the text or stanza they were read from: what can be compared without a copy.
struct JidParts {
    std::string_view user, server;
    std::uint16_t device = 0;

    // Takes text apart. The parts have been checked as Jid's are.
    [[nodiscard]] static Result<JidParts> parse(std::string_view text) noexcept;

    // The checks that hold for every JID. Ok: the parts, the agent dropped.
    [[nodiscard]] Result<JidParts> checked() const noexcept;
};

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

    Family family() const noexcept { return family_of(server_); }
    static constexpr Family family_of(std::string_view server) noexcept {
        if (server == server::phone || server == server::legacy_phone || server == server::hosted) {
            return Family::phone;
        }
        return server == server::lid || server == server::hosted_lid ? Family::lid : Family::other;
    }
    bool is_group() const noexcept { return server_ == server::group && !user_.empty(); }
    bool is_user() const noexcept { return family() != Family::other && !user_.empty(); }

    // The same person or chat, whatever the device and whichever spelling of the server.
    bool same_user(const Jid& other) const noexcept {
        return same_user(other.user_, other.server_);
    }
    bool same_user(std::string_view user, std::string_view server) const noexcept {
        return user_ == without_agent(user, server) &&
               (family() == Family::other ? server_ == server : family() == family_of(server));
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

inline Result<JidParts> JidParts::checked() const noexcept {
    if (server.empty()) {
        return JidErrc::no_server;
    }
    if (user.size() + server.size() > max_jid_bytes) {
        return JidErrc::too_long;
    }
    for (const std::string_view part : {user, server}) {
        for (const char c : part) {
            if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) == 0x7f) {
                return JidErrc::control_character;
            }
            if (c == '@') {
                return JidErrc::two_at_signs;
            }
        }
    }
    if (has_devices(server) && user.find(':') != std::string_view::npos) {
        return JidErrc::bad_device;
    }
    const std::string_view bare = without_agent(user, server);
    if (bare.empty() && (device != 0 || !user.empty())) {
        return JidErrc::no_user;
    }
    return JidParts{bare, server, device};
}

inline Result<JidParts> JidParts::parse(std::string_view text) noexcept {
    if (text.empty()) {
        return JidErrc::empty;
    }
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos) {
        return JidParts{{}, text}.checked();
    }
    JidParts parts{text.substr(0, at), text.substr(at + 1)};
    if (const std::size_t colon = parts.user.rfind(':');
        has_devices(parts.server) && colon != std::string_view::npos) {
        const std::string_view digits = parts.user.substr(colon + 1);
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), parts.device);
        if (error != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
            return JidErrc::bad_device;
        }
        if (colon == 0) {
            return JidErrc::no_user;
        }
        parts.user = parts.user.substr(0, colon);
    }
    return parts.checked();
}

inline Result<Jid> Jid::make(std::string_view user, std::string_view server, std::uint16_t device) {
    const Result<JidParts> parts = JidParts{user, server, device}.checked();
    if (!parts) {
        return parts.error();
    }
    return Jid{std::string{parts->user}, std::string{parts->server}, device};
}

inline Result<Jid> Jid::parse(std::string_view text) {
    const Result<JidParts> parts = JidParts::parse(text);
    if (!parts) {
        return parts.error();
    }
    return Jid{std::string{parts->user}, std::string{parts->server}, parts->device};
}

} // namespace vestari
