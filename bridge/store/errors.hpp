// What can be wrong with the session database, in words that name the next step.
//
// Errors      opening reports a StoreErrc as a Result, since a wrong file, key or second process is the outside's doing. Afterwards
//             every failure of the disk or the database is thrown as boost::system::system_error with one of these codes: the
//             transaction rolls back, and the task that owns the database ends.
#pragma once

#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::store {

enum class StoreErrc {
    cannot_open = 1,
    locked,         // another process has it
    newer_schema,   // written by a newer version of the program
    foreign_file,   // an SQLite database, but not one of ours
    corrupt,        // not a database, truncated, or damaged inside
    wrong_key,      // the session key or account does not belong to this file
    damaged_record, // a sealed record does not open although the file's key is right
    disk_full,
    io,
    lost_transaction, // SQLite gave up the whole transaction by itself
    lost_lease,       // the account's lease has another epoch now
    other,
};

inline std::string_view describe(StoreErrc error) noexcept {
    switch (error) {
    case StoreErrc::cannot_open:
        return "the session database cannot be opened or created: check its folder and permissions";
    case StoreErrc::locked:
        return "the session database is in use by another process: stop that one first";
    case StoreErrc::newer_schema:
        return "the session database was written by a newer version: install that version";
    case StoreErrc::foreign_file:
        return "the file is a database of another program, not a session database";
    case StoreErrc::corrupt:
        return "the session database is damaged: restore it from a backup or link the account "
               "again";
    case StoreErrc::wrong_key:
        return "the key does not open this session database: use the master key and account it was "
               "made with";
    case StoreErrc::damaged_record:
        return "a record of the session database does not open: it was changed from outside";
    case StoreErrc::disk_full: return "the disk with the session database is full: make room";
    case StoreErrc::io: return "the session database cannot be read or written: check the disk";
    case StoreErrc::lost_transaction:
        return "the database gave up the transaction after an error: nothing of it was stored";
    case StoreErrc::lost_lease:
        return "another process has taken this account over: stop one of them";
    case StoreErrc::other: return "the session database reported an unexpected error";
    }
    return "unknown session database error";
}
inline ErrorCode make_error_code(StoreErrc e) noexcept {
    return make_code(e, category_of<StoreErrc>("store"));
}

} // namespace vestari::store

template <> struct boost::system::is_error_code_enum<vestari::store::StoreErrc> : std::true_type {};
