// Decides what becomes of one envelope: known already, read, an edit, a revoke, or nothing to keep.
//
// Invariants  a message is known by (chat, author, id). An edit counts from the same author in the same chat; a revoke from the
//             author or an admin; whoever else sends one changes nothing. What comes before its message is held for it.
// Threads     the pipeline's. Runs inside its transaction.
// Errors      StorageFailure.
// Source      SETTLED section 4; wire/20-messages.md section 7.4; ASSURANCE H9, H10, H13.
#pragma once

#include <map>
#include <string>

#include "ingest/pipeline/ledger/ledger.hpp"
#include "vestari/ingest/pipeline.hpp"

namespace vestari::ingest {

class Intake {
public:
    Intake(Archive& archive, const Clock& clock, PipelineOptions options);

    Accepted take(const event::Envelope& envelope);
    void take(const event::Group& group);
    void drop_held(TimePoint now); // what waited too long
    void set_default_currency(Currency currency) noexcept { options_.default_currency = currency; }
    void forget() noexcept; // after the transaction was undone

private:
    // Who sent it, under each name that an older row may know.
    struct Author {
        std::string name; // LID where it is known, else phone number
        std::string pn;   // or empty
        std::string lid;  // or empty
    };
    struct Known {
        MessageRow row;
        Outcome outcome;
    };

    Author author_of(const event::Person& person);
    bool wrote(const Author& author, const event::Envelope& envelope, std::string_view id,
               const Key16& tag) const;
    std::vector<Known> known_as(const Key16& name);
    MessageRow remember(const event::Envelope& envelope, const Key16& name, const Author& author,
                        Outcome outcome);
    void set_outcome(std::int64_t message, Outcome outcome);

    Accepted take_words(const event::Envelope& envelope, const Key16& name, const Author& author);
    bool something_held();
    Accepted take_change(const event::Envelope& envelope, const MessageRow& own,
                         const Author& author);
    Accepted apply(const event::Envelope& change, MessageRow target, const Author& author);
    Accepted apply_edit(const event::Envelope& edit, const MessageRow& target,
                        const Author& author);
    void apply_revoke(const event::Envelope& revoke, MessageRow target);
    void hold(const event::Envelope& change, const MessageRow& own, const Author& author);
    void apply_held(const MessageRow& row, Accepted& accepted);
    Reading read(const event::Envelope& envelope, const Author& author, const std::string& id,
                 TimePoint sent_at, parser::MessageEvent event);
    const std::optional<GroupEntry>& group(const std::string& jid);

    Archive& archive_;
    State& state_;
    const Clock& clock_;
    PipelineOptions options_;
    Ledger ledger_;
    std::optional<bool> held_; // whether an edit or revoke waits; none: not looked up yet
    std::map<std::string, std::optional<GroupEntry>>
        groups_; // by JID; cleared with the transaction
};

} // namespace vestari::ingest
