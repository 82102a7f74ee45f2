#include "parser/recognise/recognise.hpp"
#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Nicknames : Settler {
public:
    using Settler::Settler;

    // A nickname beside a reference completes it or says nothing new; alone it identifies the watch.
    void run() {
        const bool any_reference = std::any_of(m_.marks.begin(), m_.marks.end(), [](const Mark& m) {
            return m.kind == Kind::reference;
        });
        const bool any_nick = std::any_of(m_.marks.begin(), m_.marks.end(),
                                          [](const Mark& m) { return m.kind == Kind::nickname; });
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            const bool dial_word = at(i).kind == Kind::dial && !any_reference && !any_nick;
            const auto nick = reading_of(at(i), Kind::nickname);
            if (!nick || (at(i).kind != Kind::nickname && !dial_word && at(i).kind != Kind::dial)) {
                continue;
            }
            const std::size_t partner = reference_near(i);
            if (partner < m_.marks.size()) {
                absorb(i, static_cast<std::size_t>(at(partner).value), *nick);
            } else if (at(i).kind == Kind::nickname || dial_word) {
                identify(i, *nick);
            }
        }
    }

private:
    std::size_t reference_near(std::size_t i) const {
        const auto look = [&](bool forward) {
            std::size_t j = i;
            for (std::size_t steps = 0;; ++steps) {
                if (steps > near) {
                    return m_.marks.size();
                }
                if (forward ? ++j >= m_.marks.size() : j-- == 0) {
                    return m_.marks.size();
                }
                if (is(j, Kind::newline) ||
                    (is(j, Kind::amount) && !small(j) && !(forward && bare(j)))) {
                    return m_.marks.size();
                }
                if (is(j, Kind::reference) &&
                    m_.idents[static_cast<std::size_t>(m_.marks[j].value)].nick < 0) {
                    return j;
                }
            }
        };
        const std::size_t back = look(false);
        return back < m_.marks.size() ? back : look(true);
    }

    bool bare(std::size_t i) const { // "BB58 925 79010SG"
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
        return amount.plain_digits > 0 && amount.plain_digits <= 3 && amount.power == 0 &&
               amount.currency == no_currency;
    }

    // A year written with two digits does not part a nickname from its reference.
    bool small(std::size_t i) const {
        const Amount& amount = m_.amounts[static_cast<std::size_t>(m_.marks[i].value)];
        return amount.plain_digits == 2 && amount.power == 0 && amount.currency == no_currency &&
               !is(i + 1, Kind::newline) && i + 1 < m_.marks.size();
    }

    void absorb(std::size_t i, std::size_t ident_index, std::int32_t nick) {
        Ident& ident = m_.idents[ident_index];
        if (ident.first < ident.last) {
            const NicknameRow& row = tables::nicknames[static_cast<std::size_t>(nick)];
            for (std::size_t r = row.first; r < std::size_t{row.first} + row.references; ++r) {
                const std::string_view canonical =
                    tables::references[tables::nickname_references[r]].canonical;
                if (canonical.starts_with(ident.reference) &&
                    complete_by_suffix(ident, canonical.substr(ident.reference.size()))) {
                    break;
                }
            }
        }
        if (at(i).kind == Kind::nickname) {
            at(i).kind = Kind::filler;
        }
    }

    void identify(std::size_t i, std::int32_t nick) {
        const NicknameRow& row = tables::nicknames[static_cast<std::size_t>(nick)];
        Ident ident;
        ident.brand = row.brand;
        ident.nick = nick;
        ident.low = row.low;
        ident.high = row.high;
        if (row.references == 1) {
            ident.row = tables::nickname_references[row.first];
            const ReferenceRow& reference = tables::references[static_cast<std::size_t>(ident.row)];
            ident.reference = std::string{reference.canonical};
            ident.plain = reference.plain;
            ident.rule = "reference.nickname";
        } else {
            ident.rule = "model.nickname";
        }
        m_.idents.push_back(std::move(ident));
        at(i).kind = Kind::reference;
        at(i).value = static_cast<std::int32_t>(m_.idents.size() - 1);
    }
};

} // namespace

void settle_nicknames(Message& message) {
    if (message.may_hold(Kind::nickname)) {
        Nicknames{message}.run();
    }
}

} // namespace vestari::parser
