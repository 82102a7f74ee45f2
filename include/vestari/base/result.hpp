// The one way in which a call reports that the outside was wrong: a value or an error code, never a text.
//
// Invariants  an error carries a number and its category, so chat text cannot travel inside it into a log.
// Errors      three kinds, three tools: the outside is wrong -> Result; the machine is failing (disk, memory) -> exception,
//             caught once at the task's edge; we are wrong -> VESTARI_CHECK (check.hpp).
// Threads     values; no shared state.
#pragma once

#include <string>
#include <string_view>
#include <type_traits>

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace vestari {

template <class T = void> using Result = boost::system::result<T>;
using ErrorCode = boost::system::error_code;

// Each module has one enum class of errors and one function `std::string_view describe(Errc) noexcept` found by ADL that says
// what was wrong in words a person can act on. With `category_of` that is all an enum needs to become an error_code:
//
//     enum class WireErrc { truncated = 1, too_deep };
//     std::string_view describe(WireErrc) noexcept;
//     inline ErrorCode make_error_code(WireErrc e) { return make_code(e, category_of<WireErrc>("wire")); }
//     template <> struct boost::system::is_error_code_enum<vestari::WireErrc> : std::true_type {};
template <class Errc> class ErrorCategory final : public boost::system::error_category {
public:
    explicit ErrorCategory(const char* name) noexcept : name_{name} {}
    const char* name() const noexcept override { return name_; }
    std::string message(int value) const override {
        return std::string{describe(static_cast<Errc>(value))};
    }

private:
    const char* name_; // a literal
};

template <class Errc> const boost::system::error_category& category_of(const char* name) noexcept {
    static const ErrorCategory<Errc> category{name};
    return category;
}

template <class Errc>
ErrorCode make_code(Errc value, const boost::system::error_category& category) noexcept {
    return ErrorCode{static_cast<int>(value), category};
}

} // namespace vestari
