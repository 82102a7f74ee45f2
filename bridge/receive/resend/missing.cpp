#include "bridge/receive/resend/missing.hpp"

#include "vestari/event/codec.hpp"

namespace vestari::receive {

namespace out = outbound::out;

namespace {

constexpr std::byte form{1};

void put(Bytes& into, BytesView field) {
    append_be32(into, static_cast<std::uint32_t>(field.size()));
    append(into, field);
}
void put(Bytes& into, const std::optional<Jid>& jid) {
    const std::string text = jid ? jid->to_string() : std::string{};
    put(into, as_bytes(text));
}

class Fields {
public:
    explicit Fields(BytesView rest) : rest_{rest} {}

    BytesView next() {
        const std::size_t size = number();
        if (size > rest_.size()) {
            broken_ = true;
            return {};
        }
        const BytesView field = rest_.first(size);
        rest_ = rest_.subspan(size);
        return field;
    }
    std::optional<Jid> jid() {
        const BytesView text = next();
        const Result<Jid> made = Jid::parse(as_text(text));
        broken_ = broken_ || (!text.empty() && !made);
        return made ? std::optional{*made} : std::nullopt;
    }
    std::uint64_t big() {
        const BytesView field = next();
        broken_ = broken_ || field.size() != 8;
        return broken_ ? 0 : read_be<8>(field);
    }
    bool broken() const noexcept { return broken_; }

private:
    std::size_t number() {
        if (rest_.size() < 4) {
            broken_ = true;
            return 0;
        }
        const auto value = static_cast<std::size_t>(read_be<4>(rest_));
        rest_ = rest_.subspan(4);
        return value;
    }

    BytesView rest_;
    bool broken_ = false;
};

std::optional<event::Envelope> envelope_from(BytesView encoded) {
    Result<event::Frame> frame = event::decode(encoded.subspan(4)); // its length stands in front
    if (!frame || !std::holds_alternative<event::Envelope>(*frame)) {
        return std::nullopt;
    }
    return std::get<event::Envelope>(std::move(*frame));
}

} // namespace

Bytes encode(const Missing& missing) {
    Bytes bytes{form, static_cast<std::byte>(missing.category),
                missing.code ? static_cast<std::byte>(*missing.code) : std::byte{0}};
    Bytes sent_at;
    append_be64(sent_at, missing.sent_at);
    put(bytes, sent_at);
    put(bytes, as_bytes(missing.stanza.id.value()));
    put(bytes, std::optional{missing.stanza.from});
    put(bytes, missing.stanza.participant);
    put(bytes, missing.stanza.recipient);
    put(bytes, missing.gap ? event::encode(event::Frame{*missing.gap}) : Bytes{});
    return bytes;
}

std::optional<Missing> decode_missing(BytesView encoded) {
    if (encoded.size() < 3 || encoded.front() != form) {
        return std::nullopt;
    }
    Fields fields{encoded.subspan(3)};
    const std::uint64_t sent_at = fields.big();
    const Result<out::Text> id = out::Text::of(as_text(fields.next()));
    const std::optional<Jid> from = fields.jid();
    const std::optional<Jid> participant = fields.jid();
    const std::optional<Jid> recipient = fields.jid();
    const BytesView gap = fields.next();
    if (fields.broken() || !id || !from) {
        return std::nullopt;
    }
    Missing missing{{*id, *from, participant, recipient}};
    missing.category = static_cast<out::RetryCategory>(encoded[1]);
    if (encoded[2] != std::byte{0}) {
        missing.code = static_cast<out::RetryCode>(encoded[2]);
    }
    missing.sent_at = sent_at;
    missing.gap = gap.size() > 4 ? envelope_from(gap) : std::nullopt;
    return missing;
}

} // namespace vestari::receive
