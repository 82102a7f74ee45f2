#include "ingest/exchange/questions.hpp"

#include <charconv>

#include "ingest/export/json_text.hpp"

namespace vestari::ingest::exchange {
namespace {

using Value = const std::string&;

template <class Number> std::optional<Number> number_from(const std::string& text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{value}
                                                                    : std::nullopt;
}

std::optional<IdRange> range_from(const std::string& text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string::npos) {
        return ids_beginning(text);
    }
    const auto first = DealId::parse(text.substr(0, dash));
    const auto last = DealId::parse(text.substr(dash + 1));
    return first && last ? std::optional{IdRange{*first, *last}} : std::nullopt;
}

// Puts what was read where it belongs; false when it was not readable.
template <class Target, class Read>
bool put(std::optional<Target>& into, const std::optional<Read>& read) {
    into = read;
    return read.has_value();
}

bool read_confidence(double& into, const std::string& text) {
    const auto value = number_from<double>(text);
    into = value.value_or(0);
    return value && *value >= 0 && *value <= 1;
}

Result<bool> read_into(DealFilter& filter, const std::string& name, Value value) {
    if (name == "brand" || name == "reference") {
        (name == "brand" ? filter.brand : filter.reference) = value;
        return true;
    }
    if (name == "since" || name == "until") {
        return put(name == "since" ? filter.since : filter.until, read_iso_date(value));
    }
    if (name == "side") {
        return put(filter.side, parser::enum_from<parser::Side>(value));
    }
    if (name == "currency") {
        return put(filter.currency, Currency::parse(value));
    }
    if (name == "min" || name == "max") {
        return put(name == "min" ? filter.min_major : filter.max_major,
                   number_from<std::int64_t>(value));
    }
    if (name == "status") {
        return put(filter.status, status_from(value));
    }
    if (name == "id") {
        return put(filter.ids, range_from(value));
    }
    if (name == "confidence") {
        return read_confidence(filter.min_confidence, value);
    }
    if (name == "history") {
        filter.history = value == "all" ? History::everything : History::current;
        return value == "all" || value == "current";
    }
    if (name == "content") {
        filter.content = value == "facts" ? Content::facts_only : Content::opened;
        return value == "facts" || value == "opened";
    }
    if (name == "limit") {
        return put(filter.limit, number_from<std::size_t>(value));
    }
    return ExchangeErrc::unknown_parameter;
}

Result<bool> read_into(PriceQuery& query, const std::string& name, Value value) {
    if (name == "reference") {
        query.reference = value;
        return !value.empty();
    }
    if (name == "since" || name == "until") {
        return put(name == "since" ? query.since : query.until, read_iso_date(value));
    }
    if (name == "currency") {
        return put(query.currency, Currency::parse(value));
    }
    if (name == "confidence") {
        return read_confidence(query.min_confidence, value);
    }
    return ExchangeErrc::unknown_parameter;
}

template <class Question> Result<Question> read_all(const Parameters& from) {
    Question question;
    for (const auto& [name, value] : from) {
        if (name == "account") {
            continue;
        }
        const Result<bool> read = read_into(question, name, value);
        if (!read || !*read) {
            return read ? make_error_code(ExchangeErrc::bad_value) : read.error();
        }
    }
    return question;
}

std::string shortest(double value) {
    std::string text;
    append_json_number(text, value);
    return text;
}

} // namespace

std::string_view describe(ExchangeErrc error) noexcept {
    switch (error) {
    case ExchangeErrc::malformed: return "what was sent cannot be read";
    case ExchangeErrc::unknown_parameter: return "there is no such parameter here";
    case ExchangeErrc::bad_value: return "a parameter has a value that cannot be";
    }
    return "unknown exchange error";
}

