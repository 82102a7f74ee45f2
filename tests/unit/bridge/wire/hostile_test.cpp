// Each limit, one below and one above; bombs; documents made to be expensive.
#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

// Bytes of one stanza, put together by hand: what the encoder refuses to write.
struct Raw {
    Bytes bytes{std::byte{0}}; // the flag
    Raw& add(std::string_view digits) {
        append(bytes, test::hex(digits));
        return *this;
    }
    Raw& list_16(std::size_t size) {
        bytes.push_back(std::byte{249});
        append_be16(bytes, static_cast<std::uint16_t>(size));
        return *this;
    }
    Raw& binary_32(BytesView content) {
        bytes.push_back(std::byte{254});
        append_be32(bytes, static_cast<std::uint32_t>(content.size()));
        append(bytes, content);
        return *this;
    }
    Raw& text(std::string_view content) { return binary_32(as_bytes(content)); }
    BytesView body() const { return BytesView{bytes}.subspan(1); }
};

// A chain of so many nodes, each the child of the one before.
Bytes chain(std::size_t nodes) {
    Raw raw;
    for (std::size_t i = 1; i < nodes; ++i) {
        raw.add("f80219f801");
    }
    return raw.add("f80119").bytes;
}

// One node with so many attributes of different keys.
Bytes attributes(std::size_t count) {
    Raw raw;
    raw.list_16(1 + 2 * count).add("19");
    for (std::size_t i = 0; i < count; ++i) {
        raw.text("k" + std::to_string(i)).add("55");
    }
    return raw.bytes;
}

// A root with so many nodes below it, in lists as long as a list can be.
Bytes siblings(std::size_t nodes) {
    const std::size_t direct = std::min<std::size_t>(nodes, 60'000);
    Raw raw;
    raw.add("f80219").list_16(direct);
    std::size_t rest = nodes - direct;
    for (std::size_t i = 0; i < direct; ++i) {
        if (i == 0 && rest > 0) { // the first child holds what does not fit
            raw.add("f80219").list_16(rest);
            for (std::size_t j = 0; j < rest; ++j) {
                raw.add("f80119");
            }
        } else {
            raw.add("f80119");
        }
    }
    return raw.bytes;
}

// `nodes` nodes with `each` attributes of two bytes.
Bytes wide(std::size_t nodes, std::size_t each) {
    Raw raw;
    raw.add("f80219").list_16(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
        raw.list_16(1 + 2 * each).add("19");
        for (std::size_t key = 1; key <= each; ++key) {
            raw.bytes.push_back(std::byte{static_cast<std::uint8_t>(key)});
            raw.bytes.push_back(std::byte{});
        }
    }
    return raw.bytes;
}

ErrorCode error_of(BytesView frame) {
    Decoder decoder;
    const Result<const Node*> root = decoder.decode(frame);
    return root ? ErrorCode{} : root.error();
}

// A frame that inflates to exactly so many bytes: one node with byte content.
Bytes bomb(std::size_t inflated) {
    Raw raw;
    raw.add("f80219");
    const Bytes zeroes(inflated - raw.body().size() - 5);
    raw.binary_32(zeroes);
    VESTARI_CHECK(raw.body().size() == inflated);
    return test::compressed_frame(raw.body());
}

// As `bomb`, with bytes in front that do not compress, so that the ratio is as wanted.
Bytes stream_of_ratio(std::size_t noise, std::size_t inflated) {
    Raw raw;
    raw.add("f80219");
    Bytes content(inflated - raw.body().size() - 5);
    std::uint64_t state = 88172645463325252ULL;
    for (std::size_t i = 0; i < noise; ++i) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
        content[i] = std::byte{static_cast<std::uint8_t>(state)};
    }
    raw.binary_32(content);
    return test::compressed_frame(raw.body());
}

} // namespace

