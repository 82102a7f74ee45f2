#include "bridge/replay/fixture.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "vestari/base/money.hpp"
#include "vestari/event/envelope.hpp"

namespace vestari::replay {

namespace json = boost::json;

namespace {

std::optional<json::value> parse_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 8; // ours is four deep
    json::error_code error;
    json::value value = json::parse({text.data(), text.size()}, error, {}, options);
    if (error || !value.is_object()) {
        return std::nullopt;
    }
    return value;
}

const json::object* object_at(const json::object& from, std::string_view key) {
    const json::value* value = from.if_contains({key.data(), key.size()});
    return value != nullptr ? value->if_object() : nullptr;
}
const json::array* array_at(const json::object& from, std::string_view key) {
    const json::value* value = from.if_contains({key.data(), key.size()});
    return value != nullptr ? value->if_array() : nullptr;
}
std::optional<std::string_view> text_at(const json::object& from, std::string_view key) {
    const json::value* value = from.if_contains({key.data(), key.size()});
    if (value == nullptr || !value->is_string()) {
        return std::nullopt;
    }
    const json::string& text = value->get_string();
    return std::string_view{text.data(), text.size()};
}
std::optional<std::uint32_t> number_at(const json::object& from, std::string_view key) {
    const json::value* value = from.if_contains({key.data(), key.size()});
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0 ||
        value->get_int64() > std::int64_t{UINT32_MAX}) {
        return std::nullopt;
    }
    return static_cast<std::uint32_t>(value->get_int64());
}

Result<Bytes> key_at(const json::object& from, std::string_view name, std::size_t size) {
    const auto text = text_at(from, name);
    if (!text) {
        return FixtureErrc::bad_key;
    }
    auto bytes = from_hex(*text);
    if (!bytes || bytes->size() != size) {
        return FixtureErrc::bad_key;
    }
    return bytes;
}

Result<KeyPair> key_pair(const json::object& from) {
    Result<Bytes> public_key = key_at(from, "public", 33);
    Result<Bytes> private_key = key_at(from, "private", 32);
    if (!public_key || !private_key) {
        return FixtureErrc::bad_key;
    }
    return KeyPair{std::move(*public_key), std::move(*private_key)};
}

Result<NumberedKeyPair> numbered_key_pair(const json::object* from) {
    if (from == nullptr) {
        return FixtureErrc::bad_header;
    }
    const auto id = number_at(*from, "id");
    Result<KeyPair> pair = key_pair(*from);
    if (!id || !pair) {
        return FixtureErrc::bad_key;
    }
    return NumberedKeyPair{*id, *pair, {}};
}

Result<Device> read_device(const json::object& from) {
    Device device;
    const auto registration = number_at(from, "registration_id");
    const json::object* identity = object_at(from, "identity");
    const json::object* signed_pre_key = object_at(from, "signed_pre_key");
    if (!registration || identity == nullptr || signed_pre_key == nullptr) {
        return FixtureErrc::bad_header;
    }
    device.registration_id = *registration;
    Result<KeyPair> own = key_pair(*identity);
    Result<NumberedKeyPair> current = numbered_key_pair(signed_pre_key);
    Result<Bytes> signature = key_at(*signed_pre_key, "signature", 64);
    if (!own || !current || !signature) {
        return FixtureErrc::bad_key;
    }
    device.identity = *own;
    device.signed_pre_key = std::move(*current);
    device.signed_pre_key.signature = std::move(*signature);
    const json::array* pre_keys = array_at(from, "pre_keys");
    if (pre_keys == nullptr) {
        return FixtureErrc::bad_header;
    }
    for (const json::value& entry : *pre_keys) {
        Result<NumberedKeyPair> key = numbered_key_pair(entry.if_object());
        if (!key) {
            return key.error();
        }
        device.pre_keys.push_back(std::move(*key));
    }
    return device;
}

