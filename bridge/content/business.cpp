#include "bridge/content/parts.hpp"

namespace vestari::content {

namespace {

// What is collected from one piece of content: its text parts in their order, one media message, its contextInfo.
struct Pieces {
    TextJoiner text;
    std::optional<Media> media;
    Block context;
};

void take_media(std::optional<Media>& to, MediaFields from) {
    if (!to) {
        to = std::move(from.media);
    }
}

// A content whose texts are plain fields: their numbers in the order in which they are joined, and contextInfo's.
struct PlainShape {
    std::uint32_t content;
    std::array<std::uint32_t, 3> texts; // 0: none
    std::uint32_t context;
};
constexpr PlainShape plain_shapes[] = {
    {36, {1, 2, 7}, 8},  // listMessage: title, description, footerText
    {38, {7, 6, 0}, 17}, // orderMessage: orderTitle, message
    {43, {2, 0, 0}, 3},  // buttonsResponseMessage: selectedDisplayText
    {29, {2, 0, 0}, 3},  // templateButtonReplyMessage: selectedDisplayText
    {39, {1, 5, 0}, 4},  // listResponseMessage: title, description
    {28, {6, 0, 0}, 7},  // groupInviteMessage: caption
    {75, {3, 4, 0}, 1},  // eventMessage: name, description
};

void read_plain(const PlainShape& shape, const Block& content, Pieces& to, Fault& fault) {
    std::array<std::string_view, 3> texts;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (shape.texts[i] != 0 && field->key == bytes(shape.texts[i])) {
                texts[i] = field->text();
            }
        }
        if (field->key == bytes(shape.context)) {
            to.context.add(field->block(), fault);
        }
    }
    for (const std::string_view text : texts) {
        to.text.add(text);
    }
}

std::string_view read_body(const Block& body, Fault& fault) { // Body and Footer: {1: text}
    std::string_view text;
    WireReader in{body, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            text = field->text();
        }
    }
    return text;
}

void read_header(const Block& header, Pieces& to, Fault& fault) {
    std::string_view title;
    std::string_view subtitle;
    WireReader in{header, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): title = field->text(); break;
        case bytes(2): subtitle = field->text(); break;
        case bytes(3): take_media(to.media, read_document(field->block(), fault)); break;
        case bytes(4): take_media(to.media, read_image(field->block(), fault)); break;
        case bytes(7): take_media(to.media, read_video(field->block(), fault)); break;
        default: break;
        }
    }
    to.text.add(title);
    to.text.add(subtitle);
}

void read_interactive(const Block& interactive, Pieces& to, Fault& fault) {
    Block header;
    Block body;
    Block footer;
    Block carousel;
    WireReader in{interactive, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): header.add(field->block(), fault); break;
        case bytes(2): body.add(field->block(), fault); break;
        case bytes(3): footer.add(field->block(), fault); break;
        case bytes(7): carousel.add(field->block(), fault); break;
        case bytes(15): to.context.add(field->block(), fault); break;
        default: break;
        }
    }
    read_header(header, to, fault);
    to.text.add(read_body(body, fault));
    to.text.add(read_body(footer, fault));
    WireReader cards{carousel, fault};
    while (const auto card = cards.next()) {
        if (card->key == bytes(1)) { // the recursion is bounded by max_depth
            Pieces inner;
            inner.text = std::move(to.text);
            inner.media = std::move(to.media);
            read_interactive(card->block(), inner, fault); // a card's own contextInfo is left out
            to.text = std::move(inner.text);
            to.media = std::move(inner.media);
        }
    }
}

void read_hydrated(const Block& hydrated, Pieces& to, Fault& fault) {
    std::string_view title;
    std::string_view content;
    std::string_view footer;
    WireReader in{hydrated, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): take_media(to.media, read_document(field->block(), fault)); break;
        case bytes(2): title = field->text(); break;
        case bytes(3): take_media(to.media, read_image(field->block(), fault)); break;
        case bytes(4): take_media(to.media, read_video(field->block(), fault)); break;
        case bytes(6): content = field->text(); break;
        case bytes(7): footer = field->text(); break;
        default: break;
        }
    }
    to.text.add(title);
    to.text.add(content);
    to.text.add(footer);
}

