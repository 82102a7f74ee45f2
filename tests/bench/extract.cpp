// bench_extract: takes a fixture apart into the workload that every implementation is measured on.
//
//     bench_extract FIXTURE.jsonl WORKLOAD.json
//
// The workload is {"me", "include", "nodes": [hex of each stanza], "groups": [{"group", "sender", "device", "distribution",
// "messages": [hex], "frames": [hex]}]}: each sender key, as it was handed over, with the messages under it that open and the
// stanzas that hold nothing else. Keys come from the pairwise messages, which are
// opened here, once, with libsignal-protocol-c; so no peer has to open them.
#include <fstream>
#include <iostream>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "bridge/wire/decoder.hpp"
#include "tests/synth/sender/device.hpp"

namespace vestari {
namespace {

namespace json = boost::json;
using synth::DeviceKeys;
using synth::KeyPair;
using synth::Receiver;

Bytes unhex(const json::value& text) {
    const Result<Bytes> bytes = from_hex(std::string_view{text.as_string()});
    VESTARI_CHECK(bytes.has_value());
    return *bytes;
}

KeyPair key_pair(const json::object& from) {
    return {unhex(from.at("public")), unhex(from.at("private"))};
}

DeviceKeys device_keys(const json::object& device) {
    DeviceKeys keys;
    keys.registration_id = device.at("registration_id").to_number<std::uint32_t>();
    keys.identity = key_pair(device.at("identity").as_object());
    const json::object& signed_key = device.at("signed_pre_key").as_object();
    keys.signed_pre_key_id = signed_key.at("id").to_number<std::uint32_t>();
    keys.signed_pre_key = key_pair(signed_key);
    keys.signature = unhex(signed_key.at("signature"));
    const json::array& pre_keys = device.at("pre_keys").as_array();
    keys.first_pre_key_id = pre_keys.at(0).at("id").to_number<std::uint32_t>();
    for (const json::value& key : pre_keys) {
        keys.pre_keys.push_back(key_pair(key.as_object()));
    }
    return keys;
}

// The distribution inside a padded Message: field 2, whose field 2 are the bytes. Empty when there is none.
BytesView distribution_in(BytesView message) {
    const auto read = [&message]() -> std::uint64_t {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 63 && !message.empty(); shift += 7) {
            const auto byte = std::to_integer<std::uint64_t>(message.front());
            message = message.subspan(1);
            value |= (byte & 0x7fU) << shift;
            if (byte < 0x80) {
                break;
            }
        }
        return value;
    };
    for (int depth = 0; !message.empty();) {
        const std::uint64_t key = read();
        const std::size_t length = std::min<std::size_t>(read(), message.size());
        if (key == 0x12) { // field 2, bytes: the wrapper, then the distribution in it
            if (depth == 1) {
                return message.first(length);
            }
            message = message.first(length);
            ++depth;
        } else {
            message = message.subspan(length);
        }
    }
    return {};
}

class Extractor {
public:
    explicit Extractor(const DeviceKeys& keys) : receiver_{signal_, keys} {}

    void stanza(BytesView frame) {
        nodes_.emplace_back(to_hex(frame));
        const auto document = wire::decode(frame);
        if (document && document->root().tag == "message") {
            message(document->root(), frame);
        }
    }

    json::object done() && {
        json::array groups;
        for (auto& [name, key] : keys_) {
            if (!key.at("messages").as_array().empty()) {
                groups.push_back(std::move(key));
            }
        }
        return {{"nodes", std::move(nodes_)}, {"groups", std::move(groups)}};
    }

private:
    void message(const wire::Node& root, BytesView frame) {
        const auto from = root.jid_of("from");
        const auto participant = root.jid_of("participant");
        if (!from || !participant || from->server != server::group) {
            return;
        }
        auto sender = *participant; // sessions go by LID
        if (const auto lid = root.jid_of("participant_lid"); lid) {
            sender.user = lid->user;
        }
        for (const wire::Node& part : root.children()) {
            if (part.text_of("type") == "pkmsg") {
                key(from->to_string(), std::string{sender.user}, sender.device, part.bytes());
            }
        }
        const bool alone = root.children().size() == 1;
        for (const wire::Node& part : root.children()) {
            if (part.text_of("type") == "skmsg") {
                body(from->to_string(), std::string{sender.user}, sender.device, part.bytes(),
                     alone ? frame : BytesView{});
            }
        }
    }

    void key(const std::string& group, const std::string& name, std::uint32_t device,
             BytesView text) {
        const auto opened = receiver_.pairwise(name, device, text);
        const BytesView distribution = distribution_in(opened.padded);
        if (opened.code != SG_SUCCESS || distribution.empty()) {
            return;
        }
        const std::string id = group + '|' + name + ':' + std::to_string(device);
        if (keys_.contains(id)) {
            return; // the first key of each device is enough
        }
        receiver_.distribute(group, name, device, distribution);
        keys_[id] = {{"group", group},
                     {"sender", name},
                     {"device", device},
                     {"distribution", to_hex(distribution)},
                     {"messages", json::array{}},
                     {"frames", json::array{}}};
    }

    void body(const std::string& group, const std::string& name, std::uint32_t device,
              BytesView text, BytesView frame) {
        const auto found = keys_.find(group + '|' + name + ':' + std::to_string(device));
        if (found == keys_.end() || receiver_.group(group, name, device, text).code != SG_SUCCESS) {
            return;
        }
        found->second.at("messages").as_array().emplace_back(to_hex(text));
        found->second.at("frames").as_array().emplace_back(to_hex(frame));
    }

    synth::SignalContext signal_{1};
    Receiver receiver_;
    json::array nodes_;
    std::map<std::string, json::object> keys_;
};

int run(const char* fixture, const char* workload) {
    std::ifstream in{fixture};
    std::string line;
    if (!std::getline(in, line)) {
        std::cerr << "bench_extract: cannot read " << fixture << '\n';
        return 74;
    }
    const json::value header = json::parse(line);
    Extractor extractor{device_keys(header.at("device").as_object())};
    while (std::getline(in, line)) {
        const json::value event = json::parse(line);
        if (const json::value* frame = event.as_object().if_contains("in")) {
            extractor.stanza(unhex(*frame));
        }
    }
    json::object work = std::move(extractor).done();
    work["me"] = header.at("me");
    work["include"] = header.at("include");
    std::ofstream out{workload};
    out << json::serialize(work) << '\n';
    return out.flush() ? 0 : 74;
}

} // namespace
} // namespace vestari

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: bench_extract FIXTURE.jsonl WORKLOAD.json\n";
        return 64;
    }
    try {
        return vestari::run(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::cerr << "bench_extract: " << error.what() << '\n';
        return 65;
    }
}
