#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Intent : Settler {
public:
    using Settler::Settler;

    void settle(std::size_t i) {
        settle_have(i);
        settle_any(i);
    }

private:
    // "Have 126610LN, need 126610LV": what opens the line is offered.
    void settle_have(std::size_t i) {
        static constexpr std::string_view words[] = {"have",     "have a", "have an", "i have",
                                                     "i have a", "got",    "got a",   "i got",
                                                     "tengo",    "j'ai",   "habe",    "ho"};
        if ((i > 0 && !is(i - 1, Kind::newline)) ||
            std::find(std::begin(words), std::end(words), word(i)) == std::end(words)) {
            return;
        }
        bool watch = false;
        bool buys = false;
        for (std::size_t j = i + 1; j < m_.marks.size() && j < i + near && !is(j, Kind::newline);
             ++j) {
            if (is(j, Kind::reference)) {
                if (buys) {
                    become(i, Kind::side, static_cast<std::int32_t>(Side::sell));
                    return;
                }
                watch = true;
            }
            buys = buys || (watch && is(j, Kind::side) &&
                            m_.marks[j].value == static_cast<std::int32_t>(Side::buy));
        }
    }

    // "Any 126720VTNR jub?": a question for a watch, nothing else said.
    void settle_any(std::size_t i) {
        const std::string_view w = word(i);
        if ((w != "any" && w != "anymore" && w != "any more") ||
            (i > 0 && !is(i - 1, Kind::newline) && !is(i - 1, Kind::punct))) {
            return;
        }
        bool watch = false;
        for (std::size_t j = i + 1; j < m_.marks.size() && j < i + 14; ++j) {
            const Kind kind = m_.marks[j].kind;
            if (kind == Kind::punct && m_.marks[j].value == '?' && watch) {
                become(i, Kind::side, static_cast<std::int32_t>(Side::buy));
                return;
            }
            watch = watch || kind == Kind::reference || kind == Kind::nickname;
            const std::string_view said = word(j);
            const bool place = said == "out there" || said == "out" || said == "there" ||
                               said == "around" || said == "here" || said == "left";
            const bool names = kind == Kind::reference || kind == Kind::nickname ||
                               kind == Kind::brand || kind == Kind::family || kind == Kind::dial ||
                               kind == Kind::bracelet || kind == Kind::condition ||
                               kind == Kind::set || kind == Kind::metal || kind == Kind::date ||
                               kind == Kind::availability || kind == Kind::place ||
                               kind == Kind::filler || kind == Kind::punct;
            const bool praise = said == "nice" || said == "clean" || said == "good" ||
                                said == "the" || said == "a" || said == "full";
            if ((!names && !place) || (kind == Kind::filler && !watch && !praise)) {
                return;
            }
        }
    }
};

} // namespace

void settle_intent(Message& message, std::size_t i) { Intent{message}.settle(i); }

} // namespace vestari::parser
