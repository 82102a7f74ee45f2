// The archive's tables and how an older file becomes the newest.
//
// Columns named sealed_… hold sealed values (vestari/crypto/seal.hpp); BLOB columns chat, sender, name, author, target, quotes and pn
// hold blind indexes; fingerprint holds the HMAC of SETTLED section 3. Every other column is plain by the table of SETTLED
// section 2. Row ids come from one counter (meta.next_id) and are never used again, since they stand in the seals.
//
//     account, account_key   whose archive it is; wrapped keys
//     include_list, alias    groups that are read; phone number -> LID
//     message                every message seen: blinded id, time, outcome
//     revision               what a message with deals said, once per edit
//     sighting               one record: what one revision says about one watch
//     deal                   all sightings of one fingerprint; `shown` is the one that stands for them
//     held                   edits and revokes that came before their message
//     outbox                 the latest change of each deal, for the sync: a later change replaces an unsent one
//
// Errors      migrate: ArchiveErrc::newer_schema, not_an_archive; StorageFailure.
#pragma once

#include "ingest/store/database/database.hpp"
#include "vestari/base/result.hpp"

namespace vestari::ingest {

inline constexpr int newest_schema = 1;
inline constexpr int application_id = 0x56455354; // "VEST", in the header of every archive

enum class SchemaState : std::uint8_t { empty, ours };

// What a file holds, before anything is written to it.
[[nodiscard]] Result<SchemaState> inspect(Database& db);
// Brings an empty or older archive to the newest schema. Runs inside the caller's transaction.
void migrate(Database& db);

} // namespace vestari::ingest
