#include "bridge/outbound/port.hpp"

#include "bridge/outbound/encode.hpp"

namespace vestari::outbound {

Result<> Port::send(const Outbound& stanza) {
    if (shut_) {
        return GuardErrc::shut;
    }
    const Bytes encoded = wire::encode(encode(stanza));
    if (const Result<Shape> shape = guard_.check(encoded); !shape) {
        shut_ = true;
        return shape.error();
    }
    Result<Bytes> frame = sealing_.seal(encoded);
    if (!frame) {
        shut_ = true;
        return frame.error();
    }
    sink_->write(std::move(*frame));
    return {};
}

} // namespace vestari::outbound
