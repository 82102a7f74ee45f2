#include "tests/synth/day/phrases.hpp"

#include <fmt/format.h>

namespace vestari::synth {

namespace {

constexpr Watch watches[] = {
    {"Rolex", "126610LN", "", 12700},
    {"Rolex", "126610LV", "", 15200},
    {"Rolex", "124060", "", 11200},
    {"Rolex", "126613LB", "", 15600},
    {"Rolex", "116610LV", "", 18300},
    {"Rolex", "126710BLNR", "jub", 16400},
    {"Rolex", "126710BLRO", "jub", 20300},
    {"Rolex", "126720VTNR", "jub", 18600},
    {"Rolex", "126711CHNR", "", 18200},
    {"Rolex", "126500LN", "white", 29500},
    {"Rolex", "116500LN", "black", 25800},
    {"Rolex", "126334", "blue jub", 12100},
    {"Rolex", "126300", "blue jub", 9600},
    {"Rolex", "126200", "silver oys", 8600},
    {"Rolex", "226570", "white", 9900},
    {"Rolex", "124270", "", 7600},
    {"Rolex", "228238", "green", 41000},
    {"Patek Philippe", "5711/1A-010", "", 104000},
    {"Audemars Piguet", "15500ST", "blue", 34500},
    {"Audemars Piguet", "26331ST", "black", 33500},
    {"Audemars Piguet", "16202ST", "", 78000},
    {"Vacheron Constantin", "4500V/110A-B128", "", 29000},
    {"Richard Mille", "RM11-03", "", 310000},
    {"Omega", "310.30.42.50.01.001", "", 5400},
    {"Tudor", "79030N", "", 3000},
    {"Cartier", "WSSA0018", "", 7000},
    {"IWC", "IW371605", "", 5700},
    {"Grand Seiko", "SBGA211", "", 4500},
};

struct Rate {
    std::string_view currency;
    std::int64_t per_thousand_usd;
    std::int64_t step; // dealers write round numbers
};
constexpr Rate rates[] = {{"USD", 1000, 100}, {"HKD", 7800, 500},     {"EUR", 920, 100},
                          {"AED", 3670, 500}, {"JPY", 152000, 10000}, {"GBP", 780, 50},
                          {"CNY", 7200, 1000}};

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// The words of one offer, in every form that a sentence below may want.
struct Words {
    std::string brand, ref, look, year, yy, month, mm, mon;
    std::string comma, dot, space, k, ten_thousand;
};

Words words_of(const Offer& offer) {
    Words w;
    w.brand = offer.watch.brand;
    w.ref = offer.watch.reference;
    w.look = offer.watch.look.empty() ? "" : " " + std::string{offer.watch.look};
    w.year = std::to_string(offer.year);
    w.yy = fmt::format("{:02}", offer.year % 100);
    w.month = std::to_string(offer.month);
    w.mm = fmt::format("{:02}", offer.month);
    w.mon = months[static_cast<std::size_t>(offer.month - 1)];
    w.comma = grouped(offer.amount, ',');
    w.dot = grouped(offer.amount, '.');
    w.space = grouped(offer.amount, ' ');
    w.k = in_units(offer.amount, 1000);
    w.ten_thousand = in_units(offer.amount, 10000);
    return w;
}

using Say = std::string (*)(const Words&);

constexpr Say america[] = {
    [](const Words& w) {
        return fmt::format("WTS {} {}{}, {} full set, unworn, ${} shipped", w.brand, w.ref, w.look,
                           w.year, w.comma);
    },
    [](const Words& w) {
        return fmt::format("FS: {}{}, card {}/{}, LNIB, {}k + label", w.ref, w.look, w.month, w.yy,
                           w.k);
    },
    [](const Words& w) {
        return fmt::format("{}{} {}/{} complete, stickers on. {}k net to me", w.ref, w.look,
                           w.month, w.year, w.k);
    },
    [](const Words& w) {
        return fmt::format(
            "*FOR SALE*\n{} {}{}\nBox/card {} '{}\nExcellent condition, no polish\n${} wired",
            w.brand, w.ref, w.look, w.mon, w.yy, w.comma);
    },
    [](const Words& w) {
        return fmt::format("{}{} {} naked. ${} firm", w.ref, w.look, w.year, w.comma);
    },
};
constexpr Say hong_kong[] = {
    [](const Words& w) {
        return fmt::format("{}{} N{}/{} HKD {} ready HK", w.ref, w.look, w.month, w.year, w.comma);
    },
    [](const Words& w) {
        return fmt::format("{}{} {}y full set used hk${}k", w.ref, w.look, w.year, w.k);
    },
    [](const Words& w) { return fmt::format("放 {} {}年 全套 99新 {}k 現貨", w.ref, w.year, w.k); },
    [](const Words& w) {
        return fmt::format("{}{} N{}/{} hkd{}k", w.ref, w.look, w.month, w.yy, w.k);
    },
};
constexpr Say europe[] = {
    [](const Words& w) {
        return fmt::format("Vendo {} {}, nuovo {}/{}, corredo completo, {}€", w.brand, w.ref,
                           w.month, w.year, w.dot);
    },
    [](const Words& w) {
        return fmt::format("Verkaufe {} {}, {}/{}, ungetragen verklebt, Fullset, {} €", w.brand,
                           w.ref, w.mm, w.year, w.dot);
    },
    [](const Words& w) {
        return fmt::format("A vendre {} {}, {}, boîte et papiers, {} €", w.brand, w.ref, w.year,
                           w.space);
    },
    [](const Words& w) {
        return fmt::format("{}{} {} full set €{}", w.ref, w.look, w.year, w.dot);
    },
    [](const Words& w) {
        return fmt::format("Vendo {} {} nuevo {}, set completo, {} €", w.brand, w.ref, w.year,
                           w.dot);
    },
};
constexpr Say gulf[] = {
    [](const Words& w) {
        return fmt::format("{}{} new {} AED {}", w.ref, w.look, w.year, w.comma);
    },
    [](const Words& w) {
        return fmt::format("Ready stock Dubai 🇦🇪 {}{} new {}/{}, {}k", w.ref, w.look, w.mm, w.yy,
                           w.k);
    },
    [](const Words& w) {
        return fmt::format("{}{} used full set {} AED {}k final", w.ref, w.look, w.year, w.k);
    },
    [](const Words& w) {
        return fmt::format("للبيع {} سنة {} كامل {} درهم", w.ref, w.year, w.comma);
    },
};
constexpr Say japan[] = {
    [](const Words& w) {
        return fmt::format("{} 新品 {}年{}月 {}円", w.ref, w.year, w.month, w.comma);
    },
    [](const Words& w) { return fmt::format("{} {}年 中古 箱保付き ¥{}", w.ref, w.year, w.comma); },
    [](const Words& w) { return fmt::format("{} 未使用 {}万円", w.ref, w.ten_thousand); },
};
constexpr Say britain[] = {
    [](const Words& w) {
        return fmt::format("{}{} {} full set, £{}", w.ref, w.look, w.year, w.comma);
    },
    [](const Words& w) {
        return fmt::format("WTS {}{}, {}, box & papers, £{} ono. London", w.ref, w.look, w.year,
                           w.comma);
    },
    [](const Words& w) {
        return fmt::format("Hatton Garden, in hand: {}{} unworn {} {}, £{}", w.ref, w.look, w.mon,
                           w.yy, w.comma);
    },
    [](const Words& w) {
        return fmt::format("{}{} {} boxed with card. £{} RMSD", w.ref, w.look, w.year, w.comma);
    },
};

// One line of a list, its price and its frame.
struct ListManner {
    std::string_view header;
    std::string_view footer;
    Say line;
};

std::span<const Say> offers_of(Habit habit) {
    switch (habit) {
    case Habit::america: return america;
    case Habit::hong_kong: return hong_kong;
    case Habit::europe: return europe;
    case Habit::gulf: return gulf;
    case Habit::japan: return japan;
    case Habit::britain: return britain;
    case Habit::none: break;
    }
    VESTARI_CHECK(habit != Habit::none);
    return {};
}

ListManner list_of(Habit habit) {
    switch (habit) {
    case Habit::america:
        return {"WTS, all full sets, prices in USD 🇺🇸", "Plus label, wire only",
                [](const Words& w) {
                    return fmt::format("{}{} {} ${}", w.ref, w.look, w.year, w.comma);
                }};
    case Habit::hong_kong:
        return {"現貨 ready HK 🇭🇰 HKD", "", [](const Words& w) {
                    return fmt::format("▪️{}{} N{}/{} {}k", w.ref, w.look, w.month, w.yy, w.k);
                }};
    case Habit::europe:
        return {"Disponibili / verfügbar, full set, EUR", "", [](const Words& w) {
                    return fmt::format("{}{} {} {} €", w.ref, w.look, w.year, w.dot);
                }};
    case Habit::gulf:
        return {"Dubai ready stock, prices AED", "", [](const Words& w) {
                    return fmt::format("{}{} {} new {}", w.ref, w.look, w.year, w.comma);
                }};
    case Habit::japan:
        return {"本日の在庫 箱保", "",
                [](const Words& w) { return fmt::format("{} {}年 {}円", w.ref, w.year, w.comma); }};
    case Habit::britain:
        return {"In stock today, all boxed with papers (GBP)", "",
                [](const Words& w) { return fmt::format("{}. {} £{}", w.ref, w.year, w.comma); }};
    case Habit::none: break;
    }
    return {};
}

constexpr std::string_view talk[] = {
    "Good morning all",
    "Morning gents, have a great Friday",
    "price?",
    "still here?",
    "dm'd",
    "pm sent",
    "Tracking sent, thanks for the quick wire 🙏",
    "GLWS",
    "Great seller, smooth as always",
    "Anyone at the Geneva show next week?",
    "Please keep the chat for stock only",
    "收到",
    "謝謝老闆",
    "早晨",
    "請問怎麼保養?",
    "Buongiorno a tutti",
    "Grazie mille!",
    "Qualcuno a Vicenza?",
    "Guten Morgen zusammen",
    "Ist die Uhr noch da?",
    "Bonjour à tous, bon week-end",
    "Toujours dispo ?",
    "صباح الخير جميعا",
    "شكرا اخي",
    "هل متوفر؟",
    "おはようございます",
    "ありがとうございます",
    "まだありますか",
    "Buenos días grupo",
    "¿Sigue disponible?",
    "Доброе утро",
    "Спасибо, забрал",
    "Market is quiet today",
    "Lunch at 1?",
    "5711s are down a lot since 2022",
    "Flight 126 to Dubai delayed again",
    "Received, thank you 👍",
    "Bom dia pessoal",
};

constexpr std::string_view home[] = {
    "Dinner at 8?",
    "Can you pick up milk please",
    "Love you, call when you land",
    "Court 3 at 19:30, bring balls",
    "I'm in for Thursday",
    "Grandma's birthday is on Sunday",
    "Don't tell dad about the surprise",
    "Blood results are back, all fine",
    "Appointment moved to the 28th",
    "Who has the car keys?",
    "Uncle Bob wants to sell his 126610LN for 12,000 USD",
    "Photos from the lake 📷",
    "Running late, 10 min",
    "Passport is in the top drawer",
    "Need two more players",
    "The school called again",
};

} // namespace

std::span<const Watch> catalogue() { return watches; }

const Watch& watch(std::string_view reference) {
    const auto* found = std::ranges::find(watches, reference, &Watch::reference);
    VESTARI_CHECK(found != std::end(watches));
    return *found;
}

std::int64_t convert(std::int64_t usd, std::string_view currency) {
    const auto* rate = std::ranges::find(rates, currency, &Rate::currency);
    VESTARI_CHECK(rate != std::end(rates));
    const std::int64_t exact = usd * rate->per_thousand_usd / 1000;
    return (exact + rate->step / 2) / rate->step * rate->step;
}

std::string grouped(std::int64_t amount, char separator) {
    std::string digits = std::to_string(amount);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, separator);
    }
    return digits;
}

