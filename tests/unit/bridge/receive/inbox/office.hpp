// An inbox on a database of its own, and what it would send: every stanza is looked at by the guard, and told in one line.
#pragma once

#include "bridge/outbound/encode.hpp"
#include "bridge/outbound/guard.hpp"
#include "bridge/receive/inbox.hpp"
#include "bridge/signal/decryptor.hpp"
#include "bridge/store/spool.hpp"
#include "tests/unit/bridge/receive/sending.hpp"

namespace vestari::test {

using Lines = std::vector<std::string>;

inline constexpr std::int64_t office_opens = 1'780'000'000;

// "ack class=message id=A to=…": attributes in the order of their names; children by tag, with the count and error of a retry.
inline std::string told(const wire::OutNode& node) {
    std::map<std::string, std::string> attributes;
    for (const auto& [key, value] : node.attributes) {
        const auto* const text = std::get_if<std::string>(&value);
        const std::string shown = text != nullptr ? *text : std::get<Jid>(value).to_string();
        if (!shown.empty()) {
            attributes[key] = shown;
        }
    }
    std::string line = node.tag;
    for (const auto& [key, value] : attributes) {
        line += ' ' + key + '=' + value;
    }
    if (const auto* const children = std::get_if<std::vector<wire::OutNode>>(&node.content)) {
        for (const wire::OutNode& child : *children) {
            line += child.tag == "retry" ? " <" + told(child) + '>' : " <" + child.tag + '>';
        }
    }
    return line;
}

inline Lines told(const std::vector<outbound::Outbound>& stanzas,
                  const route::Own& own = own_device()) {
    static std::map<std::string, outbound::Guard> guards;
    outbound::Guard& guard =
        guards.try_emplace(own.pn.to_string(), outbound::Own{own.pn, own.lid}).first->second;
    Lines lines;
    for (const outbound::Outbound& stanza : stanzas) {
        const wire::OutNode node = outbound::encode(stanza);
        lines.push_back(told(node));
        CAPTURE(lines.back());
        CHECK(guard.check(wire::encode(node)).has_value());
    }
    return lines;
}

class Office : public People {
public:
    explicit Office(std::size_t pre_keys = 8) : People{pre_keys} {
        options.account = "main";
        options.own = own_device();
        options.included = route::IncludeList::of(std::vector{std::string{trade_desk}}).value();
        options.device_identity = to_bytes("signed device identity");
        signal::Decryptor decryptor{*sessions, clock};
        REQUIRE(decryptor.install(installable(reader())));
        open();
    }

    // The process ends without a word, and starts again.
    void restart() {
        inbox.reset();
        sessions.reopen();
        open();
        ++connection;
    }
    void open() { inbox.emplace(*sessions, options, clock); }

    Lines take(const synth::Stanza& stanza) {
        offer(stanza);
        return told(inbox->commit());
    }
    void offer(const synth::Stanza& stanza) {
        CHECK(inbox->take(synth::encode(stanza, synth::Packing::plain), clock.now(), connection) ==
              receive::Inbox::Took::yes);
    }
    Lines tick() {
        inbox->tick(clock.now(), connection);
        return told(inbox->commit());
    }

    std::vector<event::Envelope> spooled() {
        std::vector<event::Envelope> envelopes;
        for (const store::Spooled& row : store::Spool{*sessions}.after(seen_, 100'000)) {
            seen_ = row.sequence;
            const event::Frame frame = event::decode(BytesView{row.payload}.subspan(4)).value();
            envelopes.push_back(std::get<event::Envelope>(frame));
        }
        return envelopes;
    }
    Lines texts() {
        Lines lines;
        for (const event::Envelope& envelope : spooled()) {
            lines.push_back(envelope.kind == event::Kind::gap ? "gap " + envelope.id
                                                              : envelope.text);
        }
        return lines;
    }

    Sessions sessions;
    ManualClock clock{at(office_opens)};
    receive::InboxOptions options;
    std::optional<receive::Inbox> inbox;
    receive::ConnectionNumber connection = 1;

private:
    std::uint64_t seen_ = 0;
};

// Acks and receipts as the office's stanzas are told.
inline std::string ack_of(std::string_view id, std::string_view from, std::string_view rest = {}) {
    std::string line = "ack class=message";
    if (rest.starts_with("error")) {
        line += ' ' + std::string{rest.substr(0, rest.find(' '))};
        rest = rest.find(' ') == std::string_view::npos ? std::string_view{}
                                                        : rest.substr(rest.find(' ') + 1);
    }
    line += " id=" + std::string{id};
    if (!rest.empty()) {
        line += ' ' + std::string{rest};
    }
    return line + " to=" + std::string{from};
}

} // namespace vestari::test
