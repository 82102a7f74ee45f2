// Where exported rows go: a stream of bytes that reports a full disk instead of losing rows.
//
// Errors      ExportErrc from write and finish; after an error every further call gives it again.
// Threads     one owner.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::ingest {

enum class ExportErrc { disk_full = 1, io, closed_pipe };
std::string_view describe(ExportErrc error) noexcept;
inline ErrorCode make_error_code(ExportErrc e) noexcept {
    return make_code(e, category_of<ExportErrc>("export"));
}

class Sink {
public:
    Sink() = default;
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;
    virtual ~Sink() = default;
    [[nodiscard]] virtual Result<> write(std::string_view bytes) = 0;
    [[nodiscard]] virtual Result<> finish() = 0; // flushes; on a file of its own also syncs
};

// The caller keeps the FILE open and closes it.
class FileSink final : public Sink {
public:
    explicit FileSink(std::FILE* file) noexcept : file_{file} {}
    [[nodiscard]] Result<> write(std::string_view bytes) override;
    [[nodiscard]] Result<> finish() override;

private:
    [[nodiscard]] Result<> fail();
    std::FILE* file_;
    ErrorCode failed_;
};

} // namespace vestari::ingest

template <>
struct boost::system::is_error_code_enum<vestari::ingest::ExportErrc> : std::true_type {};
