// Reads labelled messages (deals/LABELS.md), writes predictions as JSON lines for score.py.
//
// usage: score LABELS > PREDICTIONS
#include <fstream>
#include <iostream>
#include <string>

#include "corpus.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: score LABELS\n";
        return 2;
    }
    std::ifstream in{argv[1]};
    for (std::string line; std::getline(in, line);) {
        const auto message = vestari::parser::corpus::read_message(line);
        std::cout << vestari::parser::corpus::prediction_line(message) << '\n';
    }
    return 0;
}
