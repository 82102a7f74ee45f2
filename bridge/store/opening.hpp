// How the session database's file is made, recognised and brought up to date. For bridge/store only.
//
// Invariants  a file that is not ours, of a newer version or damaged is left as it was; a schema is of one version or of the next.
// Errors      StoreErrc; what SQLite throws is for the caller to turn into one with `errc_of`.
#pragma once

#include <filesystem>

#include <SQLiteCpp/Database.h>

#include "bridge/store/errors.hpp"

namespace vestari::store {

StoreErrc errc_of(int sqlite_code) noexcept;

// An empty file of mode 0600 if there is none; an existing one is made so.
[[nodiscard]] Result<> make_private(const std::filesystem::path& path);

// Locks the file for this process, checks it, sets it up and applies what is missing.
[[nodiscard]] Result<> prepare(SQLite::Database& database);

} // namespace vestari::store
