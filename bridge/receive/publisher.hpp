// Decides what of a read message goes to the archive, and spools it: who may edit, who may revoke, what is forged.
//
// Invariants  an edit counts from its original's author alone, a revoke from the author or a known admin of the group. What comes
//             before its original waits, sealed, and follows right behind it. Control messages of the own phone are a forgery
//             here, whoever sent them: this is the way of group messages.
// Threads     the session database's owner.
// Errors      StoreErrc, thrown.
// Source      SETTLED section 4; wire/20-messages.md sections 5.5, 7.3 and 7.4; ASSURANCE H9 to H11.
#pragma once

#include "bridge/content/message.hpp"
#include "bridge/receive/tally.hpp"
#include "bridge/signal/sender.hpp"
#include "bridge/store/dedupe.hpp"
#include "bridge/store/group_admins.hpp"
#include "bridge/store/inbox/authors.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/spool.hpp"
#include "bridge/store/waiting.hpp"

namespace vestari::receive {

// Where a message came from: all of it from the stanza and the session.
struct Origin {
    std::string chat;
    signal::Sender sender;
    std::string id;
    TimePoint sent_at;
    std::string push_name;
    bool from_me = false;
};

event::Person person_of(const signal::Sender& sender);

class Publisher {
public:
    Publisher(store::SessionDatabase& database, std::string account, Tally& tally);

    // A message that was decrypted and read, first delivery.
    void publish(const Origin& origin, const content::Message& message);
    // A message that cannot be had: its place in the archive's order. Told once; not of a message that is here.
    event::Envelope gap_of(const Origin& origin) const;
    bool gap(event::Envelope gap); // false: there is nothing to tell
    // The group's name changed. `id` and `at`: of the notification that says so.
    void renamed(std::string_view chat, std::string_view name, std::string_view id, TimePoint at);

    // Did this user send this message here, as far as store::author_lifetime reaches? Under either name.
    bool sent(std::string_view chat, const event::Person& author, std::string_view id) const;
    void remember_sent(const Origin& origin);

private:
    enum class Right { granted, unknown_original, refused };

    event::Envelope envelope_of(const Origin& origin, const content::Message& message) const;
    bool is_admin_revoke(const event::Envelope& envelope, const content::Message& message) const;
    event::Person both_names(const Jid& user) const;
    Right right_to(const event::Envelope& control) const;
    void control(event::Envelope envelope);
    void release_waiting(const Origin& origin);
    void refuse(const event::Envelope& control);
    void spool(event::Envelope envelope);

    std::string account_;
    store::Dedupe dedupe_;
    store::Authors authors_;
    store::Pending pending_;
    store::Spool spool_;
    store::GroupAdmins admins_;
    store::LidMap lids_;
    Tally& tally_;
};

} // namespace vestari::receive
