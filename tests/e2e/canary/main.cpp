// canary_scan: looks for canaries in files.
//
//     canary_scan CANARIES PATH…      exit 0: none found; 1: found, each named on stdout; 2: cannot look
#include <iostream>

#include "tests/e2e/canary/scan.hpp"

namespace {

int scan(std::span<char*> arguments) {
    namespace canary = vestari::canary;
    const auto marks = canary::load(arguments[0]);
    const canary::Scanner scanner{marks};
    std::size_t files = 0;
    std::size_t bytes = 0;
    std::size_t hits = 0;
    for (const char* root : arguments.subspan(1)) {
        for (const auto& path : canary::files_below(root)) {
            const vestari::Bytes content = canary::read_file(path);
            ++files;
            bytes += content.size();
            for (const canary::Hit& hit : scanner.find(content)) {
                ++hits;
                std::cout << path.string() << ": " << hit.where << ", " << hit.form << ", at byte "
                          << hit.offset << '\n';
            }
        }
    }
    std::cout << "canary_scan: " << marks.size() << " canaries, " << files << " files, " << bytes
              << " bytes, " << hits << " found\n";
    return hits == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: canary_scan CANARIES PATH…\n";
        return 64;
    }
    try {
        return scan(std::span{argv + 1, static_cast<std::size_t>(argc - 1)});
    } catch (const std::exception& error) {
        std::cerr << "canary_scan: " << error.what() << '\n';
        return 2;
    }
}