std::string in_units(std::int64_t amount, std::int64_t unit, char decimal_mark) {
    std::string text = std::to_string(amount / unit);
    std::string rest = std::to_string(unit + amount % unit).substr(1);
    rest.erase(rest.find_last_not_of('0') + 1);
    return rest.empty() ? text : text + decimal_mark + rest;
}

Offer make_offer(Random& random, const Watch& watch, std::string_view currency) {
    const std::int64_t spread = random.between(-40, 40); // per mille
    Offer offer;
    offer.watch = watch;
    offer.amount = convert(watch.usd + watch.usd * spread / 1000, currency);
    offer.currency = currency;
    offer.year = static_cast<int>(random.between(2021, 2025));
    offer.month = static_cast<int>(random.between(1, 10));
    return offer;
}

std::string say_offer(Random& random, Habit habit, const Offer& offer) {
    return random.pick(offers_of(habit))(words_of(offer));
}

std::string say_want(Random& random, Habit habit, const Offer& offer) {
    const Words w = words_of(offer);
    switch (habit) {
    case Habit::hong_kong: return fmt::format("收 {} 全套 HKD {}", w.ref, w.comma);
    case Habit::europe:
        return random.below(2) == 0 ? fmt::format("Cerco {} full set, pago {}€", w.ref, w.dot)
                                    : fmt::format("Suche {} Fullset, zahle {} €", w.ref, w.dot);
    case Habit::japan: return fmt::format("買取希望 {} {}円", w.ref, w.comma);
    case Habit::gulf: return fmt::format("WTB {} AED {} cash today", w.ref, w.comma);
    case Habit::britain: return fmt::format("Looking for {} full set, paying £{}", w.ref, w.comma);
    case Habit::america:
    case Habit::none: break;
    }
    return fmt::format("WTB {} full set, paying ${} today", w.ref, w.comma);
}

