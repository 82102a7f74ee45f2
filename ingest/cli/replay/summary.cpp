#include "ingest/cli/replay/summary.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/terminal/width.hpp"

namespace vestari::cli::replay {
namespace {

using terminal::Align;
using terminal::Look;
using terminal::Role;

struct Line {
    std::string name;
    std::uint64_t count;
    std::string remark;
    Role role;
};

std::string number(std::uint64_t value) { return terminal::grouped(static_cast<long long>(value)); }

std::string plural(std::uint64_t count, std::string_view word) {
    return fmt::format("{} {}{}", number(count), word, count == 1 ? "" : "s");
}

// "not_included 122, direct 44", most first.
std::string reasons(const Transcript& transcript) {
    std::vector<std::pair<std::string, std::uint64_t>> sorted{
        transcript.dropped_by_reason().begin(), transcript.dropped_by_reason().end()};
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    std::string text;
    for (const auto& [reason, count] : sorted) {
        std::string words = terminal::one_line(reason);
        std::replace(words.begin(), words.end(), '_', ' ');
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", words, number(count));
    }
    return text;
}

std::string reading(const Transcript& transcript) {
    if (transcript.counts().decrypted == 0) {
        return {};
    }
    const auto with_deals = static_cast<std::uint64_t>(
        std::count_if(transcript.messages().begin(), transcript.messages().end(),
                      [](const SeenMessage& message) { return message.deals != 0; }));
    std::string text =
        fmt::format("{}, {} with {}", plural(transcript.messages().size(), "message"),
                    number(with_deals), plural(transcript.deals(), "deal"));
    if (transcript.reposts() != 0) {
        text += fmt::format(", {} of them known before", number(transcript.reposts()));
    }
    if (transcript.refused() != 0) {
        text += fmt::format("; {} forged, without effect", number(transcript.refused()));
    }
    return text;
}

} // namespace

std::string summary_text(const Transcript& transcript, const std::string& title, const Look& look) {
    const event::Counts& counts = transcript.counts();
    const Line lines[] = {
        {"dropped unopened", counts.dropped, reasons(transcript), Role::plain},
        {"read", counts.decrypted, reading(transcript), Role::good},
        {"could not be read", counts.failed, "", counts.failed == 0 ? Role::plain : Role::warning},
        {"seen before", counts.duplicates, "", Role::plain},
        {"not messages", counts.other, "", Role::plain},
    };
    std::size_t digits = 0;
    for (const Line& line : lines) {
        digits = std::max(digits, number(line.count).size());
    }
    constexpr std::size_t names = 17;
    const std::size_t margin = 2 + names + 2 + digits + 3;
    std::string text = look.paint(Role::strong, terminal::one_line(title)) + "  " +
                       look.paint(Role::faint, plural(counts.stanzas, "stanza")) + "\n\n";
    for (const Line& line : lines) {
        text += fmt::format(
            "  {}  {}", terminal::pad(line.name, names),
            look.paint(line.role, terminal::pad(number(line.count), digits, Align::right)));
        text += line.remark.empty() ? "" : "   ";
        text += look.paint(Role::faint, terminal::wrap(line.remark, look.columns(), margin)) + "\n";
    }
    return text;
}

} // namespace vestari::cli::replay
