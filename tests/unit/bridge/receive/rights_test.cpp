#include <doctest/doctest.h>

#include "tests/unit/bridge/content/build.hpp"
#include "tests/unit/bridge/receive/receiving.hpp"

using namespace vestari;
using receive::Outcome;

namespace {

constexpr std::string_view chat = "120363000000000001@g.us";
constexpr std::string_view alice = "1001@lid";
constexpr std::string_view bob = "1002@lid";

Bytes text(std::string_view words) { return test::field(1, words); }

enum class Claims { own, of_another };

// MessageKey of the message `id`; `of_another`: the key of an admin, who names its author.
Bytes key(std::string_view id, Claims claims = Claims::own, std::string_view author = {}) {
    return test::join({test::field(1, chat), test::number_field(2, claims == Claims::own ? 1 : 0),
                       test::field(3, id), author.empty() ? Bytes{} : test::field(4, author)});
}
Bytes edit(std::string_view target, std::string_view words) {
    return test::field(
        12, test::join({test::field(1, key(target)), test::number_field(2, 14),
                        test::field(14, text(words)), test::number_field(15, 1'780'000'100'000)}));
}
Bytes revoke(const Bytes& target_key) {
    return test::field(12, test::join({test::field(1, target_key), test::number_field(2, 0)}));
}

struct Group : test::Receiving {
    Group()
        : Receiving{{"main", {test::jid("9999@s.whatsapp.net"), test::jid("1999@lid")}},
                    {std::string{chat}}} {}

    Outcome post(std::string_view sender, std::string_view id, const Bytes& message) {
        return receiver.decoded({chat, sender, id, message}, test::at(++seconds_));
    }
    void make_admin(std::string_view user) { store::GroupAdmins{*sessions}.add(chat, user); }
    std::vector<std::string> ids() {
        std::vector<std::string> all;
        for (const event::Envelope& envelope : spooled()) {
            all.push_back(envelope.id);
        }
        return all;
    }

private:
    std::int64_t seconds_ = 1'780'000'000;
};

using Ids = std::vector<std::string>;

} // namespace

TEST_CASE("rights: only its author edits a message, from whichever device and spelling") {
    struct Row {
        std::string_view author, editor;
        bool accepted;
    };
    const Row rows[] = {
        {alice, alice, true},
        {alice, "1001:7@lid", true},
        {"1001:3@lid", "1001:7@lid", true},
        {"1001:99@hosted.lid", alice, true},
        {"491@s.whatsapp.net", "491:4@s.whatsapp.net", true},
        {"491@s.whatsapp.net", "491@c.us", true},
        {"491@s.whatsapp.net", "491@hosted", true},
        {"9999@s.whatsapp.net", "1999@lid", true}, // the own account under both its names
        {alice, bob, false},
        {alice, "1001@s.whatsapp.net", false}, // the same digits in the other namespace
        {"491@s.whatsapp.net", "492@s.whatsapp.net", false},
        {alice, "9999@s.whatsapp.net", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.author);
        CAPTURE(row.editor);
        Group group;
        CHECK(group.post(row.author, "A", text("126610LN 12k")) == Outcome::decrypted);
        CHECK(group.post(row.editor, "B", edit("A", "126610LN 11k")) == Outcome::decrypted);
        CHECK(group.ids() == (row.accepted ? Ids{"A", "B"} : Ids{"A"}));
        CHECK(group.receiver.tally().refused() == (row.accepted ? 0 : 1));
    }
}

TEST_CASE("rights: an admin cannot edit for another") {
    Group group;
    group.make_admin(bob);
    group.post(alice, "A", text("126610LN 12k"));
    group.post(bob, "B", edit("A", "126610LN 1k"));
    CHECK(group.ids() == Ids{"A"});
}

