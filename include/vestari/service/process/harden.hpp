// What a program of ours does to itself first: no core file, no debugger, no new privileges, no files for others.
//
// Invariants  after `harden` the process has no core dumps and is not dumpable, writes to a closed pipe are errors and no
//             signals, new files are 0600 at most, and 0, 1 and 2 are open.
// Threads     call it once, before any thread runs.
// Errors      none: what the machine refuses is left as it is; `raise_descriptor_limit` says what was reached.
// Source      ASSURANCE sections C and E; prctl(2), setrlimit(2).
#pragma once

#include <cstdint>

namespace vestari::service {

void harden();

// Raises the soft limit of open files to the hard one, at most to `wanted`; the limit that now holds.
std::uint64_t raise_descriptor_limit(std::uint64_t wanted);

} // namespace vestari::service