TEST_CASE("limits: nesting of 32 nodes") {
    CHECK_FALSE(error_of(chain(32)));
    CHECK(error_of(chain(33)) == WireErrc::too_deep);
    CHECK(error_of(chain(200'000)) == WireErrc::too_deep);
    // An empty list of children is no level.
    Raw raw;
    for (int i = 1; i < 32; ++i) {
        raw.add("f80219f801");
    }
    CHECK_FALSE(error_of(raw.add("f8021900").bytes));
}

TEST_CASE("limits: 256 attributes of a node, in the decoder and in the root reader") {
    RootReader reader;
    CHECK_FALSE(error_of(attributes(256)));
    CHECK(reader.read(attributes(256)).has_value());
    CHECK(error_of(attributes(257)) == WireErrc::too_many_attributes);
    CHECK(reader.read(attributes(257)).error() == WireErrc::too_many_attributes);
    CHECK(error_of(attributes(32'767)) == WireErrc::too_many_attributes);
}

TEST_CASE("limits: 65,536 nodes of a stanza") {
    CHECK_FALSE(error_of(siblings(65'535))); // and the root
    CHECK(error_of(siblings(65'536)) == WireErrc::too_many_nodes);
    CHECK(error_of(siblings(100'000)) == WireErrc::too_many_nodes);
}

TEST_CASE("limits: 262,144 attributes of a stanza, because they cost more memory than bytes") {
    CHECK_FALSE(error_of(wide(2048, 128)));
    Bytes one_more = wide(2049, 128);
    CHECK(error_of(one_more) == WireErrc::too_many_attributes);
    CHECK(error_of(wide(60'000, 100)) == WireErrc::too_many_attributes);
}

TEST_CASE("limits: tag of 64 bytes, key of 128, value of 64 KiB") {
    const auto with_tag = [](std::size_t size) {
        return Raw{}.add("f801").text(std::string(size, 'a')).bytes;
    };
    const auto with_key = [](std::size_t size) {
        return Raw{}.add("f80319").text(std::string(size, 'a')).add("55").bytes;
    };
    const auto with_value = [](std::size_t size) {
        return Raw{}.add("f8031908").text(std::string(size, 'a')).bytes;
    };
    RootReader reader;
    struct Row {
        Bytes most, more;
        WireErrc error;
    };
    const Row rows[] = {{with_tag(64), with_tag(65), WireErrc::bad_tag},
                        {with_key(128), with_key(129), WireErrc::bad_key},
                        {with_value(65'536), with_value(65'537), WireErrc::bad_value}};
    for (const Row& row : rows) {
        CHECK_FALSE(error_of(row.most));
        CHECK(reader.read(row.most).has_value());
        CHECK(reader.read(test::compress(row.most)).has_value());
        CHECK(error_of(row.more) == row.error);
        CHECK(reader.read(row.more).error() == row.error);
        CHECK(reader.read(test::compress(row.more)).error() == row.error);
    }
    // Content is no attribute: it may be longer, and need not be text.
    CHECK_FALSE(error_of(Raw{}.add("f80219").binary_32(Bytes(100'000)).bytes));
}

TEST_CASE("limits: the parts of a JID have 256 bytes together") {
    const auto with_user = [](std::size_t size) {
        return Raw{}.add("f8031911fa").text(std::string(size, 'a')).add("1c").bytes; // @g.us
    };
    CHECK_FALSE(error_of(with_user(252)));
    CHECK(error_of(with_user(253)) == WireErrc::bad_jid);
}

TEST_CASE("limits: a frame of 16 MiB") {
    const auto frame = [](std::size_t size) {
        Raw raw;
        raw.add("f80219");
        const Bytes content(size - raw.bytes.size() - 5);
        return raw.binary_32(content).bytes;
    };
    RootReader reader;
    CHECK_FALSE(error_of(frame(limit::frame)));
    CHECK(error_of(frame(limit::frame + 1)) == WireErrc::frame_too_long);
    CHECK(reader.read(frame(limit::frame + 1)).error() == WireErrc::frame_too_long);
}

TEST_CASE("bombs: up to 1 MiB any ratio is accepted, above it 1:200") {
    const Bytes free = bomb(1U << 20U);
    CHECK(free.size() * 200 < 1U << 20U); // the ratio alone would refuse it
    CHECK_FALSE(error_of(free));
    CHECK(error_of(bomb((1U << 20U) + 1)) == WireErrc::inflates_too_far);
    CHECK(error_of(bomb(16U << 20U)) == WireErrc::inflates_too_far);
    CHECK(error_of(bomb(64U << 20U)) == WireErrc::inflates_too_far);
}

TEST_CASE("bombs: the ratio is exact") {
    // The stream's size follows from the content; so look for the content whose ratio is 200, from both sides.
    const std::size_t noise = 12'000;
    std::size_t around = 2'000'000;
    for (int i = 0; i < 12; ++i) {
        around = (stream_of_ratio(noise, around).size() - 1) * limit::ratio;
    }
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (std::size_t inflated = around - 20'000; inflated <= around + 20'000; inflated += 2'000) {
        const Bytes frame = stream_of_ratio(noise, inflated);
        const bool fits = inflated <= (frame.size() - 1) * limit::ratio;
        const ErrorCode error = error_of(frame);
        CAPTURE(inflated);
        if (fits) {
            CHECK_FALSE(error);
            ++accepted;
        } else {
            CHECK(error == WireErrc::inflates_too_far);
            ++refused;
        }
    }
    CHECK(accepted > 0);
    CHECK(refused > 0);
}

TEST_CASE("bombs: 16 MiB inflated, whatever the ratio") {
    const std::size_t most = limit::inflated;
    CHECK_FALSE(error_of(stream_of_ratio(100'000, most)));
    CHECK(error_of(stream_of_ratio(100'000, most + 1)) == WireErrc::inflated_too_long);
    CHECK(error_of(stream_of_ratio(200'000, 3 * most)) == WireErrc::inflated_too_long);
}

TEST_CASE("streams: nothing may follow, be missing or be wrong") {
    const Bytes good = test::compress(test::hex("00f8031908ff0412345678"));
    REQUIRE_FALSE(error_of(good));
    Bytes more = good;
    more.push_back(std::byte{0});
    CHECK(error_of(more) == WireErrc::bytes_after_stream);
    Bytes wrong_sum = good;
    wrong_sum.back() ^= std::byte{1};
    CHECK(error_of(wrong_sum) == WireErrc::bad_stream);
    for (std::size_t size = 1; size < good.size(); ++size) {
        CHECK(error_of({good.data(), size}) == WireErrc::truncated_stream);
    }
    CHECK(error_of(test::hex("0278bb00000000")) ==
          WireErrc::bad_stream); // a preset dictionary is wanted
    CHECK(error_of(test::hex("02789c030000000001")) == WireErrc::truncated); // a stream of nothing
    // Two streams, one behind the other.
    Bytes twice = good;
    append(twice, BytesView{good}.subspan(1));
    CHECK(error_of(twice) == WireErrc::bytes_after_stream);
    // A document that is whole, and one byte more inside the stream.
    CHECK(error_of(test::compress(test::hex("00f8015600"))) == WireErrc::trailing_bytes);
}

TEST_CASE("hostile: every prefix and every flipped bit of a real stanza ends in a result") {
    const test::json::value file = test::vectors("messages/g-stanzas.json");
    for (const test::json::value& entry : file.at("stanzas").as_array()) {
        const Bytes frame = test::hex(test::text_at(entry.as_object(), "binary"));
        for (const Bytes& whole : {frame, test::compress(frame)}) {
            Decoder decoder;
            RootReader reader;
            for (std::size_t size = 0; size < whole.size(); ++size) {
                const Bytes cut{whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)};
                CHECK_FALSE(decoder.decode(cut).has_value());
                (void)reader.read(cut);
            }
            for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
                Bytes flipped = whole;
                flipped[bit / 8] ^= std::byte{static_cast<std::uint8_t>(1U << (bit % 8))};
                const Result<const Node*> root = decoder.decode(flipped);
                const Result<const Node*> alone = reader.read(flipped);
                if (root) { // what decodes has the same root when that is read alone
                    REQUIRE(alone.has_value());
                    CHECK(std::ranges::equal((*root)->attributes, (*alone)->attributes));
                }
            }
        }
    }
}
