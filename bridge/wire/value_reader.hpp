// Reads the parts of a node from a source of bytes: list headers, strings, JIDs, attributes. Shared by the decoder, which has all
// bytes in hand, and the root reader, which inflates them one by one.
//
// A source has  bool byte(std::uint8_t&)                    the next byte
//               bool take(std::size_t, std::string_view&)   the next bytes, valid as long as what is read
//               bool has(std::size_t)                       can so many bytes follow?
//               bool fail(WireErrc)                         remembers the error; always false
//
// Invariants  no recursion; nothing is allocated from a count that the bytes left cannot bear; every text that is handed out is
//             valid UTF-8 without NUL.
// Threads     one owner.
// Errors      false: the source knows the error.
// Source      wire/10-connection.md sections 5.2 to 5.9.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <span>
#include <string_view>

#include "bridge/wire/layout.hpp"
#include "bridge/wire/node.hpp"
#include "bridge/wire/tokens.hpp"
#include "bridge/wire/wire_error.hpp"
#include "vestari/base/utf8.hpp"

namespace vestari::wire {

template <class Source> class ValueReader {
public:
    // Unpacked strings and attribute lists live in the arena.
    ValueReader(Source& source, std::pmr::memory_resource& arena) noexcept
        : source_{source}, arena_{arena} {}

    struct NodeHeader {
        std::uint32_t attributes = 0;
        bool has_content = false;
    };
    bool node_header(NodeHeader& header) {
        std::uint8_t first = 0;
        std::uint32_t size = 0;
        if (!source_.byte(first)) {
            return false;
        }
        if (Lead{first} != Lead::list_8 && Lead{first} != Lead::list_16) {
            return source_.fail(first == 0 ? WireErrc::empty_node : WireErrc::not_a_list);
        }
        if (!list_size(Lead{first}, size)) {
            return false;
        }
        if (size == 0) {
            return source_.fail(WireErrc::empty_node);
        }
        header = {(size - 1) / 2, size % 2 == 0};
        return true;
    }

    bool list_size(Lead lead, std::uint32_t& size) {
        size = 0;
        return lead == Lead::list_empty || number(lead == Lead::list_8 ? 1 : 2, size);
    }

    bool tag(std::string_view& out) {
        std::uint8_t first = 0;
        if (!source_.byte(first) || !plain(Lead{first}, limit::tag, WireErrc::bad_tag, out)) {
            return false;
        }
        return is_name(out) || source_.fail(WireErrc::bad_tag);
    }

    bool attributes(std::uint32_t count, std::span<const Attribute>& out) {
        if (count > limit::attributes) {
            return source_.fail(WireErrc::too_many_attributes);
        }
        if (!source_.has(std::size_t{count} * 2)) {
            return false;
        }
        if (count == 0) {
            out = {};
            return true;
        }
        auto* const first =
            static_cast<Attribute*>(arena_.allocate(count * sizeof(Attribute), alignof(Attribute)));
        for (std::uint32_t i = 0; i < count; ++i) {
            if (!attribute(*std::construct_at(first + i))) {
                return false;
            }
        }
        out = {first, count};
        return unique_keys(out) || source_.fail(WireErrc::duplicate_attribute);
    }

    // A string or a JID that begins with `lead`.
    bool value(Lead lead, Value& out) {
        if (is_jid(lead)) {
            return jid(lead, out.emplace<JidView>());
        }
        return plain(lead, limit::value, WireErrc::bad_value, out.emplace<std::string_view>());
    }

    bool binary_length(Lead lead, std::uint32_t& length) {
        if (lead == Lead::binary_20) {
            if (!number(3, length)) {
                return false;
            }
            length &= 0xfffffU; // the upper half of the first byte is not part of the length
        } else if (!number(lead == Lead::binary_8 ? 1 : 4, length)) {
            return false;
        }
        return source_.has(length);
    }

private:
    bool number(unsigned bytes, std::uint32_t& out) {
        out = 0;
        for (unsigned i = 0; i < bytes; ++i) {
            std::uint8_t byte = 0;
            if (!source_.byte(byte)) {
                return false;
            }
            out = out << 8U | byte;
        }
        return true;
    }

    bool attribute(Attribute& out) {
        std::uint8_t first = 0;
        if (!source_.byte(first) || !plain(Lead{first}, limit::key, WireErrc::bad_key, out.key)) {
            return false;
        }
        if (!is_name(out.key)) {
            return source_.fail(WireErrc::bad_key);
        }
        return source_.byte(first) && value(Lead{first}, out.value);
    }

    // A string that is no JID. `wrong`: the error if it is too long or no text.
    bool plain(Lead lead, std::size_t longest, WireErrc wrong, std::string_view& out) {
        origin_ = Origin::token;
        if (lead == Lead::list_empty) {
            out = {};
            return true;
        }
        if (lead < Lead::first_dictionary) {
            out = tokens::single(static_cast<std::uint8_t>(lead));
            return true;
        }
        if (lead <= Lead::last_dictionary) {
            std::uint8_t index = 0;
            if (!source_.byte(index)) {
                return false;
            }
            out =
                tokens::pair(static_cast<std::size_t>(lead) - tokens::first_dictionary_tag, index);
            return true;
        }
        if (is_packed(lead)) {
            origin_ = Origin::packed;
            return unpack(lead == Lead::nibble_8, out) &&
                   (out.size() <= longest || source_.fail(wrong));
        }
        if (is_binary(lead)) {
            return binary_text(lead, longest, wrong, out);
        }
        return source_.fail(is_jid(lead) || is_list(lead) ? WireErrc::not_a_string
                                                          : WireErrc::unassigned_byte);
    }

    bool binary_text(Lead lead, std::size_t longest, WireErrc wrong, std::string_view& out) {
        std::uint32_t length = 0;
        if (!binary_length(lead, length)) {
            return false;
        }
        if (length > longest) {
            return source_.fail(wrong);
        }
        if (!source_.take(length, out)) {
            return false;
        }
        origin_ = Origin::text;
        return (is_valid_utf8(out) && out.find('\0') == std::string_view::npos) ||
               source_.fail(wrong);
    }

    bool unpack(bool nibbles, std::string_view& out) {
        std::uint8_t header = 0;
        std::string_view bytes;
        if (!source_.byte(header)) {
            return false;
        }
        const bool odd = (header & 0x80U) != 0;
        const std::size_t size = header & 0x7fU;
        if (size == 0) {
            out = {};
            return !odd || source_.fail(WireErrc::bad_packed);
        }
        if (!source_.take(size, bytes)) {
            return false;
        }
        auto* const text = static_cast<char*>(arena_.allocate(size * 2, 1));
        const packed::Table& table = nibbles ? packed::nibbles : packed::hexes;
        for (std::size_t i = 0; i < size; ++i) {
            std::memcpy(text + 2 * i, table[static_cast<std::uint8_t>(bytes[i])].data(), 2);
        }
        out = {text, size * 2 - (odd ? 1U : 0U)};
        // The digit that an odd length drops is the padding 15; peers drop any assigned digit.
        const auto last =
            static_cast<std::uint8_t>(static_cast<std::uint8_t>(bytes.back()) & 0x0fU);
        const bool padded = !odd || !nibbles || last == 15 || text[size * 2 - 1] != '\0';
        return (padded && std::memchr(text, '\0', out.size()) == nullptr) ||
               source_.fail(WireErrc::bad_packed);
    }

    bool jid(Lead lead, JidView& out) {
        std::uint32_t domain_byte = 0;
        std::uint32_t device = 0;
        std::uint32_t integrator = 0;
        bool plain_user = false;
        bool plain_server = true;
        if (lead == Lead::ad_jid) {
            if (!number(1, domain_byte) || !number(1, device) || !jid_part(out.user)) {
                return false;
            }
            plain_user = origin_ == Origin::packed;
            set_domain(out, static_cast<std::uint8_t>(domain_byte));
        } else {
            if (!jid_part(out.user)) {
                return false;
            }
            plain_user = origin_ == Origin::packed;
            if ((lead != Lead::jid_pair && !number(2, device)) ||
                (lead == Lead::interop_jid && !number(2, integrator)) || !jid_part(out.server)) {
                return false;
            }
            plain_server = origin_ != Origin::text;
        }
        out.device = static_cast<std::uint16_t>(device);
        out.integrator = static_cast<std::uint16_t>(integrator);
        return is_whole(lead, out, plain_user && plain_server) || source_.fail(WireErrc::bad_jid);
    }

    bool jid_part(std::string_view& out) {
        std::uint8_t first = 0;
        if (!source_.byte(first)) {
            return false;
        }
        if (is_jid(Lead{first})) {
            return source_.fail(WireErrc::nested_jid);
        }
        return plain(Lead{first}, max_jid_bytes, WireErrc::bad_jid, out);
    }

    static void set_domain(JidView& jid, std::uint8_t byte) noexcept {
        jid.server = server::phone;
        if (byte == domain::lid) {
            jid.server = server::lid;
        } else if (byte == domain::hosted) {
            jid.server = server::hosted;
        } else if (byte == domain::hosted_lid) {
            jid.server = server::hosted_lid;
        } else {
            jid.unknown_domain = byte; // 0 for the phone's own
        }
    }

    // clean: no part can hold what separates the parts of a JID. Packed users cannot, nor can tokens as servers.
    static bool is_whole(Lead lead, const JidView& jid, bool clean) noexcept {
        if (jid.server.empty() || (jid.user.empty() && lead != Lead::jid_pair)) {
            return false;
        }
        if (lead == Lead::fb_jid && jid.server != server::messenger) {
            return false;
        }
        if (lead == Lead::interop_jid && jid.server != server::interop) {
            return false;
        }
        return clean || JidParts{jid.user, jid.server, jid.device}.checked();
    }

    // Not empty, no control character. Tokens and packed strings have none.
    bool is_name(std::string_view text) const noexcept {
        return !text.empty() && (origin_ != Origin::text || std::ranges::none_of(text, [](char c) {
                                     return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                                 }));
    }

    static bool unique_keys(std::span<const Attribute> all) {
        if (all.size() <= 16) { // comparing each with each is cheaper than sorting
            for (std::size_t i = 1; i < all.size(); ++i) {
                for (std::size_t j = 0; j < i; ++j) {
                    if (all[i].key == all[j].key) {
                        return false;
                    }
                }
            }
            return true;
        }
        std::array<std::string_view, limit::attributes> keys;
        const std::span sorted{keys.data(), all.size()};
        std::ranges::transform(all, sorted.begin(), &Attribute::key);
        std::ranges::sort(sorted);
        return std::ranges::adjacent_find(sorted) == sorted.end();
    }

    Source& source_;
    std::pmr::memory_resource& arena_;
    enum class Origin : std::uint8_t { token, packed, text };
    Origin origin_ =
        Origin::token; // of the last plain string; only text is the peer's own choice of bytes
};

} // namespace vestari::wire
