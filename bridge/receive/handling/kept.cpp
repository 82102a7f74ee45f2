// The Receiver's part for ciphertexts that wait: for their key, or for the name that their key is filed under.
#include "bridge/receive/receiver.hpp"

namespace vestari::receive {

namespace {

// A text is at most 64 KiB, the rest is a preview: what is longer is left to a resend.
constexpr std::size_t max_kept_frame = 256U << 10U;
} // namespace

void Receiver::keep(const Origin& origin, BytesView frame, TimePoint at) {
    if (frame.size() > max_kept_frame ||
        kept_.rows_of(origin.chat, origin.sender.address.name) >= store::most_waiting) {
        return; // more of one sender are asked for again, one by one
    }
    const store::RowKey kept =
        dedupe_.ciphertext_key(frame, "kept", origin.chat, origin.sender.address.to_string());
    if (dedupe_.insert(kept, origin.sent_at)) { // once, however often it is delivered
        // It waits from now on: what was said hours ago may have come from the server's queue only now.
        kept_.put(origin.chat, origin.sender.address.name, frame, at);
    }
}

void Receiver::run_kept(std::string_view chat, const signal::Sender& sender) {
    if (running_kept_) {
        return;
    }
    running_kept_ = true;
    std::vector<store::WaitingRow> rows = kept_.of(chat, sender.address.name);
    if (sender.lid && sender.phone) { // kept before the two were known to be one
        std::ranges::move(kept_.of(chat, sender.phone->user()), std::back_inserter(rows));
    }
    for (const store::WaitingRow& row : rows) {
        const Result<wire::Document> document = wire::decode(row.payload);
        const auto kept = document ? origin_of(document->root(), row.at) : std::nullopt;
        if (!kept) {
            kept_.erase(row.row);
            continue;
        }
        if (publisher_.sent(kept->chat, person_of(kept->sender), kept->id)) {
            kept_.erase(row.row); // a resend was faster
            continue;
        }
        reading_ = &*kept;
        const Deciphered deciphered = decipherer_.group_stanza(
            document->root(), kept->chat, kept->sender.address, own_devices(), kept->sent_at);
        reading_ = nullptr;
        if (deciphered.state == Deciphered::State::read) {
            settle(*kept, deciphered);
            kept_.erase(row.row);
        } // else: its key may come with the next distribution
    }
    running_kept_ = false;
}

// The records of the one name serve the other now: what waited under either may be readable.
void Receiver::learnt(const signal::Sender& sender) {
    ++now_.learnt;
    if (kept_.empty()) { // thousands of members may be learnt at once
        return;
    }
    for (const std::string& group : include_.groups()) {
        run_kept(group, sender);
    }
}

Handled Receiver::learn(const Jid& lid, const Jid& phone, TimePoint at) {
    clock_.set(at);
    now_ = {};
    running_kept_ = false;
    const auto sender = signal::resolve(database_, decryptor_, lid, phone, at);
    if (sender && sender->learnt) {
        learnt(*sender);
    }
    return std::move(now_);
}

} // namespace vestari::receive
