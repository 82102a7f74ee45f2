// `vestari unlink`: logs the companion out and wipes its session; the archive stays.
#include <memory>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/ask.hpp"
#include "ingest/cli/frame/open.hpp"

namespace vestari::cli {
namespace {

ExitCode run(Context& context, bool yes) { // NOLINT: private to this file
    const config::Config config = load_config(context);
    const config::Account& account = choose_account(context, config);
    if (!ask_running(bridge_socket(config), {service::Method::get, "/healthz", {}})) {
        throw bridge_needed();
    }
    if (!yes) {
        confirm(
            context,
            fmt::format("Unlink account \"{}\" from the phone and wipe its session? The archive "
                        "stays.",
                        account.name),
            "nothing was unlinked");
    }
    const auto response =
        ask_running(bridge_socket(config),
                    {service::Method::post, "/v1/unlink",
                     boost::json::serialize(boost::json::object{{"account", account.name}})});
    if (!response) {
        throw bridge_needed();
    }
    if (response->status != 200) {
        const std::string word = error_word(response->body);
        throw Failure{ExitCode::try_again,
                      fmt::format("account \"{}\" was not unlinked: {}", account.name,
                                  word.empty() ? fmt::format("answer {}", response->status) : word),
                      "vestari status says how it is"};
    }
    context.say(fmt::format("unlinked: account \"{}\" reads nothing any more. Its archive stays",
                            account.name));
    return ExitCode::ok;
}

} // namespace

Command unlink_command() {
    const auto yes = std::make_shared<bool>(false);
    Command command;
    command.name = "unlink";
    command.summary = "logs this device out at WhatsApp and wipes its session";
    command.description = "Asks first. The archive, the include-list and the keys stay.";
    command.parameters = {{"--yes", "", "does not ask", yes.get()}};
    command.examples = {{"vestari unlink", "the phone shows the device no longer"}};
    command.run = [yes](Context& context) { return run(context, *yes); };
    return command;
}

} // namespace vestari::cli
