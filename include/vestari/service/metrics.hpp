// Prometheus' text format, written: a family, then its samples.
//
// Invariants  names are literals of ours; label values are escaped, so an operator's account name cannot forge a line. No
//             label ever carries a person, a chat or a group.
// Threads     one owner.
// Errors      none.
// Source      Prometheus text exposition format 0.0.4.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace vestari::service {

class Metrics {
public:
    enum class Type : std::uint8_t { counter, gauge };
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

    void family(std::string_view name, Type type, std::string_view help);
    void sample(Labels labels, std::uint64_t value); // of the family begun last
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
    std::string name_;
};

} // namespace vestari::service
