#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class TakenBack : Settler {
public:
    using Settler::Settler;

    // "SBGH269? no SBGA413", "5230P green? skip": the writer takes it back. A question about the dial takes back the dial alone.
    void run() {
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            if (is(i, Kind::reference) && taken_back(i)) {
                become(i, Kind::correction, 0);
            }
        }
    }

private:
    bool taken_back(std::size_t i) const {
        std::size_t question = i + 1;
        while (question < i + 4 && !punct(question, '?')) {
            if (!is(question, Kind::dial) && !is(question, Kind::word) &&
                !is(question, Kind::note) && !is(question, Kind::filler)) {
                return false;
            }
            ++question;
        }
        if (!punct(question, '?')) {
            return false;
        }
        const bool direct = question == i + 1;
        const std::string_view next = word(question + 1);
        if (next == "skip" || next == "pass") {
            return true;
        }
        if (direct && (reads(question + 1, Kind::correction) || next == "no" || next == "nope")) {
            return true;
        }
        bool amount = false;
        for (std::size_t k = question + 1;
             k < m_.marks.size() && k < question + near && !is(k, Kind::newline); ++k) {
            if (is(k, Kind::reference)) {
                return !amount && !line_buys(i) && k < question + 8;
            }
            amount = amount || is(k, Kind::amount) || is(k, Kind::dial);
        }
        // "139.021 ?" on its own line among others
        const bool opens = i == 0 || is(i - 1, Kind::newline);
        return direct && opens && !amount && !line_buys(i) && m_.idents.size() > 2;
    }

    bool line_buys(std::size_t i) const {
        for (std::size_t steps = 0; i-- > 0 && steps < 4 * near; ++steps) {
            if (m_.marks[i].kind == Kind::side) {
                return m_.marks[i].value == static_cast<std::int32_t>(Side::buy);
            }
        }
        return false;
    }
};

} // namespace

void drop_taken_back(Message& message) {
    if (!message.idents.empty() && message.text().find('?') != std::string_view::npos) {
        TakenBack{message}.run();
    }
}

} // namespace vestari::parser
