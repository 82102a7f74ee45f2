// People who write to a receiver under test, encrypted as senders do.
#pragma once

#include <map>

#include "tests/synth/message/content.hpp"
#include "tests/synth/message/stanza.hpp"
#include "tests/synth/sender/device.hpp"
#include "tests/unit/bridge/receive/receiving.hpp"

namespace vestari::test {

inline constexpr std::string_view trade_desk = "120363000000000001@g.us";

inline signal::DeviceKeys installable(const synth::DeviceKeys& made) {
    const auto pair = [](const synth::KeyPair& from) {
        signal::KeyPair to;
        std::ranges::copy(from.public_key, to.public_key.begin());
        std::ranges::copy(from.private_key, to.private_key.begin());
        return to;
    };
    signal::DeviceKeys keys;
    keys.registration_id = made.registration_id;
    keys.identity = pair(made.identity);
    keys.signed_pre_key.id = made.signed_pre_key_id;
    keys.signed_pre_key.keys = pair(made.signed_pre_key);
    std::ranges::copy(made.signature, keys.signed_pre_key_signature.begin());
    for (std::uint32_t i = 0; i < made.pre_keys.size(); ++i) {
        keys.pre_keys.push_back({made.first_pre_key_id + i, pair(made.pre_keys[i])});
    }
    return keys;
}

inline route::Own own_device() { return {jid("9999:5@s.whatsapp.net"), jid("1999:5@lid")}; }

// The people and their devices, and the keys of the device that they write to.
class People {
public:
    explicit People(std::size_t pre_keys = 8)
        : reader_{synth::make_device_keys(signal_, pre_keys)} {}

    // The header of a group message; attributes given here replace its own.
    static synth::Stanza message(std::string_view sender, std::string_view id,
                                 std::map<std::string, std::string> attributes = {}) {
        attributes.emplace("t", "1780000000");
        attributes.emplace("type", "text");
        attributes.emplace("notify", "Dealer");
        synth::Stanza stanza{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
        stanza.with_jid("from", trade_desk).with_jid("participant", sender);
        stanza.with("id", std::string{id});
        for (const auto& [key, value] : attributes) {
            const bool other_name = key == "participant_lid" || key == "participant_pn";
            other_name ? stanza.with_jid(key, value) : stanza.with(key, value);
        }
        return stanza;
    }
    static synth::Stanza enc(std::string type, Bytes bytes, std::string version = "2") {
        synth::Stanza node{
            .tag = "enc", .attributes = {}, .children = {}, .bytes = std::move(bytes)};
        node.with("v", std::move(version)).with("type", std::move(type));
        return node;
    }

    // The parts of a message by the device with that name.
    synth::Stanza key_part(const std::string& device, std::string_view group = trade_desk) {
        return pairwise_part(device,
                             synth::content::distribution(group, of(device).distribution(group)));
    }
    synth::Stanza pairwise_part(const std::string& device, const Bytes& message) {
        return enc("pkmsg", of(device).pairwise(synth::content::pad(message, 7)));
    }
    synth::Stanza group_part(const std::string& device, const Bytes& message,
                             std::string_view group = trade_desk) {
        return enc("skmsg", of(device).group(group, synth::content::pad(message, 7)));
    }
    // A resend: content and key in one ciphertext.
    Bytes both(const std::string& device, const Bytes& message) {
        Bytes all = synth::content::distribution(trade_desk, of(device).distribution(trade_desk));
        append(all, message);
        return all;
    }
    const synth::DeviceKeys& reader() const { return reader_; }

private:
    synth::SenderDevice& of(const std::string& device) {
        const auto found = devices_.find(device);
        return found != devices_.end()
                   ? found->second
                   : devices_.try_emplace(device, signal_, reader_, devices_.size()).first->second;
    }

    synth::SignalContext signal_{7};
    synth::DeviceKeys reader_;
    std::map<std::string, synth::SenderDevice> devices_;
};

class Desk : public Receiving, public People {
public:
    Desk() : Receiving{{"main", own_device()}, {std::string{trade_desk}}} {
        REQUIRE(receiver.decryptor().install(installable(reader())));
    }

    receive::Outcome take(const synth::Stanza& stanza) { return take(stanza, at(1'780'000'000)); }
    receive::Outcome take(const synth::Stanza& stanza, TimePoint when) {
        return receiver.stanza(synth::encode(stanza, synth::Packing::plain), when);
    }
};

} // namespace vestari::test
