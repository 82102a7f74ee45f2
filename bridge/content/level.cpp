#include "bridge/content/fields.hpp"
#include "bridge/content/parts.hpp"

namespace vestari::content {

namespace {

constexpr std::uint32_t device_sent_field = 31;

// Which wrapper and which content win where a message holds several: the lower rank, whatever their order on the wire.
struct Ranks {
    unsigned wrapper = 256;
    unsigned content = 256;
};

void take_wrapper(const Field& field, unsigned rank, Level& level, Ranks& ranks, Fault& fault) {
    const bool device_sent = field.number() == device_sent_field;
    const Block inner = read_inner(field.block(), device_sent ? 2 : 1, fault);
    if (!inner.present() || rank > ranks.wrapper) {
        return;
    }
    if (rank < ranks.wrapper) {
        ranks.wrapper = rank;
        level.wrapped = Wrapped{.field = field.number(), .message = inner};
    } else {
        level.wrapped.message.add(inner, fault);
    }
    if (device_sent) {
        WireReader in{field.block(), fault};
        while (const auto part = in.next()) {
            if (part->key == bytes(1)) {
                level.device_sent_to = read_jid(*part);
            }
        }
    }
}

void take_content(const Field& field, const FieldFact& fact, Level& level, Ranks& ranks,
                  Fault& fault) {
    const bool better =
        fact.rank < ranks.content || (fact.rank == ranks.content && field.number() < level.content);
    if (better || (fact.role == FieldRole::text && field.number() == level.content)) {
        ranks.content = fact.rank;
        level.content = field.number();
        level.content_block = field.block();
    } else if (field.number() == level.content) {
        level.content_block.add(field.block(), fault);
    }
}

} // namespace

Level read_level(const Block& message, Fault& fault) {
    Level level;
    Ranks ranks;
    WireReader in{message, fault};
    while (const auto field = in.next()) {
        if (!field->is_bytes()) { // every field of a Message is length-delimited
            continue;
        }
        const FieldFact fact = field_fact(field->number());
        switch (fact.role) {
        case FieldRole::beside:
            if (field->key == bytes(35)) {
                level.context.add(field->block(), fault);
            } else if (field->key == bytes(2)) {
                level.distribution.add(field->block(), fault);
            }
            break;
        case FieldRole::device_sent: take_wrapper(*field, 0, level, ranks, fault); break;
        case FieldRole::wrapper: take_wrapper(*field, fact.rank + 1U, level, ranks, fault); break;
        case FieldRole::text:
        case FieldRole::content:
        case FieldRole::ignored:
        case FieldRole::unknown: take_content(*field, fact, level, ranks, fault); break;
        }
    }
    return level;
}

std::string read_quoted_text(const Block& message) {
    Fault fault; // of its own: see parts.hpp
    Block at = message;
    for (std::size_t wrappers = 0; wrappers <= max_wrappers; ++wrappers) {
        const Level level = read_level(at, fault);
        if (level.wrapped.field != 0) {
            at = level.wrapped.message;
            continue;
        }
        std::string_view text;
        switch (level.content) {
        case 1: text = as_text(level.content_block.part(0)); break;
        case 3: text = read_image(level.content_block, fault).caption; break;
        case 6: {
            WireReader in{level.content_block, fault};
            while (const auto field = in.next()) {
                if (field->key == bytes(1)) {
                    text = field->text();
                }
            }
            break;
        }
        case 7: text = read_document(level.content_block, fault).caption; break;
        case 9: text = read_video(level.content_block, fault).caption; break;
        default: break;
        }
        TextJoiner joined;
        joined.add(text);
        Message read;
        std::move(joined).put_into(read);
        return fault ? std::string{} : read.text;
    }
    return {};
}

} // namespace vestari::content
