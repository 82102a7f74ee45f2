// What the tests of the route share.
#pragma once

#include "bridge/route/route.hpp"
#include "bridge/wire/encoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "tests/unit/bridge/wire/support.hpp"

namespace vestari::test {

inline route::Own own_of(std::string_view pn, std::string_view lid) {
    return {Jid::parse(pn).value(), Jid::parse(lid).value()};
}

inline route::IncludeList included(const std::vector<std::string>& groups) {
    return route::IncludeList::of(groups).value();
}

// The decision on a frame, as the bridge makes it.
inline route::Decision decision(BytesView frame, const route::IncludeList& list,
                                const route::Own& me) {
    wire::RootReader reader;
    return route::decide(route::header_of(*reader.read(frame).value()), list, me);
}

} // namespace vestari::test
