// Box, papers and what is missing of them.
#include "parser/group/collector.hpp"

namespace vestari::parser {

void Collector::set() {
    if (denied()) {
        return;
    }
    const auto value = static_cast<Set>(mark().value);
    if (i_ > from_ && word(i_).ends_with("only") && value == Set::papers_only &&
        (word(i_ - 1) == "eu" || reads(i_ - 1, Kind::place))) {
        return; // "EU cards only": where the card is from
    }
    const std::string_view w = word(i_);
    if (w.ends_with("sets") || w.starts_with("all ")) {
        f_.plural_set = true;
    }
    const bool archive = f_.set.said() &&
                         f_.set.value == static_cast<std::int32_t>(Set::watch_only) &&
                         value == Set::box_only && f_.set.mark + 4 > static_cast<std::int32_t>(i_);
    const bool two_missing =
        f_.set.said() && ((f_.set.value == static_cast<std::int32_t>(Set::papers_only) &&
                           word(i_).starts_with("no ") && value == Set::box_only &&
                           word(static_cast<std::size_t>(f_.set.mark)).starts_with("no ")));
    if (two_missing) {
        f_.set.say(static_cast<std::int32_t>(Set::watch_only), i_);
    } else if (!f_.set.said() || archive) {
        f_.set.say(mark().value, i_);
    }
}

// Box ✅ Papers ✅, box yes papers no
void Collector::box_word() {
    const std::string_view w = word(i_);
    const bool box = w == "box" || w == "boxes";
    const bool papers = w == "papers" || w == "card" || w == "docs" || w == "paper" || w == "cards";
    if (!box && !papers) {
        return;
    }
    std::size_t next = i_ + 1;
    while (punct(next, ':') || punct(next, '-')) {
        ++next;
    }
    const bool yes = word(next) == "yes" || punct(next, 0x2705) || word(next) == "y";
    const bool no = is(next, Kind::negation) || punct(next, 0x274c) ||
                    (i_ > from_ && is(i_ - 1, Kind::negation));
    const std::string_view partner = punct(i_ + 1, ',') ? word(i_ + 2) : std::string_view{};
    if (box && !f_.set.said() &&
        (partner == "papers" || partner == "card" || partner == "docs" || partner == "warranty")) {
        f_.set.say(static_cast<std::int32_t>(Set::full_set), i_); // box, papers, extract
        return;
    }
    if (yes || no) {
        (box ? box_ : papers_) = yes ? 1 : -1;
        said_at_ = i_;
        return;
    }
    const bool after_archive =
        f_.set.said() && f_.set.value == static_cast<std::int32_t>(Set::watch_only) &&
        f_.set.mark + 3 >= static_cast<std::int32_t>(i_) && is(i_ - 1, Kind::punct);
    const bool after_watch = i_ > from_ && punct(i_ - 1, ',') && word(i_ - 2) == "watch";
    if (box && (after_archive || after_watch)) {
        f_.set.say(static_cast<std::int32_t>(Set::box_only), i_); // archive, box
    }
}

void Collector::settle_box_and_papers() {
    if (box_ == 0 && papers_ == 0) {
        return;
    }
    if (f_.set.said() && (box_ == 0 || papers_ == 0)) {
        return;
    }
    const Set set = box_ > 0 && papers_ > 0   ? Set::full_set
                    : box_ > 0                ? Set::box_only
                    : papers_ > 0             ? Set::papers_only
                    : box_ < 0 && papers_ < 0 ? Set::watch_only
                    : box_ < 0                ? Set::papers_only
                                              : Set::box_only;
    f_.set.say(static_cast<std::int32_t>(set), said_at_);
}

} // namespace vestari::parser
