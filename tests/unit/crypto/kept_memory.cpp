// In this test program nothing that is freed goes back: neither through operator delete nor through OpenSSL. What a library
// freed without wiping then stays where the memory search finds it, instead of being overwritten by the next allocation, by luck.
// Under AddressSanitizer its own quarantine does that.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include <malloc.h>
#include <openssl/crypto.h>

#ifndef __SANITIZE_ADDRESS__

void* operator new(std::size_t size) {
    void* block = std::malloc(size);
    if (block == nullptr) {
        throw std::bad_alloc{};
    }
    return block;
}

void operator delete(void*) noexcept {}
void operator delete(void*, std::size_t) noexcept {}

namespace {

void* take(std::size_t size, const char*, int) { return size == 0 ? nullptr : std::malloc(size); }
void* resize(void* block, std::size_t size, const char*, int) {
    void* moved = std::malloc(size);
    if (block != nullptr && moved != nullptr) {
        std::memcpy(moved, block, std::min(size, malloc_usable_size(block)));
    }
    return moved;
}
void keep(void*, const char*, int) {}

// Before main: OpenSSL takes such functions only until its first allocation.
[[maybe_unused]] const bool openssl_keeps =
    CRYPTO_set_mem_functions(take, resize, keep) == 1 || (std::abort(), false);

} // namespace

#endif
