// Random stanzas: what the encoder writes, the decoder reads, however it travels. A short form in every run; VESTARI_ASSURE=1 makes it
// 1,000,000 nodes. The seed is fixed, so that a failure repeats.
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "bridge/wire/tokens.hpp"
#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_{seed} {}

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
    }

    OutNode node(std::size_t depth) {
        ++nodes;
        OutNode node{.tag = name(limit::tag)};
        const std::size_t attributes = below(40) == 0 ? below(200) : below(8);
        for (std::size_t i = 0; i < attributes; ++i) {
            node.attributes.emplace_back(unique_key(node), value());
        }
        content(node, depth);
        return node;
    }

    std::size_t nodes = 0;

private:
    std::string of(std::string_view letters, std::size_t length) {
        std::string text;
        for (std::size_t i = 0; i < length; ++i) {
            text += letters[below(letters.size())];
        }
        return text;
    }

    std::string text(std::size_t longest) {
        static constexpr std::string_view pieces[] = {
            "a", "Z", " ", "\n", "\xc3\xbc", "\xe2\x9c\x93", "\xf0\x9f\x92\x8e", "-", "@", ":"};
        const std::size_t length = 1 + below(std::min<std::size_t>(longest, 300));
        switch (below(4)) {
        case 0: return std::string{tokens::at(1 + below(tokens::count - 1))};
        case 1: return of("0123456789-.", std::min<std::size_t>(length, longest));
        case 2: return of("0123456789ABCDEF", std::min<std::size_t>(length, longest));
        default: break;
        }
        std::string out;
        while (out.size() + 4 < length) {
            out += pieces[below(std::size(pieces))];
        }
        return out.empty() ? "x" : out;
    }

    std::string name(std::size_t longest) {
        return below(2) == 0 ? std::string{tokens::at(1 + below(tokens::count - 1))}
                             : of("abcdefghijklmnopqrstuvwxyz_0123456789", 1 + below(longest));
    }

    std::string unique_key(const OutNode& node) {
        for (;;) {
            std::string key = name(limit::key);
            if (std::ranges::find(node.attributes, key,
                                  &std::pair<std::string, OutNode::Value>::first) ==
                node.attributes.end()) {
                return key;
            }
        }
    }

    OutNode::Value value() {
        if (below(3) != 0) {
            return text(300);
        }
        static constexpr std::string_view servers[] = {
            "s.whatsapp.net", "lid",  "hosted", "hosted.lid", "g.us", "broadcast",
            "newsletter",     "c.us", "msgr",   "interop",    "bot",  "example"};
        const std::string_view at = servers[below(std::size(servers))];
        const bool bare = below(10) == 0;
        const bool with_device = has_devices(at) && at != "c.us" && at != "bot" && at != "example";
        const auto device = static_cast<std::uint16_t>(!bare && with_device ? below(256) : 0);
        return Jid::make(bare ? "" : of("0123456789", 1 + below(20)), at, device).value();
    }

    void content(OutNode& node, std::size_t depth) {
        switch (below(5)) {
        case 0: break;
        case 1: {
            Bytes bytes(below(30) == 0 ? below(70'000) : below(400));
            for (std::byte& b : bytes) {
                b = std::byte{static_cast<std::uint8_t>(below(256))};
            }
            node.content = std::move(bytes);
            break;
        }
        case 2: node.content = text(300); break;
        default:
            std::vector<OutNode> children;
            const std::size_t count = depth == limit::depth ? 0
                                      : below(20) == 0      ? below(20)
                                                            : below(4);
            for (std::size_t i = 0; i < count; ++i) {
                children.push_back(this->node(depth + 1));
            }
            node.content = std::move(children);
        }
    }

    std::mt19937_64 random_;
};

bool same_jid(const JidView& left, const Jid& right) {
    return left.user == right.user() && left.server == right.server() &&
           left.device == right.device();
}

bool same_as_built(const Node& node, const OutNode& built) {
    if (node.tag != built.tag || node.attributes.size() != built.attributes.size()) {
        return false;
    }
    for (std::size_t i = 0; i < node.attributes.size(); ++i) {
        const auto& [key, value] = built.attributes[i];
        const Attribute& attribute = node.attributes[i];
        const auto* const text = std::get_if<std::string>(&value);
        const auto* const read = std::get_if<std::string_view>(&attribute.value);
        if (attribute.key != key || (text == nullptr) != (read == nullptr) ||
            (text != nullptr
                 ? *text != *read
                 : !same_jid(std::get<JidView>(attribute.value), std::get<Jid>(value)))) {
            return false;
        }
    }
    if (const auto* const children = std::get_if<std::vector<OutNode>>(&built.content)) {
        return std::ranges::equal(node.children(), *children, same_as_built);
    }
    if (const auto* const text = std::get_if<std::string>(&built.content)) {
        return node.text() == *text;
    }
    const auto* const bytes = std::get_if<Bytes>(&built.content);
    return bytes == nullptr ? node.content() == Node::Content::none
                            : std::ranges::equal(node.bytes(), *bytes);
}

} // namespace

TEST_CASE("codec: a random stanza comes back as it was built, plain and compressed") {
    const std::size_t wanted = std::getenv("VESTARI_ASSURE") != nullptr ? 1'000'000 : 20'000;
    Generator generate{20'261'121};
    Decoder decoder;
    Decoder of_compressed;
    RootReader reader;
    std::size_t stanzas = 0;
    while (generate.nodes < wanted) {
        CAPTURE(++stanzas);
        const OutNode built = generate.node(1);
        const Bytes frame = encode(built);
        const Bytes small = test::compressed_frame(BytesView{frame}.subspan(1), 1);
        const Result<const Node*> root = decoder.decode(frame);
        const Result<const Node*> inflated = of_compressed.decode(small);
        REQUIRE(root.has_value());
        REQUIRE(inflated.has_value());
        CHECK(same_as_built(**root, built));
        CHECK(same(**root, **inflated));
        CHECK(encode(**root) == frame);
        const Result<const Node*> alone = reader.read(small);
        REQUIRE(alone.has_value());
        CHECK(std::ranges::equal((*alone)->attributes, (*root)->attributes));
    }
}
