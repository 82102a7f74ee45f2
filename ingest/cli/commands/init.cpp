// `vestari init`: everything an account needs, made once.
#include <memory>

#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/home.hpp"
#include "ingest/cli/process/service_users.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"

namespace vestari::cli {
namespace {

namespace fs = std::filesystem;
using terminal::Role;

struct Options {
    bool system = false;
};

struct Place {
    fs::path config;
    Folders folders;
};

// The machine's own, or with --config /etc/vestari/NAME.toml what vestari-bridge@NAME and vestari-ingest@NAME want.
Place place_of_services(const Context& context) {
    const auto folders = config::default_folders(config::system_config_file, context.environment);
    if (!context.config_option) {
        return {config::system_config_file, {folders.data}};
    }
    const fs::path named = fs::absolute(*context.config_option);
    const fs::path own = named.stem();
    return {named, {fs::path{folders.data} / own, fs::path{folders.runtime} / own}};
}

// A configuration in a place of its own keeps its data beside it; the user's and the machine's follow their conventions.
Place place_of(const Options& options, const Context& context) {
    if (options.system) {
        return place_of_services(context);
    }
    const fs::path user = config::user_config_file(context.environment);
    const auto named =
        context.config_option ? context.config_option : context.environment.get("VESTARI_CONFIG");
    if (!named || fs::path{*named} == user) {
        return {user, {config::default_folders(user, context.environment).data}};
    }
    return {fs::absolute(*named), {"data"}};
}

ExitCode run(const Options& options, Context& context) {
    const Place place = place_of(options, context);
    const Home home = make_home(context, place.config, place.folders);
    for (const Piece& piece : home.pieces) {
        const bool created = piece.made == Made::created;
        context.print(fmt::format(
            "{}  {}  {}\n",
            context.out.paint(created ? Role::good : Role::faint, created ? "created" : "kept   "),
            terminal::pad(piece.name, 13), terminal::one_line(piece.path.string())));
    }
    context.flush();
    const bool new_key =
        std::any_of(home.pieces.begin(), home.pieces.end(), [](const Piece& piece) {
            return piece.name == "master key" && piece.made == Made::created;
        });
    if (new_key) {
        context.say(
            "\nKeep a copy of the master key elsewhere: without it nobody can read the archive.");
    }
    if (options.system && ::geteuid() == 0) {
        hand_to_services(home.config);
        const std::string at =
            context.config_option ? "@" + place.config.stem().string() : std::string{};
        context.say(
            fmt::format("Key and data belong to the services now\n   next: systemctl enable "
                        "--now vestari-bridge{0} vestari-ingest{0}",
                        at));
    }
    return ExitCode::ok;
}

} // namespace

Command init_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "init";
    command.summary = "creates configuration, data folder, master key and archive";
    command.description = "Makes what is missing and keeps what is there: nothing is ever "
                          "overwritten. With --config, the data lies beside that "
                          "file; else everything goes where the XDG folders say.";
    command.parameters = {{"--system", "",
                           "for this machine's services, as root: /etc/vestari, /var/lib/vestari",
                           &options->system}};
    command.examples = {
        {"vestari init", "for yourself, in your home folder"},
        {"vestari init --config shop/vestari.toml", "a second archive, all of it below shop/"}};
    command.run = [options](Context& context) { return run(*options, context); };
    return command;
}

} // namespace vestari::cli
