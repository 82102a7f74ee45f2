// What commands and vestari-ingest say to each other on the control socket: parameters of a question, and what can be wrong.
//
// Errors      ExchangeErrc. Threads  values.
// Source      DESIGN 3.5; service/control/request.hpp (Request::query has this type).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "vestari/base/result.hpp"

namespace vestari::ingest::exchange {

enum class ExchangeErrc { malformed = 1, unknown_parameter, bad_value };
std::string_view describe(ExchangeErrc error) noexcept;
inline ErrorCode make_error_code(ExchangeErrc e) noexcept {
    return make_code(e, category_of<ExchangeErrc>("exchange"));
}

using Parameters = std::map<std::string, std::string, std::less<>>; // not encoded

} // namespace vestari::ingest::exchange

template <>
struct boost::system::is_error_code_enum<vestari::ingest::exchange::ExchangeErrc> : std::true_type {
};
