// `vestari link`: links this host to a phone as a companion device.
#include <memory>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/access/running.hpp"
#include "ingest/cli/commands/all.hpp"
#include "ingest/cli/frame/open.hpp"
#include "ingest/cli/live/link_talk.hpp"
#include "ingest/cli/live/link_wait.hpp"
#include "ingest/cli/process/children.hpp"
#include "ingest/cli/process/interrupt.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/cli/view/house.hpp"

namespace vestari::cli {
namespace {

using namespace std::chrono_literals;
using Type = LinkEvent::Type;

constexpr std::chrono::milliseconds nap = 100ms;
constexpr int naps_for_keys = 150;   // 15 s: ingest hands them over within one, once it is there
constexpr int naps_to_start = 300;   // 30 s
constexpr int naps_for_bridge = 100; // 10 s: `vestari up` starts both within one
constexpr int naps_to_login = 300;   // 30 s: the connection restarts after linking

struct Options {
    std::optional<std::string> qr, phone, history;
};

std::string read_phone(const std::string& text) {
    std::string digits;
    for (const char c : text) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (std::string_view{"+ -()."}.find(c) == std::string_view::npos) {
            digits.clear();
            break;
        }
    }
    if (digits.size() < 7 || digits.size() > 15 || digits.front() == '0') {
        throw Failure{ExitCode::usage, "that is not a phone number",
                      "give it with its country code: --phone \"+1 555 010 0001\""};
    }
    return digits;
}

void nap_once() { ::usleep(static_cast<useconds_t>(std::chrono::microseconds{nap}.count())); }

class Linking {
public:
    Linking(const Options& options, const Context& context)
        : context_{context}, config_{load_config(context)},
          account_{choose_account(context, config_)}, form_{read_qr_form(options.qr, context)} {
        boost::json::object body{{"account", account_.name},
                                 {"history", options.history.value_or("recent")}};
        if (options.phone) {
            body["phone"] = read_phone(*options.phone);
        } else {
            require_room_for_qr(form_, context);
        }
        body_ = boost::json::serialize(body);
    }

    ExitCode run() {
        const bool own = start_if_needed();
        std::optional<LinkEvent> last = ask();
        for (int i = 0; i < naps_for_keys && last && last->error == "waiting_for_keys" &&
                        ingest_runs() && !Interrupt::came();
             ++i) {
            nap_once();
            last = ask();
        }
        const ExitCode code = tell(last);
        if (own) {
            stop_own(code);
        }
        return code;
    }

private:
    bool ingest_runs() const {
        return ask_running(ingest_socket(config_), {service::Method::get, "/healthz", {}})
            .has_value();
    }

    bool bridge_runs() const {
        return ask_running(bridge_socket(config_), {service::Method::get, "/healthz", {}})
            .has_value();
    }

    // Where ingest runs, `vestari up` may be about to start the bridge: it is waited for.
    bool bridge_comes() const {
        for (int i = 0; i < naps_for_bridge && !bridge_runs(); ++i) {
            if (!ingest_runs() || Interrupt::came()) {
                return bridge_runs();
            }
            nap_once();
        }
        return bridge_runs();
    }

    bool start_if_needed() {
        if (bridge_comes()) {
            return false;
        }
        context_.say("vestari up is not running: both daemons run here until the device is linked");
        children_.start();
        for (int i = 0; i < naps_to_start && !Interrupt::came(); ++i) {
            if (const auto ended = children_.ended()) {
                throw Failure{ended->code < 0 ? ExitCode::defect
                                              : static_cast<ExitCode>(ended->code),
                              how_it_ended(*ended), "what it said stands above"};
            }
            if (children_.ready()) {
                return true;
            }
            nap_once();
        }
        throw Failure{ExitCode::try_again, "the daemons did not become ready", "vestari doctor"};
    }

