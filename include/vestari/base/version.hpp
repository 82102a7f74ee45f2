// The version of this build, in one place.
#pragma once

#include <string_view>

namespace vestari {

inline constexpr std::string_view version = VESTARI_VERSION; // from CMakeLists.txt

} // namespace vestari
