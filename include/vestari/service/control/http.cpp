#include "vestari/service/control/http.hpp"

#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

namespace vestari::service {

namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_header_bytes = 8192;
constexpr std::size_t max_parameters = 32;

int nibble(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? nibble(text[i + 1]) : -1;
        const int low = high >= 0 ? nibble(text[i + 2]) : -1;
        if (low >= 0) {
            plain += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            plain += text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

void read_query(std::string_view text, Request& into) {
    while (!text.empty() && into.query.size() < max_parameters) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
        into.query.insert_or_assign(decoded(pair.substr(0, equals)), decoded(value));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

Method method_of(http::verb verb) {
    if (verb == http::verb::get) {
        return Method::get;
    }
    if (verb == http::verb::post) {
        return Method::post;
    }
    return verb == http::verb::delete_ ? Method::del : Method::other;
}

// Gives the parser what it takes of `buffered` and cuts that off; false: it met an error.
template <class Parser>
bool advance(Parser& parser, std::string& buffered, boost::beast::error_code& error) {
    std::size_t used = 0;
    while (used < buffered.size() && !parser.is_done()) {
        const std::size_t put = parser.put(
            boost::asio::const_buffer{buffered.data() + used, buffered.size() - used}, error);
        used += put;
        if (error == http::error::need_more) {
            error = {};
            break;
        }
        if (error) {
            return false;
        }
        if (put == 0) {
            break;
        }
    }
    buffered.erase(0, used);
    return true;
}

} // namespace

std::string whole_response(unsigned status, std::string_view content_type, std::string_view body) {
    const std::string_view reason = http::obsolete_reason(static_cast<http::status>(status));
    return fmt::format("HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
                       "Cache-Control: no-store\r\nConnection: close\r\n\r\n{}",
                       status, reason, content_type, body.size(), body);
}

std::string stream_header() {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n"
           "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
}

std::string whole_request(Method method, std::string_view target, std::string_view body) {
    std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
                                   to_string(method), target);
    if (!body.empty()) {
        text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", json_type, body.size());
    }
    text += "\r\n";
    text += body;
    return text;
}

struct RequestReader::State {
    http::request_parser<http::string_body> parser;
    std::string buffered;
    std::size_t fed = 0;
    enum class Continue : std::uint8_t { unasked, asked } said_continue = Continue::unasked;
};

RequestReader::RequestReader() : state_{std::make_unique<State>()} {
    state_->parser.eager(true);
    state_->parser.header_limit(max_header_bytes);
    state_->parser.body_limit(max_request_bytes);
}
RequestReader::~RequestReader() = default;

RequestReader::Progress RequestReader::feed(std::string_view bytes) {
    State& state = *state_;
    state.fed += bytes.size();
    if (state.fed > max_request_bytes) {
        return Progress::too_large;
    }
    state.buffered.append(bytes);
    boost::beast::error_code error;
    if (!advance(state.parser, state.buffered, error)) {
        const bool large = error == http::error::body_limit || error == http::error::header_limit;
        return large ? Progress::too_large : Progress::bad;
    }
    return state.parser.is_done() ? Progress::ready : Progress::more;
}

bool RequestReader::wants_continue() {
    if (state_->said_continue == State::Continue::asked || !state_->parser.is_header_done()) {
        return false;
    }
    state_->said_continue = State::Continue::asked;
    return boost::beast::iequals(state_->parser.get()[http::field::expect], "100-continue");
}

Request RequestReader::take() {
    http::request<http::string_body> message = state_->parser.release();
    Request request;
    request.method = method_of(message.method());
    const std::string target{message.target()};
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    read_query(std::string_view{target}.substr(std::min(question + 1, target.size())), request);
    request.body = std::move(message.body());
    return request;
}

struct ResponseReader::State {
    http::response_parser<http::string_body> parser;
    std::string buffered;
};

ResponseReader::ResponseReader() : state_{std::make_unique<State>()} {
    state_->parser.eager(true);
    state_->parser.body_limit(boost::none); // the body is taken away as it arrives
}
ResponseReader::~ResponseReader() = default;

ResponseReader::Progress ResponseReader::feed(std::string_view bytes) {
    state_->buffered.append(bytes);
    boost::beast::error_code error;
    if (!advance(state_->parser, state_->buffered, error)) {
        return Progress::bad;
    }
    return state_->parser.is_done() ? Progress::ready : Progress::more;
}

ResponseReader::Progress ResponseReader::finish() {
    boost::beast::error_code error;
    if (!state_->parser.is_done() && state_->parser.got_some()) {
        state_->parser.put_eof(error);
    }
    return !error && state_->parser.is_done() ? Progress::ready : Progress::bad;
}

unsigned ResponseReader::status() const {
    return state_->parser.is_header_done() ? state_->parser.get().result_int() : 0;
}

std::string ResponseReader::take_body() {
    return std::exchange(state_->parser.get().body(), std::string{});
}

} // namespace vestari::service
