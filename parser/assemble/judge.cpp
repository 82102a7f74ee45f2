#include "parser/assemble/judge.hpp"

#include "parser/recognise/look.hpp"

namespace vestari::parser {

namespace {

constexpr double talk_weights[] = {0, 0.55, 1.6, 3.2};

} // namespace

// Running sums over the marks, so that each watch is judged in constant time.
Judge::Judge(const Message& message, const std::vector<Item>& items) : m_{message}, items_{items} {
    const std::size_t count = message.marks.size();
    sums_.resize(count + 1);
    std::size_t line_from = 0;
    bool line_names = false;
    double line_veto = 0;
    double footer_talk = 0;
    bool line_sells = false;
    bool named = false; // a watch stands above
    std::size_t from = 0;
    for (std::size_t i = 0; i < count; ++i) {
        add(i);
        sums_[i].sentence_from = static_cast<std::uint32_t>(from);
        line_names = line_names || is(i, Kind::reference);
        line_sells = line_sells || (is(i, Kind::side) && message.marks[i].value ==
                                                             static_cast<std::int32_t>(Side::sell));
        line_veto += is(i, Kind::veto) && message.marks[i].value == 1 &&
                             !(i > 0 && is(i - 1, Kind::negation))
                         ? 1.0
                         : 0.0;
        if (ends_sentence(i)) {
            for (std::size_t j = from; j <= i; ++j) {
                sums_[j].sentence_to = static_cast<std::uint32_t>(i);
            }
            from = i + 1;
        }
        if (is(i, Kind::newline) || i + 1 == count) {
            // a line without a watch in a list is a header or a footer
            const double talk =
                line_names || items.size() < 2 ? 0.0 : talk_of_line(line_from, i + 1);
            line_sells = line_sells && !line_names;
            if (!line_names && items.size() >= 2) {
                apart_ += sums_[i + 1].talk - sums_[line_from].talk;
            }
            (named ? footer_talk : header_talk_) += talk;
            named = named || line_names;
            // "lunch 1-2pm" between the lines of a list speaks of no watch
            if (!line_names && items.size() >= 2 && (line_from > 0 || line_sells)) {
                sums_[i + 1].veto -= line_veto;
            }
            line_veto = 0;
            line_sells = false;
            line_from = i + 1;
            line_names = false;
        }
    }
    // what is said below the watches judges them less: "market is slow, offers welcome"
    header_talk_ += std::min(0.35 * footer_talk, 0.8);
    for (std::size_t j = from; j < count; ++j) {
        sums_[j].sentence_to = static_cast<std::uint32_t>(count);
    }
    announced_ = announces_list_prices();
    paperwork_ = opens_with_paperwork();
}

// A line above or below a list: small talk weighs little, and what arrived or was bought is what is on offer.
double Judge::talk_of_line(std::size_t from, std::size_t to) const {
    double light = 0;
    double heavy = 0;
    for (std::size_t i = from; i < to; ++i) {
        const double talk = sums_[i + 1].talk - sums_[i].talk;
        const std::string_view w = m_.of(m_.marks[i]);
        const bool came = w.starts_with("arrived") || w == "received" || w == "just bought" ||
                          w == "picked up" || w == "just picked up" || w == "auction" ||
                          w == "collection";
        if (!came) {
            (talk < 1 ? light : heavy) += talk;
        }
    }
    return heavy + std::min(light, 2 * talk_weights[1]);
}

void Judge::add(std::size_t i) {
    const Mark& mark = m_.marks[i];
    Sum& sum = sums_[i + 1];
    sum = sums_[i];
    const bool denied = i > 0 && is(i - 1, Kind::negation); // "no fakes"
    const bool veto = mark.kind == Kind::veto && !denied;
    sum.veto += veto ? static_cast<double>(mark.value) : 0.0;
    sum.veto_reading += !veto && !denied && reading_of(mark, Kind::veto) ? 1.0 : 0.0;
    // "invoice", "worth" are cues for a number and words of a story
    if (const auto talk = reading_of(mark, Kind::talk);
        talk && (mark.kind == Kind::talk || mark.kind == Kind::cue)) {
        sum.talk += talk_weights[std::clamp(*talk, 0, 3)];
    }
    // "in 2006" tells a story
    if (mark.kind == Kind::date && i > 0 && m_.of(m_.marks[i - 1]) == "in") {
        sum.talk += 1.3;
    }
    // "DavidSW asking 29.9": a third party's price
    if (mark.kind == Kind::word && mark.value == 0 && i + 1 < m_.marks.size() &&
        (i == 0 || ends_sentence(i - 1))) {
        const std::string_view next = m_.of(m_.marks[i + 1]);
        sum.talk += next == "asking" || next == "wants" || next == "wanted" || next == "has" ||
                            next == "listed"
                        ? 1.6
                        : 0.0;
    }
    sum.words += mark.kind == Kind::word && mark.value == 0 ? 1U : 0U;
    sum.parts += mark.kind == Kind::part ? 1U : 0U;
    sum.questions += mark.kind == Kind::punct && mark.value == '?' ? 1U : 0U;
}

bool Judge::ends_sentence(std::size_t i) const {
    if (is(i, Kind::newline)) {
        return true;
    }
    const bool stop = is(i, Kind::punct) && (m_.marks[i].value == '.' || m_.marks[i].value == '!' ||
                                             m_.marks[i].value == '?');
    return stop && i + 1 < m_.marks.size() && !m_.marks[i + 1].glued;
}

double Judge::against(const Item& item, bool cued) const {
    const std::size_t from = sums_[item.ident].sentence_from;
    const std::size_t to = sums_[item.ident].sentence_to;
    const Sum& all = sums_.back();
    const double inside = sums_[to].talk - sums_[from].talk;
    const double elsewhere = std::max(0.0, all.talk - inside - apart_);
    double points = (cued ? 0.5 : 1.0) * inside + header_talk_ + 0.35 * elsewhere;
    points += 4.0 * (all.veto + sums_[to].veto_reading - sums_[from].veto_reading);
    points += all.veto_reading - (sums_[to].veto_reading - sums_[from].veto_reading);
    const std::size_t widest = std::max(to, std::min(item.range.to, m_.marks.size()));
    const std::size_t words = sums_[widest].words - sums_[std::min(from, item.range.from)].words;
    return points + 0.22 * static_cast<double>(std::min<std::size_t>(words, 12));
}

bool Judge::leads_sentence(std::size_t ident) const {
    const std::size_t from = sums_[ident].sentence_from;
    for (std::size_t i = ident, steps = 0; i-- > from && steps < 40; ++steps) {
        const Kind kind = m_.marks[i].kind;
        if (kind == Kind::word || kind == Kind::talk || kind == Kind::part) {
            return false;
        }
    }
    return true;
}

// "Is 10.9 too much for …?": a sentence that opens like a question and ends like one.
bool Judge::asks(std::size_t ident) const {
    static constexpr std::string_view openers[] = {
        "is",     "are",   "does",  "do",    "did",  "was",    "were",
        "should", "would", "could", "which", "what", "what's", "whats",
        "how",    "why",   "when",  "will",  "has",  "or",     "am"};
    const std::size_t from = sums_[ident].sentence_from;
    const std::size_t to = sums_[ident].sentence_to;
    if (to >= m_.marks.size() || m_.marks[to].kind != Kind::punct || m_.marks[to].value != '?') {
        return false;
    }
    const std::string_view first = m_.of(m_.marks[from]);
    return m_.marks[from].kind != Kind::side &&
           std::find(std::begin(openers), std::end(openers), first.substr(0, first.find(' '))) !=
               std::end(openers);
}

// "box and papers for 116610LN": what is offered is made for the watch.
bool Judge::made_for(std::size_t ident) const {
    std::size_t i = ident;
    while (i > 1 && is(i - 2, Kind::reference) && !is(i - 1, Kind::newline)) {
        i -= 2; // "straps for 79030N and 124060"
    }
    while (i > 0 && (is(i - 1, Kind::brand) || is(i - 1, Kind::family))) {
        --i;
    }
    static constexpr std::string_view for_words[] = {"for",  "für",  "fur",   "para", "per",
                                                     "pour", "voor", "для",   "от",   "till",
                                                     "do",   "icin", "untuk", "cho"};
    if (i > 0 && (is(i - 1, Kind::part) || m_.of(m_.marks[i - 1]) == "dial")) {
        return true; // "dial 126334"
    }
    if (i < 2 || std::find(std::begin(for_words), std::end(for_words), m_.of(m_.marks[i - 1])) ==
                     std::end(for_words)) {
        return false;
    }
    const Kind kind = m_.marks[i - 2].kind;
    return kind == Kind::set || kind == Kind::part || kind == Kind::bracelet ||
           kind == Kind::carrier;
}

// NOLINTNEXTLINE(readability-function-size): the signs of an offer, weighed one after the other
bool Judge::offer(const Item& item, const Facts& facts, const Price& price) const {
    // who says "letting go of my …" may tell its story too
    const bool cued =
        item.own.side.said() && static_cast<std::size_t>(item.own.side.mark) < item.ident &&
        static_cast<std::size_t>(item.own.side.mark) >= sums_[item.ident].sentence_from;
    double against_points = against(item, cued);
    const bool held =
        facts.availability.said() &&
        (facts.availability.value == static_cast<std::int32_t>(Availability::hold) ||
         facts.availability.value == static_cast<std::int32_t>(Availability::pending));
    const bool side = facts.side.said() || facts.sold.said() || held;
    double points = side ? 2.0 : 0.0;
    points += price.money || item.lot ? 1.0 : 0.0;
    points += price.list_pct ? 1.0 : 0.0;
    points += price.masked ? 1.0 : 0.0;
    points += price.asked ? 0.8 : 0.0;
    double attributes = 0;
    for (const Fact* fact : {&facts.condition, &facts.set, &facts.year, &facts.availability,
                             &facts.quantity, &facts.month}) {
        attributes += fact->said() ? 1.0 : 0.0;
    }
    for (const Fact* fact :
         {&facts.dial, &facts.bracelet, &facts.metal, &facts.place, &facts.currency}) {
        attributes += fact->said() ? 0.5 : 0.0;
    }
    if (!price.money && !price.list_pct && !side && !price.masked && !item.lot &&
        attributes < 2.0) {
        return false; // a watch and next to nothing said of it
    }
    points += attributes;
    points += leads_sentence(item.ident) ? 0.6 : 0.0;
    points += items_.size() >= 3 && item.listed ? 0.8 : 0.0;
    const bool bought =
        facts.side.said() && facts.side.value == static_cast<std::int32_t>(Side::buy);
    // "looking for a watchmaker for my 1675": what is sought is something else
    if (item.own.side.said() && item.own.side.value == static_cast<std::int32_t>(Side::buy) &&
        !price.money) {
        const auto cue = static_cast<std::size_t>(item.own.side.mark);
        if (cue < item.ident) {
            const std::size_t words = sums_[item.ident].words - sums_[cue].words;
            const double talk = sums_[item.ident].talk - sums_[cue + 1].talk;
            against_points +=
                1.1 * static_cast<double>(std::min<std::size_t>(words, 2)) + 0.5 * talk;
        }
    }
    const std::size_t to = sums_[item.ident].sentence_to;
    against_points += asks(item.ident) ? 1.2 : 0.0;
    against_points += paperwork_ ? 6.0 : 0.0;
    if (announced_ && !item.own.set.said() && !item.own.condition.said() && !item.own.side.said()) {
        against_points += 5.0;
    }
    const bool end_question =
        to < m_.marks.size() && is(to, Kind::punct) && m_.marks[to].value == '?';
    if (!bought && (end_question || sums_[to].questions > sums_[item.ident].questions)) {
        against_points += end_question && !side ? 1.2 : 0.4;
    }
    const bool parts = sums_[item.range.to].parts > sums_[item.range.from].parts;
    if ((parts && !facts.year.said() && !facts.set.said()) || made_for(item.ident)) {
        against_points += 3.0;
    }
    if (is(item.ident + 1, Kind::part) && !facts.set.said()) {
        against_points += 1.0; // "a 116500LN bezel"
    }
    if (price.far_below && price.money && (parts || price.face)) {
        against_points += 5.0;
    } else if (price.far_below && price.money) {
        against_points += facts.set.said() && facts.year.said() ? 1.0 : 3.5;
    } else if (price.money && !price.in_band) {
        against_points += 0.7;
    }
    if (m_.idents[static_cast<std::size_t>(m_.marks[item.ident].value)].nick >= 0) {
        points -= 0.4;
    }
    return points - against_points > 0.9;
}

} // namespace vestari::parser
