// The metric of deals/LABELS.md: message, strict deal, fields over aligned deals, messages with every core field right, leaks.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "corpus.hpp"

namespace vestari::parser::corpus {

inline constexpr std::array<std::string_view, 10> core_fields{
    "side",       "brand",     "reference", "price_minor", "currency",
    "price_kind", "condition", "set",       "year",        "month"};
inline constexpr std::array<std::string_view, 11> extra_fields{
    "model", "list_pct", "price_max_minor", "price_prev_minor", "settlement", "dial", "bracelet",
    "metal", "qty",      "location",        "availability"};

struct Counts {
    int tp = 0, fp = 0, fn = 0;
    double f1() const { return tp == 0 ? 0.0 : 2.0 * tp / (2.0 * tp + fp + fn); }
};

struct Score {
    int messages = 0, deals = 0, true_negatives = 0, perfect = 0, leaks = 0;
    Counts message, strict, core, all;
    double perfect_share() const { return messages == 0 ? 0 : double(perfect) / messages; }
    double false_positive_share() const {
        const int quiet = true_negatives + message.fp;
        return quiet == 0 ? 0 : double(message.fp) / quiet;
    }
};

inline boost::json::string_view key_of(std::string_view field) {
    return {field.data(), field.size()};
}

// One value as the metric compares it; empty stands for null.
inline std::string normal(const boost::json::object& deal, std::string_view field) {
    const auto* value = deal.if_contains(key_of(field));
    if (value == nullptr || value->is_null()) {
        return {};
    }
    if (value->is_number()) {
        const double number = value->to_number<double>();
        if (field == "qty" && number == 1) {
            return {};
        }
        return std::to_string(std::llround(number * 100));
    }
    std::string text = text_of(*value);
    if (field == "model") {
        std::erase_if(text, [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
    }
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

inline std::string identity(const boost::json::object& deal) {
    const std::string reference = normal(deal, "reference");
    return reference.empty() ? "m" + normal(deal, "model") : "r" + reference;
}

inline double closeness(const boost::json::object& gold, const boost::json::object& found) {
    double score = 0;
    if (identity(gold) == identity(found)) {
        score += 8;
    } else if (!normal(gold, "reference").empty() && !normal(found, "reference").empty()) {
        const auto plain = [](std::string text) {
            std::erase_if(text,
                          [](char c) { return !std::isalnum(static_cast<unsigned char>(c)); });
            return text.substr(0, 4);
        };
        score += plain(normal(gold, "reference")) == plain(normal(found, "reference")) ? 3 : 0;
    }
    const auto same = [&](std::string_view field, double weight) {
        const std::string value = normal(gold, field);
        score += !value.empty() && value == normal(found, field) ? weight : 0;
    };
    same("price_minor", 4);
    same("side", 1);
    same("currency", 1);
    same("brand", 1);
    same("dial", .5);
    same("year", .5);
    same("month", .25);
    same("bracelet", .25);
    return score;
}

inline void count_fields(const boost::json::object* gold, const boost::json::object* found,
                         Score& score, bool& clean) {
    const auto one = [&](std::string_view field, bool is_core) {
        if (field == "model" && gold != nullptr && !normal(*gold, "reference").empty()) {
            return;
        }
        const std::string g = gold != nullptr ? normal(*gold, field) : "";
        const std::string p = found != nullptr ? normal(*found, field) : "";
        const Counts add = g == p ? Counts{g.empty() ? 0 : 1, 0, 0}
                                  : Counts{0, p.empty() ? 0 : 1, g.empty() ? 0 : 1};
        for (Counts* counts : {&score.all, is_core ? &score.core : nullptr}) {
            if (counts != nullptr) {
                counts->tp += add.tp;
                counts->fp += add.fp;
                counts->fn += add.fn;
            }
        }
        clean = clean && (!is_core || g == p);
    };
    for (const std::string_view field : core_fields) {
        one(field, true);
    }
    for (const std::string_view field : extra_fields) {
        one(field, false);
    }
}

inline std::string digits_of(std::string_view text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

inline int leaks_in(const LabelledMessage& message, const boost::json::array& found) {
    int leaks = 0;
    for (const std::string& secret : message.sensitive) {
        const std::string digits = digits_of(secret);
        for (const auto& deal : found) {
            for (const auto& field : deal.as_object()) {
                const std::string text = text_of(field.value());
                leaks += !secret.empty() && text.find(secret) != std::string::npos ? 1 : 0;
                leaks +=
                    digits.size() >= 7 && digits_of(text).find(digits) != std::string::npos ? 1 : 0;
            }
        }
    }
    return leaks;
}

inline void add(Score& score, const LabelledMessage& message, const boost::json::array& found) {
    const auto& gold = message.deals;
    ++score.messages;
    score.deals += static_cast<int>(gold.size());
    (gold.empty() ? (found.empty() ? score.true_negatives : score.message.fp)
                  : (found.empty() ? score.message.fn : score.message.tp)) += 1;
    std::multiset<std::string> left;
    const auto key = [](const boost::json::object& deal) {
        return identity(deal) + '|' + normal(deal, "price_minor") + '|' + normal(deal, "currency") +
               '|' + normal(deal, "side");
    };
    for (const auto& deal : gold) {
        left.insert(key(deal.as_object()));
    }
    int hits = 0;
    for (const auto& deal : found) {
        if (const auto at = left.find(key(deal.as_object())); at != left.end()) {
            left.erase(at);
            ++hits;
        }
    }
    score.strict.tp += hits;
    score.strict.fp += static_cast<int>(found.size()) - hits;
    score.strict.fn += static_cast<int>(gold.size()) - hits;
    struct Pair {
        double closeness;
        std::size_t distance, g, p;
    };
    std::vector<Pair> pairs;
    for (std::size_t g = 0; g < gold.size(); ++g) {
        for (std::size_t p = 0; p < found.size(); ++p) {
            const double c = closeness(gold[g].as_object(), found[p].as_object());
            if (c >= 4) {
                pairs.push_back({c, g > p ? g - p : p - g, g, p});
            }
        }
    }
    std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
        return std::tuple{-a.closeness, a.distance, a.g, a.p} <
               std::tuple{-b.closeness, b.distance, b.g, b.p};
    });
    std::set<std::size_t> used_gold, used_found;
    bool clean = true;
    for (const Pair& pair : pairs) {
        if (!used_gold.contains(pair.g) && !used_found.contains(pair.p)) {
            used_gold.insert(pair.g);
            used_found.insert(pair.p);
            count_fields(&gold[pair.g].as_object(), &found[pair.p].as_object(), score, clean);
        }
    }
    for (std::size_t g = 0; g < gold.size(); ++g) {
        if (!used_gold.contains(g)) {
            clean = false;
            count_fields(&gold[g].as_object(), nullptr, score, clean);
        }
    }
    for (std::size_t p = 0; p < found.size(); ++p) {
        if (!used_found.contains(p)) {
            clean = false;
            count_fields(nullptr, &found[p].as_object(), score, clean);
        }
    }
    score.perfect += clean ? 1 : 0;
    score.leaks += leaks_in(message, found);
}

// Held back before any tuning: FNV-1a of the id, one in five. Its messages are never looked at one by one.
inline bool held_back(std::string_view id) {
    std::uint32_t hash = 2166136261U;
    for (const char c : id) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    }
    return hash % 5 == 0;
}

} // namespace vestari::parser::corpus
