#include "bridge/link/client_payload.hpp"

#include <charconv>

#include "bridge/link/proto_text.hpp"
#include "link.pb.h"

namespace vestari::link {

namespace {

constexpr int platform_web = 14;
constexpr int web_browser = 0;
constexpr int release = 0;
constexpr int wifi_unknown = 1;
constexpr int user_activated = 1;
constexpr std::uint32_t quota_mb = 10240;   // the phone scales its history to it
constexpr std::uint32_t least_quota_mb = 1; // and has nothing to send into this one
constexpr std::uint32_t least_days = 1;
constexpr std::byte key_type{0x05};

struct HistoryWord {
    History history;
    std::string_view word;
};
constexpr HistoryWord history_words[] = {
    {History::none, "none"}, {History::recent, "recent"}, {History::full, "full"}};

proto::ClientPayload common(const Version& version) {
    proto::ClientPayload payload;
    auto& agent = *payload.mutable_user_agent();
    agent.set_platform(platform_web);
    agent.mutable_app_version()->set_primary(version.primary);
    agent.mutable_app_version()->set_secondary(version.secondary);
    agent.mutable_app_version()->set_tertiary(version.tertiary);
    agent.set_mcc("000");
    agent.set_mnc("000");
    agent.set_os_version("0.1");
    agent.set_manufacturer("");
    agent.set_device("Desktop");
    agent.set_os_build_number("0.1");
    agent.set_release_channel(release);
    agent.set_locale_language("en");
    agent.set_locale_country("US");
    payload.mutable_web_info()->set_web_sub_platform(web_browser);
    payload.set_connect_type(wifi_unknown);
    payload.set_connect_reason(user_activated);
    return payload;
}

Bytes be(std::uint32_t number, std::size_t width) {
    Bytes bytes;
    append_be32(bytes, number);
    return {bytes.end() - static_cast<std::ptrdiff_t>(width), bytes.end()};
}

} // namespace

std::string_view word_of(History history) noexcept {
    return std::ranges::find(history_words, history, &HistoryWord::history)->word;
}

std::optional<History> history_from(std::string_view word) noexcept {
    const auto* const found = std::ranges::find(history_words, word, &HistoryWord::word);
    return found == std::end(history_words) ? std::nullopt : std::optional{found->history};
}

char client_type(Platform platform) noexcept {
    switch (platform) {
    case Platform::chrome: return '1';
    case Platform::desktop: return '7';
    }
    return '9';
}

Bytes device_props(const DeviceProps& props) {
    proto::DeviceProps out;
    out.set_os(props.os);
    out.mutable_version()->set_primary(props.primary);
    out.mutable_version()->set_secondary(props.secondary);
    out.mutable_version()->set_tertiary(props.tertiary);
    out.set_platform_type(static_cast<int>(props.platform));
    out.set_require_full_sync(props.history == History::full);
    auto& history = *out.mutable_history_sync_config();
    history.set_storage_quota_mb(props.history == History::none ? least_quota_mb : quota_mb);
    if (props.history == History::none) {
        history.set_full_sync_days_limit(least_days);
        history.set_recent_sync_days_limit(least_days);
    }
    history.set_inline_initial_payload(true);
    history.set_call_log_history(false);
    history.set_bot_user_agent_chat_history(true);
    history.set_cag_reactions_and_polls(true);
    history.set_biz_hosted_msg(true);
    history.set_recent_sync_chunk_tuning(true);
    history.set_hosted_group_msg(true);
    history.set_fbid_bot_chat_history(true);
    history.set_message_association(true);
    history.set_group_history(false);
    return serialised(out);
}

Bytes registration_payload(const DeviceSecrets& device, const Version& version,
                           const DeviceProps& props) {
    proto::ClientPayload payload = common(version);
    payload.set_passive(false);
    payload.set_pull(false);
    auto& data = *payload.mutable_device_pairing_data();
    data.set_e_regid(text_of(be(device.registration_id, 4)));
    data.set_e_keytype(text_of({&key_type, 1}));
    data.set_e_ident(text_of(device.identity.public_key));
    data.set_e_skey_id(text_of(be(device.signed_pre_key.id, 3)));
    data.set_e_skey_val(text_of(device.signed_pre_key.public_key));
    data.set_e_skey_sig(text_of(device.signed_pre_key.signature));
    data.set_build_hash(text_of(version.build_hash()));
    data.set_device_props(text_of(device_props(props)));
    return serialised(payload);
}

Result<Bytes> login_payload(const Jid& me, const Version& version) {
    std::uint64_t number = 0;
    const std::string& user = me.user();
    const auto [end, error] = std::from_chars(user.data(), user.data() + user.size(), number);
    if (me.family() != Jid::Family::phone || error != std::errc{} ||
        end != user.data() + user.size() || number == 0) {
        return JidErrc::no_user;
    }
    proto::ClientPayload payload = common(version);
    payload.set_username(number);
    payload.set_passive(true);
    payload.set_device(me.device());
    payload.set_lc(1);
    payload.set_pull(true);
    payload.set_lid_db_migrated(true);
    return serialised(payload);
}

} // namespace vestari::link
