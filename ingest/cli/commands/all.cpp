#include "ingest/cli/commands/all.hpp"

#include "ingest/cli/frame/application.hpp"

namespace vestari::cli {

Program make_program(Context& context) {
    Program program;
    program.name = "vestari";
    program.summary = "your private archive of the deals in your WhatsApp groups; it can only read";
    program.options = {
        {"--config", "FILE", "the configuration; else $VESTARI_CONFIG, the user's, the machine's",
         &context.config_option, Takes::file},
        {"--account", "NAME", "the account; not needed when there is only one",
         &context.account_option},
        {"--json", "", "prints one JSON document, where a command prints data", &context.json},
        {"--version", "", "prints the version", &context.version_option},
    };
    program.commands = {init_command(),    up_command(),         link_command(),
                        unlink_command(),  status_command(),     groups_command(),
                        include_command(), deals_command(),      show_command(),
                        comps_command(),   export_command(),     delete_command(),
                        purge_command(),   events_command(),     capture_command(),
                        replay_command(),  parse_command(),      reparse_command(),
                        doctor_command(),  completion_command(), manual_command()};
    program.examples = {
        {"vestari init", "creates configuration, data folder and master key"},
        {"vestari up", "runs the bridge and the archive's service"},
        {"vestari link", "links your phone: scan the QR code"},
        {"vestari include add \"Watch dealers HKD\"", "reads this group from now on"},
        {"vestari deals --brand Rolex --since 30d", "the last month's deals"},
        {"vestari comps 126610LN", "what a reference was offered at"},
    };
    return program;
}

} // namespace vestari::cli
