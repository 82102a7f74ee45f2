#include "bridge/wire/root_reader.hpp"

#include <array>
#include <memory_resource>

#include "bridge/wire/flat_source.hpp"
#include "bridge/wire/inflated.hpp"
#include "bridge/wire/value_reader.hpp"

namespace vestari::wire {

namespace {

// A source that inflates exactly what is asked for; what is taken lives in the arena.
class InflatingSource {
public:
    InflatingSource(Inflater& inflater, BytesView stream, std::pmr::memory_resource& arena)
        : inflater_{inflater}, arena_{arena}, most_{inflate_limit(stream.size())} {
        inflater_.start(stream);
    }

    bool byte(std::uint8_t& out) {
        std::byte one{};
        if (!fill({&one, 1})) {
            return false;
        }
        out = std::to_integer<std::uint8_t>(one);
        return true;
    }
    bool take(std::size_t size, std::string_view& out) {
        auto* const place = static_cast<std::byte*>(arena_.allocate(size, 1));
        out = as_text({place, size});
        return fill({place, size});
    }
    bool has(std::size_t size) noexcept { return size <= most_.bytes - seen_ || fail(most_.error); }
    std::size_t seen() const noexcept { return seen_; }

    bool fail(WireErrc error) noexcept {
        error_ = error;
        return false;
    }
    WireErrc error() const noexcept { return error_; }

private:
    bool fill(std::span<std::byte> out) {
        if (!has(out.size())) {
            return false;
        }
        const Result<std::size_t> filled = inflater_.fill(out);
        if (!filled) {
            return fail(static_cast<WireErrc>(filled.error().value()));
        }
        seen_ += *filled;
        return *filled == out.size() || fail(WireErrc::truncated);
    }

    Inflater& inflater_;
    std::pmr::memory_resource& arena_;
    InflateLimit most_;
    std::size_t seen_ = 0;
    WireErrc error_ = WireErrc::truncated;
};

template <class Source>
bool read_root(Source& source, std::pmr::memory_resource& arena, Node& root) {
    ValueReader<Source> reader{source, arena};
    typename ValueReader<Source>::NodeHeader header;
    return reader.node_header(header) && reader.tag(root.tag) &&
           reader.attributes(header.attributes, root.attributes);
}

constexpr std::size_t first_chunk = 4096; // enough for the root of an ordinary message

} // namespace

struct RootReader::State {
    State() {
    } // NOLINT(modernize-use-equals-default): leaves `chunk` as it is, = default would clear it
    std::array<std::byte, first_chunk> chunk;
    std::pmr::monotonic_buffer_resource arena{chunk.data(), chunk.size()};
    Inflater inflater;
    Node root;
    std::size_t seen = 0;
};

RootReader::RootReader() = default;
RootReader::~RootReader() = default;
RootReader::RootReader(RootReader&&) noexcept = default;
RootReader& RootReader::operator=(RootReader&&) noexcept = default;

void RootReader::rest() noexcept { state_.reset(); }

std::size_t RootReader::seen() const noexcept { return state_ ? state_->seen : 0; }

Result<const Node*> RootReader::read(BytesView frame) {
    if (!state_) {
        state_ = std::make_unique<State>();
    }
    State& state = *state_;
    state.arena.release();
    state.root = {};
    state.seen = 0;
    if (frame.empty()) {
        return WireErrc::truncated;
    }
    if (frame.size() > limit::frame) {
        return WireErrc::frame_too_long;
    }
    const auto read_from = [&state](auto&& source) -> Result<const Node*> {
        const bool whole = read_root(source, state.arena, state.root);
        state.seen = source.seen();
        if (!whole) {
            return source.error();
        }
        return &state.root;
    };
    const BytesView body = frame.subspan(1);
    return is_compressed(frame) ? read_from(InflatingSource{state.inflater, body, state.arena})
                                : read_from(FlatSource{body});
}

} // namespace vestari::wire
