#include "vestari/bridge/replay.hpp"

#include <fmt/format.h>

#include "bridge/content/names.hpp"
#include "bridge/receive/receiver.hpp"
#include "bridge/replay/fixture.hpp"
#include "bridge/replay/pipe.hpp"
#include "bridge/replay/session.hpp"
#include "bridge/store/device.hpp"
#include "vestari/base/version.hpp"
#include "vestari/crypto/random.hpp"

namespace vestari::replay {

namespace {

constexpr std::size_t spool_rows_at_once = 256;

ExitCode exit_code_of(ErrorCode error) {
    if (error.category() == category_of<PipeErrc>("pipe")) {
        return error == PipeErrc::keys_missing ? ExitCode::usage : ExitCode::try_again;
    }
    if (error == FixtureErrc::cannot_open || error == FixtureErrc::cannot_read) {
        return ExitCode::io;
    }
    if (error == store::StoreErrc::locked) {
        return ExitCode::try_again;
    }
    if (error == store::StoreErrc::wrong_key) {
        return ExitCode::configuration;
    }
    const bool disk = error == store::StoreErrc::disk_full || error == store::StoreErrc::io ||
                      error == store::StoreErrc::cannot_open ||
                      error.category() == boost::system::system_category();
    return disk ? ExitCode::io : ExitCode::bad_data;
}

Failure failure(std::string_view thing, ErrorCode error) {
    return {exit_code_of(error), fmt::format("{}: {}", thing, error.message())};
}

template <std::size_t N> void copy_to(std::array<std::byte, N>& to, const Bytes& from) {
    VESTARI_CHECK(from.size() == N); // the fixture's reader has checked
    std::ranges::copy(from, to.begin());
}

signal::PreKeyPair pre_key(const NumberedKeyPair& from) {
    signal::PreKeyPair to;
    to.id = from.id;
    copy_to(to.keys.public_key, from.pair.public_key);
    copy_to(to.keys.private_key, from.pair.private_key);
    return to;
}

signal::DeviceKeys device_keys(const Device& device) {
    signal::DeviceKeys keys;
    keys.registration_id = device.registration_id;
    copy_to(keys.identity.public_key, device.identity.public_key);
    copy_to(keys.identity.private_key, device.identity.private_key);
    keys.signed_pre_key = pre_key(device.signed_pre_key);
    copy_to(keys.signed_pre_key_signature, device.signed_pre_key.signature);
    for (const NumberedKeyPair& each : device.pre_keys) {
        keys.pre_keys.push_back(pre_key(each));
    }
    return keys;
}

// One run: what it reads, where it writes, how far it is.
class Run {
public:
    Run(FixtureReader& fixture, Session& session, Pipe& pipe, receive::Account account,
        route::IncludeList include)
        : fixture_{fixture}, database_{session.database()}, pipe_{pipe}, spool_{database_},
          receiver_{database_, std::move(account), std::move(include)} {}

    Result<void> install_device();
    Result<void> announce(const std::string& account, const std::vector<std::string>& include);
    std::optional<Failure> play(const std::filesystem::path& path);
    Result<void> finish();

private:
    struct Batch {
        enum class Next : std::uint8_t { more, nothing } next = Next::more;
        ErrorCode broken; // the line behind it
    };
    Batch batch();
    void take(const FixtureEvent& event);
    Result<void> send_spooled();
    void erase_acknowledged();

