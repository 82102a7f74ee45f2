// One connection of a client: framing and Noise below, stanzas above.
//
// Invariants  every stanza that is opened is judged, on connections of clients whose owner is not known yet as soon as it is; after
//             end() nothing is read, and what was sent before still goes out.
// Threads     one owner.
// Source      wire/10-connection.md sections 2 to 4.
#pragma once

#include "tests/sim/world/world.hpp"

namespace vestari::sim {

// Of a client that is not linked yet.
struct Pairing {
    std::optional<Registration> registration;
    std::vector<std::string> refs;
    Person* phone = nullptr; // that scanned
    std::uint16_t number = 0;
    Bytes signed_identity; // what the phone signed
    std::string success_id;
    // Pairing by number: what the client asked with, and what the phone answered.
    Bytes wrapped_ephemeral, code_ref;
    std::string phone_number;
    Bytes phone_ephemeral, companion_ephemeral; // private and public, 32 bytes each
};

// Delivery of the queue on this connection.
struct Drain {
    bool active = false;
    bool done = false;       // <ib><offline/></ib> is out
    std::uint64_t last = 0;  // the parcel's number up to which it is the queue
    std::size_t counted = 0; // in the queue at login
    std::size_t allowed = 0; // of a portion; unused unless the client has to ask
};

class Connection final : public Link {
public:
    enum class Stage : std::uint8_t { introduction, hello, finish, unlinked, logged_in, over };

    Connection(World& world, std::uint64_t number);

    void received(BytesView bytes, Instant now) override;
    std::vector<Bytes> take_output() override;
    Ending ending() const override { return ending_; }
    void closed(Instant now) override;

    std::uint64_t number() const noexcept { return number_; }
    World& world() noexcept { return world_; }
    BytesView client_key() const { return responder_->client_key(); } // Noise, after the handshake
    bool usable() const { return stage != Stage::over && ending_ == Ending::none; }

    void send(const Stanza& stanza);
    void send_document(BytesView document); // any bytes, sealed
    void send_raw(Bytes bytes);             // as they are
    void end(Ending how);
    // From now on it is known whose client this is; what came before is judged.
    void belongs_to(const Person& person);
    void stall() { stalled_ = true; }
    std::size_t unjudged() const noexcept { return unjudged_.size(); }
    bool closed_by_client() const noexcept { return closed_; }

    Stage stage = Stage::introduction;
    Pairing pairing;
    Drain drain;
    Companion* device = nullptr; // after login
    Sight sight;
    Mailbox before_link; // what a client that is not linked was sent and has to acknowledge
    std::set<std::string> unanswered_pings;
    bool flooded = false;

private:
    struct Due {
        Instant when;
        Bytes bytes;
    };
    void read_frames();
    void on_frame(BytesView frame);
    void on_document(BytesView document);
    void judge(const Stanza& stanza);
    void fail(std::string_view why);

    World& world_;
    std::uint64_t number_;
    const Dictionary* dialect_ = nullptr;           // the client's own; null: the current one
    std::optional<test::NoiseResponder> responder_; // once the introduction is read
    Bytes unread_;
    std::deque<Due> out_;
    Ending ending_ = Ending::none;
    bool closed_ = false, stalled_ = false, one_byte_ = false;
    std::optional<bool> ours_; // empty: not known yet
    std::vector<Stanza> unjudged_;
};

} // namespace vestari::sim
