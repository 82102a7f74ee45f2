// From decrypted bytes to a Message: padding off, wrappers off, text and references out. This header is the guide to the folder:
//
//     unpad -> extract -> Message (message.hpp) -> event_kind, photo_of, quote_of
//     unpad -> read_own_control (own_control.hpp), for what the own phone sends to this device
//     a decoded w:gp2 notification -> read_group_change (group_change.hpp)
//
// Invariants  the same bytes give the same Message. Nothing is read but the fields of wire/proto-messages.md that section 7 of
//             wire/20-messages.md names; `quotedMessage` is not entered when contextInfo.remoteJid is present.
// Threads     free functions without state.
// Errors      ContentErrc. A message that cannot be read goes to quarantine: the ratchet has advanced, a resend would be the same.
// Source      wire/20-messages.md sections 4.2 and 7; SETTLED sections 4 and 5.
#pragma once

#include "bridge/content/message.hpp"
#include "bridge/content/protobuf_reader.hpp"

namespace vestari::content {

// The plaintext without the padding that `v` of <enc> tells: 2 has it, 3 has none. A view into `decrypted`.
[[nodiscard]] Result<BytesView> unpad(BytesView decrypted, int enc_version);

[[nodiscard]] Result<Message> extract(BytesView message);

} // namespace vestari::content
