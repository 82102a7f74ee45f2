// Ids of requests for tests; in the product only live::Requests makes them.
#pragma once

#include "bridge/outbound/values.hpp"

namespace vestari::test {

struct RequestIds {
    static outbound::out::IqId make(std::uint32_t count, std::uint8_t first = 26,
                                    std::uint8_t second = 7) {
        return outbound::out::IqId{first, second, count};
    }
};

} // namespace vestari::test
