// The audit file: one JSON object a line, each carrying the hash of the line before it, so that nothing can be changed, taken
// out or put in unnoticed between the first and the last line.
//
//     {"n":2,"at":"…Z","what":"refused","by":1000,"account":"main","values":0,"note":"…","prev":"SHA-256 of line 1, hex"}
//
// Invariants  an entry is durable when `append` has returned; the first line's `prev` is 64 zeros. A line that a crash cut
//             short is taken away when the file is opened, and an entry says so. One process writes: the file is locked.
// Threads     Audit: any, locked inside. The free functions have no state.
// Errors      AuditErrc; append throws boost::system::system_error with it: what cannot be audited must not go on.
// Source      SETTLED section 8, CONTRACTS (control sockets).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "vestari/base/clock.hpp"
#include "vestari/base/result.hpp"

namespace vestari::service {

enum class AuditErrc { cannot_open = 1, locked, broken_chain, cannot_write };
std::string_view describe(AuditErrc error) noexcept;
inline ErrorCode make_error_code(AuditErrc e) noexcept {
    return make_code(e, category_of<AuditErrc>("audit"));
}

struct AuditEntry {
    std::string what;         // a word: "started", "refused", "link", "unlink", "guard"
    std::optional<uid_t> by;  // who asked over a socket
    std::string account;      // configuration name, or empty
    std::uint64_t values = 0; // how many sealed values were opened for it
    std::string note; // short, our own words and what a local user asked for; never a key or a chat
};

class Audit {
public:
    // Creates the file (0600) if it is missing. Reads its last line only: `verify_audit` reads all.
    [[nodiscard]] static Result<std::unique_ptr<Audit>> open(const std::filesystem::path& file,
                                                             const Clock& clock);
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;
    ~Audit();

    void append(const AuditEntry& entry);

private:
    struct State;
    explicit Audit(std::unique_ptr<State> state) noexcept;
    std::unique_ptr<State> state_;
};

struct AuditCheck {
    std::uint64_t entries = 0; // that are whole and in the chain
    std::uint64_t values = 0;  // the sum of `values`
    std::optional<std::uint64_t>
        broken_at;         // the first line, from 1, that does not follow from the one before
    std::string last_hash; // of the last good line: keep it elsewhere to notice a cut end
};
[[nodiscard]] Result<AuditCheck> verify_audit(const std::filesystem::path& file);

// Each line as it stands, in order, while `keep` says true.
[[nodiscard]] Result<> read_audit(const std::filesystem::path& file,
                                  const std::function<bool(std::string_view)>& keep);

} // namespace vestari::service

template <>
struct boost::system::is_error_code_enum<vestari::service::AuditErrc> : std::true_type {};
