#include "ingest/cli/frame/pick.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/exchange/questions.hpp"

namespace vestari::cli {
namespace {

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

std::vector<ingest::StoredDeal> pick_deals(Access& archive, const std::vector<std::string>& words,
                                           ingest::Content content) {
    std::vector<std::string> beginnings;
    std::transform(words.begin(), words.end(), std::back_inserter(beginnings), lower_hex);
    std::vector<ingest::StoredDeal> deals;
    for (std::size_t i = 0; i < words.size(); ++i) {
        ingest::DealFilter these;
        these.ids = ingest::exchange::ids_beginning(beginnings[i]);
        these.history = ingest::History::everything;
        these.content = content;
        std::vector<ingest::StoredDeal> found;
        archive.for_each_deal(these, [&](const ingest::StoredDeal& deal) {
            found.push_back(deal);
            return ingest::Next::go_on;
        });
        if (found.size() != 1) {
            throw Failure{ExitCode::differs,
                          found.empty() ? fmt::format("no deal has the id {}", words[i])
                                        : fmt::format("{} deals have ids that begin with {}",
                                                      found.size(), words[i]),
                          found.empty() ? "vestari deals shows them" : "give more of its digits"};
        }
        const bool named_before = std::any_of(deals.begin(), deals.end(), [&](const auto& deal) {
            return deal.id == found.front().id;
        });
        if (!named_before) {
            deals.push_back(std::move(found.front()));
        }
    }
    return deals;
}

} // namespace vestari::cli
