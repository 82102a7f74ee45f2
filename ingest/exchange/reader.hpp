// A JSON object whose members are taken out one by one. For ingest/exchange only.
//
// Errors      a member that is missing or of another kind is remembered: `broken()`. Threads  one owner.
#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ingest/exchange/parameters.hpp"

namespace vestari::ingest::exchange {

class Reader {
public:
    Reader(const boost::json::value& from, bool& broken) : broken_{broken} { // NOLINT: in and out
        object_ = from.if_object();
        broken_ = broken_ || object_ == nullptr;
    }

    // Null where it is null; a member that is not there is broken.
    const boost::json::value* get(std::string_view name) {
        const boost::json::value* found = object_ == nullptr ? nullptr : object_->if_contains(name);
        broken_ = broken_ || found == nullptr;
        return found == nullptr || found->is_null() ? nullptr : found;
    }
    std::optional<std::string> maybe(std::string_view name) {
        const boost::json::value* value = get(name);
        if (value == nullptr) {
            return std::nullopt;
        }
        const auto* text = value->if_string();
        broken_ = broken_ || text == nullptr;
        return text == nullptr ? std::nullopt : std::optional<std::string>{*text};
    }
    std::string text(std::string_view name) { return maybe(name).value_or(""); }
    template <std::integral Number> std::optional<Number> maybe_number(std::string_view name) {
        const boost::json::value* value = get(name);
        if (value == nullptr) {
            return std::nullopt;
        }
        boost::system::error_code wrong;
        const auto number = value->to_number<Number>(wrong);
        broken_ = broken_ || wrong.failed();
        return number;
    }
    template <std::integral Number> Number number(std::string_view name) {
        const auto value = maybe_number<Number>(name);
        broken_ = broken_ || !value;
        return value.value_or(Number{});
    }
    std::optional<double> maybe_real(std::string_view name) {
        const boost::json::value* value = get(name);
        if (value == nullptr) {
            return std::nullopt;
        }
        boost::system::error_code wrong;
        const auto number = value->to_number<double>(wrong);
        broken_ = broken_ || wrong.failed();
        return number;
    }
    // What `read` makes of a text: an optional; an empty one is broken.
    template <class Read> auto word(std::string_view name, Read&& read) {
        const auto text = maybe(name);
        auto value = text ? read(*text) : decltype(read(*text)){};
        broken_ = broken_ || (text && !value);
        return value;
    }
    template <class Each> void list(std::string_view name, Each&& each) {
        const boost::json::value* value = get(name);
        const auto* items = value == nullptr ? nullptr : value->if_array();
        broken_ = broken_ || items == nullptr;
        if (items != nullptr) {
            for (const boost::json::value& item : *items) {
                each(item);
            }
        }
    }
    bool& broken() noexcept { return broken_; }

private:
    const boost::json::object* object_ = nullptr;
    bool& broken_;
};

} // namespace vestari::ingest::exchange
