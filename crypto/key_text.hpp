// What reading and making a master key's text share: memory it may stand in, and the form of its name.
//
// Threads     free functions and one owner.
#pragma once

#include <algorithm>
#include <memory>
#include <new>
#include <span>
#include <string_view>

#include <sodium.h>

namespace vestari::crypto {

inline constexpr std::size_t max_key_text = 4096;

// Memory between guard pages, locked, not dumped, wiped when freed.
class SecretBuffer {
public:
    explicit SecretBuffer(std::size_t size) : size_{size} {
        if (sodium_init() < 0) {
            throw std::bad_alloc{};
        }
        bytes_.reset(static_cast<unsigned char*>(sodium_malloc(size)));
        if (bytes_ == nullptr) {
            throw std::bad_alloc{};
        }
    }
    unsigned char* data() const noexcept { return bytes_.get(); }
    char* text() const noexcept { return reinterpret_cast<char*>(bytes_.get()); }
    std::size_t size() const noexcept { return size_; }
    std::span<std::byte> bytes() const noexcept {
        return std::as_writable_bytes(std::span{data(), size_});
    }

private:
    struct Free {
        void operator()(unsigned char* bytes) const noexcept { sodium_free(bytes); }
    };
    std::unique_ptr<unsigned char, Free> bytes_;
    std::size_t size_;
};

inline bool is_key_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 128 && name != "." && name != ".." &&
           std::ranges::all_of(name, [](char c) {
               return c > ' ' && c <= '~' && c != '"' && c != '\'' && c != '\\' && c != '/';
           });
}

} // namespace vestari::crypto
