// What reading a message asks of the heap, counted: nothing per word, a bounded share per watch.
#include <atomic>
#include <cstdlib>
#include <new>
#include <string>

#include <doctest/doctest.h>

#include "vestari/parser/parser.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

std::string repeated(std::string_view part, std::size_t bytes) {
    std::string text;
    while (text.size() + part.size() <= bytes) {
        text += part;
    }
    return text;
}

std::size_t allocations_of(const std::string& text) {
    using namespace vestari::parser;
    parse(text, {}); // the thread's buffers grow once
    const std::size_t before = allocations.load();
    parse(text, {});
    return allocations.load() - before;
}

} // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
        return memory;
    }
    throw std::bad_alloc{};
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

TEST_CASE("allocation: a text without a watch asks for no memory per word") {
    for (const std::string_view part : {"what is the market ", "12,500 usd ", "2024 full set mint ",
                                        "7 ", "三", "$", "call 1234567 now, serial a12345678 "}) {
        CAPTURE(part);
        CHECK(allocations_of(repeated(part, 60000)) <= allocations_of(repeated(part, 6000)) + 8);
    }
}

TEST_CASE("allocation: ten times the list asks ten times, not more") {
    const std::string_view line = "126610LN 2023 full set 12,400\n";
    const std::size_t few = allocations_of(repeated(line, line.size() * 60));
    const std::size_t many = allocations_of(repeated(line, line.size() * 600));
    CHECK(many <= few * 10);
    CHECK(few <= 60 * 12);
}
