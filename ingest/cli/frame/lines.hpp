// A stream split into lines, each handed out whole and without its line break.
//
// Invariants  at most `longest` + one block are buffered; the last line counts even when no line break follows it.
// Threads     one owner.
// Errors      TooLong; a read that fails is a Failure (io).
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace vestari::cli {

class Lines {
public:
    struct TooLong {};

    Lines(std::FILE* from, std::size_t longest) : from_{from}, longest_{longest} {}

    std::optional<std::string_view> next();                 // valid until the next call
    std::size_t number() const noexcept { return number_; } // of the line handed out last; from 1
    bool more_is_buffered() const noexcept;                 // whether the next line needs no read

private:
    bool fill();

    std::FILE* from_;
    std::size_t longest_;
    std::size_t number_ = 0;
    std::string buffer_;
    std::size_t start_ = 0;
    bool at_end_ = false;
};

} // namespace vestari::cli
