#include "bridge/receive/inbox/parts.hpp"

#include "bridge/content/protobuf_reader.hpp"
#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace {

constexpr std::string_view connections_name = "inbox.connections"; // of the device table: 8 bytes
constexpr std::string_view included_name = "inbox.included";       // JIDs, a line each
constexpr std::string_view receipts_name = "inbox.receipts wanted";

std::vector<std::string> lines_of(BytesView text) {
    std::vector<std::string> lines;
    for (std::string_view rest = as_text(text); !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
}

std::uint64_t number_in(const std::optional<Bytes>& bytes) {
    return bytes && bytes->size() == 8 ? read_be<8>(BytesView{*bytes}) : 0;
}

// A message without the group key that it may bring (field 2): an observer has no use for it. Empty: it is not written as others do.
Bytes without_key(BytesView message) {
    constexpr std::uint32_t distribution = content::bytes(2);
    content::Fault fault;
    content::WireReader fields{content::Block{message}, fault};
    Bytes kept;
    std::size_t done = 0;
    while (const auto field = fields.next()) {
        if (field->key != distribution || field->view.empty()) {
            continue;
        }
        const auto begin = static_cast<std::size_t>(field->view.data() - message.data());
        std::size_t header = 2; // the key, then the length
        for (std::size_t size = field->view.size(); size > 0x7f; size >>= 7U) {
            ++header;
        }
        if (begin < done + header || message[begin - header] != std::byte{distribution}) {
            return {};
        }
        append(kept, message.subspan(done, begin - header - done));
        done = begin + field->view.size();
    }
    append(kept, message.subspan(done));
    return fault ? Bytes{} : kept;
}

} // namespace

Inbox::Parts::Parts(store::SessionDatabase& sessions, InboxOptions given, const Clock& wall)
    : database{sessions}, options{std::move(given)}, clock{wall},
      resends{sessions, options.retry_keys_at_first, options.device_identity}, counters{sessions},
      delivered{sessions}, device{sessions}, spool{sessions}, quarantine{sessions},
      histories{sessions}, activities{sessions} {
    if (device.get(receipts_name)) { // acks alone did not clear on this account
        options.receipts = config::Receipts::inactive;
    }
    make_receiver();
    set_included(options.included);
}

void Inbox::Parts::make_receiver() {
    receiver.reset();
    if (options.own) {
        receiver.emplace(database, Account{options.account, *options.own}, options.included);
        watch();
    }
}

void Inbox::Parts::watch() {
    if (!receiver) {
        return;
    }
    if (!observer) {
        receiver->set_observer({});
        return;
    }
    receiver->set_observer([this](const Origin& origin, BytesView message) {
        Bytes kept = without_key(message);
        if (batch && !kept.empty()) {
            batch->leaving.seen.push_back({origin.chat, person_of(origin.sender), origin.id,
                                           origin.sent_at, std::move(kept)});
        }
    });
}

void Inbox::Parts::open(ConnectionNumber number) {
    if (!batch) {
        batch.emplace(database);
        before_batch = receiver ? receiver->tally() : Tally{};
    }
    if (connection != number) {
        ordinal = number_in(device.get(connections_name)) + 1;
        Bytes bytes;
        append_be64(bytes, ordinal);
        device.put(connections_name, bytes);
        connection = number;
        ordinal_is_durable = false;
    }
}

void Inbox::Parts::commit() {
    if (!batch) {
        return;
    }
    try {
        spooled = batch->spooled() || spooled;
        count_batch();
        batch->commit();
    } catch (...) {
        roll_back();
        throw;
    }
    ordinal_is_durable = true;
    Leaving leaving = std::move(batch->leaving);
    batch->leaving = {};
    batch.reset();
    for (Seen& seen : leaving.seen) {
        if (observer) {
            observer({seen.chat, seen.sender, seen.id, seen.at, seen.message});
        }
        crypto::wipe(seen.message);
    }
    leaving.seen.clear();
    ready.append(std::move(leaving));
}

// What `vestari status` shows survives a restart: one row a word and day, once a batch.
void Inbox::Parts::count_batch() {
    if (!receiver) {
        return;
    }
    const event::Counts& now = receiver->tally().counts();
    const event::Counts& before = before_batch.counts();
    const std::pair<std::string_view, std::uint64_t> grown[] = {
        {"seen", now.stanzas - before.stanzas},
        {"decrypted", now.decrypted - before.decrypted},
        {"failed", now.failed - before.failed}};
    for (const auto& [what, by] : grown) {
        if (by != 0) {
            counters.add(what, clock.now(), by);
        }
    }
}

void Inbox::Parts::roll_back() noexcept {
    if (!batch) {
        return;
    }
    batch.reset();
    if (!ordinal_is_durable) {
        connection.reset();
    }
    if (receiver) {
        receiver->set_tally(before_batch);
    }
}

// One stanza met a record that somebody changed: it is left alone, uncleared, and the others go on.
void Inbox::Parts::damaged(const Tally& before) {
    if (receiver) {
        receiver->set_tally(before);
    }
    counters.add("damaged_record", clock.now());
}

void Inbox::Parts::set_included(route::IncludeList included) {
    commit(); // what was taken under the old list is kept as it is
    std::string list;
    for (const std::string& group : included.groups()) {
        list += list.empty() ? group : '\n' + group;
    }
    // The stored list is the one before, also when it changed while this program did not run.
    const std::optional<Bytes> before = device.get(included_name);
    if (!before || as_text(*before) != list) {
        store::Savepoint all{database}; // durable when it is released: none is around it
        for (const std::string& group : lines_of(before.value_or(Bytes{}))) {
            if (!included.contains(group)) {
                forget_group(group);
            }
        }
        for (const std::string& group : included.groups()) {
            store::SeenChats{database}.erase(group);
        }
        device.put(included_name, as_bytes(list));
        all.release();
    }
    if (receiver) {
        receiver->set_included(included);
    }
    options.included = std::move(included);
}

void Inbox::Parts::forget_group(const std::string& group) {
    resends.forget_group(group);
    activities.erase(group);
    if (receiver) {
        receiver->forget_group(group);
    }
}

void Inbox::Parts::use_receipts() {
    if (options.receipts != config::Receipts::inactive) {
        device.put(receipts_name, as_bytes("yes"));
        options.receipts = config::Receipts::inactive;
    }
}

void Inbox::Parts::housekeeping(TimePoint now) {
    work(connection.value_or(0), [&] {
        for (event::Envelope& gap : resends.unanswered(now)) {
            lost(std::move(gap));
        }
        resends.forget_old(now);
        delivered.erase_before(now - store::dropped_lifetime);
        histories.erase_before(now - store::history_reference_lifetime);
        if (receiver) {
            receiver->forget_old(now);
        }
    });
    commit();
}

void Inbox::Parts::ask_again(TimePoint now) {
    for (outbound::out::RetryReceipt& receipt : resends.due(now)) {
        send(std::move(receipt));
    }
}

} // namespace vestari::receive
