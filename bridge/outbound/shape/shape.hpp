// The names of the shapes that may leave, for counters and the audit.
//
// Threads  constant.
// Errors   none.
// Source   the rows of wire/10-connection.md section 14. Row 12 and row 1 are one shape on the wire.
#pragma once

#include <cstdint>
#include <string_view>

namespace vestari::outbound {

enum class Shape : std::uint8_t {
    iq_result,            // 1, 12
    pair_device_sign,     // 2
    pair_device_refused,  // 3
    companion_hello,      // 4
    companion_finish,     // 5
    pre_key_count,        // 6
    pre_key_upload,       // 7
    pre_key_digest,       // 8
    signed_pre_key,       // 9
    delivery,             // 10
    ping,                 // 11
    clean,                // 13
    offline_batch,        // 14
    message_ack,          // 15
    ack,                  // 15
    inactive_receipt,     // 16
    sender_receipt,       // 17
    sender_receipt_group, // 17
    peer_receipt,         // 18, 19
    retry_receipt,        // 20
    app_state_read,       // 21
    group_query,          // 22
    group_list,           // 23
    media_hosts,          // 24
    unlink,               // 26
};
inline constexpr std::size_t shape_count = 25;

// In snake_case, as above.
std::string_view name_of(Shape shape) noexcept;

} // namespace vestari::outbound
