// How a program of ours ends. Units do not restart on usage, bad_data, outdated, logged_out, configuration.
//
// Source  sysexits.h for 64 to 78; 76 and 77 carry the meanings of DESIGN 3.1.
#pragma once

namespace vestari {

enum class ExitCode : int {
    ok = 0,
    differs = 1,        // a comparison differs, nothing found
    usage = 64,         // wrong words on the command line
    bad_data = 65,      // a fixture, database or message file that cannot be read
    upstream_down = 69, // a service that we need does not answer
    defect = 70,        // we are wrong
    io = 74,            // disk full, permission denied, broken device
    try_again = 75,     // busy or timed out: the same command may work later
    outdated = 76,      // the client version is too old: update; never link again for it
    logged_out = 77,    // logged out, banned, refused
    configuration = 78, // a configuration or key file that cannot be used
};

constexpr int to_int(ExitCode code) noexcept { return static_cast<int>(code); }

} // namespace vestari
