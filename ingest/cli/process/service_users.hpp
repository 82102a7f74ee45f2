// Gives what `vestari init --system` has made to the users that the units run as.
//
// Invariants  the configuration is readable by all (no secret stands in it), the master key by vestari-ingest alone; what is given
//             already stays so: it can be run again.
// Threads     one owner.
// Errors      Failure: configuration when the users are not there, io when a file cannot be given away.
// Source      systemd/vestari.sysusers.conf, systemd/vestari.tmpfiles.conf.
#pragma once

#include "vestari/config/config.hpp"

namespace vestari::cli {

void hand_to_services(const config::Config& config); // as root

} // namespace vestari::cli
