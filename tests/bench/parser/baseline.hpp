// What a plain reader of dealer chat does with regular expressions: makers' forms of references, the next amount behind each, a few
// words. PCRE2 with its compiler, the fastest engine in Debian, so that the comparison flatters nobody.
//
// Threads     one owner.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

namespace vestari::bench {

struct BaselineDeal {
    std::string reference;
    std::string_view brand, side, condition, set, currency;
    std::int64_t price_minor = 0; // 0: none
    int year = 0;
};

class Baseline {
public:
    Baseline();
    Baseline(const Baseline&) = delete;
    Baseline& operator=(const Baseline&) = delete;
    ~Baseline();

    // `currency` is the group's: what a bare number is taken for.
    std::vector<BaselineDeal> read(std::string_view text, std::string_view currency);

private:
    struct Patterns;
    std::unique_ptr<Patterns> patterns_;
};

boost::json::array to_json(const std::vector<BaselineDeal>& deals);

} // namespace vestari::bench
