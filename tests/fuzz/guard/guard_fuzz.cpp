// What is about to leave, as bytes.
//
// Properties  what the guard lets pass the second table of the tests allows too, and the other way round unless the bytes have another
//             form than the codec's; no message, presence, typing mark or call ever passes; what passes is plain and has one form.
// Seeds       tests/vectors/connection/{outbound_stanzas,forbidden_stanzas,prekeys,adv_pairing}.json, messages/g-stanzas.json.
#include <algorithm>
#include <cstdint>
#include <span>

#include "bridge/outbound/guard.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "tests/unit/bridge/outbound/second_opinion.hpp"
#include "vestari/base/check.hpp"

using namespace vestari;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const outbound::Own own{.pn = Jid::parse("15551234567:5@s.whatsapp.net").value(),
                                   .lid = Jid::parse("77777777777777:5@lid").value()};
    static const outbound::Guard guard{own};
    const BytesView bytes = std::as_bytes(std::span{data, size});
    const Result<outbound::Shape> shape = guard.check(bytes);
    const Result<wire::Document> document = wire::decode(bytes);
    if (!document) {
        VESTARI_CHECK(!shape && shape.error() == outbound::GuardErrc::unreadable);
        return 0;
    }
    const wire::Node& root = document->root();
    const bool one_form = std::ranges::equal(wire::encode(root), bytes);
    VESTARI_CHECK(shape.has_value() == (one_form && test::second_opinion(root, own)));
    if (shape) {
        VESTARI_CHECK(root.tag == "iq" || root.tag == "ib" || root.tag == "ack" ||
                      root.tag == "receipt");
        VESTARI_CHECK(root.tag != "receipt" || root.find("type") != nullptr);
    }
    return 0;
}
