#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>
#include <unistd.h>

#include "vestari/config/locate.hpp"

using namespace vestari::config;
namespace fs = std::filesystem;

namespace {

Environment with(std::map<std::string, std::string> variables) {
    return {
        [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional{found->second};
        }};
}

} // namespace

TEST_CASE("locate: the option wins, then the variable, whether or not the file is there") {
    const Environment environment =
        with({{"VESTARI_CONFIG", "/nowhere/b.toml"}, {"HOME", "/nowhere"}});
    CHECK(locate("/nowhere/a.toml", environment).file == "/nowhere/a.toml");
    CHECK(locate(std::nullopt, environment).file == "/nowhere/b.toml");
}

TEST_CASE("locate: the user's folder comes before the machine's") {
    const fs::path folder =
        fs::temp_directory_path() / ("vestari-locate-" + std::to_string(getpid()));
    fs::create_directories(folder / "vestari");
    const Environment environment =
        with({{"XDG_CONFIG_HOME", folder.string()}, {"HOME", "/nowhere"}});

    const Located without = locate(std::nullopt, environment);
    CHECK(without.looked_at ==
          std::vector<fs::path>{folder / "vestari/vestari.toml", system_config_file});

    std::ofstream{folder / "vestari/vestari.toml"} << "\n";
    CHECK(locate(std::nullopt, environment).file == folder / "vestari/vestari.toml");
    fs::remove_all(folder);
}

TEST_CASE("locate: a relative XDG folder is ignored") {
    CHECK(user_config_file(with({{"XDG_CONFIG_HOME", "relative"}, {"HOME", "/home/d"}})) ==
          "/home/d/.config/vestari/vestari.toml");
}

TEST_CASE("locate: data lies by XDG, or in the machine's folders for its configuration") {
    const Environment user = with({{"HOME", "/home/d"}, {"XDG_RUNTIME_DIR", "/run/user/7"}});
    CHECK(default_folders("/home/d/x.toml", user).data == "/home/d/.local/share/vestari");
    CHECK(default_folders("/home/d/x.toml", user).runtime == "/run/user/7/vestari");
    CHECK(default_folders("/home/d/x.toml", with({{"HOME", "/home/d"}})).runtime ==
          "/home/d/.local/share/vestari/run");
    CHECK(default_folders("/etc/vestari/vestari.toml", user).data == "/var/lib/vestari");
    CHECK(default_folders("/etc/vestari/vestari.toml", user).runtime == "/run/vestari");
}