    FixtureReader& fixture_;
    store::SessionDatabase& database_;
    Pipe& pipe_;
    store::Spool spool_;
    receive::Receiver receiver_;
    std::uint64_t sent_ = 0; // sequence of the last envelope that left
    TimePoint latest_{};
};

// Whether installed now or before, the fixture's copy of the private keys is not needed again.
Result<void> Run::install_device() {
    const std::optional<Device>& device = fixture_.header().device;
    Result<void> installed;
    if (device && !store::Device{database_}.has_identity()) {
        installed = receiver_.decryptor().install(device_keys(*device));
    }
    fixture_.forget_device();
    return installed;
}

Result<void> Run::announce(const std::string& account, const std::vector<std::string>& include) {
    const FixtureHeader& header = fixture_.header();
    const auto text = [](const std::optional<Jid>& jid) {
        return jid ? jid->to_string() : std::string{};
    };
    const event::Hello hello{event::protocol_version,
                             fmt::format("vestari-replay {}", version),
                             account,
                             text(header.pn),
                             text(header.lid),
                             header.default_currency};
    Result<void> sent = pipe_.send(event::Frame{hello});
    for (const std::string& jid : include) {
        const auto named = std::ranges::find(header.groups, jid, &FixtureGroup::jid);
        event::Group group{jid, {}, {}, true};
        if (named != header.groups.end()) {
            group.name = content::clean_name(named->name);
            group.currency = named->currency;
        }
        if (sent) {
            sent = pipe_.send(event::Frame{std::move(group)});
        }
    }
    return sent;
}

std::optional<Failure> Run::play(const std::filesystem::path& path) {
    for (;;) {
        const Batch done = batch();
        if (const Result<void> sent = send_spooled(); !sent) {
            return failure("pipe", sent.error());
        }
        if (done.broken) {
            return failure(fmt::format("{}:{}", path.string(), fixture_.line()), done.broken);
        }
        if (done.next == Batch::Next::nothing) {
            return std::nullopt;
        }
        if (const Result<void> told = pipe_.send(event::Frame{receiver_.tally().summary()});
            !told) {
            return failure("pipe", told.error()); // how far it is
        }
    }
}

// One durable transaction. A line that is broken ends it: what stood before is kept.
Run::Batch Run::batch() {
    store::Transaction transaction{database_};
    Batch done;
    for (std::size_t i = 0; i < batch_stanzas && done.next == Batch::Next::more; ++i) {
        const Result<std::optional<FixtureEvent>> event = fixture_.next();
        if (event && *event) {
            take(**event);
            continue;
        }
        done = {Batch::Next::nothing, event ? ErrorCode{} : event.error()};
    }
    receiver_.forget_kept(latest_);
    transaction.commit();
    return done;
}

void Run::take(const FixtureEvent& event) {
    if (const auto* stanza = std::get_if<StanzaEvent>(&event)) {
        latest_ = std::max(latest_, stanza->at);
        receiver_.stanza(stanza->frame, stanza->at);
    } else if (const auto* content = std::get_if<ContentEvent>(&event)) {
        latest_ = std::max(latest_, content->at);
        receiver_.decoded({content->chat, content->sender, content->id, content->message},
                          content->at);
    }
}

Result<void> Run::send_spooled() {
    for (;;) {
        const std::vector<store::Spooled> rows = spool_.after(sent_, spool_rows_at_once);
        if (rows.empty()) {
            break;
        }
        for (const store::Spooled& row : rows) {
            if (Result<void> sent = pipe_.send_spooled(row.sequence, row.payload); !sent) {
                return sent;
            }
            sent_ = row.sequence;
        }
    }
    erase_acknowledged();
    return {};
}

void Run::erase_acknowledged() {
    if (const std::uint64_t done = pipe_.acknowledged(); done > 0) {
        spool_.erase_through(done);
    }
}

Result<void> Run::finish() {
    receiver_.decryptor().rest(); // nothing more waits: no sender key stays in memory
    if (Result<void> sent = pipe_.send(event::Frame{receiver_.tally().summary()}); !sent) {
        return sent;
    }
    if (Result<void> drained = pipe_.drain(); !drained) {
        return drained;
    }
    erase_acknowledged();
    return {};
}

// A capture without `me` is nobody's: this user exists on no phone.
Jid nobody() { return Jid::make("0", server::phone).value(); }

receive::Account account_of(const std::string& name, const FixtureHeader& header) {
    return {name, {header.pn.value_or(nobody()), header.lid}};
}

Result<event::Keys> keys_from(Pipe& pipe, bool over_pipe) {
    return over_pipe ? pipe.receive_keys() : Result<event::Keys>{made_up_keys()};
}

} // namespace

std::optional<Failure> run(const Options& options, int in, int out) {
    Result<FixtureReader> fixture = FixtureReader::open(options.fixture);
    if (!fixture) {
        return failure(options.fixture.string(), fixture.error());
    }
    const FixtureHeader& header = fixture->header();
    const std::vector<std::string>& include =
        options.include.empty() ? header.include : options.include;
    Result<route::IncludeList> list = route::IncludeList::of(include);
    if (!list) {
        return Failure{
            ExitCode::usage,
            fmt::format("include: {}; groups are written as 120363…@g.us", list.error().message())};
    }
    Pipe pipe{in, out};
    Result<event::Keys> keys = keys_from(pipe, options.pipe);
    if (!keys) {
        return failure("pipe", keys.error());
    }
    Result<Session> session = Session::open(options.sessions, *keys, header);
    if (!session) {
        return failure(options.sessions.empty() ? "session" : options.sessions.string(),
                       session.error());
    }
    Run replay{*fixture, *session, pipe, account_of(keys->account, header), std::move(*list)};
    if (Result<void> installed = replay.install_device(); !installed) {
        return failure(options.fixture.string(), installed.error());
    }
    if (Result<void> announced = replay.announce(keys->account, include); !announced) {
        return failure("pipe", announced.error());
    }
    auto broken = replay.play(options.fixture);
    if (Result<void> finished = replay.finish(); !finished && !broken) {
        return failure("pipe", finished.error());
    }
    return broken;
}

} // namespace vestari::replay
