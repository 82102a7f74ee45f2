// Bad on purpose: writes a stanza of its own.
#include "bridge/wire/encoder.hpp"

vestari::Bytes bad_encodes();
vestari::Bytes bad_encodes() {
    return vestari::wire::encode(vestari::wire::OutNode{.tag = "message"});
}
