#include <doctest/doctest.h>

#include "bridge/content/extract.hpp"
#include "bridge/store/inbox/resends.hpp"
#include "bridge/store/signal_records.hpp"
#include "bridge/store/waiting.hpp"
#include "tests/unit/bridge/receive/inbox/office.hpp"

using namespace vestari;
using test::Lines;
using test::Office;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view alice = "1001@lid";
constexpr std::string_view alice_pn = "491@s.whatsapp.net";

route::IncludeList listed(std::vector<std::string> groups) {
    return route::IncludeList::of(groups).value();
}

synth::Stanza post(Office& office, std::string_view id, std::string_view words,
                   bool with_key = true) {
    synth::Stanza stanza = Office::message(alice, id);
    if (with_key) {
        stanza.children.push_back(office.key_part("alice"));
    }
    stanza.children.push_back(office.group_part("alice", synth::content::text(words)));
    return stanza;
}

} // namespace

TEST_CASE("groups: one that leaves the list takes its keys, kept ciphertexts and requests along") {
    Office office;
    office.take(post(office, "A", "one"));
    synth::Stanza keyless = Office::message("1002@lid", "B");
    office.key_part("bob");
    keyless.children = {office.group_part("bob", synth::content::text("two"))};
    office.take(keyless);
    CHECK(store::KeptCiphertexts{*office.sessions}.rows() == 1);
    CHECK(store::SenderKeys{*office.sessions}.of_user("1001_1").size() == 1);
    CHECK(office.inbox->activity(test::trade_desk).has_value());

    office.inbox->set_included({});
    office.restart(); // it is durable
    CHECK(store::KeptCiphertexts{*office.sessions}.rows() == 0);
    CHECK(store::SenderKeys{*office.sessions}.of_user("1001_1").empty());
    CHECK(store::Resends{*office.sessions}.rows() == 0);
    CHECK_FALSE(office.inbox->activity(test::trade_desk).has_value());
}

TEST_CASE("groups: one that left the list while nothing ran is forgotten at the next start") {
    Office office;
    office.take(post(office, "A", "one"));
    office.options.included = {};
    office.restart();
    CHECK(store::SenderKeys{*office.sessions}.of_user("1001_1").empty());
    CHECK_FALSE(office.inbox->activity(test::trade_desk).has_value());
}

TEST_CASE("groups: one that is included later asks its senders for the missing keys") {
    Office office;
    office.options.included = {};
    office.open();
    CHECK(office.take(post(office, "A", "before")).front().starts_with("ack class=message id=A"));
    office.inbox->set_included(listed({std::string{test::trade_desk}}));
    const Lines asked = office.take(post(office, "B", "after", false));
    REQUIRE(asked.size() == 2);
    CHECK(asked.front().find("<retry count=1 error=1 ") != std::string::npos);
    synth::Stanza part =
        office.pairwise_part("alice", office.both("alice", synth::content::text("after")));
    part.with("count", "1");
    synth::Stanza answer = Office::message(alice, "B");
    answer.children = {part};
    office.take(answer);
    office.take(post(office, "C", "and on", false));
    CHECK(office.texts() == Lines{"after", "and on"}); // what was said before is not read
}

TEST_CASE("groups: a change of the list in the middle of a batch loses nothing of it") {
    Office office;
    office.offer(post(office, "A", "one"));
    office.inbox->set_included(listed({std::string{test::trade_desk}, "120363000000000002@g.us"}));
    CHECK(office.texts() == Lines{"one"}); // durable by now
    CHECK(test::told(office.inbox->commit()).size() == 1);
}