void read_template(const Block& content, Pieces& to, Fault& fault) {
    Block hydrated;
    Block hydrated_four_row;
    Block interactive;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(2): hydrated_four_row.add(field->block(), fault); break;
        case bytes(3): to.context.add(field->block(), fault); break;
        case bytes(4): hydrated.add(field->block(), fault); break;
        case bytes(5): interactive.add(field->block(), fault); break;
        default: break;
        }
    }
    if (hydrated.present() || hydrated_four_row.present()) {
        read_hydrated(hydrated.present() ? hydrated : hydrated_four_row, to, fault);
    } else if (interactive.present()) {
        const Block own_context = to.context;
        read_interactive(interactive, to, fault);
        if (own_context.present()) {
            to.context = own_context;
        }
    }
}

void read_buttons(const Block& content, Pieces& to, Fault& fault) {
    std::string_view text;
    std::string_view body;
    std::string_view footer;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): text = field->text(); break;
        case bytes(2): take_media(to.media, read_document(field->block(), fault)); break;
        case bytes(3): take_media(to.media, read_image(field->block(), fault)); break;
        case bytes(4): take_media(to.media, read_video(field->block(), fault)); break;
        case bytes(6): body = field->text(); break;
        case bytes(7): footer = field->text(); break;
        case bytes(8): to.context.add(field->block(), fault); break;
        default: break;
        }
    }
    to.text.add(text);
    to.text.add(body);
    to.text.add(footer);
}

void read_snapshot(const Block& snapshot, Pieces& to, Fault& fault) {
    std::string_view title;
    std::string_view description;
    WireReader in{snapshot, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): take_media(to.media, read_image(field->block(), fault)); break;
        case bytes(3): title = field->text(); break;
        case bytes(4): description = field->text(); break;
        default: break;
        }
    }
    to.text.add(title);
    to.text.add(description);
}

void read_product(const Block& content, Pieces& to, Fault& fault) {
    Block snapshot;
    std::string_view body;
    std::string_view footer;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        switch (field->key) {
        case bytes(1): snapshot.add(field->block(), fault); break;
        case bytes(5): body = field->text(); break;
        case bytes(6): footer = field->text(); break;
        case bytes(17): to.context.add(field->block(), fault); break;
        default: break;
        }
    }
    read_snapshot(snapshot, to, fault);
    to.text.add(body);
    to.text.add(footer);
}

void read_interactive_response(const Block& content, Pieces& to, Fault& fault) {
    Block body;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(1)) {
            body.add(field->block(), fault);
        } else if (field->key == bytes(15)) {
            to.context.add(field->block(), fault);
        }
    }
    to.text.add(read_body(body, fault));
}

void read_poll(const Block& content, Pieces& to, Fault& fault) {
    std::string_view name;
    WireReader in{content, fault};
    while (const auto field = in.next()) {
        if (field->key == bytes(2)) {
            name = field->text();
        } else if (field->key == bytes(5)) {
            to.context.add(field->block(), fault);
        }
    }
    to.text.add(name);
    WireReader options{content, fault};
    while (const auto option = options.next()) {
        if (option->key == bytes(3)) {
            to.text.add(read_body(option->block(), fault)); // {1: optionName}
        }
    }
}

bool read_pieces(std::uint32_t number, const Block& content, Pieces& to, Fault& fault) {
    for (const PlainShape& shape : plain_shapes) {
        if (shape.content == number) {
            read_plain(shape, content, to, fault);
            return true;
        }
    }
    switch (number) {
    case 25: read_template(content, to, fault); return true;
    case 30: read_product(content, to, fault); return true;
    case 42: read_buttons(content, to, fault); return true;
    case 45: read_interactive(content, to, fault); return true;
    case 48: read_interactive_response(content, to, fault); return true;
    case 49:
    case 60:
    case 64:
    case 111:
    case 119: read_poll(content, to, fault); return true;
    default: return false;
    }
}

} // namespace

bool read_business(std::uint32_t number, const Block& content, Message& to, Fault& fault) {
    Pieces pieces;
    if (!read_pieces(number, content, pieces, fault)) {
        return false;
    }
    std::move(pieces.text).put_into(to);
    to.media = std::move(pieces.media);
    to.kind = Kind::text;
    if (pieces.context.present()) {
        read_context(pieces.context, to, fault);
    }
    return true;
}

} // namespace vestari::content
