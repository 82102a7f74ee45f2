// Stanzas as they leave Noise.
//
// Properties  what decodes keeps to the limits, and encodes to a stanza that decodes to the same tree; its root is the same when it
//             is read alone, so that header and whole stanza take the same route; compressed, its root is read to the same byte.
//             A stanza whose root cannot be read does not decode.
// Seeds       tests/vectors/connection/nodes.json, messages/{f-groups,g-stanzas,h-endtoend}.json.
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <zlib.h>

#include "bridge/route/origin.hpp"
#include "bridge/route/route.hpp"
#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "vestari/base/check.hpp"
#include "vestari/base/utf8.hpp"

using namespace vestari;

namespace {

const route::Own me{Jid::parse("12025550199:12@s.whatsapp.net").value(),
                    Jid::parse("77777777777777:12@lid").value()};

const route::IncludeList& included() {
    static const std::string groups[] = {"120363000000000001@g.us"};
    static const route::IncludeList list = route::IncludeList::of(groups).value();
    return list;
}

std::size_t checked_nodes(const wire::Node& node, std::size_t depth) {
    VESTARI_CHECK(depth <= wire::limit::depth);
    VESTARI_CHECK(!node.tag.empty() && node.tag.size() <= wire::limit::tag);
    VESTARI_CHECK(node.attributes.size() <= wire::limit::attributes);
    for (const wire::Attribute& attribute : node.attributes) {
        VESTARI_CHECK(is_valid_utf8(attribute.key) && attribute.key.size() <= wire::limit::key);
        VESTARI_CHECK(node.find(attribute.key) == &attribute.value); // keys are unique
        if (const auto* const text = std::get_if<std::string_view>(&attribute.value)) {
            VESTARI_CHECK(text->size() <= wire::limit::value && is_valid_utf8(*text));
        } else if (const Result<Jid> jid = std::get<wire::JidView>(attribute.value).to_jid()) {
            VESTARI_CHECK(*Jid::parse(jid->to_string()) == *jid); // prints as no other JID
        }
    }
    std::size_t nodes = 1;
    for (const wire::Node& child : node.children()) {
        nodes += checked_nodes(child, depth + 1);
    }
    return nodes;
}

void check_decoded_again(const wire::Node& root) {
    const Bytes encoded = wire::encode(root);
    if (encoded.size() > wire::limit::frame) {
        return; // a token became longer than its text; only near the limit
    }
    const Result<wire::Document> again = wire::decode(encoded);
    VESTARI_CHECK(again.has_value());
    VESTARI_CHECK(wire::same(root, again->root()));
    VESTARI_CHECK(wire::encode(again->root()) == encoded);
}

// The same stanza compressed has the same root, and it is inflated as far and no further.
void check_compressed(BytesView frame, const wire::Node& root, std::size_t seen) {
    if ((frame.front() & std::byte{2}) != std::byte{} || frame.size() > 4096) {
        return;
    }
    static std::array<std::byte, 8192> small{std::byte{2}};
    uLongf size = small.size() - 1;
    VESTARI_CHECK(compress2(reinterpret_cast<Bytef*>(small.data() + 1), &size,
                            reinterpret_cast<const Bytef*>(frame.data() + 1),
                            static_cast<uLong>(frame.size() - 1), 1) == Z_OK);
    static wire::RootReader reader;
    const wire::Node& alone = **reader.read({small.data(), size + 1});
    VESTARI_CHECK(reader.seen() == seen && alone.tag == root.tag);
    VESTARI_CHECK(std::ranges::equal(alone.attributes, root.attributes));
}

void check_route(const route::StanzaHeader& header) {
    const route::Decision decided = route::decide(header, included(), me);
    VESTARI_CHECK((decided.route == route::Route::drop) ==
                  (decided.reason != route::DropReason::none));
    if (decided.route == route::Route::decrypt || decided.route == route::Route::own_peer) {
        const route::Origin origin =
            route::origin_of(header, me).value(); // what is routed can be acted on
        VESTARI_CHECK(origin.sender.is_user());
        VESTARI_CHECK(!origin.other || origin.other->family() != origin.sender.family());
        VESTARI_CHECK(decided.route == route::Route::decrypt
                          ? included().contains(origin.chat.to_string())
                          : origin.from_me && origin.sender.device() == 0);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView frame = std::as_bytes(std::span{data, size});
    static wire::Decoder decoder;
    static wire::RootReader reader;
    const Result<const wire::Node*> root = decoder.decode(frame);
    const Result<const wire::Node*> alone = reader.read(frame);
    if (alone) {
        check_route(route::header_of(**alone));
    }
    if (!root) {
        return 0;
    }
    VESTARI_CHECK(alone.has_value());
    VESTARI_CHECK((*alone)->tag == (*root)->tag);
    VESTARI_CHECK(std::ranges::equal((*alone)->attributes, (*root)->attributes));
    VESTARI_CHECK(route::decide(route::header_of(**alone), included(), me) ==
                  route::decide(route::header_of(**root), included(), me));
    check_compressed(frame, **root, reader.seen());
    VESTARI_CHECK(checked_nodes(**root, 1) <= wire::limit::nodes);
    check_decoded_again(**root);
    return 0;
}
