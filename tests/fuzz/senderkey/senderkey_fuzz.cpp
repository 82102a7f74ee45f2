// Drives the sender-key path with a script of deliveries read from the input: genuine messages in any order, damaged copies, raw bytes,
// raw distributions, arbitrary contents that the sender did sign, rotations, rollbacks.
//
// Property    whatever arrives: a message that is accepted is accepted by the Signal library's own group decryption too, with the same
//             plaintext and the same record afterwards; a refused one leaves the stored record byte for byte as it was; a rollback brings
//             back the record of its start; what the cache serves is what a fresh reader of the database gets.
#include <cstdlib>

#include "bridge/signal/decryptor.hpp"
#include "bridge/store/signal_records.hpp"
#include "tests/support/sessions.hpp"
#include "tests/unit/bridge/signal/reference.hpp"
#include "tests/unit/bridge/signal/sending.hpp"
#include "vestari/base/check.hpp"

namespace vestari {

namespace {

constexpr std::string_view group_jid = "120363000000000001@g.us";
constexpr std::size_t most_steps = 24;
const signal::Address sender{"11111111111111_1", 2};

// What does not change between inputs.
struct World {
    test::Sessions sessions;
    ManualClock clock{test::at(1'700'000'000)};
    signal::Decryptor decryptor{*sessions, clock};
    signal::Decryptor fresh{*sessions, clock}; // rested before it is asked
    test::ReferenceGroup reference{std::string{group_jid}, sender};
    store::SenderKeys records{*sessions};
    store::RowKey key = records.key_of(group_jid, sender.name, sender.device);
    test::GroupSender first{1, std::byte{1}, std::byte{0x11}};
    test::GroupSender second{2, std::byte{2}, std::byte{0x22}};
    std::vector<Bytes> distributions; // at the start of each, and later ones of the same key
    std::vector<Bytes> messages;

    World() {
        for (test::GroupSender* from : {&first, &second}) {
            distributions.push_back(from->distribution());
            for (int i = 0; i < 40; ++i) {
                messages.push_back(
                    from->next(Bytes(static_cast<std::size_t>(i) * 3, std::byte{0x61})));
            }
            distributions.push_back(from->distribution());
        }
        for (int i = 0; i < 32; ++i) {
            Bytes message = first.next(as_bytes("far"));
            if (i % 16 == 15) {
                messages.push_back(std::move(message));
            }
        }
    }

    Bytes record() const { return records.load(key).value_or(Bytes{}); }
};

class Script {
public:
    explicit Script(BytesView bytes) : rest_{bytes} {}
    bool empty() const { return rest_.empty(); }
    std::size_t number() {
        if (rest_.empty()) {
            return 0;
        }
        const auto value = std::to_integer<std::size_t>(rest_.front());
        rest_ = rest_.subspan(1);
        return value;
    }
    BytesView bytes() { // a length, then as many as there are
        const BytesView taken = rest_.first(std::min(number(), rest_.size()));
        rest_ = rest_.subspan(taken.size());
        return taken;
    }

private:
    BytesView rest_;
};

enum class Verdict { agreed, stricter };

Verdict deliver(World& world, test::ReferenceGroup& reference, BytesView message) {
    const Bytes before = world.record();
    VESTARI_CHECK(before == reference.record);
    const Result<Bytes> ours = world.decryptor.group(group_jid, sender, message);
    if (!ours) {
        VESTARI_CHECK(world.record() == before);
    }
    Bytes theirs;
    const int result = reference.decrypt(message, theirs);
    if (ours) {
        VESTARI_CHECK(result == SG_SUCCESS);
        VESTARI_CHECK(*ours == theirs);
        VESTARI_CHECK(world.record() == reference.record);
        VESTARI_CHECK(world.decryptor.group(group_jid, sender, message).error() ==
                      make_error_code(signal::SignalErrc::duplicate));
        return Verdict::agreed;
    }
    return result == SG_SUCCESS ? Verdict::stricter
                                : Verdict::agreed; // a weak signing key, an s above the order
}

void distribute(World& world, test::ReferenceGroup& reference, BytesView distribution) {
    const Bytes before = world.record();
    const Result<> ours = world.decryptor.distribute(group_jid, sender, distribution);
    const Bytes after = world.record();
    if (!ours) {
        VESTARI_CHECK(after == before);
    } else if (after !=
               before) { // a key that was here already is kept: the library would add it again
        VESTARI_CHECK(reference.distribute(distribution) == SG_SUCCESS);
        VESTARI_CHECK(after == reference.record);
    }
}

Verdict step(World& world, test::ReferenceGroup& reference, Script& script) {
    switch (script.number() % 8) {
    case 0:
    case 1:
        return deliver(world, reference, world.messages[script.number() % world.messages.size()]);
    case 2: {
        Bytes damaged = world.messages[script.number() % world.messages.size()];
        damaged[script.number() % damaged.size()] ^=
            static_cast<std::byte>(1U << (script.number() % 8));
        return deliver(world, reference, damaged);
    }
    case 3: return deliver(world, reference, script.bytes());
    case 4: return deliver(world, reference, world.first.signed_raw(script.bytes()));
    case 5:
        distribute(world, reference,
                   world.distributions[script.number() % world.distributions.size()]);
        break;
    case 6: distribute(world, reference, script.bytes()); break;
    case 7: {
        const Bytes start = world.record();
        const Bytes reference_start = reference.record;
        Verdict verdict = Verdict::agreed;
        {
            const store::Savepoint undone{*world.sessions};
            for (std::size_t i = script.number() % 4; i > 0 && verdict == Verdict::agreed; --i) {
                verdict = deliver(world, reference,
                                  world.messages[script.number() % world.messages.size()]);
            }
        }
        VESTARI_CHECK(world.record() == start);
        reference.record = reference_start;
        return verdict;
    }
    default: break;
    }
    return Verdict::agreed;
}

} // namespace

} // namespace vestari

// Freed memory waits here before it is given out again: less of it than ASan's 256 MiB, which a fuzzer's memory limit would count.
// NOLINTNEXTLINE(bugprone-reserved-identifier): ASan's name
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=32"; }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vestari;
    static World world;
    world.decryptor.rest();
    world.reference.record.clear();
    test::ReferenceGroup& reference = world.reference;
    const store::Transaction nothing_stays{*world.sessions};
    Script script{std::as_bytes(std::span{data, size})};
    distribute(world, reference, world.distributions.front());
    for (std::size_t steps = 0; !script.empty() && steps < most_steps; ++steps) {
        if (step(world, reference, script) == Verdict::stricter) {
            break;
        }
    }
    world.fresh.rest();
    for (const std::size_t i : {std::size_t{3}, std::size_t{45}}) {
        const Result<Bytes> cached = [&] {
            const store::Savepoint undone{*world.sessions};
            return world.decryptor.group(group_jid, sender, world.messages[i]);
        }();
        const store::Savepoint undone{*world.sessions};
        const Result<Bytes> read = world.fresh.group(group_jid, sender, world.messages[i]);
        VESTARI_CHECK(cached.has_value() == read.has_value());
        VESTARI_CHECK(cached ? *cached == *read : cached.error() == read.error());
    }
    return 0;
}
