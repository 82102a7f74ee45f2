#include "bridge/replay/fixture.hpp"

namespace vestari::replay {

std::string_view describe(FixtureErrc error) noexcept {
    switch (error) {
    case FixtureErrc::cannot_open:
        return "the file cannot be opened: check its path and permissions";
    case FixtureErrc::cannot_read: return "reading the file failed: check the disk";
    case FixtureErrc::empty: return "the file is empty: a fixture starts with a header line";
    case FixtureErrc::not_a_fixture:
        return "the first line is not a fixture header: it must be JSON with \"vestari_capture\"";
    case FixtureErrc::unknown_version:
        return "this capture version is not known: this program reads version 1, update it for "
               "newer fixtures";
    case FixtureErrc::bad_header:
        return "the header has a missing or wrong value: check me, device, groups and include";
    case FixtureErrc::bad_key:
        return "a key in the header is not hexadecimal or has the wrong length";
    case FixtureErrc::line_too_long: return "the line is longer than 40 MiB";
    case FixtureErrc::not_json: return "the line is not JSON";
    case FixtureErrc::bad_event:
        return "the event has a missing or wrong value: check at, in and content";
    case FixtureErrc::truncated:
        return "the file ends in the middle of a line: the capture was cut off, record or copy it "
               "again";
    }
    return "unknown fixture error";
}

Result<FixtureReader> FixtureReader::open(const std::filesystem::path& path) {
    std::FILE* file = std::fopen(path.c_str(), "rbe");
    if (file == nullptr) {
        return FixtureErrc::cannot_open;
    }
    FixtureReader reader{file};
    Result<bool> more = reader.read_line();
    if (!more) {
        return more.error() == FixtureErrc::truncated ? ErrorCode{FixtureErrc::not_a_fixture}
                                                      : more.error();
    }
    if (!*more) {
        return FixtureErrc::empty;
    }
    Result<FixtureHeader> header = parse_header(reader.text_);
    if (!header) {
        return header.error();
    }
    reader.header_ = std::move(*header);
    return reader;
}

Result<bool> FixtureReader::read_line() {
    text_.clear();
    bool whole = false;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the file has one owner
    for (int c; !whole && (c = ::getc_unlocked(file_.get())) != EOF;) {
        if (text_.size() == max_line_bytes) {
            ++line_;
            return FixtureErrc::line_too_long;
        }
        whole = c == '\n';
        text_.push_back(static_cast<char>(c));
    }
    if (std::ferror(file_.get()) != 0) {
        return FixtureErrc::cannot_read;
    }
    if (text_.empty()) {
        at_end_ = true;
        return false;
    }
    ++line_;
    if (whole) {
        text_.pop_back();
    } else {
        at_end_ = true; // no newline: whole only if it is whole JSON
    }
    return true;
}

Result<std::optional<FixtureEvent>> FixtureReader::next() {
    for (;;) {
        Result<bool> more = read_line();
        if (!more) {
            return more.error();
        }
        if (!*more) {
            return std::optional<FixtureEvent>{};
        }
        if (text_.find_first_not_of(" \t\r") == std::string::npos) {
            continue; // an empty line says nothing
        }
        Result<FixtureEvent> event = parse_event(text_);
        if (!event) {
            return at_end_ && event.error() == FixtureErrc::not_json
                       ? ErrorCode{FixtureErrc::truncated}
                       : event.error();
        }
        return std::optional<FixtureEvent>{std::move(*event)};
    }
}

} // namespace vestari::replay
