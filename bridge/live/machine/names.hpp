// Under which names the account's own small facts stand in the session database.
#pragma once

#include <string_view>

namespace vestari::live::names {

inline constexpr std::string_view routing = "live.routing";           // edge routing info
inline constexpr std::string_view stopped = "live.stopped";           // the code of a lasting stop
inline constexpr std::string_view banned_until = "live.banned_until"; // milliseconds, 8 bytes
inline constexpr std::string_view probe = "live.probe";               // is the disk writable again?

} // namespace vestari::live::names
