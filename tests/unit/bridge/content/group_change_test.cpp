#include "bridge/content/group_change.hpp"

#include <doctest/doctest.h>

#include "bridge/wire/decoder.hpp"
#include "bridge/wire/encoder.hpp"
#include "vectors.hpp"

using namespace vestari;
using namespace vestari::content;
namespace json = boost::json;
using test::hex;
using test::str;

namespace {

std::uint64_t number(const json::object& object, std::string_view key) {
    return object.at(key).to_number<std::uint64_t>();
}

void check_info(const json::object& want, const GroupInfo& got) {
    CHECK(got.jid.to_string() == str(want, "jid"));
    CHECK(got.subject == str(want, "subject"));
    CHECK(got.subject_time == number(want, "subject_time"));
    CHECK(got.creation == number(want, "creation"));
    CHECK(got.addressing_mode == str(want, "addressing_mode"));
    CHECK(got.size == number(want, "size"));
    CHECK(got.members.size() == number(want, "participants_listed"));
    CHECK(got.announce == want.at("announce").as_bool());
    CHECK(got.locked == want.at("locked").as_bool());
    CHECK(got.is_community_parent == want.at("is_community_parent").as_bool());
    CHECK(got.is_community_announce == want.at("is_community_announce").as_bool());
    CHECK((got.linked_parent ? got.linked_parent->to_string() : "") == str(want, "linked_parent"));
    CHECK(got.ephemeral_seconds == number(want, "ephemeral_seconds"));
    CHECK(got.description == str(want, "description"));
}

} // namespace

TEST_CASE("group: the results of f-groups give what they say") {
    const json::value file = test::read_json("vectors/messages/f-groups.json");
    std::size_t count = 0;
    for (const json::value& entry : file.at("results").as_array()) {
        const json::object& vector = entry.as_object();
        CAPTURE(str(vector, "name"));
        const Bytes frame = hex(vector, "binary");
        const wire::Document document = wire::decode(frame).value();
        const wire::Node* group = document.root().child("group");
        if (group == nullptr) {
            continue; // the list of all groups: below
        }
        const Result<GroupInfo> info = read_group_info(*group);
        REQUIRE(info.has_value());
        check_info(vector.at("expect").as_object(), *info);
        ++count;
    }
    CHECK(count == 4);
}

TEST_CASE("group: every group of the list of all groups is read, with its admins") {
    const json::value file = test::read_json("vectors/messages/f-groups.json");
    const Bytes frame = hex(file.at("results").as_array().back().as_object(), "binary");
    const wire::Document document = wire::decode(frame).value();
    const wire::Node* groups = document.root().child("groups");
    REQUIRE(groups != nullptr);
    REQUIRE(groups->children().size() == 4);
    for (const wire::Node& group : groups->children()) {
        CHECK(read_group_info(group).has_value());
    }
    const GroupInfo first = read_group_info(groups->children()[0]).value();
    REQUIRE(first.members.size() == 5);
    CHECK(first.members[0].role == GroupMember::Role::superadmin);
    CHECK(first.members[1].role == GroupMember::Role::admin);
    CHECK(first.members[2].role == GroupMember::Role::member);
    CHECK(first.members[1].jid.to_string() == "10000000000002@lid");
    CHECK(first.members[1].other->to_string() == "12025550102@s.whatsapp.net");
    CHECK(first.members[1].is(Jid::parse("12025550102:7@s.whatsapp.net").value()));
    CHECK_FALSE(first.members[1].is(Jid::parse("12025550103@s.whatsapp.net").value()));
    CHECK_FALSE(first.members[4].other.has_value());
}