std::string say_repost(const Offer& offer) {
    const Words w = words_of(offer);
    return fmt::format("{} {} {} full set {} {}", w.brand, w.ref, w.year, offer.currency, w.comma);
}

std::string say_list(Random&, Habit habit, std::span<const Offer> offers) {
    const ListManner manner = list_of(habit);
    std::string text{manner.header};
    for (const Offer& offer : offers) {
        text += '\n' + manner.line(words_of(offer));
    }
    if (!manner.footer.empty()) {
        text += "\n" + std::string{manner.footer};
    }
    return text;
}

std::string say_drop(Random& random, Habit habit, std::int64_t amount) {
    switch (habit) {
    case Habit::america: return fmt::format("dropping to ${}", grouped(amount, ','));
    case Habit::hong_kong: return fmt::format("now hkd {}", grouped(amount, ','));
    case Habit::europe: return fmt::format("dropped to {} €", grouped(amount, '.'));
    case Habit::gulf: return fmt::format("now AED {}", grouped(amount, ','));
    case Habit::japan: return fmt::format("値下げ {}円", grouped(amount, ','));
    case Habit::britain:
    case Habit::none: break;
    }
    return random.below(2) == 0 ? fmt::format("Now £{}", grouped(amount, ','))
                                : fmt::format("dropping to £{}", grouped(amount, ','));
}

std::string chatter(Random& random) { return std::string{random.pick(talk)}; }
std::string private_talk(Random& random) { return std::string{random.pick(home)}; }

} // namespace vestari::synth
