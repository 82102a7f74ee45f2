#include "vestari/config/locate.hpp"

#include <cstdlib>
#include <system_error>

namespace vestari::config {
namespace {

namespace fs = std::filesystem;

// The folder that an XDG variable names, else `fallback` below the home folder.
fs::path xdg(const Environment& environment, const std::string& variable,
             const fs::path& fallback) {
    if (const auto named = environment.get(variable); named && fs::path{*named}.is_absolute()) {
        return *named;
    }
    return fs::path{environment.get("HOME").value_or("/")} / fallback;
}

bool below_etc(const fs::path& file) {
    return file.lexically_normal().string().starts_with("/etc/");
}

} // namespace

Environment Environment::of_process() {
    return {[](const std::string& name) -> std::optional<std::string> {
        const char* value =
            std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): nothing sets variables
        return value == nullptr || *value == '\0' ? std::nullopt
                                                  : std::optional<std::string>{value};
    }};
}

std::filesystem::path user_config_file(const Environment& environment) {
    return xdg(environment, "XDG_CONFIG_HOME", ".config") / "vestari" / "vestari.toml";
}

Located locate(const std::optional<std::string>& option, const Environment& environment) {
    if (option) {
        return {fs::path{*option}, {}};
    }
    if (const auto named = environment.get("VESTARI_CONFIG")) {
        return {fs::path{*named}, {}};
    }
    Located located{std::nullopt, {user_config_file(environment), system_config_file}};
    for (const fs::path& candidate : located.looked_at) {
        std::error_code ignored; // a folder that cannot be searched holds no configuration for us
        if (fs::exists(candidate, ignored)) {
            located.file = candidate;
            break;
        }
    }
    return located;
}

Folders default_folders(const std::filesystem::path& config_file, const Environment& environment) {
    if (below_etc(config_file)) {
        return {"/var/lib/vestari", "/run/vestari"};
    }
    const fs::path data = xdg(environment, "XDG_DATA_HOME", ".local/share") / "vestari";
    const auto runtime = environment.get("XDG_RUNTIME_DIR");
    return {data, runtime && fs::path{*runtime}.is_absolute() ? fs::path{*runtime} / "vestari"
                                                              : data / "run"};
}

} // namespace vestari::config
