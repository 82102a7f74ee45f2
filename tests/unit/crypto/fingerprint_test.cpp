// Fingerprints: golden values computed apart from this code (Python's hmac and str.casefold), and what must tell deals apart.
#include <doctest/doctest.h>

#include <set>

#include "vestari/crypto/fingerprint.hpp"

using namespace vestari;
using namespace vestari::crypto;
using namespace std::chrono_literals;

namespace {

FingerprintKey key_of(unsigned char value) {
    return FingerprintKey::from(Bytes(32, std::byte{value})).value();
}

constexpr std::chrono::sys_days day{2024y / 6 / 7};

DealIdentity submariner() {
    return {.brand = "Rolex",
            .reference = "126610LN",
            .model = std::nullopt,
            .price = DealPrice{.kind = "ask", .minor = 1'250'000, .currency = "EUR"},
            .side = "sell",
            .date = day};
}

} // namespace

TEST_CASE("fingerprint: the golden values") {
    struct Row {
        DealIdentity deal;
        std::string_view digest;
    };
    const Row rows[] = {
        {submariner(), "8219aab4d067776eaf9ea834e000006e5472639e0eb6a9966d1bea5665ca965f"},
        {{.brand = "Rolex",
          .reference = "126610LN",
          .model = "ignored",
          .price = std::nullopt,
          .side = "buy",
          .date = day},
         "2d938a0d90968107f127067e8a0d93dad2ec4a319b13693e7c55c494ca7ce37c"},
        {{.brand = "Rolex",
          .reference = std::nullopt,
          .model = "Submariner DATE",
          .price = DealPrice{"ask", 1'250'000, "EUR"},
          .side = "ignored",
          .date = day},
         "647ea6536109dd2c489aa5b3b354430eef80c28d87d35c62e25318aaa91a677c"},
        {{.brand = "",
          .reference = std::nullopt,
          .model = "Größe ÉTOILE İ Straße",
          .price = DealPrice{"bid", 900'000, "JPY"},
          .side = "buy",
          .date = std::chrono::sys_days{2024y / 2 / 29}},
         "f02c74a76e252c6a1e446fc326d8d56a37a3dafea2e920493b5c5bae3b69c0d3"},
        {{.brand = "",
          .reference = std::nullopt,
          .model = std::nullopt,
          .price = std::nullopt,
          .side = "unknown",
          .date = {}},
         "0c36a98828d2a98c48f1941ed0af52bc8d84603cb534cde06348a9a2328fbb61"},
        {{.brand = "Patek Philippe",
          .reference = "5711/1A-010",
          .model = std::nullopt,
          .price = DealPrice{"list_pct", -5, "USD"},
          .side = "sell",
          .date = std::chrono::sys_days{2030y / 12 / 31}},
         "e9d508eab1d4051afd8eaa3f97fbb2dab13470cdd94804b50d5b064481857ff6"},
    };
    const FingerprintKey key = key_of(0x50);
    for (const Row& row : rows) {
        CAPTURE(row.digest);
        CHECK(to_hex(fingerprint(key, row.deal)) == row.digest);
    }
}

TEST_CASE("fingerprint: a model's case does not matter, everything else does") {
    const FingerprintKey key = key_of(0x50);
    DealIdentity upper = submariner();
    upper.reference.reset();
    upper.model = "GMT-MASTER II";
    DealIdentity lower = upper;
    lower.model = "gmt-master ii";
    CHECK(fingerprint(key, upper) == fingerprint(key, lower));

    const auto changed = [](auto change) {
        DealIdentity deal = submariner();
        change(deal);
        return deal;
    };
    const DealIdentity different[] = {
        submariner(),
        changed([](DealIdentity& deal) { deal.brand = "rolex"; }),
        changed([](DealIdentity& deal) { deal.brand = "Rоlex"; }), // a Cyrillic letter
        changed([](DealIdentity& deal) { deal.brand = "Role", deal.reference = "x126610LN"; }),
        changed([](DealIdentity& deal) { deal.reference = "126610ln"; }),
        changed([](DealIdentity& deal) { deal.reference.reset(), deal.model = "126610LN"; }),
        changed([](DealIdentity& deal) { deal.price->kind = "bid"; }),
        changed([](DealIdentity& deal) { deal.price->minor = 1'250'001; }),
        changed([](DealIdentity& deal) { deal.price->currency = "USD"; }),
        changed([](DealIdentity& deal) { deal.price.reset(); }),
        changed([](DealIdentity& deal) { deal.price.reset(), deal.side = "buy"; }),
        changed([](DealIdentity& deal) { deal.date += std::chrono::days{1}; }),
    };
    std::set<Digest> digests;
    for (const DealIdentity& deal : different) {
        digests.insert(fingerprint(key, deal));
    }
    CHECK(digests.size() == std::size(different));
    CHECK_FALSE(digests.contains(fingerprint(key_of(0x51), submariner())));
}

TEST_CASE(
    "fingerprint: with a price the side does not matter, with a reference the model does not") {
    const FingerprintKey key = key_of(0x50);
    DealIdentity other = submariner();
    other.side = "buy";
    other.model = "Submariner";
    CHECK(fingerprint(key, other) == fingerprint(key, submariner()));
}

TEST_CASE("fingerprint: a model that is not UTF-8 stands for itself") {
    const FingerprintKey key = key_of(0x50);
    DealIdentity broken = submariner();
    broken.reference.reset();
    broken.model = "\xff\xfe";
    DealIdentity other = broken;
    other.model = "\xff\xfd";
    CHECK(fingerprint(key, broken) == fingerprint(key, broken));
    CHECK(fingerprint(key, broken) != fingerprint(key, other));
}
