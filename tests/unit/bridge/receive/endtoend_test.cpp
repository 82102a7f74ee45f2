#include <doctest/doctest.h>

#include "bridge/store/signal_records.hpp"
#include "tests/unit/bridge/receive/receiving.hpp"
#include "tests/unit/bridge/signal/vectors.hpp"

using namespace vestari;

namespace {

using boost::json::object;

// Everything that Signal keeps for the people of the vector, byte for byte.
std::vector<Bytes> signal_state(store::SessionDatabase& database) {
    std::vector<Bytes> state;
    for (const char* name :
         {"11111111111111_1", "22222222222222_1", "33333333333333_1", "77777777777777_1",
          "12025550101", "12025550102", "12025550103", "12025550199"}) {
        for (const store::DeviceRecord& row : store::Sessions{database}.of_user(name)) {
            state.push_back(row.record);
        }
        for (const store::Identities::Row& row : store::Identities{database}.of_user(name)) {
            state.push_back(row.key);
        }
        for (const store::SenderKeys::Row& row : store::SenderKeys{database}.of_user(name)) {
            state.push_back(row.record);
        }
    }
    for (const std::uint32_t id : store::PreKeys{database}.ids()) {
        state.push_back(Bytes{static_cast<std::byte>(id)});
    }
    return state;
}

void check_message(const object& expect, const std::vector<event::Envelope>& envelopes) {
    REQUIRE(envelopes.size() == 1);
    const event::Envelope& envelope = envelopes.front();
    CHECK(event::to_string(envelope.kind) == test::text_of(expect, "kind"));
    if (expect.contains("text")) {
        CHECK(envelope.text == test::text_of(expect, "text"));
    }
    if (expect.contains("new_text")) {
        CHECK(envelope.text == test::text_of(expect, "new_text"));
    }
    if (expect.contains("target_id")) {
        CHECK(envelope.target == test::text_of(expect, "target_id"));
    }
    CHECK(envelope.from_me == expect.contains("from_me"));
}

// What the step's words mean here.
receive::Outcome wanted_outcome(const object& expect) {
    const std::string_view route = test::text_of(expect, "route");
    if (route == "drop") {
        return receive::Outcome::dropped;
    }
    if (route == "own_peer") {
        return receive::Outcome::other;
    }
    const std::string_view kind = test::text_of(expect, "kind");
    return kind == "duplicate"       ? receive::Outcome::duplicate
           : kind == "undecryptable" ? receive::Outcome::failed
                                     : receive::Outcome::decrypted;
}

bool reaches_archive(const object& expect) {
    const bool refused = expect.contains("accepted") && !expect.at("accepted").as_bool();
    return !refused && !expect.contains("archive_rows_added") &&
           wanted_outcome(expect) == receive::Outcome::decrypted;
}

} // namespace

TEST_CASE("receive: the whole session of vector h, step by step from an empty store") {
    const boost::json::value vectors = test::read_vectors("h-endtoend.json");
    const boost::json::value keys = test::read_vectors("a-pairwise.json");
    test::Receiving receiving{
        {"main", {test::jid("12025550199:12@s.whatsapp.net"), test::jid("77777777777777:12@lid")}},
        {"120363000000000001@g.us"}};
    REQUIRE(receiving.receiver.decryptor().install(
        test::receiver_keys(keys.at("receiver").as_object())));

    std::int64_t seconds = 1'780'000'000;
    for (const boost::json::value& entry : vectors.at("steps").as_array()) {
        const object& step = entry.as_object();
        const object& expect = step.at("expect").as_object();
        CAPTURE(std::string{test::text_of(step, "name")});
        const std::vector<Bytes> before = signal_state(*receiving.sessions);

        const receive::Outcome outcome =
            receiving.receiver.stanza(test::hex_of(step, "binary"), test::at(++seconds));

        CHECK(outcome == wanted_outcome(expect));
        if (outcome == receive::Outcome::dropped || outcome == receive::Outcome::failed) {
            CHECK(signal_state(*receiving.sessions) == before);
        }
        if (reaches_archive(expect)) {
            check_message(expect, receiving.spooled());
        } else {
            CHECK(receiving.spooled().empty());
        }
        if (expect.contains("prekeys_left")) {
            std::vector<std::uint32_t> left;
            for (const boost::json::value& id : expect.at("prekeys_left").as_array()) {
                left.push_back(id.to_number<std::uint32_t>());
            }
            CHECK(store::PreKeys{*receiving.sessions}.ids() == left);
        }
    }
    CHECK(receiving.receiver.tally().refused() == 2); // the forged edit, the hidden control message
}
