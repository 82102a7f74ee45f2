// VESTARI_CHECK: a broken invariant of our own stops the process, in release builds too.
//
// Use it for what can only be false when this code is wrong; what the outside can cause is a Result (result.hpp).
// The message names the condition and the place, and never a value, so no chat text can reach the log through it.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace vestari {

[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "vestari: defect: %s does not hold at %s:%d\n", condition, file, line);
    std::abort();
}

} // namespace vestari

#define VESTARI_CHECK(condition)                                                                   \
    (static_cast<bool>(condition) ? void(0)                                                        \
                                  : ::vestari::check_failed(#condition, __FILE__, __LINE__))
