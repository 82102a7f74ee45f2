#include "vestari/parser/parser.hpp"

#include "parser/assemble/assemble.hpp"
#include "parser/recognise/recognise.hpp"

namespace vestari::parser {

namespace {

constexpr std::uint32_t letters_of(Currency currency) noexcept {
    const std::string_view code = currency.code();
    return static_cast<std::uint32_t>(code[0]) << 16U | static_cast<std::uint32_t>(code[1]) << 8U |
           static_cast<std::uint32_t>(code[2]);
}

bool asian_style(const Context& context) {
    const Currency currency = context.group_currency.value_or(context.account_currency);
    static constexpr Currency asian[] = {
        Currency::of("HKD"), Currency::of("CNY"), Currency::of("SGD"), Currency::of("TWD"),
        Currency::of("JPY"), Currency::of("MYR"), Currency::of("KRW"), Currency::of("THB"),
        Currency::of("MOP"), Currency::of("AED")};
    return std::any_of(std::begin(asian), std::end(asian), [currency](Currency one) {
        return letters_of(one) == letters_of(currency);
    });
}

std::vector<Deal> read(std::string_view text, const Context& context, Message& message) {
    message.clear();
    message.context = &context;
    message.asian_style = asian_style(context);
    message.folded.fold(text);
    scan(message);
    const bool names_watch = message.may_hold(Kind::reference) || message.may_hold(Kind::nickname);
    if (!names_watch && context.quoted.empty()) {
        return {}; // chatter; an answer may speak of the quoted watch
    }
    resolve(message);
    std::vector<Item> items = group_items(message);
    if (items.empty()) {
        return {};
    }

    return assemble(message, items);
}

// What the stages write to, for a message and for the one it answers.
struct Buffers {
    Message message, quote;
};
struct Wipe {
    Buffers& buffers;
    ~Wipe() {
        buffers.message.wipe();
        buffers.quote.wipe();
    }
};

// "Sold the 126500LN at 27.5" in answer to the offer of that watch: what is not said again still holds.
void inherit(Deal& deal, const Deal& quoted) {
    const auto take = [](auto& to, const auto& from) {
        if (!to) {
            to = from;
        }
    };
    take(deal.condition, quoted.condition);
    take(deal.set, quoted.set);
    if (!deal.year) {
        take(deal.month, quoted.month);
    }
    take(deal.year, quoted.year);
    take(deal.dial, quoted.dial);
    take(deal.bracelet, quoted.bracelet);
    take(deal.metal, quoted.metal);
}

} // namespace

std::vector<Deal> parse(std::string_view text, const Context& context) {
    thread_local Buffers
        buffers; // kept for their memory; what was said leaves them with each message
    const Wipe wipe{buffers};
    Message& message = buffers.message;
    std::vector<Deal> deals = read(text, context, message);
    const bool names_watch =
        std::any_of(message.marks.begin(), message.marks.end(),
                    [](const Mark& mark) { return mark.kind == Kind::reference; });
    const bool answer = deals.empty() && !names_watch;
    if (context.quoted.empty() || (!answer && deals.size() != 1)) {
        return deals;
    }
    const std::vector<Deal> quoted = read(context.quoted, context, buffers.quote);
    if (answer) {
        deals = read_reply(message, quoted);
        std::erase_if(deals, [](const Deal& deal) { return deal.confidence < store_from; });
    }
    if (deals.size() == 1 && quoted.size() == 1 && quoted[0].reference == deals[0].reference &&
        quoted[0].model == deals[0].model) {
        inherit(deals[0], quoted[0]);
    }
    return deals;
}

} // namespace vestari::parser
