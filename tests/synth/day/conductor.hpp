// Turns what people do into stanzas: encrypts, addresses, numbers and times them, and writes down what a reader must learn.
//
// Invariants  a device's first post in a group carries its sender key; ids are never used twice; time only moves forward.
// Threads     one owner.
// Source      wire/20-messages.md sections 2 and 3; fixtures/day-1 (how such a day looks from real peers).
#pragma once

#include <set>

#include "tests/synth/fixture.hpp"
#include "tests/synth/message/content.hpp"
#include "tests/synth/message/stanza.hpp"

namespace vestari::synth {

// What is wrong, or unusual, about one post.
enum class Twist : std::uint8_t {
    none,
    damaged,          // a bit of the ciphertext is flipped
    unknown_key,      // its sender key was never given to this reader
    spoofed,          // sent under another member's name
    unavailable,      // the server has no ciphertext for this device
    redistributed,    // the same sender key is given once more
    rotated,          // a new sender key
    group_part_first, // the parts stand in the other order
    key_alone,        // the sender key alone, no content
};

struct Post {
    std::size_t group = 0;  // in World::groups
    std::size_t sender = 0; // in World::dealers, or `me`
    Bytes message;
    std::string type = "text";
    std::string edit; // attribute: "1" edit, "7" revoke, or empty
    std::string category;
    std::string id; // empty: a new one
    Twist twist = Twist::none;
    Packing packing = Packing::plain;
    std::string push_name; // empty: the sender's
};

inline constexpr std::size_t me = static_cast<std::size_t>(-1);

class Conductor {
public:
    Conductor(World world, std::uint64_t seed);

    World& world() noexcept { return world_; }
    const World& world() const noexcept { return world_; }
    const DeviceKeys& keys() const noexcept { return keys_; }
    Fixture& fixture() noexcept { return *fixture_; }
    Random& random() noexcept { return random_; }
    SignalContext& signal() noexcept { return signal_; }

    void set_time(std::int64_t at_ms) { at_ms_ = at_ms; }
    std::int64_t time() const noexcept { return at_ms_; }
    void pass(std::int64_t ms) { at_ms_ += ms; }

    std::string new_id();
    MediaFile new_file(std::string mime_type);

    // A message in a group; returns its id. Counts it, but learns nothing: see told().
    std::string post(const Post& post);
    // A message in a private chat with a contact, or from an own device to one.
    void direct(std::size_t contact, const Bytes& message);
    void own_to(std::size_t contact, const Bytes& message);
    void own_control(const Bytes& message); // from the own phone to its companion
    void forged_control(std::size_t contact,
                        const Bytes& message); // a stranger who claims to be it
    void status(std::size_t contact, const Bytes& message);
    void add(const Stanza& stanza, Count count, const std::string& category,
             Packing packing = Packing::plain);
    void repeat(std::size_t line); // the server delivers a stanza once more
    void swap_last_two();          // they arrive in the other order; both must count alike
    Count counted(std::size_t line) const { return counted_[line]; }

    // What a reader must learn from the post with that id.
    Learned told(const Post& post, const std::string& id, std::string kind) const;

private:
    struct Device {
        SenderDevice signal;
        std::set<std::string> knows; // groups whose key the reader has
    };
    Device& device_of(const Person& person);
    const Person& person(std::size_t sender) const {
        return sender == me ? own_phone_ : world_.dealers[sender];
    }
    Stanza message_stanza(const Post& post, const std::string& id, const Person& shown) const;
    void encrypt(Stanza& stanza, const Post& post, const ChatGroup& group, const Person& author);
    Stanza pairwise(const Person& person, const Bytes& message);
    Bytes padded(const Bytes& message);

    World world_;
    Person own_phone_;
    SignalContext signal_;
    Random random_; // of the story; the ciphertexts draw from the context's own
    DeviceKeys keys_;
    std::unique_ptr<Fixture> fixture_;
    std::map<std::string, Device> devices_;
    std::vector<Count> counted_; // by line
    std::int64_t at_ms_ = 0;
};

} // namespace vestari::synth
