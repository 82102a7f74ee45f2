// A decision on an uncompressed stanza allocates nothing once the reader has its room: a flood of excluded chats costs time, and little of it.
#include <cstdlib>
#include <new>

#include <doctest/doctest.h>

#include "tests/unit/bridge/route/support.hpp"

namespace {
std::size_t allocations = 0; // this test program has one thread

void* counted(std::size_t size) {
    ++allocations;
    void* const place = std::malloc(size == 0 ? 1 : size);
    if (place == nullptr) {
        throw std::bad_alloc{};
    }
    return place;
}
} // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* place) noexcept { std::free(place); }
void operator delete[](void* place) noexcept { std::free(place); }
void operator delete(void* place, std::size_t) noexcept { std::free(place); }
void operator delete[](void* place, std::size_t) noexcept { std::free(place); }

using namespace vestari;
using namespace vestari::route;

TEST_CASE("route: deciding allocates nothing") {
    const Own me = test::own_of("12025550199:12@s.whatsapp.net", "77777777777777:12@lid");
    const IncludeList list = test::included({"120363000000000001@g.us"});
    const test::json::value file = test::vectors("messages/g-stanzas.json");
    wire::RootReader
        reader; // its room is made with the first stanza, and given back in a quiet time
    REQUIRE(reader.read(
        test::hex(test::text_at(file.at("stanzas").as_array().front().as_object(), "binary"))));
    for (const test::json::value& entry : file.at("stanzas").as_array()) {
        CAPTURE(test::text_at(entry.as_object(), "name"));
        const Bytes frame = test::hex(test::text_at(entry.as_object(), "binary"));
        const std::size_t before = allocations;
        const Decision decided = decide(header_of(**reader.read(frame)), list, me);
        const std::size_t after = allocations;
        CHECK(after == before);
        CHECK(decided.route != Route::not_message);
    }
    CHECK(allocations > 0);
}
