#define PCRE2_CODE_UNIT_WIDTH 8
#include "tests/bench/parser/baseline.hpp"

#include <pcre2.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <boost/json/object.hpp>

namespace vestari::bench {
namespace {

struct Found {
    std::size_t from, to;
};

class Pattern {
public:
    explicit Pattern(std::string_view text) {
        int error = 0;
        PCRE2_SIZE at = 0;
        code_.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                  PCRE2_CASELESS | PCRE2_UTF | PCRE2_NO_UTF_CHECK, &error, &at,
                                  nullptr));
        if (code_ == nullptr || pcre2_jit_compile(code_.get(), PCRE2_JIT_COMPLETE) != 0) {
            throw std::runtime_error{"baseline: a pattern does not compile"};
        }
        match_.reset(pcre2_match_data_create_from_pattern(code_.get(), nullptr));
    }

    std::optional<Found> find(std::string_view text, std::size_t from, std::size_t to) const {
        const int count = pcre2_jit_match(code_.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                          to, from, 0, match_.get(), nullptr);
        if (count <= 0) {
            return std::nullopt;
        }
        const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(match_.get());
        return Found{ends[0], ends[1]};
    }
    bool in(std::string_view text) const { return find(text, 0, text.size()).has_value(); }

private:
    struct Free {
        void operator()(pcre2_code* code) const noexcept { pcre2_code_free(code); }
        void operator()(pcre2_match_data* data) const noexcept { pcre2_match_data_free(data); }
    };
    std::unique_ptr<pcre2_code, Free> code_;
    std::unique_ptr<pcre2_match_data, Free> match_;
};

std::string_view brand_of(std::string_view reference) {
    const auto digits =
        static_cast<std::size_t>(std::find_if(reference.begin(), reference.end(),
                                              [](char c) { return c < '0' || c > '9'; }) -
                                 reference.begin());
    if (reference.starts_with("RM")) {
        return "Richard Mille";
    }
    if (reference.starts_with("W")) {
        return "Cartier";
    }
    if (reference.find('.') != std::string_view::npos && digits == 3) {
        return "Omega";
    }
    if (digits == 4) {
        return "Patek Philippe";
    }
    return digits == 5 && reference.size() > 5 ? "Audemars Piguet" : "Rolex";
}

// "12,400", "12.4k", "12400": in cents.
std::int64_t cents(std::string_view text) {
    std::int64_t value = 0;
    std::size_t behind = 0; // digits behind the last mark
    bool mark = false;
    bool k = false;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            value = value * 10 + (c - '0');
            behind += mark ? 1U : 0U;
        } else if (c == '.' || c == ',' || c == '\'') {
            mark = true;
            behind = 0;
        } else if (c == 'k' || c == 'K') {
            k = true;
        }
    }
    const bool decimals = mark && behind != 3;
    std::int64_t scale = 100 * (k || (decimals && value < 10'000) ? 1000 : 1);
    for (std::size_t i = 0; decimals && i < behind; ++i) {
        scale /= 10;
    }
    return value * scale;
}

} // namespace

struct Baseline::Patterns {
    Pattern reference{
        R"(\b(?:[12]\d{4,5}(?:LN|LV|LB|BLRO|BLNR|CHNR|GRNR|VTNR|RBR|ST|OR|TI|CE|BA)?|[3-7]\d{3}/\d{1,4}[AGRJPT]{1,2}(?:-\d{3})?|[3-7]\d{3}[AGRJPT]|RM ?\d{2}-?\d{2}|\d{3}\.\d{2}\.\d{2}\.\d{2}\.\d{2}\.\d{3}|W[A-Z0-9]{3}\d{4}|7\d{4}[A-Z]{0,2})\b)"};
    Pattern price{
        R"((?:[$€£¥]|\b(?:hkd|usd|eur|gbp|aed|chf|sgd)\s?)?\b\d{1,3}(?:(?:[.,']\d{3})+|(?:\.\d{1,2})?k?|\d{1,4}k?)\b)"};
    Pattern year{R"(\b(?:19[5-9]\d|20[0-2]\d)\b)"};
    Pattern buy{R"(\b(?:wtb|ntb|ntq|iso|lf|looking for|need|buying|buy|want to buy)\b)"};
    Pattern sold{R"(\b(?:sold|gone)\b)"};
    Pattern full{R"(\b(?:full ?set|complete|b&p|box (?:and |& )?papers)\b)"};
    Pattern naked{R"(\b(?:naked|watch only|head only)\b)"};
    Pattern fresh{R"(\b(?:bnib|nib|brand new|new)\b)"};
    Pattern unworn{R"(\b(?:unworn|unused|stickers?)\b)"};
    Pattern used{R"(\b(?:used|pre-?owned|worn)\b)"};
};

Baseline::Baseline() : patterns_{std::make_unique<Patterns>()} {}
Baseline::~Baseline() = default;

std::vector<BaselineDeal> Baseline::read(std::string_view text, std::string_view currency) {
    const Patterns& p = *patterns_;
    std::vector<BaselineDeal> deals;
    auto at = p.reference.find(text, 0, text.size());
    if (!at) {
        return deals;
    }
    const std::string_view side = p.buy.in(text) ? "buy" : p.sold.in(text) ? "sold" : "sell";
    while (at) {
        const auto next = p.reference.find(text, at->to, text.size());
        const std::size_t end = next ? next->from : text.size();
        const std::string_view words = text.substr(0, end).substr(at->to);
        BaselineDeal& deal = deals.emplace_back();
        deal.reference = text.substr(at->from, at->to - at->from);
        for (char& c : deal.reference) {
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        }
        deal.brand = brand_of(deal.reference);
        deal.side = side;
        deal.currency = currency;
        if (const auto year = p.year.find(text, at->to, end)) {
            std::from_chars(text.data() + year->from, text.data() + year->to, deal.year);
        }
        for (auto price = p.price.find(text, at->to, end); price;
             price = p.price.find(text, price->to, end)) {
            const std::string_view said = text.substr(price->from, price->to - price->from);
            if (!(deal.year != 0 && said.size() == 4)) {
                deal.price_minor = cents(said);
            }
        }
        deal.set = p.full.in(words) ? "full_set" : p.naked.in(words) ? "watch_only" : "";
        deal.condition = p.unworn.in(words)  ? "unworn"
                         : p.used.in(words)  ? "used"
                         : p.fresh.in(words) ? "new"
                                             : "";
        at = next;
    }
    return deals;
}

boost::json::array to_json(const std::vector<BaselineDeal>& deals) {
    boost::json::array rows;
    for (const BaselineDeal& deal : deals) {
        boost::json::object row;
        const auto word = [&row](const char* key, std::string_view value) {
            if (!value.empty()) {
                row[key] = boost::json::string{value.data(), value.size()};
            }
        };
        word("reference", deal.reference);
        word("brand", deal.brand);
        word("side", deal.side);
        word("condition", deal.condition);
        word("set", deal.set);
        if (deal.price_minor != 0) {
            row["price_minor"] = deal.price_minor;
            word("currency", deal.currency);
            word("price_kind", deal.side == "buy" ? "bid" : "ask");
        }
        if (deal.year != 0) {
            row["year"] = deal.year;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

} // namespace vestari::bench
