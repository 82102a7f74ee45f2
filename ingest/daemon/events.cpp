#include "ingest/daemon/events.hpp"

#include <algorithm>
#include <vector>

namespace vestari::ingest::daemon {

void Events::add(TimePoint at, const std::string& account, std::string line) {
    drop_old(at);
    if (kept_.size() == most_kept) {
        kept_.pop_front();
    }
    kept_.push_back({++last_, at, account, std::move(line)});
    std::vector<Waker> wakers; // one of them may take itself away
    wakers.reserve(wakers_.size());
    for (const auto& [number, waker] : wakers_) {
        wakers.push_back(waker);
    }
    for (const Waker& waker : wakers) {
        waker();
    }
}

void Events::drop_old(TimePoint now) {
    while (!kept_.empty() && now - kept_.front().at > kept_for) {
        kept_.pop_front();
    }
}

const Events::Event* Events::after(std::uint64_t number, const std::string& account) const {
    if (kept_.empty()) {
        return nullptr;
    }
    const std::uint64_t first = kept_.front().number; // numbers have no gaps
    auto at = kept_.begin();
    if (number >= first) {
        at +=
            static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(number - first + 1, kept_.size()));
    }
    at = std::find_if(at, kept_.end(), [&](const Event& event) {
        return account.empty() || event.account == account;
    });
    return at == kept_.end() ? nullptr : &*at;
}

std::uint64_t Events::watch(Waker waker) {
    wakers_.emplace(++last_watcher_, std::move(waker));
    return last_watcher_;
}

} // namespace vestari::ingest::daemon