TEST_CASE("group: the notifications of f-groups give what they say") {
    const json::value file = test::read_json("vectors/messages/f-groups.json");
    std::size_t count = 0;
    for (const json::value& entry : file.at("notifications").as_array()) {
        const json::object& vector = entry.as_object();
        CAPTURE(str(vector, "name"));
        const Bytes frame = hex(vector, "binary");
        const wire::Document document = wire::decode(frame).value();
        const Result<GroupChange> change = read_group_change(document.root());
        REQUIRE(change.has_value());
        const json::object& want = vector.at("expect").as_object();
        CHECK(change->chat.to_string() == str(want, "chat"));
        CHECK(to_string(change->what) == str(want, "change"));
        CHECK(change->subject == str(want, "subject"));
        if (want.contains("subject_time")) {
            CHECK(change->subject_time == number(want, "subject_time"));
        }
        if (want.contains("participants")) {
            std::vector<std::string> members;
            for (const GroupMember& member : change->members) {
                members.push_back(member.jid.to_string());
            }
            CHECK(members == json::value_to<std::vector<std::string>>(want.at("participants")));
            const Jid own_lid = Jid::parse(str(want, "own_lid_for_test")).value();
            const Jid own_pn = Jid::parse("12025550199:12@s.whatsapp.net").value();
            const bool left = want.at("self_left").as_bool();
            CHECK((own_membership(*change, std::nullopt, own_lid) == Membership::left) == left);
            CHECK((own_membership(*change, own_pn, std::nullopt) == Membership::left) == left);
            CHECK(own_membership(*change, std::nullopt, std::nullopt) == Membership::unchanged);
        }
        if (str(want, "change") == "create") {
            CHECK(change->group.has_value());
            CHECK(own_membership(*change, std::nullopt, std::nullopt) == Membership::joined);
        }
        if (str(want, "change") == "delete") {
            CHECK(own_membership(*change, std::nullopt, std::nullopt) == Membership::left);
        }
        ++count;
    }
    CHECK(count == 5);
}

namespace {

wire::OutNode participant(std::string jid, std::string type = {}) {
    return {.tag = "participant",
            .attributes = {{"jid", std::move(jid)}, {"type", std::move(type)}}};
}

Result<GroupChange> change_of(const std::string& from, wire::OutNode child) {
    std::vector<wire::OutNode> children;
    children.push_back(std::move(child));
    const wire::OutNode root{
        .tag = "notification",
        .attributes = {{"from", from}, {"type", "w:gp2"}, {"id", "1"}, {"t", "1780000000"}},
        .content = std::move(children)};
    const Bytes frame = wire::encode(root);
    const wire::Document document = wire::decode(frame).value();
    return read_group_change(document.root());
}

} // namespace

TEST_CASE("group: promotions and demotions name members, whatever form their JIDs have") {
    for (const std::string tag : {"promote", "demote", "add", "remove", "modify"}) {
        CAPTURE(tag);
        const Result<GroupChange> change = change_of(
            "120363000000000001@g.us",
            {.tag = tag,
             .attributes = {},
             .content = std::vector{participant("1:4@lid"), participant("2@s.whatsapp.net"),
                                    participant("3@g.us"), participant("@lid"),
                                    participant("a b@lid"), participant("")}});
        REQUIRE(change.has_value());
        CHECK(to_string(change->what) == tag);
        REQUIRE(change->members.size() == 2);
        CHECK(change->members[0].jid.to_string() == "1@lid");
        CHECK(change->members[1].jid.to_string() == "2@s.whatsapp.net");
    }
}

TEST_CASE("group: flags, invitations and new tags change no name and no membership") {
    for (const std::string tag : {"ephemeral", "locked", "announcement", "link", "unlink", "invite",
                                  "revoke", "growth_locked", "something_new"}) {
        CAPTURE(tag);
        const Result<GroupChange> change = change_of(
            "1@g.us", {.tag = tag, .attributes = {{"expiration", "604800"}, {"subject", "X"}}});
        REQUIRE(change.has_value());
        CHECK(change->subject.empty());
        CHECK(change->ephemeral_seconds == (tag == "ephemeral" ? 604'800U : 0U));
        CHECK(own_membership(*change, std::nullopt, std::nullopt) == Membership::unchanged);
    }
}

TEST_CASE("group: a hostile name is made fit to show, a foreign <group> is not believed") {
    const Result<GroupChange> renamed = change_of(
        "1@g.us", {.tag = "subject",
                   .attributes = {{"subject", "\xe2\x80\xaeWatches\n"}, {"s_t", "minus one"}}});
    CHECK(renamed->subject == "Watches");
    CHECK(renamed->subject_time == 0);

    const wire::OutNode other{.tag = "group", .attributes = {{"id", "2"}, {"subject", "Other"}}};
    const Result<GroupChange> created =
        change_of("1@g.us", {.tag = "create", .attributes = {}, .content = std::vector{other}});
    CHECK(created->what == GroupChange::What::create);
    CHECK_FALSE(created->group.has_value());
}

TEST_CASE("group: what is not about a group is refused") {
    const wire::OutNode child{.tag = "delete"};
    for (const std::string from : {"", "1@s.whatsapp.net", "1@lid", "@g.us", "status@broadcast"}) {
        CAPTURE(from);
        CHECK(change_of(from, child).error() == ContentErrc::not_a_group);
    }
    wire::Node empty;
    CHECK(read_group_change(empty).error() == ContentErrc::not_a_group);
    CHECK(read_group_info(empty).error() == ContentErrc::not_a_group);
}
