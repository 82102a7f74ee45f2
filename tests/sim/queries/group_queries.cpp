// Group details and the list of all groups.
#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/dispatch.hpp"

namespace vestari::sim {

namespace {

Stanza member_element(const Group& group, const Person& person, std::size_t place) {
    Stanza out = element("participant");
    out.with("jid", group.jid_of(person));
    if (group.addressing == Addressing::lid) {
        out.with("phone_number", person.pn);
    } else {
        out.with("lid", person.lid);
    }
    if (place == 0) {
        out.with("type", "superadmin");
    } else if (place == 1) {
        out.with("type", "admin");
    }
    return out;
}

Stanza group_element(const Group& group) {
    const Person& owner = *group.members.front();
    Stanza out = element("group");
    out.with("id", group.jid.user())
        .with("subject", group.name)
        .with("s_t", std::to_string(group.created))
        .with("s_o", group.jid_of(owner))
        .with("creation", std::to_string(group.created))
        .with("creator", group.jid_of(owner))
        .with("size", std::to_string(group.members.size()))
        .with("addressing_mode", group.addressing == Addressing::lid ? "lid" : "pn")
        .with("p_v_id", "1");
    for (std::size_t i = 0; i < group.members.size(); ++i) {
        out.children.push_back(member_element(group, *group.members[i], i));
    }
    return out;
}

void one_group(Connection& connection, const Stanza& iq, const Jid& jid) {
    const World& world = connection.world();
    const auto found = world.groups.find(jid.to_string());
    if (found == world.groups.end()) {
        return answer_error(connection, iq, 404, "item-not-found");
    }
    if (!found->second.has(*connection.device->person)) {
        return answer_error(connection, iq, 403, "forbidden");
    }
    connection.send(result_of(iq, group_element(found->second)));
}

void all_groups(Connection& connection, const Stanza& iq, const Stanza& wanted) {
    Stanza list = element("groups");
    for (const auto& [jid, group] : connection.world().groups) {
        if (!group.has(*connection.device->person)) {
            continue;
        }
        list.children.push_back(group_element(group));
        if (child(wanted, "participants") == nullptr) {
            list.children.back().children.clear();
        }
    }
    connection.send(result_of(iq, std::move(list)));
}

} // namespace

bool answer_group_query(Connection& connection, const Stanza& iq) {
    if (text_of(iq, "xmlns") != "w:g2" || text_of(iq, "type") != "get") {
        return false;
    }
    const auto to = jid_of(iq, "to");
    const Stanza* all = child(iq, "participating");
    if (all != nullptr) {
        all_groups(connection, iq, *all);
    } else if (to && to->is_group() && child(iq, "query") != nullptr) {
        one_group(connection, iq, *to);
    } else {
        return false;
    }
    return true;
}

} // namespace vestari::sim
