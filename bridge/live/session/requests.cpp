#include "bridge/live/session/requests.hpp"

#include <algorithm>
#include <tuple>

namespace vestari::live {

namespace {

// In whichever spelling: "s.whatsapp.net", "@s.whatsapp.net", or a JID without a user.
bool comes_from(const wire::Node& iq, std::string_view addressee) {
    std::optional<wire::JidView> from = iq.jid_of("from");
    if (!from) {
        const Result<wire::JidView> parsed = wire::JidView::parse(iq.text_of("from").value_or(""));
        if (!parsed) {
            return false;
        }
        from = *parsed;
    }
    const Result<Jid> jid = from->to_jid();
    return jid && jid->to_string() == addressee;
}

} // namespace

Requests::Requests(Random& random)
    : first_{static_cast<std::uint8_t>(random.next())},
      second_{static_cast<std::uint8_t>(random.next())} {}

outbound::out::IqId Requests::open(Ask what, std::string_view addressee, Instant now,
                                   std::chrono::milliseconds wait) {
    const outbound::out::IqId id{first_, second_, ++count_};
    pending_.emplace(id.text(), Pending{what, std::string{addressee}, now, now + wait});
    return id;
}

std::optional<Answer> Requests::answered(const wire::Node& iq) {
    const std::string_view type = iq.text_of("type").value_or("");
    const auto found = pending_.find(iq.text_of("id").value_or(""));
    if (found == pending_.end() || (type != "result" && type != "error") ||
        !comes_from(iq, found->second.addressee)) {
        return std::nullopt;
    }
    Answer answer{found->second.what, type == "result" ? Answer::Kind::result : Answer::Kind::error,
                  0, std::move(found->second.addressee), found->second.asked_at};
    if (const wire::Node* error = iq.child("error"); error != nullptr) {
        answer.error_code = error->number_of("code").value_or(0);
    }
    pending_.erase(found);
    return answer;
}

std::vector<Answer> Requests::timed_out(Instant now) {
    std::vector<Answer> late;
    for (auto it = pending_.begin(); it != pending_.end();) {
        if (it->second.until > now) {
            ++it;
            continue;
        }
        late.push_back({it->second.what, Answer::Kind::none, 0, std::move(it->second.addressee),
                        it->second.asked_at});
        it = pending_.erase(it);
    }
    std::ranges::sort(late, [](const Answer& a, const Answer& b) {
        return std::tie(a.asked_at, a.what, a.about) < std::tie(b.asked_at, b.what, b.about);
    });
    return late;
}

bool Requests::pending(Ask what) const noexcept {
    return std::ranges::any_of(pending_,
                               [what](const auto& entry) { return entry.second.what == what; });
}

Instant Requests::wake_at() const noexcept {
    Instant first = Instant::max();
    for (const auto& [id, request] : pending_) {
        first = std::min(first, request.until);
    }
    return first;
}

} // namespace vestari::live
