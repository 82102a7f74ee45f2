#include "bridge/receive/resend/resends.hpp"

namespace vestari::receive {

namespace out = outbound::out;
using store::Resend;

namespace {

constexpr std::chrono::seconds second{1};
constexpr std::chrono::hours hour{1};
constexpr std::chrono::minutes pause{1}; // when a limit of the hour is reached
constexpr std::size_t looked_at = 64;    // rows a call
constexpr std::size_t told_at_once = 256;

} // namespace

Resends::Asked Resends::failed(const Name& name, const Missing& missing, std::uint64_t answers,
                               TimePoint at) {
    const store::RowKey key = rows_.key_of(name.chat, name.member, name.id);
    const std::optional<Resend> known = rows_.find(key);
    if (known && (known->state != Resend::State::open || in_flight(*known, answers, at))) {
        return {};
    }
    Resend row = known.value_or(Resend{});
    row.key = key;
    row.asked = static_cast<std::uint32_t>(std::max<std::uint64_t>(
        row.asked, std::min<std::uint64_t>(answers, out::RetryCount::last)));
    row.at = known ? known->at : at;
    row.payload = encode(missing);
    const store::Resends::Load load = rows_.of_member(name.chat, name.member, at - hour);
    Asked asked;
    if (!known && load.waiting >= limits_.waiting) {
        asked.gave_up = true; // a flood leaves no rows here
        return asked;
    }
    if (row.asked >= out::RetryCount::last) {
        row.state = Resend::State::given_up;
        row.due = {};
        asked.gave_up = true;
        rows_.put(name.chat, name.member, row);
        return asked;
    }
    store::Resends::Load others = load;
    if (answers > 0) { // what was in flight has come
        others.last_open = {};
    }
    const TimePoint when = turn(others, rows_.asked_in_chat(name.chat, at - hour), at);
    if (when <= at) {
        asked.now = receipt(missing, row.asked + 1);
    }
    if (asked.now) {
        ++row.asked;
        row.asked_at = at;
        row.due = {};
        sent_.push_back(at);
    } else {
        row.due = std::max(when, at + second);
    }
    rows_.put(name.chat, name.member, row);
    return asked;
}

// The same delivery once more, while the answer may be on its way or its turn has not come.
bool Resends::in_flight(const Resend& row, std::uint64_t answers, TimePoint at) const {
    const bool answer = answers >= row.asked && answers > 0;
    const bool waits = row.due > TimePoint{};
    return !answer && (waits || (row.asked > 0 && at < row.asked_at + limits_.in_flight));
}

TimePoint Resends::turn(const store::Resends::Load& member, std::uint64_t of_group, TimePoint now) {
    while (!sent_.empty() && (sent_.front() + second <= now || sent_.front() > now)) {
        sent_.pop_front();
    }
    if (member.last_open > TimePoint{} && member.last_open <= now &&
        now < member.last_open + limits_.in_flight) {
        return member.last_open + limits_.in_flight;
    }
    if (member.asked >= limits_.of_member || of_group >= limits_.of_group) {
        return now + pause;
    }
    return sent_.size() >= limits_.of_all ? now + second : now;
}

std::vector<out::RetryReceipt> Resends::due(TimePoint now) {
    std::vector<out::RetryReceipt> receipts;
    for (Resend& row : rows_.due(now, looked_at)) {
        const std::optional<Missing> missing = decode_missing(row.payload);
        const TimePoint when = turn(rows_.of_member(row.key, now - hour),
                                    rows_.asked_in_chat(row.key, now - hour), now);
        std::optional<out::RetryReceipt> made;
        if (missing && when <= now) {
            made = receipt(*missing, row.asked + 1);
        }
        if (made) {
            ++row.asked;
            row.asked_at = now;
            sent_.push_back(now);
            receipts.push_back(std::move(*made));
        }
        row.due = made || !missing ? TimePoint{} : std::max(when, now + second);
        rows_.update(row);
    }
    return receipts;
}

std::optional<out::RetryReceipt> Resends::receipt(const Missing& missing, std::uint32_t count) {
    const Result<out::RetryCount> number = out::RetryCount::of(count);
    const std::optional<signal::PublicDeviceKeys> device = keys_.device();
    if (!number || !device) {
        return std::nullopt;
    }
    const bool with_keys =
        count > 1 || keys_at_first_ || missing.code == out::RetryCode::no_session;
    return out::RetryReceipt{missing.stanza,
                             *number,
                             missing.sent_at,
                             out::RegistrationId{device->registration_id},
                             missing.category,
                             missing.code,
                             with_keys ? keys(*device) : std::nullopt};
}

std::optional<out::RetryKeys> Resends::keys(const signal::PublicDeviceKeys& device) {
    const Result<out::KeyId> signed_id = out::KeyId::of(device.signed_pre_key.id);
    if (device_identity_.empty() || !signed_id) {
        return std::nullopt;
    }
    const signal::PublicPreKey fresh =
        keys_.make_pre_keys(1, store::PreKeys::State::published).front();
    return out::RetryKeys{device.identity,
                          {out::KeyId::of(fresh.id).value(), fresh.key},
                          {*signed_id, device.signed_pre_key.key, device.signature},
                          device_identity_};
}

std::vector<event::Envelope> Resends::unanswered(TimePoint now) {
    std::vector<event::Envelope> gaps;
    for (Resend& row : rows_.unanswered(now - limits_.unanswered, told_at_once)) {
        if (std::optional<Missing> missing = decode_missing(row.payload); missing && missing->gap) {
            gaps.push_back(std::move(*missing->gap));
        }
        row.state = Resend::State::given_up;
        row.due = {};
        rows_.update(row);
    }
    return gaps;
}

void Resends::forget_old(TimePoint now) { rows_.erase_before(now - store::resend_lifetime); }

} // namespace vestari::receive
