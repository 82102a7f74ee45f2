// What pair_success.hpp stores and reads back.
#include "bridge/link/pair_success.hpp"
#include "bridge/link/proto_text.hpp"
#include "bridge/signal/address.hpp"
#include "bridge/store/device.hpp"
#include "bridge/store/lid_map.hpp"
#include "bridge/store/signal_records.hpp"
#include "link.pb.h"

namespace vestari::link {

namespace {

constexpr std::string_view linked_name = "link.account";
constexpr std::byte key_type{0x05};
constexpr std::uint32_t primary_device = 0;

[[noreturn]] void damaged() {
    throw boost::system::system_error{make_error_code(store::StoreErrc::damaged_record)};
}

Bytes record_of(const Linked& linked) {
    proto::StoredLink record;
    record.set_me(linked.me.to_string());
    if (linked.lid) {
        record.set_lid(linked.lid->to_string());
    }
    record.set_platform(linked.platform);
    record.set_business_name(linked.business_name);
    record.set_key_index(linked.key_index);
    record.set_account_key(text_of(linked.account_key));
    record.set_account(text_of(linked.account));
    record.set_since_ms(linked.since.time_since_epoch().count());
    return serialised(record);
}

Jid jid_in(const std::string& text) {
    Result<Jid> jid = Jid::parse(text);
    if (!jid) {
        damaged();
    }
    return *std::move(jid);
}

// The phone itself, by whichever name its sessions are filed.
void trust_primary(store::SessionDatabase& database, const Jid& user, const Linked& linked) {
    const std::optional<signal::Address> address = signal::address_of(user.bare());
    if (!address) {
        damaged();
    }
    Bytes key{key_type};
    append(key, BytesView{linked.account_key});
    store::Identities{database}.store(address->name, primary_device, key, linked.since);
}

} // namespace

void store_linked(store::SessionDatabase& database, const Linked& linked) {
    store::Savepoint all{database};
    store::Device{database}.put(linked_name, record_of(linked));
    trust_primary(database, linked.me, linked);
    if (linked.lid) {
        trust_primary(database, *linked.lid, linked);
        store::LidMap{database}.remember(linked.lid->user(), linked.me.user(), linked.since);
    }
    all.release();
}

std::optional<Linked> load_linked(store::SessionDatabase& database) {
    const std::optional<Bytes> bytes = store::Device{database}.get(linked_name);
    if (!bytes) {
        return std::nullopt;
    }
    proto::StoredLink record;
    if (!parse_limited(record, *bytes) || record.account_key().size() != 32) {
        damaged();
    }
    Linked linked{.me = jid_in(record.me()),
                  .lid = record.has_lid() ? std::optional{jid_in(record.lid())} : std::nullopt,
                  .platform = record.platform(),
                  .business_name = record.business_name(),
                  .key_index = record.key_index(),
                  .account = to_bytes(record.account()),
                  .since = TimePoint{std::chrono::milliseconds{record.since_ms()}}};
    std::ranges::copy(as_bytes(record.account_key()), linked.account_key.begin());
    return linked;
}

void store_lid(store::SessionDatabase& database, const Jid& lid, TimePoint now) {
    std::optional<Linked> linked = load_linked(database);
    if (!linked || linked->lid == lid || lid.family() != Jid::Family::lid || !lid.is_user()) {
        return;
    }
    const TimePoint since = linked->since;
    linked->lid = lid;
    linked->since = now; // of the identity and the mapping
    store::Savepoint all{database};
    store_linked(database, *linked);
    linked->since = since;
    store::Device{database}.put(linked_name, record_of(*linked));
    all.release();
}

} // namespace vestari::link
