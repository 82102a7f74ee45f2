// What `vestari link` shows of the bridge's link events, and what it ends with.
//
// Invariants  a QR text or a pairing code goes to stdout, the terminal or the named file, and nowhere else.
// Threads     one owner; the countdown is drawn by a thread of its own, locked inside.
// Errors      Failure when a QR code cannot be shown.
// Source      SETTLED section 7 (`link --json`, exit codes), DESIGN 3.1.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "ingest/cli/frame/context.hpp"
#include "ingest/cli/qr/display.hpp"
#include "vestari/base/exit_code.hpp"

namespace vestari::cli {

struct LinkEvent {
    enum class Type : std::uint8_t { qr, code, linked, failed, other } type = Type::other;
    std::string text;               // qr, code: secret
    TimePoint expires{};            // qr, code
    std::string me, name;           // linked
    std::string state, error, next; // failed
};
LinkEvent read_link_event(std::string_view line);
ExitCode exit_code_of(const LinkEvent& failed) noexcept; // 75, 76, 77
std::string why_of(const LinkEvent& failed);             // in words

struct QrForm {
    enum class Kind : std::uint8_t { terminal, text, png } kind = Kind::terminal;
    std::string file; // png
};
QrForm read_qr_form(const std::optional<std::string>& option, const Context& context);
// Before a code is asked for, as attempts are counted: a terminal that no code of WhatsApp's fits is refused.
void require_room_for_qr(const QrForm& form, const Context& context);

class LinkTalk {
public:
    LinkTalk(const Context& context, QrForm form);
    LinkTalk(const LinkTalk&) = delete;
    LinkTalk& operator=(const LinkTalk&) = delete;
    ~LinkTalk();

    void show(const LinkEvent& event, std::string_view line);
    void finish(); // the code is gone from the screen

private:
    void show_qr(const LinkEvent& event);
    void count_down();

    const Context& context_;
    QrForm form_;
    std::mutex mutex_;
    std::condition_variable ended_;
    std::optional<qr::Code> code_;
    std::optional<qr::Display> display_;
    TimePoint expires_{};
    bool over_ = false;
    bool written_ = false; // png
    std::thread counter_;
};

} // namespace vestari::cli
