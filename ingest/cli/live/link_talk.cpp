#include "ingest/cli/live/link_talk.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "ingest/cli/frame/failure.hpp"
#include "ingest/cli/qr/code.hpp"
#include "ingest/cli/qr/png.hpp"
#include "ingest/cli/terminal/sanitise.hpp"
#include "ingest/export/json_text.hpp"

namespace vestari::cli {
namespace {

using Type = LinkEvent::Type;
using namespace std::chrono_literals;

constexpr std::size_t shortest_qr_text = 200; // wire/10-connection.md: the keys alone are 135

Type type_from(std::string_view word) {
    if (word == "qr") {
        return Type::qr;
    }
    if (word == "code") {
        return Type::code;
    }
    if (word == "linked") {
        return Type::linked;
    }
    return word == "failed" ? Type::failed : Type::other;
}

} // namespace

LinkEvent read_link_event(std::string_view line) {
    boost::system::error_code wrong;
    const boost::json::value value = boost::json::parse(line, wrong);
    const auto* object = wrong ? nullptr : value.if_object();
    const auto text = [&](const char* name) {
        const auto* found = object == nullptr ? nullptr : object->if_contains(name);
        return found != nullptr && found->is_string() ? std::string{found->get_string()}
                                                      : std::string{};
    };
    LinkEvent event;
    event.type = type_from(text("type"));
    event.text = text("text");
    event.expires = ingest::read_rfc3339(text("expires")).value_or(TimePoint{});
    event.me = text("me");
    event.name = text("name");
    event.state = text("state");
    event.error = text("error");
    event.next = text("next");
    return event;
}

ExitCode exit_code_of(const LinkEvent& failed) noexcept {
    if (failed.state == "outdated") {
        return ExitCode::outdated;
    }
    for (const std::string_view final :
         {"refused", "banned", "logged_out", "replaced", "passkey_wanted"}) {
        if (failed.state == final) {
            return ExitCode::logged_out;
        }
    }
    return ExitCode::try_again;
}

std::string why_of(const LinkEvent& failed) {
    if (failed.error == "waiting_for_keys") {
        return "the bridge has no keys yet";
    }
    if (failed.error == "busy") {
        return "this account is being linked already, in another terminal";
    }
    if (!failed.error.empty()) {
        return failed.error;
    }
    struct Word {
        std::string_view state, words;
    };
    static constexpr Word words[] = {
        {"outdated", "WhatsApp takes this version for too old"},
        {"refused", "the phone or WhatsApp refused"},
        {"banned", "WhatsApp has locked the account"},
        {"logged_out", "the phone has unlinked this device"},
        {"replaced", "another program uses this device's keys"},
        {"passkey_wanted", "the phone wants a passkey"},
    };
    for (const auto& [state, text] : words) {
        if (failed.state == state) {
            return std::string{text};
        }
    }
    return "the time is over: nobody has scanned the code, or linking was cancelled";
}

QrForm read_qr_form(const std::optional<std::string>& option, const Context& context) {
    if (!option) {
        return {context.out.terminal ? QrForm::Kind::terminal : QrForm::Kind::text, ""};
    }
    if (*option == "terminal") {
        return {QrForm::Kind::terminal, ""};
    }
    if (*option == "text") {
        return {QrForm::Kind::text, ""};
    }
    if (option->starts_with("png=") && option->size() > 4) {
        return {QrForm::Kind::png, option->substr(4)};
    }
    throw Failure{ExitCode::usage, fmt::format("--qr cannot be \"{}\"", *option),
                  "give terminal, text or png=FILE"};
}

void require_room_for_qr(const QrForm& form, const Context& context) {
    if (form.kind != QrForm::Kind::terminal || context.json) {
        return;
    }
    const auto smallest = qr::Code::of(std::string(shortest_qr_text, 'x'));
    const auto screen = qr::Screen::of(STDOUT_FILENO, context.environment);
    if (const auto obstacle = smallest ? qr::obstacle(*smallest, screen) : std::nullopt) {
        throw Failure{ExitCode::usage, obstacle->problem, obstacle->next};
    }
}

LinkTalk::LinkTalk(const Context& context, QrForm form)
    : context_{context}, form_{std::move(form)} {}

LinkTalk::~LinkTalk() { finish(); }

void LinkTalk::finish() {
    {
        const std::scoped_lock lock{mutex_};
        over_ = true;
        ended_.notify_all();
    }
    if (counter_.joinable()) {
        counter_.join();
    }
    display_.reset();
    if (written_) {
        ::unlink(form_.file.c_str()); // nobody can link with it any more
        written_ = false;
    }
}

void LinkTalk::show(const LinkEvent& event, std::string_view line) {
    if (context_.json) {
        context_.print(std::string{line} + "\n");
        context_.flush();
        return;
    }
    if (event.type == Type::qr) {
        show_qr(event);
    } else if (event.type == Type::code) {
        context_.print(event.text + "\n");
        context_.flush();
        context_.say("enter this code on the phone: WhatsApp, Linked devices, Link a device, Link "
                     "with phone number instead");
    }
}

void LinkTalk::show_qr(const LinkEvent& event) {
    if (form_.kind == QrForm::Kind::text) {
        context_.print(event.text + "\n");
        context_.flush();
        return;
    }
    auto code = qr::Code::of(event.text);
    if (!code) {
        throw Failure{ExitCode::defect, "the QR code cannot be drawn", "vestari link --qr text"};
    }
    if (form_.kind == QrForm::Kind::png) {
        if (const auto written = qr::write_png(*code, form_.file); !written) {
            throw Failure{
                ExitCode::io,
                fmt::format("{} cannot be written: {}", form_.file, written.error().message()),
                "choose another place with --qr png=FILE"};
        }
        context_.say(
            written_ ? fmt::format("a new code is in {}: open it again", form_.file)
                     : fmt::format("the QR code is in {}: open it and scan it with the phone. It "
                                   "changes, and is gone when linking ends",
                                   form_.file));
        written_ = true;
        return;
    }
    const std::scoped_lock lock{mutex_};
    const bool first = !display_;
    if (first) {
        display_.emplace(stdout, qr::Screen::of(STDOUT_FILENO, context_.environment));
    }
    expires_ = event.expires;
    const auto left = std::chrono::ceil<std::chrono::seconds>(expires_ - context_.clock.now());
    code_.emplace(std::move(*code));
    const auto obstacle = display_->show(*code_, std::max(left, 0s));
    if (first && obstacle) { // a window that was made too small later may become larger again
        throw Failure{ExitCode::usage, obstacle->problem, obstacle->next};
    }
    if (first) {
        counter_ = std::thread{[this] { count_down(); }};
    }
}

void LinkTalk::count_down() {
    std::unique_lock lock{mutex_};
    while (!over_) {
        ended_.wait_for(lock, 1s);
        if (!over_) {
            const auto left =
                std::chrono::ceil<std::chrono::seconds>(expires_ - context_.clock.now());
            display_->fit(*code_, qr::Screen::of(STDOUT_FILENO, context_.environment),
                          std::max(left, 0s));
        }
    }
}

} // namespace vestari::cli