TEST_CASE("groups: what waits for its key is tried again when two names become one") {
    Office office;
    // The key came under the phone number, the message under the LID.
    synth::Stanza key = Office::message(alice_pn, "A");
    key.children = {office.key_part("alice")};
    office.take(key);
    synth::Stanza message = Office::message(alice, "B");
    message.children = {office.group_part("alice", synth::content::text("126610LN 12k"))};
    CHECK(office.take(message).size() == 2); // asked for again, and kept
    CHECK(office.spooled().empty());

    synth::Stanza devices{.tag = "notification", .attributes = {}, .children = {}, .bytes = {}};
    devices.with_jid("from", alice_pn).with_jid("lid", alice);
    devices.with("type", "devices").with("id", "N");
    office.take(devices);
    CHECK(office.texts() == Lines{"126610LN 12k"});
    CHECK(store::KeptCiphertexts{*office.sessions}.rows() == 0);
    office.clock.advance(48h);
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.spooled().empty()); // and it is no gap
}

TEST_CASE("groups: an edit finds its author after the dedupe rows are gone") {
    Office office;
    office.take(post(office, "A", "126610LN 12k"));
    office.clock.advance(60 * 24h);
    office.inbox->housekeeping(office.clock.now());
    CHECK(office.texts() == Lines{"126610LN 12k"});
    const auto edit = [&](std::string_view sender, const std::string& device, std::string_view id) {
        synth::Stanza stanza = Office::message(sender, id);
        stanza.children = {
            office.key_part(device),
            office.group_part(
                device, synth::content::edit("A", synth::content::text("11k"), 1'780'000'001'000))};
        return stanza;
    };
    office.take(edit("1002@lid", "bob", "E1"));
    CHECK(office.spooled().empty()); // known, and not his
    office.take(edit(alice, "alice", "E2"));
    const std::vector<event::Envelope> spooled = office.spooled();
    REQUIRE(spooled.size() == 1);
    CHECK(spooled.front().kind == event::Kind::edit);
}

TEST_CASE("groups: how lively a group is, by the server's times, across restarts") {
    Office office;
    for (int i = 0; i < 12; ++i) {
        synth::Stanza stanza = Office::message(
            alice, std::to_string(i), {{"t", std::to_string(test::office_opens + i * 60)}});
        stanza.children = {office.key_part("alice"),
                           office.group_part("alice", synth::content::text("x"))};
        office.take(stanza);
    }
    office.restart();
    const std::optional<receive::GroupActivity> activity = office.inbox->activity(test::trade_desk);
    REQUIRE(activity.has_value());
    CHECK(activity->messages == 12);
    CHECK(activity->last_message_at == test::at(test::office_opens + 11 * 60));
    CHECK(activity->usual_interval == 1min);
    CHECK(activity->longest_interval <= 1min);
    CHECK_FALSE(office.inbox->activity("120363000000000099@g.us").has_value());
}

TEST_CASE("groups: an observer sees messages of included groups, when they are durable") {
    Office office;
    std::vector<std::string> seen;
    office.inbox->set_observer([&](const receive::Captured& captured) {
        seen.push_back(std::string{captured.id} + ' ' + captured.sender.lid + ' ' +
                       std::string{as_text(captured.message)});
    });
    office.offer(post(office, "A", "one"));
    CHECK(seen.empty());
    office.inbox->roll_back();
    CHECK(seen.empty());
    office.take(post(office, "B", "two"));
    REQUIRE(seen.size() == 1);
    CHECK(seen.front().starts_with("B 1001@lid "));
    CHECK(seen.front().ends_with("two"));
    synth::Stanza direct{.tag = "message", .attributes = {}, .children = {}, .bytes = {}};
    direct.with_jid("from", "3333@lid").with("id", "D");
    direct.children = {office.pairwise_part("carol", synth::content::text("private"))};
    office.take(direct);
    CHECK(seen.size() == 1);
    std::optional<content::Message> read;
    office.inbox->set_observer([&](const receive::Captured& captured) {
        read = content::extract(captured.message).value();
    });
    synth::Stanza resend = Office::message(alice, "E");
    resend.children = {office.pairwise_part(
        "alice", office.both("alice", synth::content::text(std::string(300, 'x'))))};
    office.take(resend);
    REQUIRE(read.has_value());
    CHECK(read->text == std::string(300, 'x'));
    CHECK_FALSE(read->distribution.has_value()); // no key leaves with it
    office.inbox->set_observer({});
    office.take(post(office, "C", "three"));
    CHECK(seen.size() == 1);
}
