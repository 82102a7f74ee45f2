#include "tests/sim/session/connection.hpp"

#include "tests/sim/dialect/dialect.hpp"
#include "tests/sim/session/dispatch.hpp"
#include "tests/sim/session/login.hpp"

namespace vestari::sim {

namespace {

constexpr std::size_t length_bytes = 3;
constexpr std::chrono::milliseconds longest_delay{5000};

} // namespace

Connection::Connection(World& world, std::uint64_t number) : world_{world}, number_{number} {
    one_byte_ = world.faults.fires(Fault::one_byte);
    sight.delivered = [this](std::string_view tag, const Stanza& answer) {
        const Mailbox& box = device != nullptr ? device->mailbox : before_link;
        return box.delivered_type(tag, answer);
    };
}

void Connection::received(BytesView bytes, Instant now) {
    world_.now = std::max(world_.now, now);
    if (stage == Stage::over || closed_ || ending_ == Ending::reset) {
        return;
    }
    append(unread_, bytes);
    read_frames();
}

void Connection::read_frames() {
    if (stage == Stage::introduction) {
        const auto intro = test::read_introduction(unread_);
        if (!intro) {
            return fail("introduction");
        }
        if (!intro->has_value()) {
            return;
        }
        world_.note(fmt::format("connection {} opened{}", number_,
                                (*intro)->routing_info.empty() ? "" : " with routing"));
        unread_.erase(unread_.begin(),
                      unread_.begin() + static_cast<std::ptrdiff_t>((*intro)->length));
        if ((*intro)->prologue != noise::introduction) {
            dialect_ = world_.options.older.get();
            if (dialect_ == nullptr) {
                return fail("an older dictionary");
            }
        }
        responder_.emplace(world_.authority, world_.options.seed * 1'000'003 + number_,
                           (*intro)->prologue);
        stage = Stage::hello;
    }
    std::size_t at = 0;
    while (unread_.size() - at >= length_bytes && stage != Stage::over) {
        const BytesView rest = BytesView{unread_}.subspan(at);
        const auto length = static_cast<std::size_t>(read_be<length_bytes>(rest));
        if (rest.size() < length_bytes + length) {
            break;
        }
        const Bytes frame = to_bytes(rest.subspan(length_bytes, length));
        at += length_bytes + length;
        on_frame(frame);
    }
    unread_.erase(unread_.begin(), unread_.begin() + static_cast<std::ptrdiff_t>(at));
}

void Connection::on_frame(BytesView frame) {
    if (stage == Stage::hello) {
        // The clock that certificates are made by does not jump.
        const TimePoint now = world_.wall() - world_.wall_shift;
        Result<Bytes> answer = responder_->hello(frame, now);
        if (!answer) {
            return fail("client hello");
        }
        stage = Stage::finish;
        send_raw(*std::move(answer));
    } else if (stage == Stage::finish) {
        const Result<Bytes> payload = responder_->finish(frame);
        if (!payload) {
            return fail("client finish");
        }
        world_.referee.handshake();
        stage = Stage::unlinked;
        if (world_.options.answers_after.count() == 0) {
            return on_client_payload(*this, *payload);
        }
        world_.agenda.at(world_.now + world_.options.answers_after,
                         [&world = world_, number = number_, payload = *payload] {
                             if (Connection* still = world.connection(number);
                                 still != nullptr && still->usable()) {
                                 on_client_payload(*still, payload);
                             }
                         });
    } else {
        const Result<Bytes> document = responder_->open(frame);
        if (!document) {
            return fail("a frame that does not open");
        }
        on_document(*document);
    }
}

void Connection::on_document(BytesView document) {
    const std::optional<Bytes> spelled =
        dialect_ != nullptr ? spell_out(document, *dialect_) : std::nullopt;
    const Result<Stanza> stanza = parse(spelled ? BytesView{*spelled} : document);
    if (!stanza) {
        if (ours_.value_or(true)) {
            world_.referee.undecodable("no stanza");
        }
        return fail("a frame that is no stanza");
    }
    judge(*stanza);
    if (!stalled_ && usable()) {
        dispatch(*this, *stanza);
    }
}

void Connection::judge(const Stanza& stanza) {
    if (!ours_) {
        unjudged_.push_back(stanza);
    } else if (*ours_) {
        world_.referee.judge(stanza, sight);
    } else {
        world_.referee.other();
    }
}

void Connection::belongs_to(const Person& person) {
    if (ours_) {
        return;
    }
    ours_ = person.ours;
    for (const Stanza& stanza : unjudged_) {
        judge(stanza);
    }
    unjudged_.clear();
}

void Connection::fail(std::string_view why) {
    world_.note(fmt::format("connection {} refused: {}", number_, why));
    world_.oddities.push_back(fmt::format("connection {}: {}", number_, why));
    end(Ending::close);
    stage = Stage::over;
}

void Connection::send(const Stanza& stanza) { send_document(plain(stanza)); }

void Connection::send_document(BytesView document) {
    static const Dictionary current = Dictionary::current();
    if (usable() && !stalled_) {
        const std::optional<Bytes> spelled =
            dialect_ != nullptr ? spell_out(document, current) : std::nullopt;
        send_raw(responder_->seal(spelled ? BytesView{*spelled} : document));
    }
}

void Connection::send_raw(Bytes bytes) {
    if (!usable()) {
        return;
    }
    Instant when = world_.now;
    if (world_.faults.fires(Fault::delay)) {
        const auto longest = static_cast<std::size_t>(longest_delay.count());
        when += std::chrono::milliseconds{world_.faults.random().below(longest)};
    }
    if (!out_.empty()) {
        when = std::max(when, out_.back().when);
    }
    if (when > world_.now) {
        world_.agenda.at(when, [] {}); // the driver wakes up and asks for output
    }
    out_.push_back({when, std::move(bytes)});
}

std::vector<Bytes> Connection::take_output() {
    std::vector<Bytes> messages;
    while (!out_.empty() && (out_.front().when <= world_.now || ending_ != Ending::none)) {
        if (!one_byte_) {
            messages.push_back(std::move(out_.front().bytes));
        } else {
            for (const std::byte b : out_.front().bytes) {
                messages.push_back(Bytes{b});
            }
        }
        out_.pop_front();
    }
    return messages;
}

void Connection::end(Ending how) {
    if (ending_ != Ending::none) {
        return;
    }
    ending_ = how;
    world_.note(fmt::format("connection {} ended by the service", number_));
    leave(*this);
}

void Connection::closed(Instant now) {
    world_.now = std::max(world_.now, now);
    if (!closed_) {
        closed_ = true;
        world_.note(fmt::format("connection {} closed", number_));
        leave(*this);
        stage = Stage::over;
    }
}

} // namespace vestari::sim
