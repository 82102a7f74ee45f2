// `vestari capture --output FILE`: what comes in the included groups as a fixture, with pseudonyms.
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/process/interrupt.hpp"
#include "ingest/cli/terminal/width.hpp"
#include "vestari/base/descriptor.hpp"

namespace vestari::cli {
namespace {

// A new file, line by line; what stands in it is whole lines at any moment.
class Capture {
public:
    explicit Capture(std::string path) : path_{std::move(path)} {
        file_ = Descriptor{
            ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)};
        if (!file_) {
            throw Failure{ExitCode::io,
                          errno == EEXIST
                              ? fmt::format("{} is there already: nothing is overwritten", path_)
                              : fmt::format("{} cannot be written: {}", path_,
                                            std::generic_category().message(errno)),
                          "choose another place with --output"};
        }
    }

    void add(std::string_view line) {
        const std::string whole = std::string{line} + '\n';
        const off_t before = ::lseek(file_.get(), 0, SEEK_CUR);
        std::size_t written = 0;
        while (written < whole.size()) {
            const ssize_t put =
                ::write(file_.get(), whole.data() + written, whole.size() - written);
            if (put < 0 && errno == EINTR) {
                continue;
            }
            if (put < 0) {
                const int why = errno;
                const bool whole_lines =
                    ::ftruncate(file_.get(), before) == 0; // half a line is none
                throw Failure{ExitCode::io,
                              fmt::format("{} cannot be written: {}", path_,
                                          std::generic_category().message(why)),
                              whole_lines
                                  ? "what stands in it is whole: free some space, capture the rest"
                                  : "its last line may be cut short: free some space"};
            }
            written += static_cast<std::size_t>(put);
        }
        ++lines_;
    }

    void finish() const { ::fsync(file_.get()); }
    void take_away() const { ::unlink(path_.c_str()); }
    std::size_t lines() const noexcept { return lines_; }

private:
    std::string path_;
    Descriptor file_;
    std::size_t lines_ = 0;
};

ExitCode run(Context& context, const std::string& output) {
    const config::Config config = load_config(context);
    const config::Account& account = choose_account(context, config);
    const auto socket = bridge_socket(config);
    if (!ask_running(socket, {service::Method::get, "/healthz", {}})) {
        throw bridge_needed();
    }
    Capture capture{output};
    const Interrupt interrupt;
    context.say(
        fmt::format("capturing what comes in the included groups into {}; Ctrl-C ends it", output));
    const auto ended =
        service::follow(socket,
                        {service::Method::post, "/v1/capture",
                         boost::json::serialize(boost::json::object{{"account", account.name}})},
                        [&](std::string_view line) {
                            capture.add(line);
                            return Interrupt::came() ? service::Go::stop : service::Go::on;
                        });
    capture.finish();
    if (capture.lines() == 0) {
        capture.take_away();
        const std::string word = ended ? error_word(ended->body) : std::string{};
        throw Failure{ExitCode::try_again,
                      word == "waiting_for_keys"
                          ? "vestari-bridge has no keys yet: vestari-ingest is not running"
                          : "nothing was captured",
                      "vestari status says how it is"};
    }
    const std::size_t messages = capture.lines() - 1; // the header is none
    context.say(fmt::format("{} {} in {}. Names and numbers are pseudonyms, the words are as they "
                            "were written",
                            terminal::grouped(static_cast<long long>(messages)),
                            messages == 1 ? "message" : "messages", output));
    if (!Interrupt::came()) {
        throw Failure{ExitCode::try_again, "vestari-bridge has ended before Ctrl-C",
                      "what was captured is whole; vestari status says how it is"};
    }
    return ExitCode::ok;
}

} // namespace

Command capture_command() {
    const auto output = std::make_shared<std::optional<std::string>>();
    Command command;
    command.name = "capture";
    command.summary = "records the included groups as a fixture, with pseudonyms";
    command.description = "For a report or a test: senders and numbers are replaced by pseudonyms "
                          "that stay the same while the bridge runs. What people wrote stays as it "
                          "is: read it before you hand it on. Ctrl-C ends it.";
    command.parameters = {{"--output", "FILE", "the file to make; never overwritten", output.get(),
                           Takes::file, Need::required}};
    command.examples = {{"vestari capture --output evening.jsonl", "until Ctrl-C"},
                        {"vestari replay evening.jsonl", "what the parser makes of it"}};
    command.run = [output](Context& context) { return run(context, output->value()); };
    return command;
}

} // namespace vestari::cli
