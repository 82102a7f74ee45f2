#include "bridge/wire/encoder.hpp"

#include "bridge/wire/layout.hpp"
#include "bridge/wire/tokens.hpp"
#include "bridge/wire/wire_error.hpp"
#include "vestari/base/check.hpp"

namespace vestari::wire {

namespace {

constexpr std::size_t largest_list = 65'535;

template <class... Branches> struct Match : Branches... {
    using Branches::operator()...;
};
template <class... Branches> Match(Branches...) -> Match<Branches...>;

class NodeWriter {
public:
    Bytes take() && { return std::move(out_); }

    void node_header(std::size_t attributes, bool has_content) {
        list(1 + 2 * attributes + (has_content ? 1 : 0));
    }

    void list(std::size_t size) {
        VESTARI_CHECK(size <= largest_list);
        if (size == 0) {
            lead(Lead::list_empty);
        } else if (size < 256) {
            lead(Lead::list_8);
            number<1>(size);
        } else {
            lead(Lead::list_16);
            number<2>(size);
        }
    }

    void text(std::string_view text) {
        if (const std::optional<tokens::Code> token = tokens::find(text)) {
            number<1>(token->first);
            if (token->second) {
                number<1>(*token->second);
            }
        } else if (is_packable(text, packed::nibble_digits)) {
            pack(Lead::nibble_8, text, packed::nibble_digits);
        } else if (is_packable(text, packed::hex_digits)) {
            pack(Lead::hex_8, text, packed::hex_digits);
        } else {
            bytes(as_bytes(text));
        }
    }

    void bytes(BytesView bytes) {
        VESTARI_CHECK(bytes.size() <= limit::frame);
        if (bytes.size() < 256) {
            lead(Lead::binary_8);
            number<1>(bytes.size());
        } else if (bytes.size() < 1U << 20U) {
            lead(Lead::binary_20);
            number<3>(bytes.size());
        } else {
            lead(Lead::binary_32);
            number<4>(bytes.size());
        }
        append(out_, bytes);
    }

    void jid(const JidView& jid) {
        const std::optional<std::uint8_t> domain = domain_of(jid);
        if (jid.user.empty()) {
            lead(Lead::jid_pair);
            lead(Lead::list_empty);
            text(jid.server);
        } else if (domain) {
            lead(Lead::ad_jid);
            number<1>(*domain);
            number<1>(jid.device);
            text(jid.user);
        } else if (jid.server == server::interop && (jid.device != 0 || jid.integrator != 0)) {
            lead(Lead::interop_jid);
            text(jid.user);
            number<2>(jid.device);
            number<2>(jid.integrator);
            text(jid.server);
        } else if (jid.server == server::messenger && jid.device != 0) {
            lead(Lead::fb_jid);
            text(jid.user);
            number<2>(jid.device);
            text(jid.server);
        } else if (jid.device != 0) {
            text(jid.to_string()); // no binary form holds it
        } else {
            lead(Lead::jid_pair);
            text(jid.user);
            text(jid.server);
        }
    }

private:
    void lead(Lead lead) { out_.push_back(std::byte{static_cast<std::uint8_t>(lead)}); }
    template <std::size_t Width> void number(std::size_t value) { append_be<Width>(out_, value); }

    // The domain byte if the JID is written as AD_JID: users with a device, and all hosted users.
    static std::optional<std::uint8_t> domain_of(const JidView& jid) {
        if (jid.device > 255) {
            return std::nullopt;
        }
        if (jid.unknown_domain != 0) {
            return jid.unknown_domain;
        }
        if (jid.server == server::hosted) {
            return domain::hosted;
        }
        if (jid.server == server::hosted_lid) {
            return domain::hosted_lid;
        }
        if (jid.device != 0 && jid.server == server::phone) {
            return domain::phone;
        }
        return jid.device != 0 && jid.server == server::lid ? std::optional{domain::lid}
                                                            : std::nullopt;
    }

    static bool is_packable(std::string_view text, std::string_view digits) {
        return !text.empty() && text.size() <= limit::packed &&
               text.find_first_not_of(digits) == std::string_view::npos;
    }

    void pack(Lead kind, std::string_view text, std::string_view digits) {
        lead(kind);
        const bool odd = text.size() % 2 != 0;
        number<1>((text.size() + 1) / 2 | (odd ? 0x80U : 0U));
        for (std::size_t i = 0; i < text.size(); i += 2) {
            const std::size_t low = i + 1 < text.size() ? digits.find(text[i + 1]) : 15;
            number<1>(digits.find(text[i]) << 4U | low);
        }
    }

    static Bytes flagged() {
        Bytes out;
        out.reserve(512); // more than an acknowledgement needs
        out.push_back(std::byte{0});
        return out;
    }

    Bytes out_ = flagged();
};

void write(NodeWriter& out, const Node& node, std::size_t depth) {
    VESTARI_CHECK(depth <= limit::depth && !node.tag.empty());
    out.node_header(node.attributes.size(), node.content() != Node::Content::none);
    out.text(node.tag);
    for (const Attribute& attribute : node.attributes) {
        out.text(attribute.key);
        std::visit(Match{[&out](std::string_view text) { out.text(text); },
                         [&out](const JidView& jid) { out.jid(jid); }},
                   attribute.value);
    }
    switch (node.content()) {
    case Node::Content::none: break;
    case Node::Content::bytes: out.bytes(node.bytes()); break;
    case Node::Content::text: out.text(node.text()); break;
    case Node::Content::jid: out.jid(*node.jid()); break;
    case Node::Content::children:
        out.list(node.children().size());
        for (const Node& child : node.children()) {
            write(out, child, depth + 1);
        }
        break;
    }
}

bool is_absent(const OutNode::Value& value) {
    const auto* const text = std::get_if<std::string>(&value);
    return text != nullptr && text->empty();
}

void write(NodeWriter& out, const OutNode& node, std::size_t depth) {
    VESTARI_CHECK(depth <= limit::depth && !node.tag.empty());
    std::size_t present = 0;
    for (const auto& [key, value] : node.attributes) {
        present += is_absent(value) ? 0U : 1U;
    }
    out.node_header(present, node.content.index() != 0);
    out.text(node.tag);
    for (const auto& [key, value] : node.attributes) {
        if (is_absent(value)) {
            continue;
        }
        out.text(key);
        std::visit(
            Match{[&out](const std::string& text) { out.text(text); },
                  [&out](const Jid& jid) { out.jid({jid.user(), jid.server(), jid.device()}); }},
            value);
    }
    std::visit(Match{[](std::monostate) {}, [&out](const Bytes& bytes) { out.bytes(bytes); },
                     [&out](const std::string& text) { out.text(text); },
                     [&out, depth](const std::vector<OutNode>& children) {
                         out.list(children.size());
                         for (const OutNode& child : children) {
                             write(out, child, depth + 1);
                         }
                     }},
               node.content);
}

} // namespace

Bytes encode(const OutNode& root) {
    NodeWriter out;
    write(out, root, 1);
    return std::move(out).take();
}

Bytes encode(const Node& root) {
    NodeWriter out;
    write(out, root, 1);
    return std::move(out).take();
}

} // namespace vestari::wire
