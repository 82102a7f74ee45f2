#include "vestari/service/metrics.hpp"

#include <fmt/format.h>

namespace vestari::service {

namespace {

std::string escaped(std::string_view value) {
    std::string text;
    for (const char c : value) {
        if (c == '\\' || c == '"') {
            text += '\\';
            text += c;
        } else if (c == '\n') {
            text += "\\n";
        } else {
            text += c;
        }
    }
    return text;
}

} // namespace

void Metrics::family(std::string_view name, Type type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                         type == Type::counter ? "counter" : "gauge");
}

void Metrics::sample(Labels labels, std::uint64_t value) {
    text_ += name_;
    char before = '{';
    for (const auto& [name, is] : labels) {
        text_ += fmt::format("{}{}=\"{}\"", before, name, escaped(is));
        before = ',';
    }
    text_ += fmt::format("{} {}\n", labels.size() == 0 ? "" : "}", value);
}

} // namespace vestari::service
