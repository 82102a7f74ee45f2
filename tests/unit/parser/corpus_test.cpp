#include <fstream>
#include <iostream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "metric.hpp"

namespace {

using namespace vestari::parser;

struct Floor { // what was reached; a change that falls below must say why
    double message, strict, core, perfect, false_positives;
};

void report(std::string_view name, const corpus::Score& s) {
    std::cout << fmt::format("{:<10} {:4} messages {:5} deals  message F1 {:.4f}  strict F1 {:.4f} "
                             " core F1 {:.4f}  all F1 {:.4f}  "
                             "perfect {:.4f}  false positives {:.4f}  leaks {}\n",
                             name, s.messages, s.deals, s.message.f1(), s.strict.f1(), s.core.f1(),
                             s.all.f1(), s.perfect_share(), s.false_positive_share(), s.leaks);
}

void holds(const corpus::Score& s, const Floor& floor) {
    CHECK(s.message.f1() >= floor.message);
    CHECK(s.strict.f1() >= floor.strict);
    CHECK(s.core.f1() >= floor.core);
    CHECK(s.perfect_share() >= floor.perfect);
    CHECK(s.false_positive_share() <= floor.false_positives);
    CHECK(s.leaks == 0);
}

} // namespace

TEST_CASE(
    "corpus: the labelled messages are read at least as well as before, the held-back ones apart") {
    std::ifstream in{VESTARI_TEST_DATA "/fixtures/deals/dev.jsonl"};
    REQUIRE(in);
    corpus::Score tuned, held;
    for (std::string line; std::getline(in, line);) {
        const auto message = corpus::read_message(line);
        boost::json::array found;
        for (const Deal& deal : parse(message.text, corpus::context_of(message))) {
            found.push_back(corpus::to_json(deal));
        }
        corpus::add(corpus::held_back(message.id) ? held : tuned, message, found);
    }
    report("tuned", tuned);
    report("held back", held);
    CHECK(tuned.messages + held.messages == 1144);
    holds(
        tuned,
        {.message = 0.99, .strict = 0.985, .core = 0.99, .perfect = 0.97, .false_positives = 0.01});
    holds(
        held,
        {.message = 0.98, .strict = 0.958, .core = 0.98, .perfect = 0.91, .false_positives = 0.02});
}

TEST_CASE("corpus: the open halves of two unseen corpora are read as they were when last mended") {
    struct Row {
        const char* name;
        std::size_t messages;
        Floor floor;
    };
    const Row rows[] = {
        {"fresh-a", 150, {1.0, 1.0, 1.0, 1.0, 0.0}},
        {"fresh-b", 60, {1.0, 1.0, 1.0, 1.0, 0.0}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        std::ifstream in{fmt::format("{}/fixtures/deals/{}.jsonl", VESTARI_TEST_DATA, row.name)};
        REQUIRE(in);
        corpus::Score score;
        for (std::string line; std::getline(in, line);) {
            const auto message = corpus::read_message(line);
            boost::json::array found;
            for (const Deal& deal : parse(message.text, corpus::context_of(message))) {
                found.push_back(corpus::to_json(deal));
            }
            corpus::add(score, message, found);
        }
        report(row.name, score);
        CHECK(score.messages == row.messages);
        holds(score, row.floor);
    }
}
