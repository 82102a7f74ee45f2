#include "bridge/route/stanza_header.hpp"

#include <algorithm>

#include "vestari/base/utf8.hpp"

namespace vestari::route {

namespace {

using wire::JidView;

constexpr std::size_t longest_id = 128;

struct TextField {
    std::string_view key;
    std::string_view StanzaHeader::* field;
};
constexpr TextField text_fields[] = {
    {"id", &StanzaHeader::id},
    {"type", &StanzaHeader::type},
    {"notify", &StanzaHeader::notify},
    {"offline", &StanzaHeader::offline},
    {"addressing_mode", &StanzaHeader::addressing_mode},
    {"category", &StanzaHeader::category},
    {"edit", &StanzaHeader::edit},
};

enum class Weight : std::uint8_t { decides, hint };

struct JidField {
    std::string_view key;
    std::optional<JidView> StanzaHeader::* field;
    Weight weight;
};
constexpr JidField jid_fields[] = {
    {"from", &StanzaHeader::from, Weight::decides},
    {"participant", &StanzaHeader::participant, Weight::decides},
    {"recipient", &StanzaHeader::recipient, Weight::decides},
    {"participant_pn", &StanzaHeader::participant_pn, Weight::hint},
    {"participant_lid", &StanzaHeader::participant_lid, Weight::hint},
    {"sender_pn", &StanzaHeader::sender_pn, Weight::hint},
    {"sender_lid", &StanzaHeader::sender_lid, Weight::hint},
};

bool read_text(StanzaHeader& header, const wire::Attribute& attribute) noexcept {
    for (const TextField& field : text_fields) {
        if (field.key != attribute.key) {
            continue;
        }
        if (const auto* const text = std::get_if<std::string_view>(&attribute.value)) {
            header.*field.field = *text;
        } else if (field.field == &StanzaHeader::id) {
            header.broken = true;
        }
        return true;
    }
    return false;
}

void read_jid(StanzaHeader& header, const wire::Attribute& attribute) noexcept {
    for (const JidField& field : jid_fields) {
        if (field.key != attribute.key) {
            continue;
        }
        if (const auto* const jid = std::get_if<JidView>(&attribute.value)) {
            header.*field.field = *jid;
            return;
        }
        const std::string_view text = *std::get_if<std::string_view>(&attribute.value);
        if (text.empty()) {
            return;
        }
        if (const Result<JidView> jid = JidView::parse(text)) {
            header.*field.field = *jid;
        } else if (field.weight == Weight::decides) {
            header.broken = true;
        }
        return;
    }
}

} // namespace

bool usable_id(std::string_view id) noexcept {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !id.empty() && id.size() <= longest_id && std::ranges::none_of(id, control) &&
           is_valid_utf8(id);
}

StanzaHeader header_of(const wire::Node& root) noexcept {
    StanzaHeader header;
    header.tag = root.tag;
    header.t = root.number_of("t");
    for (const wire::Attribute& attribute : root.attributes) {
        if (!read_text(header, attribute)) {
            read_jid(header, attribute);
        }
    }
    return header;
}

} // namespace vestari::route
