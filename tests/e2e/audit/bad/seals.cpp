// Bad on purpose: seals a frame past the guard, by the back door that C++ leaves open in explicit instantiations.
#include "bridge/noise/transport.hpp"

namespace {
template <auto Member> struct Open {
    friend auto opened() { return Member; }
};
auto opened();
template struct Open<&vestari::noise::Sealing::seal>;
} // namespace

std::size_t bad_seals(vestari::noise::Sealing& sealing, vestari::BytesView plain);
std::size_t bad_seals(vestari::noise::Sealing& sealing, vestari::BytesView plain) {
    return (sealing.*opened())(plain)->size();
}
