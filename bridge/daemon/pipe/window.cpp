#include "bridge/daemon/pipe/window.hpp"

#include <algorithm>

namespace vestari::daemon {

void Window::connected() noexcept { sent_ = acknowledged_; }

std::vector<store::Spooled> Window::next() {
    if (database_.in_scope()) {
        return {};
    }
    const std::uint64_t under_way = sent_ - acknowledged_;
    const std::size_t limit = std::min<std::size_t>(
        at_once,
        static_cast<std::size_t>(max_unacknowledged - std::min(under_way, max_unacknowledged)));
    if (limit == 0) {
        return {};
    }
    std::vector<store::Spooled> rows = spool_.after(sent_, limit);
    if (rows.empty()) {
        return rows;
    }
    if (sent_ == 0) { // the spool may start anywhere
        acknowledged_ = erased_ = rows.front().sequence - 1;
    }
    sent_ = rows.back().sequence;
    return rows;
}

bool Window::acknowledged(std::uint64_t sequence) noexcept {
    if (sequence > sent_) {
        return false;
    }
    acknowledged_ = std::max(acknowledged_, sequence);
    return true;
}

std::uint64_t Window::erase_acknowledged() {
    if (!erasable() || database_.in_scope()) {
        return 0;
    }
    spool_.erase_through(acknowledged_);
    return acknowledged_ - std::exchange(erased_, acknowledged_);
}

} // namespace vestari::daemon
