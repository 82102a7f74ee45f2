#include "ingest/export/sink.hpp"

#include <cerrno>

namespace vestari::ingest {

std::string_view describe(ExportErrc error) noexcept {
    switch (error) {
    case ExportErrc::disk_full:
        return "the disk is full: the exported file is not complete, delete it";
    case ExportErrc::io:
        return "the export could not be written: the exported file is not complete";
    case ExportErrc::closed_pipe: return "the reader of the export went away";
    }
    return "unknown export error";
}

Result<> FileSink::fail() {
    switch (errno) {
    case ENOSPC:
    case EDQUOT: failed_ = ExportErrc::disk_full; break;
    case EPIPE: failed_ = ExportErrc::closed_pipe; break;
    default: failed_ = ExportErrc::io; break;
    }
    return failed_;
}

Result<> FileSink::write(std::string_view bytes) {
    if (failed_.failed()) {
        return failed_;
    }
    errno = 0;
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
        return fail();
    }
    return {};
}

Result<> FileSink::finish() {
    if (failed_.failed()) {
        return failed_;
    }
    errno = 0;
    if (std::fflush(file_) != 0 || std::ferror(file_) != 0) {
        return fail();
    }
    return {};
}

} // namespace vestari::ingest
