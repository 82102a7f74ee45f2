#include "vestari/crypto/seal.hpp"

#include <boost/system/system_error.hpp>

#include "crypto/length_prefixed.hpp"
#include "vestari/base/check.hpp"
#include "vestari/crypto/aead.hpp"

namespace vestari::crypto {

namespace {

constexpr std::byte format_version{1};
constexpr std::size_t header_bytes = 1 + 4;
static_assert(seal_overhead == header_bytes + aead_overhead);

} // namespace

std::string_view to_string(Purpose purpose) noexcept {
    switch (purpose) {
    case Purpose::field: return "field";
    case Purpose::media: return "media";
    case Purpose::session: return "session";
    case Purpose::index: return "index";
    case Purpose::fingerprint: return "fingerprint";
    case Purpose::pool: return "pool";
    }
    return "unknown";
}

Sealer::Sealer(const AccountId& account, Purpose purpose, SealCounter& counter)
    : account_{account}, purpose_{purpose}, counter_{&counter}, use_{std::make_unique<Use>()} {}

void Sealer::add(std::uint32_t version, std::span<const std::byte, 32> key) {
    VESTARI_CHECK(version != 0);
    keys_.emplace(version, AnyKey::made_by([key](std::span<std::byte, 32> to) {
                      std::ranges::copy(key, to.begin());
                  }));
}

void Sealer::count_one() {
    const std::lock_guard held{use_->lock};
    if (use_->left == 0) {
        reserve_block();
    }
    --use_->left;
}

void Sealer::reserve_block() {
    const std::uint64_t wanted = use_->reserved + seal_block;
    if (wanted > stop_seals_at) {
        throw boost::system::system_error{make_error_code(CryptoErrc::seal_limit)};
    }
    std::uint64_t reserved = counter_->reserve(purpose_, newest_version(), seal_block);
    // A counter that lags lost an earlier reservation to a rollback, and those seals may have been seen: make up for it.
    if (reserved < wanted) {
        reserved = counter_->reserve(purpose_, newest_version(), wanted - reserved);
    }
    VESTARI_CHECK(reserved >= wanted);
    use_->reserved = reserved;
    use_->counted.store(reserved, std::memory_order_relaxed);
    if (reserved > stop_seals_at) {
        throw boost::system::system_error{make_error_code(CryptoErrc::seal_limit)};
    }
    use_->left = seal_block;
}

void Sealer::rolled_back() noexcept {
    const std::lock_guard held{use_->lock};
    use_->left = 0;
}

Bytes Sealer::associated_data(const Cell& cell, std::uint32_t version) const {
    Bytes aad;
    aad.reserve(64 + cell.table.size() + cell.column.size() + cell.row.size());
    append(aad, "seal/1");
    aad.push_back(std::byte{0});
    append_lp(aad, account_);
    append_lp(aad, cell.table);
    append_lp(aad, cell.column);
    append_lp(aad, cell.row);
    aad.push_back(static_cast<std::byte>(purpose_));
    append_be32(aad, version);
    return aad;
}

Bytes Sealer::seal(const Cell& cell, BytesView plain) {
    count_one();
    const auto& [version, key] = *keys_.rbegin();
    Bytes sealed(plain.size() + seal_overhead);
    sealed[0] = format_version;
    for (std::size_t i = 0; i < 4; ++i) {
        sealed[1 + i] = static_cast<std::byte>((version >> (24 - 8 * i)) & 0xffU);
    }
    aead_seal_into(key.expose(), plain, associated_data(cell, version),
                   std::span{sealed}.subspan(header_bytes));
    use_->sealed.fetch_add(1, std::memory_order_relaxed);
    return sealed;
}

Result<Bytes> Sealer::open(const Cell& cell, BytesView sealed) const {
    const std::uint32_t version = sealed_key_version(sealed);
    const auto key = keys_.find(version);
    if (key == keys_.end()) {
        return CryptoErrc::wrong_key_or_tampered;
    }
    Result<Bytes> plain = aead_open(key->second.expose(), sealed.subspan(header_bytes),
                                    associated_data(cell, version));
    if (plain) {
        use_->opened.fetch_add(1, std::memory_order_relaxed);
    }
    return plain;
}

std::uint32_t sealed_key_version(BytesView sealed) noexcept {
    if (sealed.size() < seal_overhead || sealed[0] != format_version) {
        return 0;
    }
    return static_cast<std::uint32_t>(read_be<4>(sealed.subspan(1)));
}

} // namespace vestari::crypto
