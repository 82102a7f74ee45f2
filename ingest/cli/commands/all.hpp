// The commands of `vestari`, one function each; what it does stands beside its file's name.
// The live ones are in ../live.
//
// Threads     one owner: the program.
#pragma once

#include "ingest/cli/frame/command.hpp"

namespace vestari::cli {

Command init_command();
Command replay_command();
Command up_command();
Command link_command();
Command unlink_command();
Command status_command();
Command groups_command();
Command include_command();
Command events_command();
Command capture_command();
Command deals_command();
Command show_command();
Command comps_command();
Command export_command();
Command delete_command();
Command purge_command();
Command parse_command();
Command reparse_command();
Command doctor_command();
Command completion_command();
Command manual_command();

ExitCode print_version(Context& context); // `vestari --version [--json]`

} // namespace vestari::cli
