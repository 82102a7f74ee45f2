#include "bridge/wire/wire_error.hpp"

namespace vestari::wire {

std::string_view describe(WireErrc error) noexcept {
    switch (error) {
    case WireErrc::truncated: return "the stanza ends in the middle of a value";
    case WireErrc::frame_too_long: return "the frame is longer than 16 MiB";
    case WireErrc::inflated_too_long: return "the stanza inflates to more than 16 MiB";
    case WireErrc::inflates_too_far: return "the stanza inflates to more than 200 times its size";
    case WireErrc::bad_stream: return "the stanza's zlib stream is damaged";
    case WireErrc::truncated_stream: return "the stanza's zlib stream is cut short";
    case WireErrc::bytes_after_stream: return "bytes follow the stanza's zlib stream";
    case WireErrc::not_a_list: return "a node does not begin with a list";
    case WireErrc::empty_node: return "a node is an empty list";
    case WireErrc::unassigned_byte: return "a value begins with an unassigned byte";
    case WireErrc::not_a_string: return "a list or a JID stands where a string is expected";
    case WireErrc::nested_jid: return "a JID stands inside a JID";
    case WireErrc::bad_tag: return "a node's tag is empty, too long or not plain text";
    case WireErrc::bad_key: return "an attribute's key is empty, too long or not plain text";
    case WireErrc::bad_value: return "an attribute's value is too long or not text";
    case WireErrc::bad_packed: return "a packed string holds an unassigned digit or is too long";
    case WireErrc::bad_jid:
        return "a JID lacks a part, or a part holds what would make it another JID";
    case WireErrc::duplicate_attribute: return "a node has an attribute twice";
    case WireErrc::too_many_attributes: return "a node or the stanza has too many attributes";
    case WireErrc::too_many_nodes: return "the stanza has more than 65,536 nodes";
    case WireErrc::too_deep: return "the stanza is nested deeper than 32 nodes";
    case WireErrc::trailing_bytes: return "bytes follow the stanza's root node";
    }
    return "unknown stanza error";
}

} // namespace vestari::wire
