#include "parser/recognise/settle.hpp"

namespace vestari::parser {

namespace {

class Joiner : Settler {
public:
    using Settler::Settler;

    void run() {
        for (std::size_t i = 0; i < m_.marks.size(); ++i) {
            if (m_.marks[i].kind == Kind::currency || tether_letter(i)) {
                attach_currency(i);
            }
        }
        join_ranges();
    }

private:
    void set_currency(Amount& amount, std::size_t i) {
        if (tether_letter(i)) {
            amount.tether = true;
            amount.currency = 0;
            return;
        }
        const auto value = static_cast<std::int16_t>(at(i).value);
        if (value >= 0) {
            const std::string_view code = tables::currencies[static_cast<std::size_t>(value)].code;
            if (code == "USDT" || code == "USDC") {
                amount.tether = true;
                amount.coin_usdc = code == "USDC";
                amount.currency = 0;
                return;
            }
        }
        if (amount.currency < 0 || value >= 0) { // a word beats a bare sign
            amount.currency = value;
        }
    }

    void attach_currency(std::size_t i) {
        const bool prev = i > 0 && is(i - 1, Kind::amount);
        const bool next = is(i + 1, Kind::amount);
        if (!prev && !next) {
            return;
        }
        Amount* before = prev ? &m_.amounts[static_cast<std::size_t>(at(i - 1).value)] : nullptr;
        Amount* after = next ? &m_.amounts[static_cast<std::size_t>(at(i + 1).value)] : nullptr;
        const bool glued_prev = prev && at(i).glued;
        const bool glued_next = next && at(i + 1).glued;
        if (before != nullptr && (after == nullptr || glued_prev ||
                                  (!glued_next && before->currency == no_currency &&
                                   before->power + before->decimals + before->plain_digits > 2))) {
            set_currency(*before, i);
        } else if (after != nullptr) {
            set_currency(*after, i);
        }
    }

    // 27-27.5 is a range; 95.5/111.5k two prices with one multiplier.
    void join_ranges() {
        for (std::size_t i = 0; i + 2 < m_.marks.size(); ++i) {
            if (!is(i, Kind::amount) || !is(i + 2, Kind::amount) || !at(i + 1).glued ||
                !at(i + 2).glued) {
                continue;
            }
            Amount& low = m_.amounts[static_cast<std::size_t>(at(i).value)];
            Amount& high = m_.amounts[static_cast<std::size_t>(at(i + 2).value)];
            const bool dash = punct(i + 1, '-') || punct(i + 1, 0x2014) || punct(i + 1, '~');
            if (!dash && !punct(i + 1, '/')) {
                continue;
            }
            if (low.power == 0 && high.power != 0 && !low.grouped) {
                low.power = high.power;
            }
            if (high.currency != no_currency && low.currency == no_currency) {
                low.currency = high.currency;
            }
            if (low.currency != no_currency && high.currency == no_currency) {
                high.currency = low.currency;
            }
            if (dash) {
                low.upper = static_cast<std::int32_t>(i + 2);
                high.used = true;
            } else {
                high.pair = true;
            }
        }
    }
};

} // namespace

void join_amounts(Message& message) {
    if (!message.amounts.empty()) {
        Joiner{message}.run();
    }
}

} // namespace vestari::parser
