// Where the configuration is looked for, and where data lives when it does not say.
//
//     --config, else $VESTARI_CONFIG, else $XDG_CONFIG_HOME/vestari/vestari.toml, else /etc/vestari/vestari.toml
//
// Threads     an Environment is read-only after it was made.
// Source      DESIGN 3.2; XDG Base Directory Specification 0.8 (a relative path in an XDG variable is ignored).
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace vestari::config {

// What the process was started with, injected so that tests need not change their own environment.
struct Environment {
    std::function<std::optional<std::string>(const std::string&)>
        get; // a variable; empty text counts as unset

    static Environment of_process();
};

struct Located {
    std::optional<std::filesystem::path>
        file; // what was named, existing or not; else the first that exists
    std::vector<std::filesystem::path> looked_at; // for the message when there is none
};

Located locate(const std::optional<std::string>& option, const Environment& environment);

// Where `vestari init` puts a configuration when nothing names one: the user's.
std::filesystem::path user_config_file(const Environment& environment);
inline const std::filesystem::path system_config_file = "/etc/vestari/vestari.toml";

struct Folders {
    std::filesystem::path data;
    std::filesystem::path runtime;
};
// /var/lib/vestari and /run/vestari for a configuration below /etc, else the user's XDG folders.
Folders default_folders(const std::filesystem::path& config_file, const Environment& environment);

} // namespace vestari::config
