#include "ingest/store/row/sealed_text.hpp"

#include "vestari/ingest/archive.hpp"

namespace vestari::ingest {
namespace {

constexpr std::byte format{1};

class Writer {
public:
    Writer() { bytes_.push_back(format); }
    Writer& text(std::string_view value) {
        append_be32(bytes_, static_cast<std::uint32_t>(value.size()));
        append(bytes_, value);
        return *this;
    }
    Writer& number(std::uint64_t value) {
        append_be64(bytes_, value);
        return *this;
    }
    Writer& small(std::size_t value) {
        append_be32(bytes_, static_cast<std::uint32_t>(value));
        return *this;
    }
    Bytes take() { return std::move(bytes_); }

private:
    Bytes bytes_;
};

class Reader {
public:
    explicit Reader(BytesView bytes) : left_{bytes} {
        ok_ = !left_.empty() && left_.front() == format;
        left_ = ok_ ? left_.subspan(1) : BytesView{};
    }
    std::string text() {
        const std::uint32_t size = small();
        if (size > left_.size()) {
            ok_ = false;
            return {};
        }
        std::string value{as_text(left_.first(size))};
        left_ = left_.subspan(size);
        return value;
    }
    std::uint32_t small() { return static_cast<std::uint32_t>(big_endian<4>()); }
    std::uint64_t number() { return big_endian<8>(); }
    // A count of things that take at least `each` bytes.
    std::uint32_t count(std::size_t each) {
        const std::uint32_t value = small();
        if (value > left_.size() / each) {
            ok_ = false;
            return 0;
        }
        return value;
    }
    bool whole() const noexcept { return ok_ && left_.empty(); }

private:
    template <std::size_t Width> std::uint64_t big_endian() {
        if (left_.size() < Width) {
            ok_ = false;
            left_ = {};
            return 0;
        }
        const std::uint64_t value = read_be<Width>(left_);
        left_ = left_.subspan(Width);
        return value;
    }

    BytesView left_;
    bool ok_;
};

constexpr std::uint32_t in_quote_flag = 1;
constexpr std::size_t smallest_price = 8 + 4; // a number and an empty text
constexpr std::size_t smallest_span = 20;     // two empty texts and three numbers

} // namespace

Bytes encode(const Source& source) {
    Writer to;
    to.text(source.group).text(source.group_name).text(source.sender).text(source.sender_lid);
    to.text(source.sender_name).text(source.message_id).text(source.text).text(source.quoted);
    return to.take();
}

Result<Source> decode_source(BytesView plain) {
    Reader from{plain};
    Source source;
    for (std::string* field :
         {&source.group, &source.group_name, &source.sender, &source.sender_lid,
          &source.sender_name, &source.message_id, &source.text, &source.quoted}) {
        *field = from.text();
    }
    if (!from.whole()) {
        return ArchiveErrc::corrupt;
    }
    return source;
}

Bytes encode(const Details& details) {
    Writer to;
    to.text(details.location.value_or("")).text(details.notes).small(details.alt_prices.size());
    for (const Money& price : details.alt_prices) {
        to.number(static_cast<std::uint64_t>(price.minor)).text(price.currency.code());
    }
    to.small(details.provenance.size());
    for (const Provenance& one : details.provenance) {
        to.text(one.field).text(one.rule).small(one.span.from).small(one.span.to);
        to.small(one.span.in_quote ? in_quote_flag : 0);
    }
    return to.take();
}

Result<Details> decode_details(BytesView plain) {
    Reader from{plain};
    Details details;
    if (std::string location = from.text(); !location.empty()) {
        details.location = std::move(location);
    }
    details.notes = from.text();
    const std::uint32_t prices = from.count(smallest_price);
    for (std::uint32_t i = 0; i < prices; ++i) {
        const auto minor = static_cast<std::int64_t>(from.number());
        const std::optional<Currency> currency = Currency::parse(from.text());
        if (!currency) {
            return ArchiveErrc::corrupt;
        }
        details.alt_prices.push_back({minor, *currency});
    }
    const std::uint32_t spans = from.count(smallest_span);
    for (std::uint32_t i = 0; i < spans; ++i) {
        Provenance& one = details.provenance.emplace_back();
        one.field = from.text();
        one.rule = from.text();
        one.span.from = from.small();
        one.span.to = from.small();
        one.span.in_quote = from.small() == in_quote_flag;
    }
    if (!from.whole()) {
        return ArchiveErrc::corrupt;
    }
    return details;
}

} // namespace vestari::ingest
