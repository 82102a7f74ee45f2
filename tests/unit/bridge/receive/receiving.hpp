// A receiver on a database of its own, and what it spooled.
#pragma once

#include "bridge/receive/receiver.hpp"
#include "tests/support/sessions.hpp"
#include "vestari/event/codec.hpp"

namespace vestari::test {

inline Jid jid(std::string_view text) { return Jid::parse(text).value(); }

struct Receiving {
    Sessions sessions;
    receive::Receiver receiver;

    Receiving(receive::Account account, std::vector<std::string> include)
        : receiver{*sessions, std::move(account), route::IncludeList::of(include).value()} {}

    // What was spooled since the last call, in order.
    std::vector<event::Envelope> spooled() {
        std::vector<event::Envelope> envelopes;
        for (const store::Spooled& row : store::Spool{*sessions}.after(seen_, 1000)) {
            seen_ = row.sequence;
            const event::Frame frame = event::decode(BytesView{row.payload}.subspan(4)).value();
            envelopes.push_back(std::get<event::Envelope>(frame));
            CHECK(envelopes.back().sequence == row.sequence);
        }
        return envelopes;
    }

private:
    std::uint64_t seen_ = 0;
};

} // namespace vestari::test