std::string_view to_string(ArchiveErrc error) noexcept {
    switch (error) {
    case ArchiveErrc::missing: return "missing";
    case ArchiveErrc::locked: return "locked";
    case ArchiveErrc::newer_schema: return "newer_schema";
    case ArchiveErrc::not_an_archive: return "not_an_archive";
    case ArchiveErrc::corrupt: return "corrupt";
    case ArchiveErrc::wrong_master_key: return "wrong_master_key";
    case ArchiveErrc::other_account: return "other_account";
    case ArchiveErrc::permission: return "permission";
    case ArchiveErrc::disk_full: return "disk_full";
    case ArchiveErrc::io: return "io";
    case ArchiveErrc::seal_limit: return "seal_limit";
    }
    return "io";
}

std::optional<ArchiveErrc> archive_error_from(std::string_view word) noexcept {
    for (int i = static_cast<int>(ArchiveErrc::missing);
         i <= static_cast<int>(ArchiveErrc::seal_limit); ++i) {
        if (to_string(static_cast<ArchiveErrc>(i)) == word) {
            return static_cast<ArchiveErrc>(i);
        }
    }
    return std::nullopt;
}

std::optional<DealStatus> status_from(std::string_view word) noexcept {
    for (const auto status :
         {DealStatus::active, DealStatus::edited, DealStatus::closed, DealStatus::revoked}) {
        if (to_string(status) == word) {
            return status;
        }
    }
    return std::nullopt;
}

std::optional<IdRange> ids_beginning(std::string_view digits) noexcept {
    if (digits.empty() || digits.size() > 16) {
        return std::nullopt;
    }
    const std::string missing(16 - digits.size(), '0');
    const auto first = DealId::parse(std::string{digits} + missing);
    const auto last = DealId::parse(std::string{digits} + std::string(missing.size(), 'f'));
    return first && last ? std::optional{IdRange{*first, *last}} : std::nullopt;
}

void add(Parameters& to, const DealFilter& filter) {
    const auto text = [&to](const char* name, const std::optional<std::string>& value) {
        if (value) {
            to.insert_or_assign(name, *value);
        }
    };
    text("brand", filter.brand);
    text("reference", filter.reference);
    text("since", filter.since ? std::optional{iso_date(*filter.since)} : std::nullopt);
    text("until", filter.until ? std::optional{iso_date(*filter.until)} : std::nullopt);
    text("side", filter.side ? std::optional{std::string{to_string(*filter.side)}} : std::nullopt);
    text("currency",
         filter.currency ? std::optional{std::string{filter.currency->code()}} : std::nullopt);
    text("min", filter.min_major ? std::optional{std::to_string(*filter.min_major)} : std::nullopt);
    text("max", filter.max_major ? std::optional{std::to_string(*filter.max_major)} : std::nullopt);
    text("status",
         filter.status ? std::optional{std::string{to_string(*filter.status)}} : std::nullopt);
    text("id", filter.ids ? std::optional{filter.ids->first.to_string() + "-" +
                                          filter.ids->last.to_string()}
                          : std::nullopt);
    text("limit", filter.limit ? std::optional{std::to_string(*filter.limit)} : std::nullopt);
    if (filter.min_confidence > 0) {
        to.insert_or_assign("confidence", shortest(filter.min_confidence));
    }
    if (filter.history == History::everything) {
        to.insert_or_assign("history", "all");
    }
    if (filter.content == Content::facts_only) {
        to.insert_or_assign("content", "facts");
    }
}

void add(Parameters& to, const PriceQuery& query) {
    to.insert_or_assign("reference", query.reference);
    if (query.currency) {
        to.insert_or_assign("currency", std::string{query.currency->code()});
    }
    if (query.since) {
        to.insert_or_assign("since", iso_date(*query.since));
    }
    if (query.until) {
        to.insert_or_assign("until", iso_date(*query.until));
    }
    to.insert_or_assign("confidence", shortest(query.min_confidence));
}

Result<DealFilter> read_filter(const Parameters& from) { return read_all<DealFilter>(from); }

Result<PriceQuery> read_price_query(const Parameters& from) {
    Result<PriceQuery> query = read_all<PriceQuery>(from);
    if (query && query->reference.empty()) {
        return ExchangeErrc::bad_value;
    }
    return query;
}

} // namespace vestari::ingest::exchange
