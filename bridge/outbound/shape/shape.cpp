#include "bridge/outbound/shape/shape.hpp"

namespace vestari::outbound {

std::string_view name_of(Shape shape) noexcept {
    switch (shape) {
    case Shape::iq_result: return "iq_result";
    case Shape::pair_device_sign: return "pair_device_sign";
    case Shape::pair_device_refused: return "pair_device_refused";
    case Shape::companion_hello: return "companion_hello";
    case Shape::companion_finish: return "companion_finish";
    case Shape::pre_key_count: return "pre_key_count";
    case Shape::pre_key_upload: return "pre_key_upload";
    case Shape::pre_key_digest: return "pre_key_digest";
    case Shape::signed_pre_key: return "signed_pre_key";
    case Shape::delivery: return "delivery";
    case Shape::ping: return "ping";
    case Shape::clean: return "clean";
    case Shape::offline_batch: return "offline_batch";
    case Shape::message_ack: return "message_ack";
    case Shape::ack: return "ack";
    case Shape::inactive_receipt: return "inactive_receipt";
    case Shape::sender_receipt: return "sender_receipt";
    case Shape::sender_receipt_group: return "sender_receipt_group";
    case Shape::peer_receipt: return "peer_receipt";
    case Shape::retry_receipt: return "retry_receipt";
    case Shape::app_state_read: return "app_state_read";
    case Shape::group_query: return "group_query";
    case Shape::group_list: return "group_list";
    case Shape::media_hosts: return "media_hosts";
    case Shape::unlink: return "unlink";
    }
    return "unknown";
}

} // namespace vestari::outbound
