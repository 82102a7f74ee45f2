#include "bridge/link/proto_text.hpp"

#include <google/protobuf/io/coded_stream.h>

#include "vestari/base/check.hpp"

namespace vestari::link {

namespace {
constexpr std::size_t max_message = std::size_t{64} << 10U;
constexpr int max_nesting = 10;
} // namespace

bool parse_limited(google::protobuf::MessageLite& message, BytesView bytes) {
    if (bytes.size() > max_message) {
        return false;
    }
    google::protobuf::io::CodedInputStream in{reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                              static_cast<int>(bytes.size())};
    in.SetRecursionLimit(max_nesting);
    return message.ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

Bytes serialised(const google::protobuf::MessageLite& message) {
    Bytes bytes(message.ByteSizeLong());
    VESTARI_CHECK(message.SerializeToArray(bytes.data(), static_cast<int>(bytes.size())));
    return bytes;
}

} // namespace vestari::link
