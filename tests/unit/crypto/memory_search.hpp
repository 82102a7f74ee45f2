// Searches this process's own memory for secrets, and reads what the kernel says about it.
//
// Invariants  the search leaves no copy of what it looks for: windows are held masked, its buffer is not searched and is wiped.
// Threads     one at a time.
// Source      ASSURANCE C: every 8-byte window of a key, not its first bytes.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vestari/base/bytes.hpp"

namespace vestari::memory_search {

inline constexpr std::uint64_t mask = 0xa5a5a5a5a5a5a5a5U;

inline std::uint64_t word_at(const std::byte* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

// What to search for: every 8-byte window of a secret, held masked so that the search does not find itself. They are masked byte
// by byte, so that collecting them leaves no trace either.
class Windows {
public:
    Windows() = default;
    explicit Windows(BytesView secret) { add(secret); }
    void add(BytesView secret) {
        for (std::size_t i = 0; i + 8 <= secret.size(); ++i) {
            std::array<std::byte, 8> masked;
            for (std::size_t k = 0; k < masked.size(); ++k) {
                masked[k] = secret[i + k] ^ std::byte{0xa5};
            }
            masked_.push_back(word_at(masked.data()));
            (*likely_)[static_cast<std::uint16_t>(masked_.back())] = true;
        }
    }
    bool contain(std::uint64_t word) const noexcept {
        const std::uint64_t masked = word ^ mask;
        return (*likely_)[static_cast<std::uint16_t>(masked)] &&
               std::find(masked_.begin(), masked_.end(), masked) != masked_.end();
    }
    std::size_t size() const noexcept { return masked_.size(); }

private:
    std::vector<std::uint64_t> masked_;
    using Table =
        std::array<bool,
                   std::size_t{1} << 16U>; // by the low bits: most words are passed over at once
    std::unique_ptr<Table> likely_ = std::make_unique<Table>();
};

inline constexpr std::size_t chunk = std::size_t{1} << 20U;
inline constexpr std::size_t overlap = 7;

struct Unmap {
    void operator()(std::byte* at) const noexcept {
        explicit_bzero(at, chunk + overlap);
        munmap(at, chunk + overlap);
    }
};

struct Region {
    std::uintptr_t from;
    std::uintptr_t to;
};

inline std::vector<Region> readable_memory() {
    std::ifstream maps{"/proc/self/maps"};
    std::vector<Region> regions;
    for (std::string line; std::getline(maps, line);) {
        std::istringstream in{line};
        Region region{};
        char dash = 0;
        std::string permissions;
        in >> std::hex >> region.from >> dash >> region.to >> permissions;
        const bool device =
            line.find("[vvar") != std::string::npos || line.find("[vsyscall]") != std::string::npos;
        const bool shadow =
            region.to - region.from > std::uintptr_t{1} << 30U; // a sanitizer's, terabytes of zeros
        if (permissions.starts_with('r') && !device && !shadow) {
            regions.push_back(region);
        }
    }
    return regions;
}

inline std::size_t count_in(BytesView bytes, const Windows& windows) {
    constexpr std::size_t page = 4096;
    static constexpr std::array<std::byte, page + overlap> zeros{};
    std::size_t found = 0;
    for (std::size_t i = 0; i + 8 <= bytes.size(); ++i) {
        while (i % page == 0 && i + zeros.size() <= bytes.size() &&
               std::memcmp(&bytes[i], zeros.data(), zeros.size()) == 0) {
            i += page; // most of a sanitizer's memory
        }
        found += i + 8 <= bytes.size() && windows.contain(word_at(&bytes[i])) ? 1U : 0U;
    }
    return found;
}

// How many windows stand anywhere in this process's readable memory.
inline std::size_t hits(const Windows& windows) {
    void* mapped =
        mmap(nullptr, chunk + overlap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(mapped != MAP_FAILED);
    const std::unique_ptr<std::byte, Unmap> buffer{static_cast<std::byte*>(mapped)};
    const auto own = reinterpret_cast<std::uintptr_t>(buffer.get());
    const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    REQUIRE(memory >= 0);
    std::size_t found = 0;
    std::size_t searched = 0;
    for (const Region& region : readable_memory()) {
        for (std::uintptr_t at = region.from; at < region.to; at += chunk) {
            if (at < own + chunk + overlap && own < at + chunk + overlap) {
                continue; // the buffer of this search, and the little that shares its mapping
            }
            const std::size_t want = std::min<std::size_t>(chunk + overlap, region.to - at);
            const ssize_t got = pread(memory, buffer.get(), want, static_cast<off_t>(at));
            found += count_in(
                BytesView{buffer.get(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))},
                windows);
            searched += got > 0 ? static_cast<std::size_t>(got) : 0U;
        }
    }
    close(memory);
    CHECK(searched > 1'000'000);
    return found;
}

inline std::string line_of(const char* file, std::string_view start) {
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with(start)) {
            return line;
        }
    }
    return {};
}

// The flags that the kernel shows for the mapping around an address.
inline std::string flags_at(const void* address) {
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    std::ifstream in{"/proc/self/smaps"};
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        Region region{};
        char dash = 0;
        std::istringstream header{line};
        if (header >> std::hex >> region.from >> dash >> region.to && dash == '-') {
            inside = region.from <= wanted && wanted < region.to;
        } else if (inside && line.starts_with("VmFlags:")) {
            return line + " ";
        }
    }
    return {};
}

} // namespace vestari::memory_search
