#include "bridge/store/migrations.hpp"

namespace vestari::store {

namespace {

// key, user, chat, member, lid, phone: HMACs. sealed: a sealed value. at and the like: milliseconds since the epoch.
constexpr const char* first = R"sql(
CREATE TABLE device (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE seal_block (version INTEGER PRIMARY KEY, reserved INTEGER NOT NULL) STRICT;

CREATE TABLE session (key BLOB PRIMARY KEY, user BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX session_user ON session (user);
CREATE TABLE identity (key BLOB PRIMARY KEY, user BLOB NOT NULL, first_seen INTEGER NOT NULL,
                       changed_at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX identity_user ON identity (user);
CREATE TABLE pre_key (id INTEGER PRIMARY KEY AUTOINCREMENT, published INTEGER NOT NULL,
                      sealed BLOB NOT NULL) STRICT;
CREATE INDEX pre_key_fresh ON pre_key (id) WHERE published = 0;
CREATE TABLE signed_pre_key (id INTEGER PRIMARY KEY, sealed BLOB NOT NULL) STRICT;
CREATE TABLE sender_key (key BLOB PRIMARY KEY, chat BLOB NOT NULL, member BLOB NOT NULL,
                         user BLOB NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX sender_key_chat ON sender_key (chat);
CREATE INDEX sender_key_member ON sender_key (member);
CREATE INDEX sender_key_user ON sender_key (user);
CREATE TABLE lid_map (lid BLOB PRIMARY KEY, phone BLOB NOT NULL UNIQUE, learned_at INTEGER NOT NULL,
                      sealed BLOB NOT NULL) STRICT;

CREATE TABLE dedupe (key BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_at ON dedupe (at);
CREATE TABLE pending (id INTEGER PRIMARY KEY AUTOINCREMENT, key BLOB NOT NULL, at INTEGER NOT NULL,
                      sealed BLOB NOT NULL) STRICT;
CREATE INDEX pending_key ON pending (key);
CREATE TABLE kept_ciphertext (id INTEGER PRIMARY KEY AUTOINCREMENT, chat BLOB NOT NULL,
                              member BLOB NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX kept_ciphertext_member ON kept_ciphertext (member);
CREATE TABLE quarantine (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
                         sealed BLOB NOT NULL) STRICT;
CREATE TABLE spool (id INTEGER PRIMARY KEY AUTOINCREMENT, sealed BLOB NOT NULL) STRICT;
CREATE TABLE spool_size (id INTEGER PRIMARY KEY CHECK (id = 1), rows INTEGER NOT NULL,
                         bytes INTEGER NOT NULL) STRICT;
INSERT INTO spool_size VALUES (1, 0, 0);

CREATE TABLE group_admins (key BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE counter (day INTEGER NOT NULL, what TEXT NOT NULL, count INTEGER NOT NULL,
                      PRIMARY KEY (day, what)) STRICT, WITHOUT ROWID;
CREATE TABLE seen_chat (key BLOB PRIMARY KEY, stanzas INTEGER NOT NULL, first_seen INTEGER NOT NULL,
                        last_seen INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE dropped (key BLOB PRIMARY KEY, deliveries INTEGER NOT NULL, at INTEGER NOT NULL)
    STRICT, WITHOUT ROWID;
CREATE INDEX dropped_at ON dropped (at);
)sql";

// The live session: who wrote what, for longer than the dedupe rows; deliveries by connection; resends asked for; how lively a group
// is; where history blobs stand. message, author, chat, member: HMACs.
constexpr const char* live = R"sql(
ALTER TABLE dropped ADD COLUMN connection INTEGER NOT NULL DEFAULT 0;

CREATE TABLE author (message BLOB NOT NULL, author BLOB NOT NULL, at INTEGER NOT NULL,
                     PRIMARY KEY (message, author)) STRICT, WITHOUT ROWID;
CREATE INDEX author_at ON author (at);

CREATE TABLE resend (key BLOB PRIMARY KEY, chat BLOB NOT NULL, member BLOB NOT NULL,
                     state INTEGER NOT NULL, asked INTEGER NOT NULL, asked_at INTEGER NOT NULL,
                     due INTEGER NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE INDEX resend_chat ON resend (chat, asked_at);
CREATE INDEX resend_member ON resend (member, asked_at);
CREATE INDEX resend_waiting ON resend (member) WHERE due > 0;
CREATE INDEX resend_due ON resend (due) WHERE due > 0;
CREATE INDEX resend_at ON resend (at);

CREATE TABLE group_activity (key BLOB PRIMARY KEY, last_at INTEGER NOT NULL, messages INTEGER NOT NULL,
                             usual INTEGER NOT NULL, longest INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE history_reference (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
                                sealed BLOB NOT NULL) STRICT;
)sql";

// Who may write here: the lease's epoch.
constexpr const char* lease = R"sql(
CREATE TABLE lease (id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL) STRICT;
)sql";

constexpr const char* all[] = {first, live, lease};

} // namespace

std::span<const char* const> migrations() noexcept { return all; }

} // namespace vestari::store
