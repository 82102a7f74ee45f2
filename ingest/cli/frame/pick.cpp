#include "ingest/cli/frame/pick.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"

namespace vestari::cli {
namespace {

using ingest::DealId;

std::string lower_hex(const std::string& word) {
    std::string text = word;
    for (char& c : text) {
        c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
    if (!hex || text.size() < least_id_digits || text.size() > 16) {
        throw Failure{ExitCode::usage, fmt::format("\"{}\" is not a deal's id", word),
                      fmt::format("give at least {} of its digits, as vestari deals shows them",
                                  least_id_digits)};
    }
    return text;
}

} // namespace

std::vector<ingest::StoredDeal> pick_deals(const ingest::Archive& archive,
                                           const std::vector<std::string>& words,
                                           ingest::Content content) {
    std::vector<std::string> beginnings;
    std::transform(words.begin(), words.end(), std::back_inserter(beginnings), lower_hex);
    std::vector<std::vector<DealId>> found(words.size());
    ingest::DealFilter all;
    all.content = ingest::Content::facts_only;
    all.history = ingest::History::everything;
    for_each_deal(archive, all, [&](const ingest::StoredDeal& deal) {
        const std::string id = deal.id.to_string();
        for (std::size_t i = 0; i < beginnings.size(); ++i) {
            if (id.starts_with(beginnings[i])) {
                found[i].push_back(deal.id);
            }
        }
        return ingest::Next::go_on;
    });
    std::vector<DealId> ids;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (found[i].size() != 1) {
            throw Failure{ExitCode::differs,
                          found[i].empty() ? fmt::format("no deal has the id {}", words[i])
                                           : fmt::format("{} deals have ids that begin with {}",
                                                         found[i].size(), words[i]),
                          found[i].empty() ? "vestari deals shows them"
                                           : "give more of its digits"};
        }
        if (std::find(ids.begin(), ids.end(), found[i].front()) == ids.end()) {
            ids.push_back(found[i].front());
        }
    }
    std::vector<ingest::StoredDeal> deals;
    for (const DealId id : ids) {
        if (auto deal = find_deal(archive, id)) {
            if (content == ingest::Content::facts_only) {
                deal->source = {};
            }
            deals.push_back(*std::move(deal));
        }
    }
    return deals;
}

} // namespace vestari::cli
