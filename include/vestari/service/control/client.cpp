#include "vestari/service/control/client.hpp"

#include <array>
#include <cerrno>
#include <optional>

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include "vestari/service/control/http.hpp"

namespace vestari::service {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// Waits for the socket; without a time: for ever.
Result<> wait(int socket, short events, std::optional<SteadyTime> until) {
    int milliseconds = -1;
    if (until) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
        milliseconds = static_cast<int>(std::max<std::int64_t>(0, left.count()));
    }
    pollfd polled{socket, events, 0};
    const int ready = ::poll(&polled, 1, milliseconds);
    if (ready < 0) {
        return errno == EINTR ? ClientErrc::interrupted : ClientErrc::cut_off;
    }
    return ready == 0 ? ClientErrc::timed_out : Result<>{};
}

Result<> write_all(int socket, std::string_view text, std::optional<SteadyTime> until) {
    while (!text.empty()) {
        const ssize_t put = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (put > 0) {
            text.remove_prefix(static_cast<std::size_t>(put));
        } else if (errno == EPIPE || errno == ECONNRESET) {
            return {}; // refused without being read: the answer says why
        } else if (errno != EAGAIN && errno != EINTR) {
            return ClientErrc::cut_off;
        } else if (const Result<> waited = wait(socket, POLLOUT, until); !waited) {
            return waited;
        }
    }
    return {};
}

// Reads until the response is whole; after each block `look` may take the body and end it early.
Result<unsigned> read_response(int socket, ResponseReader& reader,
                               const std::function<std::optional<SteadyTime>()>& until,
                               const std::function<Result<Go>()>& look) {
    std::array<char, 65'536> block{};
    for (;;) {
        if (const Result<> waited = wait(socket, POLLIN, until()); !waited) {
            return waited.error();
        }
        const ssize_t got = ::recv(socket, block.data(), block.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
            continue;
        }
        const auto progress =
            got > 0 ? reader.feed({block.data(), static_cast<std::size_t>(got)}) : reader.finish();
        if (progress == ResponseReader::Progress::bad) {
            return got > 0 ? ClientErrc::not_http : ClientErrc::cut_off;
        }
        const Result<Go> next = look();
        if (!next) {
            return next.error();
        }
        if (progress == ResponseReader::Progress::ready || *next == Go::stop) {
            return reader.status();
        }
    }
}

// Splits what has come into lines.
class Lines {
public:
    explicit Lines(const std::function<Go(std::string_view)>& take) : take_{take} {}
    Result<Go> add(std::string_view text) {
        waiting_.append(text);
        std::size_t from = 0;
        for (std::size_t end = waiting_.find('\n'); end != std::string::npos;
             end = waiting_.find('\n', from)) {
            const std::string_view line = std::string_view{waiting_}.substr(from, end - from);
            from = end + 1;
            if (!line.empty() && take_(line) == Go::stop) {
                return Go::stop;
            }
        }
        waiting_.erase(0, from);
        return waiting_.size() > max_line_bytes ? Result<Go>{ClientErrc::too_large} : Go::on;
    }

private:
    const std::function<Go(std::string_view)>& take_;
    std::string waiting_;
};

} // namespace

std::string_view describe(ClientErrc error) noexcept {
    switch (error) {
    case ClientErrc::timed_out: return "the program did not answer in time: try again";
    case ClientErrc::cut_off: return "the program closed the connection: look at its log";
    case ClientErrc::not_http: return "what listens on the socket does not speak HTTP";
    case ClientErrc::too_large: return "the program's answer is larger than this command takes";
    case ClientErrc::interrupted: return "interrupted";
    }
    return "unknown control error";
}

std::string encoded(std::string_view value) {
    std::string text;
    for (const char c : value) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
        if (plain) {
            text += c;
        } else {
            text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        }
    }
    return text;
}

Result<Response> ask(const std::filesystem::path& socket, const Question& question,
                     std::chrono::milliseconds within) {
    const Result<Descriptor> connection = connect_unix(socket);
    if (!connection) {
        return connection.error();
    }
    const SteadyTime until = std::chrono::steady_clock::now() + within;
    const std::string text = whole_request(question.method, question.target, question.body);
    if (const Result<> written = write_all(connection->get(), text, until); !written) {
        return written.error();
    }
    ResponseReader reader;
    Response response;
    const Result<unsigned> status = read_response(
        connection->get(), reader, [until] { return std::optional{until}; },
        [&]() -> Result<Go> {
            response.body += reader.take_body();
            return response.body.size() > max_answer_bytes ? Result<Go>{ClientErrc::too_large}
                                                           : Go::on;
        });
    if (!status) {
        return status.error();
    }
    response.status = *status;
    return response;
}

Result<Response> follow(const std::filesystem::path& socket, const Question& question,
                        const std::function<Go(std::string_view line)>& take,
                        std::chrono::milliseconds silence) {
    const Result<Descriptor> connection = connect_unix(socket);
    if (!connection) {
        return connection.error();
    }
    const auto until = [silence]() -> std::optional<SteadyTime> {
        if (silence == std::chrono::milliseconds{}) {
            return std::nullopt;
        }
        return std::chrono::steady_clock::now() + silence;
    };
    const std::string text = whole_request(question.method, question.target, question.body);
    if (const Result<> written = write_all(connection->get(), text, until()); !written) {
        return written.error();
    }
    ResponseReader reader;
    Response response;
    Lines lines{take};
    const Result<unsigned> status =
        read_response(connection->get(), reader, until, [&]() -> Result<Go> {
            if (reader.status() == 200) {
                return lines.add(reader.take_body());
            }
            response.body += reader.take_body();
            return response.body.size() > max_line_bytes ? Result<Go>{ClientErrc::too_large}
                                                         : Go::on;
        });
    if (!status) {
        return status.error();
    }
    response.status = *status;
    return response;
}

} // namespace vestari::service
