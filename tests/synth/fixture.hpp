// A captured fixture in the making, and what a reader must have learnt from it: the two files that `vestari replay --expect` takes.
//
// Invariants  every line is counted once, in the words of fixtures/*/expected.json; lines stay in the order they were added.
// Threads     one owner.
// Source      DESIGN section 3.3 (the .jsonl form), SETTLED section 6, fixtures/*/expected.json.
#pragma once

#include <iosfwd>
#include <optional>

#include "tests/synth/day/world.hpp"
#include "tests/synth/sender/device.hpp"

namespace vestari::synth {

enum class Count : std::uint8_t { dropped, decrypted, failed, duplicates, other };

// One message that an archive must learn.
struct Learned {
    std::string chat;
    std::string id;
    std::string sender; // as the stanza gives it, device included
    std::string sender_pn;
    std::string sender_lid;
    std::string kind;
    std::optional<std::string> text;   // valid UTF-8
    std::optional<std::string> target; // edits and revokes
    std::optional<std::string> quoted; // the id that is answered
    std::string category;
};

// One deal as its writer meant it, for checks of what a reader makes of the text.
struct Meant {
    std::string chat;
    std::string id;
    std::string reference;
    std::string currency;
    std::int64_t price_minor = 0;
    std::string side;
};

class Fixture {
public:
    Fixture(World world, DeviceKeys keys, std::string note);

    void add(std::int64_t at_ms, BytesView stanza, Count count, const std::string& category);
    void swap_last_two(); // the stanzas change places, the times stay
    void learn(Learned message) { learned_.push_back(std::move(message)); }
    void may_learn(Learned message) { optional_.push_back(std::move(message)); }
    void ignore(std::string chat, std::string id, std::string why);
    void mean(Meant deal) { meant_.push_back(std::move(deal)); }

    const std::vector<Learned>& learned() const noexcept { return learned_; }
    std::size_t stanzas() const noexcept { return lines_.size(); }
    BytesView line(std::size_t index) const { return lines_[index].stanza; }

    void write(std::ostream& out) const;          // the .jsonl
    void write_expected(std::ostream& out) const; // expected.json

private:
    struct Line {
        std::int64_t at_ms;
        Bytes stanza;
    };
    struct Silent {
        std::string chat, id, why;
    };

    World world_;
    DeviceKeys keys_;
    std::string note_;
    std::vector<Line> lines_;
    std::array<std::uint64_t, 5> counts_{};
    std::map<std::string, std::uint64_t> categories_;
    std::vector<Learned> learned_;
    std::vector<Learned> optional_;
    std::vector<Silent> silent_;
    std::vector<Meant> meant_;
};

} // namespace vestari::synth
