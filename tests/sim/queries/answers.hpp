// Requests of the server and answers to those of a client.
#pragma once

#include "tests/sim/session/connection.hpp"

namespace vestari::sim {

inline Stanza server_request(std::string_view type, std::string_view xmlns, std::string_view id) {
    Stanza iq = element("iq");
    iq.with("from", server_jid())
        .with("type", std::string{type})
        .with("id", std::string{id})
        .with("xmlns", std::string{xmlns});
    return iq;
}

// An empty result from whom the request was addressed to.
inline Stanza result_of(const Stanza& request) {
    Stanza iq = element("iq");
    iq.with("from", jid_of(request, "to").value_or(server_jid()))
        .with("type", "result")
        .with("id", text_of(request, "id"));
    return iq;
}

inline Stanza result_of(const Stanza& request, Stanza content) {
    Stanza iq = result_of(request);
    iq.children.push_back(std::move(content));
    return iq;
}

inline void answer_error(Connection& connection, const Stanza& request, int code,
                         std::string_view text) {
    Stanza error = element("error");
    error.with("code", std::to_string(code)).with("text", std::string{text});
    Stanza iq = result_of(request, std::move(error));
    set(iq, "type", "error");
    connection.send(iq);
}

} // namespace vestari::sim
