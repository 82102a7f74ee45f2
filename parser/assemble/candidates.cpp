#include "parser/assemble/candidates.hpp"

#include "parser/recognise/look.hpp"

namespace vestari::parser {

namespace {

class Finder : Look {
public:
    Finder(const Message& message, const Item& item) : Look{message}, m_{message}, item_{item} {}

    Candidates run() {
        for (const std::size_t mark : item_.amounts) {
            Candidate candidate{mark, role_of(mark), false, false};
            if (candidate.role == Role::slip) {
                candidate.dead = true;
            }
            const bool corrected =
                mark > 0 && cue(mark - 1) == Cue::slip && word(mark - 1) != "was typed";
            if (corrected && !list_.empty()) {
                for (Candidate& earlier : list_) {
                    earlier.dead = true;
                }
            }
            list_.push_back(candidate);
        }
        mark_struck();
        arrows();
        return list_;
    }

private:
    Role role_of(std::size_t mark) const {
        for (std::size_t back = 1; back <= 4 && back <= mark; ++back) {
            const std::size_t i = mark - back;
            if (is(i, Kind::amount) || is(i, Kind::newline) || is(i, Kind::reference) ||
                (is(i, Kind::punct) && (m_.marks[i].value == ',' || m_.marks[i].value == ';'))) {
                break;
            }
            if (punct(i, '+') && back <= 2) {
                return Role::extra;
            }
            if (const auto found = cue(i)) {
                switch (*found) {
                case Cue::asking:
                case Cue::wish: return Role::asking;
                case Cue::retail: return Role::retail;
                case Cue::paid: return Role::paid;
                case Cue::was:
                    return word(i) == "from" && is(mark + 1, Kind::word) ? Role::plain
                                                                         : Role::before;
                case Cue::bid: return Role::bid;
                case Cue::slip:
                    return word(i) == "was typed" || word(i) == "not the" ? Role::slip
                                                                          : Role::asking;
                case Cue::extra: return word(i) == "extra" && back <= 2 ? Role::extra : Role::plain;
                default: break;
                }
            }
            if (is(i, Kind::side)) {
                const std::string_view w = word(i);
                if (w == "bid") {
                    return Role::bid;
                }
                return Role::asking;
            }
        }
        return Role::plain;
    }

    // ~$31,500~ and ~~€14.900~~, when another amount stands outside
    void mark_struck() {
        bool inside = false;
        std::size_t next = 0;
        for (std::size_t i = item_.range.from; i < item_.range.to && next < list_.size(); ++i) {
            if (punct(i, '~')) {
                inside = !inside;
                if (punct(i + 1, '~') && m_.marks[i + 1].glued) {
                    ++i;
                }
            }
            if (i == list_[next].mark) {
                list_[next].struck = inside;
                ++next;
            }
        }
        const bool outside =
            std::any_of(list_.begin(), list_.end(), [](const Candidate& c) { return !c.struck; });
        for (Candidate& candidate : list_) {
            candidate.struck = candidate.struck && outside;
        }
    }

    // 14.5 -> 13.9
    void arrows() {
        for (std::size_t k = 0; k + 1 < list_.size(); ++k) {
            bool arrow = false;
            bool other = false;
            for (std::size_t i = list_[k].mark + 1; i < list_[k + 1].mark; ++i) {
                arrow = arrow || punct(i, 0x2192) || (punct(i, '-') && punct(i + 1, '>')) ||
                        (punct(i, '=') && punct(i + 1, '>')) || punct(i, '>');
                other = other || is(i, Kind::reference);
            }
            if (arrow && !other) {
                list_[k].role = Role::before;
                list_[k + 1].role = Role::asking;
            }
        }
    }

    const Message& m_;
    const Item& item_;
    Candidates list_;
};

} // namespace

Candidates find_candidates(const Message& message, const Item& item) {
    return Finder{message, item}.run();
}

} // namespace vestari::parser
