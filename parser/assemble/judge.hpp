// Is a watch in a message on offer, or is it talked about? (DOMAIN section 3)
//
// Offer words, prices and attributes speak for it; story words of the same sentence (and of a list's headers) against it, those of
// other sentences in part; words of other worlds (stolen, giveaway, replica, flight) almost always.
// Cost        linear once per message, constant per watch.
#pragma once

#include <vector>

#include "parser/assemble/assemble.hpp"

namespace vestari::parser {

class Judge {
public:
    Judge(const Message& message, const std::vector<Item>& items);
    bool offer(const Item& item, const Facts& facts, const Price& price) const;

private:
    struct Sum {
        double talk = 0, veto = 0, veto_reading = 0;
        std::uint32_t words = 0, parts = 0, questions = 0;
        std::uint32_t sentence_from = 0, sentence_to = 0; // of the mark itself
    };
    bool is(std::size_t i, Kind kind) const {
        return i < m_.marks.size() && m_.marks[i].kind == kind;
    }
    void add(std::size_t i);
    double talk_of_line(std::size_t from, std::size_t to) const;
    bool ends_sentence(std::size_t i) const;
    bool leads_sentence(std::size_t ident) const;
    bool asks(std::size_t ident) const;
    bool made_for(std::size_t ident) const;
    double against(const Item& item, bool cued) const;

    const Message& m_;
    const std::vector<Item>& items_;
    std::vector<Sum> sums_; // before each mark
    bool announces_list_prices() const;
    bool bare_year(std::size_t i) const;
    bool opens_with_paperwork() const;

    bool announced_ = false;
    bool paperwork_ = false;
    double header_talk_ = 0; // what lines without a watch say against the list
    double apart_ = 0;       // all of their talk
};

} // namespace vestari::parser
