#include "tests/synth/day/canary.hpp"

#include <ostream>

namespace vestari::synth {

namespace {
constexpr std::size_t skipped = 4; // the ends of a curve key are clamped
}

std::string Canaries::word(std::string where) {
    std::string text = random_.text(length, "bcdfghjkmnpqrstvwxyz");
    planted_.push_back({std::move(where), to_bytes(text)});
    return text;
}

std::string Canaries::number(std::string where) {
    std::string text = '7' + random_.text(length - 1, "0123456789");
    planted_.push_back({std::move(where), to_bytes(text)});
    return text;
}

std::string Canaries::id(std::string where) {
    std::string text = "3EB0" + random_.text(length - 4, "0123456789ABCDEF");
    planted_.push_back({std::move(where), to_bytes(text)});
    return text;
}

Bytes Canaries::raw(std::string where, std::size_t size) {
    Bytes secret = random_.bytes(size);
    known(std::move(where), secret);
    return secret;
}

void Canaries::known(std::string where, BytesView secret) {
    VESTARI_CHECK(secret.size() >= skipped + length);
    planted_.push_back({std::move(where), to_bytes(secret.subspan(skipped, length))});
}

void Canaries::write(std::ostream& out) const {
    for (const Planted& canary : planted_) {
        out << "{\"where\":\"" << canary.where << "\",\"hex\":\"" << to_hex(canary.bytes)
            << "\"}\n";
    }
}

} // namespace vestari::synth
