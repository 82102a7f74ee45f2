#include "bridge/receive/inbox/batch.hpp"

#include "vestari/crypto/secret.hpp"

namespace vestari::receive {

namespace {

template <class Row> void move_all(std::vector<Row>& from, std::vector<Row>& to) {
    std::ranges::move(from, std::back_inserter(to));
}

template <class Row> void cut_to(std::vector<Row>& rows, std::size_t left) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(left), rows.end());
}

} // namespace

void Leaving::append(Leaving other) {
    move_all(other.stanzas, stanzas);
    move_all(other.notices, notices);
    move_all(other.seen, seen);
}

void Leaving::cut(std::size_t stanzas_left, std::size_t notices_left, std::size_t seen_left) {
    cut_to(stanzas, stanzas_left);
    cut_to(notices, notices_left);
    for (std::size_t i = seen_left; i < seen.size(); ++i) {
        crypto::wipe(seen[i].message);
    }
    cut_to(seen, seen_left);
}

Batch::Batch(store::SessionDatabase& database)
    : database_{database}, transaction_{database}, activities_{database}, spool_{database},
      first_sequence_{spool_.next_sequence()} {}

Batch::~Batch() { leaving.cut(0, 0, 0); }

void Batch::message(const std::string& group, TimePoint sent_at) {
    auto found = active_.find(group);
    if (found == active_.end()) {
        found = active_.emplace(group, activities_.load(group).value_or(store::Activity{})).first;
    }
    found->second.message(sent_at);
}

const store::Activity* Batch::activity(const std::string& group) const {
    const auto found = active_.find(group);
    return found == active_.end() ? nullptr : &found->second;
}

void Batch::forget_activity(const std::string& group) {
    active_.erase(group);
    activities_.erase(group);
}

void Batch::commit() {
    for (const auto& [group, activity] : active_) {
        activities_.store(group, activity);
    }
    transaction_.commit();
}

} // namespace vestari::receive
