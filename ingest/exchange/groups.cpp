#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "ingest/exchange/answers.hpp"
#include "ingest/exchange/reader.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::ingest::exchange {
namespace {

// Every item of a list, each read by `read(Reader&)`.
template <class Item, class Read>
Result<std::vector<Item>> read_list(std::string_view json, Read&& read) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(json, wrong);
    const auto* items = value.if_array();
    bool broken = wrong.failed() || items == nullptr;
    std::vector<Item> list;
    for (std::size_t i = 0; !broken && i < items->size(); ++i) {
        Reader item{(*items)[i], broken};
        list.push_back(read(item));
    }
    if (broken) {
        return ExchangeErrc::malformed;
    }
    return list;
}

GroupEntry read_group(Reader& from) {
    return {.jid = from.text("jid"),
            .name = from.text("name"),
            .currency = from.word("currency",
                                  [](const std::string& code) { return Currency::parse(code); })};
}

} // namespace

void append_json(std::string& out, const GroupEntry& group) {
    out += "{\"jid\":";
    append_json_string(out, group.jid);
    out += ",\"name\":";
    if (group.name.empty()) {
        out += "null";
    } else {
        append_json_string(out, group.name);
    }
    out += group.currency ? fmt::format(",\"currency\":\"{}\"}}", group.currency->code())
                          : std::string{",\"currency\":null}"};
}

void append_json(std::string& out, const std::vector<GroupEntry>& groups) {
    out += '[';
    for (const GroupEntry& group : groups) {
        out += &group == &groups.front() ? "\n" : ",\n";
        append_json(out, group);
    }
    out += groups.empty() ? "]\n" : "\n]\n";
}

Result<GroupEntry> read_group(std::string_view json) {
    const auto groups = read_groups(std::string{"["}.append(json).append("]"));
    if (!groups || groups->size() != 1) {
        return ExchangeErrc::malformed;
    }
    return groups->front();
}

Result<std::vector<GroupEntry>> read_groups(std::string_view json) {
    return read_list<GroupEntry>(json, [](Reader& from) { return read_group(from); });
}

void append_json(std::string& out, const std::vector<RawColumn>& row) {
    out += '[';
    for (const RawColumn& column : row) {
        out += &column == &row.front() ? "{\"name\":" : ",\n{\"name\":";
        append_json_string(out, column.name);
        out += ",\"value\":";
        append_json_string(out, column.value);
        out += column.sealed ? ",\"sealed\":1}" : ",\"sealed\":0}";
    }
    out += "]\n";
}

Result<std::vector<RawColumn>> read_row(std::string_view json) {
    return read_list<RawColumn>(json, [](Reader& from) {
        return RawColumn{from.text("name"), from.text("value"), from.number<int>("sealed") != 0};
    });
}

} // namespace vestari::ingest::exchange
