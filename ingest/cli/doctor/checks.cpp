#include "ingest/cli/doctor/checks.hpp"

#include "ingest/cli/doctor/account.hpp"
#include "ingest/cli/doctor/daemons.hpp"
#include "ingest/cli/doctor/machine.hpp"

namespace vestari::cli::doctor {

std::string_view to_string(State state) noexcept {
    switch (state) {
    case State::good: return "ok";
    case State::note: return "note";
    case State::warning: return "warning";
    case State::bad: return "error";
    }
    return "error";
}

Report examine(const Context& context) {
    Report report;
    const std::filesystem::path data = examine_account(context, report);
    examine_daemons(context, report);
    examine_machine(context, data, report);
    return report;
}

void add_bad(Report& report, ExitCode code, Finding finding) {
    finding.state = State::bad;
    if (report.code == ExitCode::ok) {
        report.code = code;
    }
    report.findings.push_back(std::move(finding));
}

Report assumptions() {
    return {{{"whatsapp.receipts", State::note,
              "messages of included chats are cleared by an inactive receipt, which people do not "
              "see; whether a plain "
              "acknowledgement alone clears them is not known (10-connection 11.4)",
              "if \"inactive\" is ever shown to people, set whatsapp.receipts = \"ack_only\""},
             {"whatsapp.version", State::note,
              "the client version is taken to be checked at every login, and a refused one to mean "
              "\"outdated\"",
              "whatsapp.version_lookup asks for the current one; whatsapp.version pins one"},
             {"whatsapp.retry_keys_at_first", State::note,
              "a first request to send a message again carries no keys; some senders may need them "
              "at once",
              "if many messages stay unreadable, set whatsapp.retry_keys_at_first = true"},
             {"presence", State::note,
              "a companion is taken to stay linked without ever appearing online; no source says "
              "otherwise",
              ""},
             {"offline queue", State::note,
              "an archive is taken to need the active state to receive its queue; it is not known "
              "whether it can be left "
              "out",
              ""}},
            ExitCode::ok};
}

} // namespace vestari::cli::doctor
