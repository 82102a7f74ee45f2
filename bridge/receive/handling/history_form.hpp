// The form in which a history notification rests, sealed, until its blob is fetched.
//
// Threads     free functions.
// Errors      an encoded form that does not read back is empty.
// Source      wire/20-messages.md section 8.1; wire/README.md decision 3.
#pragma once

#include <optional>

#include "bridge/content/own_control.hpp"

namespace vestari::receive {

Bytes encode(const content::HistoryNotification& offered);
std::optional<content::HistoryNotification> decode_history(BytesView encoded);

} // namespace vestari::receive
