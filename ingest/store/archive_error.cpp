#include "vestari/ingest/archive.hpp"

namespace vestari::ingest {

std::string_view describe(ArchiveErrc error) noexcept {
    switch (error) {
    case ArchiveErrc::missing:
        return "there is no archive here yet: run `vestari init` or replay into it";
    case ArchiveErrc::locked:
        return "another process has the archive open: wait until it has finished, or ask the "
               "running "
               "service, and try again";
    case ArchiveErrc::newer_schema:
        return "the archive was written by a newer version of Vestari: update this program; "
               "nothing "
               "was changed";
    case ArchiveErrc::not_an_archive:
        return "the file is not a Vestari archive: check data_dir; nothing was changed";
    case ArchiveErrc::corrupt:
        return "the archive is damaged: keep the file as it is and restore the last backup";
    case ArchiveErrc::wrong_master_key:
        return "the archive was made with another master key: check master_key in the "
               "configuration; nothing was changed";
    case ArchiveErrc::other_account:
        return "the archive belongs to another account: check --account and data_dir; nothing was "
               "changed";
    case ArchiveErrc::permission:
        return "the archive cannot be opened for reading and writing: check the owner and mode of "
               "data_dir";
    case ArchiveErrc::disk_full:
        return "the disk is full: free some space and run the command again; what was stored "
               "before "
               "is whole";
    case ArchiveErrc::io:
        return "the disk reported an error: check the disk and run the command again; what was "
               "stored before is whole";
    case ArchiveErrc::seal_limit:
        return "the account's field key has made all the seals that it may: rotate the key";
    }
    return "unknown archive error";
}

ExitCode exit_code(ArchiveErrc error) noexcept {
    switch (error) {
    case ArchiveErrc::locked: return ExitCode::try_again;
    case ArchiveErrc::newer_schema:
    case ArchiveErrc::not_an_archive:
    case ArchiveErrc::corrupt: return ExitCode::bad_data;
    case ArchiveErrc::permission:
    case ArchiveErrc::disk_full:
    case ArchiveErrc::io: return ExitCode::io;
    case ArchiveErrc::missing:
    case ArchiveErrc::wrong_master_key:
    case ArchiveErrc::other_account:
    case ArchiveErrc::seal_limit: return ExitCode::configuration;
    }
    return ExitCode::defect;
}

StorageFailure::StorageFailure(ArchiveErrc why)
    : std::runtime_error{std::string{describe(why)}}, why_{why} {}

} // namespace vestari::ingest