Result<void> read_groups(const json::object& from, FixtureHeader& header) {
    if (const json::array* groups = array_at(from, "groups")) {
        for (const json::value& entry : *groups) {
            const json::object* group = entry.if_object();
            const auto jid = group != nullptr ? text_at(*group, "jid") : std::nullopt;
            if (!jid || !Jid::parse(*jid)) {
                return FixtureErrc::bad_header;
            }
            const std::string currency{text_at(*group, "currency").value_or("")};
            if (!currency.empty() && !Currency::parse(currency)) {
                return FixtureErrc::bad_header;
            }
            header.groups.push_back(
                {std::string{*jid}, std::string{text_at(*group, "name").value_or("")}, currency});
        }
    }
    if (const json::array* include = array_at(from, "include")) {
        for (const json::value& entry : *include) {
            if (!entry.is_string()) {
                return FixtureErrc::bad_header;
            }
            header.include.emplace_back(entry.get_string().data(), entry.get_string().size());
        }
    }
    return {};
}

std::optional<TimePoint> time_at(const json::object& from) {
    const json::value* at = from.if_contains("at");
    if (at == nullptr || !at->is_int64() || at->get_int64() < 0) {
        return std::nullopt;
    }
    const TimePoint time{std::chrono::milliseconds{at->get_int64()}};
    return time <= event::last_time ? std::optional{time} : std::nullopt;
}

Result<FixtureEvent> read_content(const json::object& from, TimePoint at) {
    const auto chat = text_at(from, "chat");
    const auto sender = text_at(from, "sender");
    const auto id = text_at(from, "id");
    const auto message = text_at(from, "message");
    if (!chat || !sender || !id || !message) {
        return FixtureErrc::bad_event;
    }
    Result<Bytes> bytes = from_hex(*message);
    if (!bytes) {
        return FixtureErrc::bad_event;
    }
    return FixtureEvent{ContentEvent{at, std::string{*chat}, std::string{*sender}, std::string{*id},
                                     std::move(*bytes)}};
}

} // namespace

Result<FixtureHeader> parse_header(std::string_view text) {
    const auto value = parse_json(text);
    if (!value) {
        return FixtureErrc::not_a_fixture;
    }
    const json::object& root = value->get_object();
    const json::value* version = root.if_contains("vestari_capture");
    if (version == nullptr || !version->is_int64()) {
        return FixtureErrc::not_a_fixture;
    }
    if (version->get_int64() != 1) {
        return FixtureErrc::unknown_version;
    }
    FixtureHeader header;
    if (const json::object* me = object_at(root, "me")) {
        for (auto [key, slot] : {std::pair{"pn", &header.pn}, std::pair{"lid", &header.lid}}) {
            if (const auto jid = text_at(*me, key)) {
                Result<Jid> parsed = Jid::parse(*jid);
                if (!parsed) {
                    return FixtureErrc::bad_header;
                }
                *slot = std::move(*parsed);
            }
        }
    }
    if (const json::object* device = object_at(root, "device")) {
        Result<Device> read = read_device(*device);
        if (!read) {
            return read.error();
        }
        header.device = std::move(*read);
    }
    if (Result<void> groups = read_groups(root, header); !groups) {
        return groups.error();
    }
    header.default_currency = text_at(root, "default_currency").value_or("");
    if (!header.default_currency.empty() && !Currency::parse(header.default_currency)) {
        return FixtureErrc::bad_header;
    }
    return header;
}

Result<FixtureEvent> parse_event(std::string_view text) {
    const auto value = parse_json(text);
    if (!value) {
        return FixtureErrc::not_json;
    }
    const json::object& root = value->get_object();
    const auto at = time_at(root);
    const auto in = text_at(root, "in");
    const json::object* content = object_at(root, "content");
    if (!in && content == nullptr) {
        return root.contains("in") || root.contains("content")
                   ? Result<FixtureEvent>{FixtureErrc::bad_event}
                   : Result<FixtureEvent>{FixtureEvent{UnknownEvent{}}};
    }
    if (!at) {
        return FixtureErrc::bad_event;
    }
    if (!in) {
        return read_content(*content, *at);
    }
    Result<Bytes> frame = from_hex(*in);
    if (!frame) {
        return FixtureErrc::bad_event;
    }
    return FixtureEvent{StanzaEvent{*at, std::move(*frame)}};
}

} // namespace vestari::replay
