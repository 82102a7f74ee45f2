#include "tests/synth/fixture.hpp"

#include <ostream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace vestari::synth {

namespace json = boost::json;

namespace {

json::object key_json(const KeyPair& pair) {
    return {{"public", to_hex(pair.public_key)}, {"private", to_hex(pair.private_key)}};
}

json::object device_json(const DeviceKeys& keys) {
    json::object signed_key = key_json(keys.signed_pre_key);
    signed_key["id"] = keys.signed_pre_key_id;
    signed_key["signature"] = to_hex(keys.signature);
    json::array pre_keys;
    for (std::size_t i = 0; i < keys.pre_keys.size(); ++i) {
        json::object key = key_json(keys.pre_keys[i]);
        key["id"] = keys.first_pre_key_id + i;
        pre_keys.push_back(std::move(key));
    }
    return {{"registration_id", keys.registration_id},
            {"identity", key_json(keys.identity)},
            {"signed_pre_key", std::move(signed_key)},
            {"pre_keys", std::move(pre_keys)}};
}

json::value or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

json::object learned_json(const Learned& message) {
    return {{"chat", message.chat},
            {"id", message.id},
            {"sender", message.sender},
            {"sender_pn", message.sender_pn},
            {"sender_lid", message.sender_lid},
            {"kind", message.kind},
            {"text", or_null(message.text)},
            {"target", or_null(message.target)},
            {"quoted", or_null(message.quoted)},
            {"category", message.category}};
}

// One entry a line, so that a difference can be read.
template <class List, class ToJson>
void write_list(std::ostream& out, std::string_view name, const List& list, ToJson to_json) {
    out << ",\n\"" << name << "\":[";
    std::string_view between = "\n";
    for (const auto& entry : list) {
        out << between << json::serialize(to_json(entry));
        between = ",\n";
    }
    out << ']';
}

} // namespace

Fixture::Fixture(World world, DeviceKeys keys, std::string note)
    : world_{std::move(world)}, keys_{std::move(keys)}, note_{std::move(note)} {}

void Fixture::add(std::int64_t at_ms, BytesView stanza, Count count, const std::string& category) {
    lines_.push_back({at_ms, to_bytes(stanza)});
    ++counts_[static_cast<std::size_t>(count)];
    ++categories_[category];
}

void Fixture::swap_last_two() {
    std::swap(lines_[lines_.size() - 1].stanza, lines_[lines_.size() - 2].stanza);
}

void Fixture::ignore(std::string chat, std::string id, std::string why) {
    silent_.push_back({std::move(chat), std::move(id), std::move(why)});
}

void Fixture::write(std::ostream& out) const {
    json::array groups;
    json::array include;
    for (const ChatGroup& group : world_.groups) {
        json::object entry{{"jid", group.jid}, {"name", group.name}};
        if (!group.currency.empty()) {
            entry["currency"] = group.currency;
        }
        groups.push_back(std::move(entry));
        if (group.included) {
            include.push_back(json::value(group.jid));
        }
    }
    const std::string device = ':' + std::to_string(world_.me.device) + '@';
    const json::object header{{"vestari_capture", 1},
                              {"note", note_},
                              {"me",
                               {{"pn", world_.me.pn + device + "s.whatsapp.net"},
                                {"lid", world_.me.lid + device + "lid"}}},
                              {"default_currency", "USD"},
                              {"device", device_json(keys_)},
                              {"groups", std::move(groups)},
                              {"include", std::move(include)}};
    out << json::serialize(header) << '\n';
    for (const Line& line : lines_) {
        out << "{\"at\":" << line.at_ms << ",\"in\":\"" << to_hex(line.stanza) << "\"}\n";
    }
}

void Fixture::write_expected(std::ostream& out) const {
    static constexpr std::string_view names[] = {"dropped", "decrypted", "failed", "duplicates",
                                                 "other"};
    out << "{\"stanzas\":" << lines_.size();
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        out << ",\"" << names[i] << "\":" << counts_[i];
    }
    json::object how;
    for (const auto& [category, count] : categories_) {
        how[category] = count;
    }
    out << ",\n\"how\":" << json::serialize(how);
    write_list(out, "messages", learned_, learned_json);
    write_list(out, "optional", optional_, learned_json);
    write_list(out, "silent", silent_, [](const Silent& s) {
        return json::object{{"chat", s.chat}, {"id", s.id}, {"why", s.why}};
    });
    write_list(out, "meant", meant_, [](const Meant& m) {
        return json::object{{"chat", m.chat},
                            {"id", m.id},
                            {"reference", m.reference},
                            {"currency", m.currency},
                            {"price_minor", m.price_minor},
                            {"side", m.side}};
    });
    out << "}\n";
}

} // namespace vestari::synth
