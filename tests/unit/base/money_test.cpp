#include "vestari/base/money.hpp"

#include <doctest/doctest.h>

using namespace vestari;

TEST_CASE("money: minor units follow ISO 4217") {
    CHECK(Currency::of("USD").minor_per_major() == 100);
    CHECK(Currency::of("JPY").minor_per_major() == 1);
    CHECK(Currency::of("KWD").minor_per_major() == 1000);
}

TEST_CASE("money: a code that is not listed is no currency") {
    CHECK_FALSE(Currency::parse("XXX").has_value());
    CHECK_FALSE(Currency::parse("usd").has_value());
    CHECK_FALSE(Currency::parse("USDT").has_value());
    CHECK(Currency::parse("HKD").value().code() == "HKD");
}