TEST_CASE("rights: a revoke counts from the author and from a present admin who names the author") {
    struct Row {
        std::string_view what, sender;
        bool admin;
        Bytes key_of;
        bool accepted;
    };
    const Row rows[] = {
        {"the author", alice, false, key("A"), true},
        {"the author from another device", "1001:5@lid", false, key("A"), true},
        {"an admin", bob, true, key("A", Claims::of_another, alice), true},
        {"a member", bob, false, key("A", Claims::of_another, alice), false},
        {"an admin who claims the message for himself", bob, true, key("A"), false},
        {"an admin who names somebody else", bob, true, key("A", Claims::of_another, "1003@lid"),
         false},
        {"an admin who names nobody", bob, true, key("A", Claims::of_another), false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Group group;
        if (row.admin) {
            group.make_admin(bob);
        }
        group.post(alice, "A", text("126610LN 12k"));
        group.post(row.sender, "B", revoke(row.key_of));
        CHECK(group.ids() == (row.accepted ? Ids{"A", "B"} : Ids{"A"}));
    }
}

TEST_CASE("rights: who was an admin once has no right any more") {
    Group group;
    group.make_admin(bob);
    store::GroupAdmins{*group.sessions}.remove(chat, bob);
    group.post(alice, "A", text("126610LN 12k"));
    group.post(bob, "B", revoke(key("A", Claims::of_another, alice)));
    CHECK(group.ids() == Ids{"A"});
}

TEST_CASE("rights: what comes before its original waits for it, and for it alone") {
    Group group;
    group.post(alice, "E", edit("A", "126610LN 11k"));
    group.post(bob, "F", edit("A", "126610LN 1k"));
    CHECK(group.ids().empty());
    group.post(alice, "A", text("126610LN 12k"));
    CHECK(group.ids() == Ids{"A", "E"}); // bob's waits for a message A of his own, and expires
    group.receiver.forget_old(test::at(1'780'000'000) + store::pending_lifetime +
                              std::chrono::hours{1});
    group.post(bob, "A", text("5711 80k"));
    CHECK(group.ids() == Ids{"A"});
}

TEST_CASE(
    "rights: control messages of the own phone are a forgery in a group, whoever sends them") {
    for (const std::uint64_t type : {5U, 6U, 22U}) { // history, app state keys, LID migration
        for (const std::string_view sender :
             {alice, bob, std::string_view{"9999@s.whatsapp.net"}, std::string_view{"1999:3@lid"},
              std::string_view{"1999@lid"}}) {
            CAPTURE(type);
            CAPTURE(sender);
            Group group;
            CHECK(group.post(sender, "A", test::field(12, test::number_field(2, type))) ==
                  Outcome::decrypted);
            CHECK(group.ids().empty());
            CHECK(group.receiver.tally().refused() == 1);
        }
    }
}

TEST_CASE("rights: a deviceSentMessage counts from own devices alone") {
    const Bytes wrapped =
        test::field(31, test::join({test::field(1, chat), test::field(2, text("126610LN 12k"))}));
    Group group;
    group.post(alice, "A", wrapped);
    CHECK(group.ids().empty());
    CHECK(group.receiver.tally().refused() == 1);
    group.post("1999:3@lid", "B", wrapped);
    CHECK(group.ids() == Ids{"B"});
}

TEST_CASE("rights: the same id from two senders is two messages, from one it is one") {
    Group group;
    CHECK(group.post(alice, "A", text("126610LN 12k")) == Outcome::decrypted);
    CHECK(group.post(bob, "A", text("5711 80k")) == Outcome::decrypted);
    CHECK(group.post("1001:4@lid", "A", text("126610LN 12k")) == Outcome::duplicate);
    CHECK(group.ids() == Ids{"A", "A"});
}

TEST_CASE("rights: a chat that is not included leaves nothing but a number") {
    Group group;
    CHECK(group.receiver.decoded({"120363000000000002@g.us", alice, "A", text("126610LN 12k")},
                                 test::at(1)) == Outcome::dropped);
    CHECK(group.ids().empty());
    CHECK(store::Counters{*group.sessions}.total("not_included") == 1);
}

TEST_CASE("rights: ten thousand copies in any order leave what one delivery leaves") {
    Group group;
    for (int round = 0; round < 100; ++round) {
        for (int id = 0; id < 100; ++id) {
            const int which = (id * 37 + round * 11) % 100;
            group.post(which % 2 == 0 ? alice : bob, "M" + std::to_string(which),
                       text("126610LN 12k"));
        }
    }
    CHECK(group.ids().size() == 100);
    CHECK(group.receiver.tally().counts().duplicates == 9'900);
}
