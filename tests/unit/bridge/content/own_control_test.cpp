#include "bridge/content/own_control.hpp"

#include <doctest/doctest.h>

#include "build.hpp"
#include "vectors.hpp"

using namespace vestari;
using namespace vestari::content;
using test::field;
using test::join;
using test::number_field;

namespace {

Bytes vector_bytes(std::string_view name) {
    const boost::json::value file = test::read_json("vectors/messages/c-messages.json");
    for (const boost::json::value& entry : file.at("vectors").as_array()) {
        if (test::str(entry.as_object(), "name") == name) {
            return test::hex(entry.as_object(), "unpadded");
        }
    }
    return {};
}

Bytes filled(std::size_t size, int value) { return Bytes(size, static_cast<std::byte>(value)); }

Bytes control(std::uint64_t type, const Bytes& data) {
    return field(12, join({number_field(2, type), data}));
}

} // namespace

TEST_CASE("own control: a history notification gives the blob's place and keys") {
    const OwnControl got = read_own_control(vector_bytes("history_notification")).value();
    const auto& history = std::get<HistoryNotification>(got);
    CHECK(history.file_hash == filled(32, 1));
    CHECK(history.length == 100);
    CHECK(history.media_key == filled(32, 2));
    CHECK(history.encrypted_hash == filled(32, 3));
    CHECK(history.direct_path == "/v/h?x");
    CHECK(history.sync_type == 3);
    CHECK(history.chunk_order == 1);
    CHECK(history.progress == 50);
    CHECK(history.inline_payload.empty());

    const OwnControl with_inline =
        read_own_control(control(5, field(6, field(11, "zlib")))).value();
    CHECK(std::get<HistoryNotification>(with_inline).inline_payload == to_bytes("zlib"));
}

TEST_CASE("own control: a key share gives the keys that are whole") {
    const OwnControl got = read_own_control(vector_bytes("key_share")).value();
    const auto& share = std::get<AppStateKeyShare>(got);
    REQUIRE(share.keys.size() == 1);
    CHECK(share.keys[0].id == from_hex("000000001234").value());
    CHECK(share.keys[0].data == filled(32, 5));
    CHECK(share.keys[0].timestamp == 1'780'000'000'000);

    const Bytes good =
        field(1, join({field(1, field(1, "id")), field(2, field(1, filled(32, 9)))}));
    const Bytes short_key =
        field(1, join({field(1, field(1, "id")), field(2, field(1, filled(31, 9)))}));
    const Bytes no_id = field(1, field(2, field(1, filled(32, 9))));
    const OwnControl mixed =
        read_own_control(control(6, field(7, join({short_key, good, no_id})))).value();
    CHECK(std::get<AppStateKeyShare>(mixed).keys.size() == 1);
}

TEST_CASE("own control: a migration gives pairs, the latest LID where there is one") {
    const auto pair = [](std::uint64_t pn, std::uint64_t assigned, std::uint64_t latest) {
        Bytes out = join({number_field(1, pn), number_field(2, assigned)});
        if (latest != 0) {
            append(out, number_field(3, latest));
        }
        return field(1, out);
    };
    const Bytes payload = join({pair(12025550101, 11, 0), pair(12025550102, 12, 22), pair(0, 13, 0),
                                field(1, number_field(1, 5)), number_field(2, 1'780'000'000)});
    const OwnControl got = read_own_control(control(22, field(23, field(1, payload)))).value();
    const auto& migration = std::get<LidMigration>(got);
    REQUIRE(migration.mappings.size() == 2);
    CHECK(migration.mappings[0].pn == 12025550101);
    CHECK(migration.mappings[0].lid == 11);
    CHECK(migration.mappings[1].lid == 22);
}

TEST_CASE("own control: other types and other content have no effect and are not read") {
    struct Row {
        Bytes message;
        std::int32_t type;
    };
    const Row rows[] = {
        {{}, -1},
        {field(1, "a chat with oneself"), -1},
        {control(9, field(9, "\xff")), 9},
        {control(10, field(10, "\xff")), 10},
        {control(17, field(17, "\xff")), 17},
        {control(4, {}), 4},
        {control(5, {}), 5},                       // says history, holds none
        {control(6, field(6, field(5, "/x"))), 6}, // says keys, holds a history notification
        {test::nest({40, 1}, control(5, field(6, field(5, "/x")))), -1}, // wrapped: not read
    };
    for (const Row& row : rows) {
        const OwnControl got = read_own_control(row.message).value();
        REQUIRE(std::holds_alternative<NoAction>(got));
        CHECK(std::get<NoAction>(got).protocol_type == row.type);
    }
}

TEST_CASE("own control: damage is refused whole") {
    CHECK(read_own_control(control(5, field(6, "\xff"))).error() == ContentErrc::truncated);
    CHECK(read_own_control(control(6, field(7, field(1, "\x0b")))).error() == ContentErrc::bad_key);
    const Bytes whole = vector_bytes("history_notification");
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
        CHECK(!read_own_control(BytesView{whole}.first(cut)).has_value());
    }
}