    // One attempt; its last event. None: the bridge went away, or Ctrl-C came.
    std::optional<LinkEvent> ask() {
        LinkTalk talk{context_, form_};
        NoCodeYet no_code{context_, bridge_socket(config_), account_.name};
        std::optional<LinkEvent> last;
        bool shown = false;
        const auto ended = service::follow(
            bridge_socket(config_), {service::Method::post, "/v1/link", body_},
            [&](std::string_view line) {
                LinkEvent event = read_link_event(line);
                no_code.code_came(); // or the end of it
                shown = shown || event.type == Type::qr || event.type == Type::code;
                if (event.error != "waiting_for_keys") {
                    talk.show(event, line);
                }
                if (event.type == Type::linked || event.type == Type::failed) {
                    last = std::move(event);
                }
                return last || Interrupt::came() ? service::Go::stop : service::Go::on;
            });
        no_code.code_came();
        talk.finish();
        why_no_code_ = shown ? "" : no_code.said();
        if (ended && ended->status != 200 && ended->status != 0 && !last) {
            last = LinkEvent{};
            last->type = Type::failed;
            last->error = error_word(ended->body);
        }
        return last;
    }

    ExitCode tell(const std::optional<LinkEvent>& last) const {
        if (!last) {
            throw Failure{ExitCode::try_again,
                          Interrupt::came() ? "linking was cancelled"
                                            : "vestari-bridge has closed the connection",
                          "vestari link again, when you are ready"};
        }
        if (last->type == Type::linked) {
            if (!context_.json) {
                context_.say(fmt::format("linked: account \"{}\" is {}{}", account_.name, last->me,
                                         last->name.empty() ? "" : ", " + last->name));
                context_.say("   next: vestari groups, then vestari include add NAME");
            }
            return ExitCode::ok;
        }
        if (!context_.json || last->error == "waiting_for_keys") {
            const bool no_code =
                !why_no_code_.empty() && exit_code_of(*last) == ExitCode::try_again;
            context_.say(
                fmt::format("not linked: {}\n   next: {}",
                            no_code ? "no code came: " + why_no_code_ : why_of(*last),
                            last->next.empty() ? "vestari status says how it is" : last->next));
        }
        return exit_code_of(*last);
    }

    // The login behind the linking is the first thing to lose: it is waited for.
    void stop_own(ExitCode linked) {
        for (int i = 0; linked == ExitCode::ok && i < naps_to_login && !Interrupt::came(); ++i) {
            const auto answer =
                ask_running(bridge_socket(config_), {service::Method::get, "/v1/status", {}});
            if (!answer ||
                put_together(account_.name, answer->body, std::nullopt).state == "connected") {
                break;
            }
            nap_once();
        }
        children_.stop();
        if (linked == ExitCode::ok) {
            context_.say("both daemons are stopped again: vestari up stays connected");
        }
    }

    const Context& context_;
    config::Config config_;
    config::Account account_;
    QrForm form_;
    std::string body_;
    std::string why_no_code_;
    Interrupt interrupt_;
    Children children_{config_};
};

} // namespace

Command link_command() {
    const auto options = std::make_shared<Options>();
    Command command;
    command.name = "link";
    command.summary = "links this device to your phone, as WhatsApp Web does";
    command.description =
        "Shows a QR code to scan with the phone, or with --phone a code to type there. Uses the "
        "running bridge; without one, both daemons run until the device is linked. Exit code 0 "
        "when linked, 75 when the time is over, 76 when this version is too old, 77 when WhatsApp "
        "or the phone says no.";
    command.json = Json::yes;
    command.parameters = {
        {"--qr", "FORM",
         "terminal, text (each code on a line of its own), or png=FILE; else terminal, or text "
         "where stdout is none",
         &options->qr},
        {"--phone", "NUMBER", "shows a pairing code for this number instead of a QR code",
         &options->phone},
        {"--history",
         "HOW",
         "what the phone is asked to send of the past: none, recent or full",
         &options->history,
         Takes::text,
         Need::optional,
         {"none", "recent", "full"}}};
    command.examples = {{"vestari link", "scan the code with the phone"},
                        {"vestari link --qr png=code.png", "for a machine without a screen"},
                        {"vestari link --phone \"+1 555 010 0001\"", "a code to type instead"}};
    command.run = [options](Context& context) { return Linking{*options, context}.run(); };
    return command;
}

} // namespace vestari::cli
