#include "bridge/wire/decoder.hpp"

#include <array>
#include <memory_resource>

#include "bridge/wire/flat_source.hpp"
#include "bridge/wire/inflated.hpp"
#include "bridge/wire/value_reader.hpp"

namespace vestari::wire {

namespace {

// Reads the nodes of one stanza, depth first, with an explicit stack.
class TreeReader {
public:
    TreeReader(BytesView body, std::pmr::memory_resource& arena) noexcept
        : source_{body}, arena_{arena}, reader_{source_, arena} {}

    const Node* read() {
        Node* const root = nodes(1);
        if (!node(*root)) {
            return nullptr;
        }
        while (depth_ > 0) {
            Level& level = levels_[depth_ - 1];
            if (level.next == level.end) {
                --depth_;
            } else if (!node(*level.next++)) {
                return nullptr;
            }
        }
        if (source_.left() > 0) {
            source_.fail(WireErrc::trailing_bytes);
            return nullptr;
        }
        return root;
    }
    WireErrc error() const noexcept { return source_.error(); }

private:
    struct Level { // children that are still to be read
        Node* next;
        Node* end;
    };

    Node* nodes(std::size_t count) {
        auto* const first =
            static_cast<Node*>(arena_.allocate(count * sizeof(Node), alignof(Node)));
        std::uninitialized_default_construct_n(first, count);
        return first;
    }

    bool node(Node& node) {
        ValueReader<FlatSource>::NodeHeader header;
        if (!reader_.node_header(header) || !reader_.tag(node.tag)) {
            return false;
        }
        all_attributes_ += header.attributes;
        if (all_attributes_ > limit::all_attributes) {
            return source_.fail(WireErrc::too_many_attributes);
        }
        return reader_.attributes(header.attributes, node.attributes) &&
               (!header.has_content || content(node));
    }

    bool content(Node& node) {
        std::uint8_t first = 0;
        if (!source_.byte(first)) {
            return false;
        }
        const Lead lead{first};
        if (is_list(lead)) {
            return children(lead, node);
        }
        if (is_binary(lead)) {
            std::uint32_t length = 0;
            std::string_view bytes;
            if (!reader_.binary_length(lead, length) || !source_.take(length, bytes)) {
                return false;
            }
            node.set_bytes(as_bytes(bytes));
            return true;
        }
        Value value;
        if (!reader_.value(lead, value)) {
            return false;
        }
        if (const auto* const jid = std::get_if<JidView>(&value)) {
            node.set_jid(std::construct_at(
                static_cast<JidView*>(arena_.allocate(sizeof(JidView), alignof(JidView))), *jid));
        } else {
            node.set_text(*std::get_if<std::string_view>(&value));
        }
        return true;
    }

    bool children(Lead lead, Node& node) {
        std::uint32_t count = 0;
        if (!reader_.list_size(lead, count)) {
            return false;
        }
        if (!source_.has(std::size_t{count} * 2)) {
            return false;
        }
        all_nodes_ += count;
        if (all_nodes_ > limit::nodes) {
            return source_.fail(WireErrc::too_many_nodes);
        }
        if (count == 0) {
            node.set_children({});
            return true;
        }
        if (depth_ == levels_.size()) {
            return source_.fail(WireErrc::too_deep);
        }
        Node* const first = nodes(count);
        node.set_children({first, count});
        levels_[depth_++] = {first, first + count};
        return true;
    }

    FlatSource source_;
    std::pmr::memory_resource& arena_;
    ValueReader<FlatSource> reader_;
    std::array<Level, limit::depth - 1> levels_; // level i holds nodes of depth i + 2
    std::size_t depth_ = 0;
    std::size_t all_nodes_ = 1;
    std::size_t all_attributes_ = 0;
};

constexpr std::size_t first_chunk = 4096; // enough for the tree of an ordinary message

} // namespace

struct Decoder::State {
    State() {
    } // NOLINT(modernize-use-equals-default): leaves `chunk` as it is, = default would clear it
    std::array<std::byte, first_chunk> chunk;
    std::pmr::monotonic_buffer_resource arena{chunk.data(), chunk.size()};
    Inflated inflated;
};

Decoder::Decoder() = default;
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

void Decoder::rest() noexcept { state_.reset(); }

Result<const Node*> Decoder::decode(BytesView frame) {
    if (!state_) {
        state_ = std::make_unique<State>();
    }
    state_->arena.release();
    if (frame.empty()) {
        return WireErrc::truncated;
    }
    if (frame.size() > limit::frame) {
        return WireErrc::frame_too_long;
    }
    BytesView body = frame.subspan(1);
    if (is_compressed(frame)) {
        const Result<BytesView> inflated = state_->inflated.inflate(body);
        if (!inflated) {
            return inflated.error();
        }
        body = *inflated;
    }
    TreeReader tree{body, state_->arena};
    const Node* const root = tree.read();
    if (root == nullptr) {
        return tree.error();
    }
    return root;
}

Result<Document> decode(BytesView frame) {
    Decoder decoder;
    const Result<const Node*> root = decoder.decode(frame);
    if (!root) {
        return root.error();
    }
    return Document{std::move(decoder), *root};
}

} // namespace vestari::wire
