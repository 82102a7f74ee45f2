#include "tests/sim/dst/harvest.hpp"

#include <set>

#include "vestari/event/codec.hpp"

namespace vestari::sim::dst {

namespace {

constexpr std::size_t at_once = 500;

std::optional<event::Kind> kind_of(const Posted& post) {
    switch (post.kind) {
    case PostKind::text: return event::Kind::text;
    case PostKind::image: return event::Kind::image;
    case PostKind::edit: return event::Kind::edit;
    case PostKind::revoke: return event::Kind::revoke;
    case PostKind::unavailable: return event::Kind::gap;
    case PostKind::reaction: return std::nullopt; // nothing to keep
    }
    return std::nullopt;
}

std::string name(std::string_view chat, std::string_view id, event::Kind kind) {
    return fmt::format("{} {} {}", event::to_string(kind), chat, id);
}

bool same(const event::Envelope& got, const Posted& post) {
    const bool text = post.kind == PostKind::revoke || post.kind == PostKind::unavailable ||
                      got.text == post.text;
    return text && got.target == post.target &&
           (got.sender.lid == post.sender_lid || got.sender.pn == post.sender_pn);
}

} // namespace

void Harvest::take(store::SessionDatabase& database) {
    store::Spool spool{database};
    for (auto rows = spool.after(0, at_once); !rows.empty(); rows = spool.after(0, at_once)) {
        for (const store::Spooled& row : rows) {
            event::FrameReader reader;
            reader.feed(row.payload);
            auto frame = reader.next();
            if (frame && frame->has_value() && std::holds_alternative<event::Envelope>(**frame)) {
                envelopes_.push_back(std::get<event::Envelope>(**frame));
            } else {
                unreadable_.push_back(fmt::format("row {} does not read", row.sequence));
            }
        }
        spool.erase_through(rows.back().sequence);
    }
}

std::vector<std::string> Harvest::compare(const std::vector<Posted>& posted,
                                          const std::vector<std::string>& included) const {
    std::vector<std::string> wrong = unreadable_;
    std::map<std::string, const event::Envelope*> got;
    for (const event::Envelope& one : envelopes_) {
        const std::string what = name(one.chat, one.id, one.kind);
        if (!got.emplace(what, &one).second) {
            wrong.push_back("twice: " + what);
        }
        if (std::ranges::count(included, one.chat) == 0) {
            wrong.push_back("of a chat that is not included: " + what);
        }
    }
    for (const Posted& post : posted) {
        const auto kind = kind_of(post);
        if (!kind || std::ranges::count(included, post.chat) == 0) {
            continue;
        }
        const std::string what = name(post.chat, post.id, *kind);
        const auto found = got.find(what);
        if (found == got.end()) {
            const bool gap = got.contains(name(post.chat, post.id, event::Kind::gap));
            wrong.push_back((gap ? "a gap instead of: " : "lost: ") + what);
        } else if (!same(*found->second, post)) {
            wrong.push_back("different: " + what);
        }
    }
    return wrong;
}

std::vector<std::string> Harvest::lines(std::size_t from) const {
    std::vector<std::string> out;
    for (std::size_t i = from; i < envelopes_.size(); ++i) {
        out.push_back("kept " + name(envelopes_[i].chat, envelopes_[i].id, envelopes_[i].kind));
    }
    return out;
}

} // namespace vestari::sim::dst
