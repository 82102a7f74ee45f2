// The arena behind SecretBytes: chunks of locked pages between guard pages, cut into slots of 64 bytes.
//
// A chunk is one mapping: guard page, 4 pages of slots, guard page. The free list stands outside, so the pages hold secrets
// and nothing else. Chunks are never unmapped: there are few, and a secret may outlive every static object.
#include "vestari/crypto/secret.hpp"

#include <cerrno>
#include <mutex>
#include <vector>

#include <boost/system/system_error.hpp>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

namespace vestari::crypto {

void wipe(std::span<std::byte> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

void wipe(Bytes& bytes) noexcept {
    OPENSSL_cleanse(bytes.data(), bytes.size());
    bytes.clear();
}

void wipe(std::string& text) noexcept {
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

namespace detail {

namespace {

constexpr std::size_t pages_of_chunk = 4;

[[noreturn]] void throw_system(const char* what) {
    throw boost::system::system_error{errno, boost::system::system_category(), what};
}

class Arena {
public:
    std::byte* take() {
        const std::lock_guard held{lock_};
        if (free_.empty()) {
            add_chunk();
        }
        std::byte* slot = free_.back();
        free_.pop_back();
        return slot;
    }

    void give_back(std::byte* slot) noexcept {
        wipe({slot, slot_bytes});
        const std::lock_guard held{lock_};
        free_.push_back(slot); // never allocates: add_chunk reserved room for every slot
    }

private:
    void add_chunk() {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        const std::size_t usable = pages_of_chunk * page;
        free_.reserve((slots_ + usable / slot_bytes));
        void* mapped =
            mmap(nullptr, usable + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED) {
            throw_system("mapping memory for keys");
        }
        std::byte* first = static_cast<std::byte*>(mapped) + page;
        if (mprotect(first, usable, PROT_READ | PROT_WRITE) != 0 || mlock(first, usable) != 0 ||
            madvise(first, usable, MADV_DONTDUMP) != 0) {
            const int error = errno;
            munmap(mapped, usable + 2 * page);
            errno = error;
            throw_system("locking memory for keys (raise LimitMEMLOCK or ulimit -l)");
        }
        for (std::size_t at = usable; at >= slot_bytes; at -= slot_bytes) {
            free_.push_back(first + at - slot_bytes);
        }
        slots_ += usable / slot_bytes;
    }

    std::mutex lock_;
    std::vector<std::byte*> free_;
    std::size_t slots_ = 0; // in all chunks
};

Arena& arena() {
    static Arena& shared =
        *new Arena; // never destroyed: secrets in static objects may die later than any of ours
    return shared;
}

} // namespace

std::byte* take_slot() { return arena().take(); }

void ReturnSlot::operator()(std::byte* slot) const noexcept { arena().give_back(slot); }

} // namespace detail

} // namespace vestari::crypto
