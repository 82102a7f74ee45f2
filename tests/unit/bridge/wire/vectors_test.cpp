// The peers' vectors: every document is accepted with its tree or refused, and encodes to the same bytes where they say so.
#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "bridge/wire/root_reader.hpp"
#include "tests/unit/bridge/wire/support.hpp"

using namespace vestari;
using namespace vestari::wire;

namespace {

// Vectors too large to print are described.
Bytes frame_of(const test::json::object& vector) {
    if (vector.contains("hex")) {
        return test::hex(test::text_at(vector, "hex"));
    }
    const test::json::object& generate = vector.at("generate").as_object();
    Bytes body = test::hex(test::text_at(generate, "inflated_prefix_hex"));
    body.resize(body.size() +
                static_cast<std::size_t>(generate.at("inflated_zero_bytes").as_int64()));
    return test::compressed_frame(body);
}

void check_decoded_again(const Node& root) {
    const Bytes frame = encode(root);
    const Result<Document> again = decode(frame);
    REQUIRE(again.has_value());
    CHECK(same(root, again->root()));
}

void check_same_root(BytesView frame, const Node& root) {
    RootReader reader;
    const Result<const Node*> read = reader.read(frame);
    REQUIRE(read.has_value());
    CHECK((*read)->tag == root.tag);
    CHECK(std::ranges::equal((*read)->attributes, root.attributes));
}

} // namespace

TEST_CASE("nodes.json: 62 documents are accepted with their tree, 32 are refused") {
    const test::json::value file = test::vectors("connection/nodes.json");
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (const test::json::value& entry : file.at("vectors").as_array()) {
        const test::json::object& vector = entry.as_object();
        CAPTURE(test::text_at(vector, "name"));
        const Bytes frame = frame_of(vector);
        const Result<Document> document = decode(frame);
        if (test::text_at(vector, "expect") == "reject") {
            CHECK_FALSE(document.has_value());
            ++refused;
            continue;
        }
        ++accepted;
        REQUIRE(document.has_value());
        const test::json::object& tree = vector.at("tree").as_object();
        CHECK(test::same_tree(document->root(), tree));
        check_decoded_again(document->root());
        check_same_root(frame, document->root());
        if (vector.contains("encode_roundtrip")) {
            CHECK(to_hex(encode(document->root())) == test::text_at(vector, "hex"));
            CHECK(to_hex(encode(test::out_node(tree))) == test::text_at(vector, "hex"));
        }
    }
    CHECK(accepted == 62);
    CHECK(refused == 32);
}

TEST_CASE("g-stanzas.json and f-groups.json: every binary has its tree, and the tree its binary") {
    std::size_t checked = 0;
    const auto check = [&checked](const std::string& name, std::string_view list) {
        const test::json::value file = test::vectors(name);
        for (const test::json::value& entry : file.at(list).as_array()) {
            const test::json::object& vector = entry.as_object();
            CAPTURE(test::text_at(vector, "name"));
            const Bytes frame = test::hex(test::text_at(vector, "binary"));
            const Result<Document> document = decode(frame);
            REQUIRE(document.has_value());
            const test::json::object& tree = vector.at("tree").as_object();
            CHECK(test::same_tree(document->root(), tree));
            CHECK(encode(test::out_node(tree)) == frame);
            CHECK(encode(document->root()) == frame);
            check_same_root(frame, document->root());
            check_same_root(test::compress(frame), document->root());
            ++checked;
        }
    };
    check("messages/g-stanzas.json", "stanzas");
    check("messages/g-stanzas.json", "retry_receipts");
    for (const std::string_view list : {"requests", "results", "errors", "notifications"}) {
        check("messages/f-groups.json", list);
    }
    CHECK(checked > 30);
}

TEST_CASE("h-endtoend.json: every stanza decodes, whole and as a compressed one") {
    const test::json::value file = test::vectors("messages/h-endtoend.json");
    std::size_t checked = 0;
    for (const test::json::value& entry : file.at("steps").as_array()) {
        const Bytes frame = test::hex(test::text_at(entry.as_object(), "binary"));
        const Bytes small = test::compress(frame);
        const Result<Document> document = decode(frame);
        const Result<Document> inflated = decode(small);
        REQUIRE(document.has_value());
        REQUIRE(inflated.has_value());
        CHECK(same(document->root(), inflated->root()));
        check_decoded_again(document->root());
        ++checked;
    }
    CHECK(checked == 17);
}
