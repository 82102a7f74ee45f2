// Property: whatever bytes a sender encrypts, every view that the wire reader hands out lies inside them; a message that is read
// keeps the invariants of message.hpp (text is valid UTF-8 within its limit, at most 8 wrappers, ids and secrets of their length,
// no quote from another chat), and reading it twice gives the same. So for what the own phone sends, and for names.
#include <cstdint>

#include "bridge/content/extract.hpp"
#include "bridge/content/names.hpp"
#include "bridge/content/own_control.hpp"
#include "vestari/base/check.hpp"
#include "vestari/base/utf8.hpp"

namespace {

using namespace vestari;
using namespace vestari::content;

// Every field of every message that the bytes can be read as, to a depth at which the work stays linear enough.
void check_views(const Block& block, BytesView input) {
    Fault fault;
    WireReader in{block, fault};
    while (const auto field = in.next()) {
        if (!field->is_bytes()) {
            continue;
        }
        VESTARI_CHECK(field->view.data() >= input.data());
        VESTARI_CHECK(field->view.data() + field->view.size() <= input.data() + input.size());
        if (field->depth < 6) {
            check_views(field->block(), input);
        }
    }
}

bool is_id(const std::string& id) { return id.size() <= 128 && is_valid_utf8(id); }

void check_message(const Message& message) {
    VESTARI_CHECK(message.text.size() <= event::max_text_bytes && is_valid_utf8(message.text));
    VESTARI_CHECK(message.wrappers.size() <= max_wrappers);
    VESTARI_CHECK(message.message_secret.empty() || message.message_secret.size() == 32);
    VESTARI_CHECK(!(message.quotes_elsewhere && message.quote));
    if (message.quote) {
        VESTARI_CHECK(is_id(message.quote->id) && is_valid_utf8(message.quote->text));
        VESTARI_CHECK(message.quote->text.size() <= event::max_text_bytes);
    }
    if (message.kind == Kind::edit || message.kind == Kind::revoke) {
        VESTARI_CHECK(message.target && !message.target->id.empty() && is_id(message.target->id));
    }
    if (const auto photo = photo_of(message)) {
        VESTARI_CHECK(photo->direct_path.starts_with('/') && photo->media_key.size() == 32);
    }
    const std::string name = clean_name(message.text);
    VESTARI_CHECK(is_valid_utf8(name) && clean_name(name) == name);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input = std::as_bytes(std::span{data, size});
    check_views(Block{input}, input);
    const Result<Message> first = extract(input);
    const Result<Message> second = extract(input);
    VESTARI_CHECK(first.has_value() == second.has_value());
    if (first) {
        VESTARI_CHECK(*first == *second);
        check_message(*first);
    }
    static_cast<void>(read_own_control(input));
    if (const Result<BytesView> plain = unpad(input, 2)) {
        VESTARI_CHECK(plain->data() == input.data() && plain->size() < input.size());
    }
    return 0;
}
