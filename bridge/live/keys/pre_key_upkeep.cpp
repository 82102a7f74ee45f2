#include "bridge/live/keys/pre_key_upkeep.hpp"

#include <algorithm>

#include "bridge/live/keys/digest.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/signal_records.hpp"

namespace vestari::live {

namespace {

constexpr std::string_view uploaded_name = "live.uploaded"; // an upload was accepted once
constexpr std::string_view pending_name = "live.upload";    // ids sent, not answered; 4 bytes each
constexpr std::string_view signed_name = "live.signed_pre_key"; // id that the server has

std::vector<std::uint32_t> ids_in(BytesView record) {
    std::vector<std::uint32_t> ids;
    for (; record.size() >= 4; record = record.subspan(4)) {
        ids.push_back(static_cast<std::uint32_t>(read_be<4>(record)));
    }
    return ids;
}

outbound::out::SignedPreKey published(const signal::PublishedKeys::Signed& key) {
    return {outbound::out::KeyId::of(key.id).value(), key.key, key.signature};
}

outbound::out::PublicKey identity_key(const store::LocalIdentity& identity) {
    outbound::out::PublicKey key{};
    std::ranges::copy(BytesView{identity.public_key}.subspan(1), key.begin());
    return key;
}

} // namespace

void PreKeyUpkeep::logged_in(Connection& connection, Instant now) {
    settled_ = false;
    count(connection, now);
}

void PreKeyUpkeep::count(Connection& connection, Instant now) {
    recount_at_.reset();
    connection.ask(Ask::pre_key_count, now, [](auto id) { return outbound::out::PreKeyCount{id}; });
}

void PreKeyUpkeep::low(std::uint64_t left, Connection& connection, Instant now) {
    if (left >= low_water) {
        return;
    }
    wanted_ = Wanted::yes;
    upload(connection, now);
}

void PreKeyUpkeep::check(Connection& connection, Instant now) {
    if (!connection.requests.pending(Ask::pre_key_digest)) {
        connection.ask(Ask::pre_key_digest, now,
                       [](auto id) { return outbound::out::PreKeyDigest{id}; });
    }
}

void PreKeyUpkeep::answered(const Answer& answer, const wire::Node* iq, Connection& connection,
                            Instant now) {
    if (answer.what == Ask::pre_key_count) {
        counted(answer, iq, connection, now);
    } else if (answer.what == Ask::pre_key_upload) {
        uploaded(answer.kind);
    } else if (answer.what == Ask::pre_key_digest) {
        compared(answer, iq, connection, now);
    } else if (answer.what == Ask::key_rotation) {
        rotated(answer, connection, now);
    }
}

void PreKeyUpkeep::counted(const Answer& answer, const wire::Node* iq, Connection& connection,
                           Instant now) {
    const wire::Node* const count = iq != nullptr ? iq->child("count") : nullptr;
    const auto left = count != nullptr ? count->number_of("value") : std::nullopt;
    if (answer.kind != Answer::Kind::result || !left) {
        recount_at_ = now + between_uploads; // it may hold none: nobody would tell
    } else if (*left < low_water) {
        wanted_ = Wanted::yes;
        upload(connection, now);
    }
    // What waits for its minute, or was not answered, does not hold the queue back.
    settled_ = !connection.requests.pending(Ask::pre_key_upload);
}

// Those of an upload whose outcome is unknown first: the same ids with the same keys.
std::vector<signal::PublicPreKey> PreKeyUpkeep::keys_to_upload() {
    store::Device device{database_};
    store::Transaction transaction{database_};
    std::vector<signal::PublicPreKey> keys =
        keys_.one_time(ids_in(device.get(pending_name).value_or(Bytes{})));
    if (!keys.empty()) {
        return keys; // stored and marked before
    }
    const std::size_t wanted = device.get(uploaded_name) ? later_upload : first_upload;
    keys = own_.fresh(wanted);
    for (const signal::PublicPreKey& made :
         own_.make_pre_keys(wanted - keys.size(), store::PreKeys::State::published)) {
        keys.push_back(made);
    }
    Bytes ids;
    for (const signal::PublicPreKey& key : keys) {
        keys_.mark_published(key.id); // nobody else is to hand them out
        append_be32(ids, key.id);
    }
    device.put(pending_name, ids);
    transaction.commit();
    return keys;
}

void PreKeyUpkeep::upload(Connection& connection, Instant now) {
    if (wanted_ == Wanted::no || connection.requests.pending(Ask::pre_key_upload) ||
        (last_upload_ && now < *last_upload_ + between_uploads)) {
        return;
    }
    const std::optional<store::LocalIdentity> identity = store::Device{database_}.identity();
    const std::optional<signal::PublishedKeys::Signed> signed_key = current_signed();
    if (!identity || !signed_key) {
        return;
    }
    last_upload_ = now;
    std::vector<outbound::out::PreKey> keys;
    for (const signal::PublicPreKey& key : keys_to_upload()) {
        keys.push_back({outbound::out::KeyId::of(key.id).value(), key.key});
    }
    connection.ask(Ask::pre_key_upload, now, [&](auto id) {
        return outbound::out::PreKeyUpload{
            id, outbound::out::RegistrationId{identity->registration_id}, identity_key(*identity),
            std::move(keys), published(*signed_key)};
    });
    ++uploads_;
}

void PreKeyUpkeep::uploaded(Answer::Kind kind) {
    settled_ = true;
    if (kind != Answer::Kind::result) {
        trouble_ = Trouble::upload_refused; // wanted still: again after a minute
        return;
    }
    wanted_ = Wanted::no;
    trouble_ = Trouble::upload_accepted;
    store::Device device{database_};
    store::Savepoint savepoint{database_};
    device.put(uploaded_name, as_bytes("1"));
    device.erase(pending_name);
    savepoint.release();
}

std::optional<signal::PublishedKeys::Signed> PreKeyUpkeep::current_signed() const {
    if (const std::optional<Bytes> id = store::Device{database_}.get(signed_name);
        id && id->size() == 4) {
        return keys_.signed_key(static_cast<std::uint32_t>(read_be<4>(*id)));
    }
    const std::vector<std::uint32_t> ids = store::SignedPreKeys{database_}.ids();
    return ids.empty() ? std::nullopt : keys_.signed_key(ids.front());
}

void PreKeyUpkeep::rotate_if_due(Connection& connection, Instant now) {
    if (!settled_ || connection.requests.pending(Ask::key_rotation) ||
        (last_rotation_ && now < *last_rotation_ + between_rotations)) {
        return;
    }
    last_rotation_ = now;
    const std::optional<signal::PublishedKeys::Signed> current = current_signed();
    if (!current || clock_.now() < current->made_at + signed_key_lasts) {
        return;
    }
    std::optional<signal::PublishedKeys::Signed> next = keys_.newest_signed();
    if (next->id == current->id) { // otherwise an earlier attempt was not answered: the same again
        next = keys_.make_signed();
    }
    connection.ask(Ask::key_rotation, now, [&](auto id) {
        return outbound::out::SignedPreKeyRotation{id, published(*next)};
    });
}

void PreKeyUpkeep::rotated(const Answer& answer, Connection& connection, Instant now) {
    if (answer.kind != Answer::Kind::result) {
        check(connection, now);
        return;
    }
    Bytes id;
    append_be32(id, keys_.newest_signed()->id);
    store::Device{database_}.put(signed_name, id);
}

void PreKeyUpkeep::compared(const Answer& answer, const wire::Node* iq, Connection& connection,
                            Instant now) {
    constexpr std::uint64_t not_found = 404;
    if (answer.kind == Answer::Kind::error && answer.error_code == not_found) {
        wanted_ = Wanted::yes; // the server has nothing of ours
        upload(connection, now);
        return;
    }
    const wire::Node* const digest = iq != nullptr ? iq->child("digest") : nullptr;
    if (answer.kind == Answer::Kind::result && digest != nullptr && !matches(*digest)) {
        trouble_ = Trouble::digest_mismatch;
    }
}

bool PreKeyUpkeep::matches(const wire::Node& digest) const {
    const std::optional<store::LocalIdentity> identity = store::Device{database_}.identity();
    const std::optional<KeyDigest> theirs = read_digest(digest);
    if (!identity || !theirs || theirs->registration_id != identity->registration_id) {
        return false;
    }
    const std::optional<signal::PublishedKeys::Signed> signed_key =
        keys_.signed_key(theirs->signed_key_id);
    const std::vector<signal::PublicPreKey> keys = keys_.one_time(theirs->key_ids);
    if (!signed_key || keys.size() != theirs->key_ids.size()) {
        return false;
    }
    return std::ranges::equal(theirs->hash, digest_of(identity_key(*identity), *signed_key, keys));
}

void PreKeyUpkeep::tick(Connection& connection, Instant now) {
    if (recount_at_ && now >= *recount_at_) {
        count(connection, now);
    }
    upload(connection, now);
    rotate_if_due(connection, now);
}

void PreKeyUpkeep::disconnected() noexcept {
    settled_ = false;
    wanted_ = Wanted::no; // the next login counts again
    recount_at_.reset();
}

void PreKeyUpkeep::forget() noexcept {
    disconnected();
    last_upload_.reset();
    last_rotation_.reset();
}

Instant PreKeyUpkeep::wake_at() const noexcept {
    const Instant filling =
        wanted_ == Wanted::yes && last_upload_ ? *last_upload_ + between_uploads : Instant::max();
    const Instant rotating =
        settled_ && last_rotation_ ? *last_rotation_ + between_rotations : Instant::max();
    return std::min({filling, rotating, recount_at_.value_or(Instant::max())});
}

} // namespace vestari::live
