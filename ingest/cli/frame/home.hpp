// Makes what an account lives in: configuration, data folders, master key, archive. Only what is missing; nothing is ever
// overwritten, and no new key is made for an archive that another key has sealed.
//
// Threads     one owner.
// Errors      Failure: configuration for a file that is there and cannot be used, io when something cannot be made.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/cli/frame/open.hpp"

namespace vestari::cli {

enum class Made : std::uint8_t { created, kept };

struct Piece {
    std::string name; // "configuration", "data folder", "master key", "archive"
    std::filesystem::path path;
    Made made;
};

struct Home {
    config::Config config;
    std::vector<Piece> pieces;
};

// What a new configuration file says; an existing one says for itself.
struct Folders {
    std::string data;
    std::string runtime{}; // empty: the default
};

// Archives of all accounts, or of the one that --account names.
Home make_home(const Context& context, const std::filesystem::path& config_file,
               const Folders& folders);

// A new file with this text, synced; false if there is something at the path already.
bool write_new_file(const std::filesystem::path& path, std::string_view text);

// Folders with mode 0700; true if the last one was made now.
bool make_folder(const std::filesystem::path& path);

} // namespace vestari::cli
