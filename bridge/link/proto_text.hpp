// Between protobuf's strings and bytes; parsing with the limits of this layer. For bridge/link only.
//
// Threads     free functions without state.
// Source      wire/proto-connection.md, general rules (64 KiB, nesting 10).
#pragma once

#include <string>

#include <google/protobuf/message_lite.h>

#include "vestari/base/bytes.hpp"

namespace vestari::link {

// False: not a protobuf, or beyond the limits.
[[nodiscard]] bool parse_limited(google::protobuf::MessageLite& message, BytesView bytes);

Bytes serialised(const google::protobuf::MessageLite& message);

inline std::string text_of(BytesView bytes) { return to_string(bytes); }

} // namespace vestari::link
