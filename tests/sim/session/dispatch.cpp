#include "tests/sim/session/dispatch.hpp"

#include "tests/sim/groups/relay.hpp"
#include "tests/sim/linking/pairing.hpp"
#include "tests/sim/queries/answers.hpp"
#include "tests/sim/session/delivery.hpp"
#include "tests/sim/session/strike.hpp"

namespace vestari::sim {

namespace {

void on_unlinked_iq(Connection& connection, const Stanza& iq) {
    const std::string id = text_of(iq, "id");
    const std::string xmlns = text_of(iq, "xmlns");
    if (id == connection.pairing.success_id && !id.empty()) {
        on_pair_success_answer(connection, iq);
    } else if (xmlns == "md" && child(iq, "link_code_companion_reg") != nullptr) {
        on_link_code(connection, iq);
    } else if (xmlns == "w:p") {
        connection.send(result_of(iq));
    } else if (!connection.sight.pair_ids.contains(id)) {
        connection.world().oddities.push_back("before linking: " + to_xml(iq));
        answer_error(connection, iq, 401, "not-authorized");
    }
}

void on_answer(Connection& connection, const Stanza& iq) {
    if (has(iq, "id")) {
        connection.unanswered_pings.erase(text_of(iq, "id"));
    }
}

void on_iq(Connection& connection, const Stanza& iq) {
    const std::string type = text_of(iq, "type");
    connection.world().note(fmt::format("connection {} iq {} {} {}", connection.number(), type,
                                        text_of(iq, "xmlns"),
                                        iq.children.empty() ? "" : iq.children.front().tag));
    if (connection.stage == Connection::Stage::unlinked) {
        return on_unlinked_iq(connection, iq);
    }
    if (type == "result" || type == "error") {
        return on_answer(connection, iq);
    }
    const bool known = answer_key_query(connection, iq) || answer_group_query(connection, iq) ||
                       answer_user_query(connection, iq) || answer_plain_query(connection, iq);
    if (!known) {
        connection.world().oddities.push_back("not understood: " + to_xml(iq));
        if (type == "set") {
            connection.send(result_of(iq));
        } else {
            answer_error(connection, iq, 501, "feature-not-implemented");
        }
    }
}

void on_ib(Connection& connection, const Stanza& ib) {
    if (const Stanza* batch = child(ib, "offline_batch")) {
        on_offline_batch(connection, number_of(*batch, "count").value_or(0));
    }
}

} // namespace

void dispatch(Connection& connection, const Stanza& stanza) {
    if (stanza.tag == "iq") {
        on_iq(connection, stanza);
    } else if (stanza.tag == "ack") {
        on_ack(connection, stanza);
    } else if (connection.device == nullptr) {
        connection.world().oddities.push_back("before linking: " + to_xml(stanza));
    } else if (stanza.tag == "receipt") {
        on_receipt(connection, stanza);
    } else if (stanza.tag == "message") {
        relay(connection, stanza);
    } else if (stanza.tag == "ib") {
        on_ib(connection, stanza);
    } else if (stanza.tag != "presence" && stanza.tag != "chatstate") {
        connection.world().oddities.push_back("not understood: " + to_xml(stanza));
    }
    strike(connection);
}

} // namespace vestari::sim
