#include "bridge/live/state.hpp"

#include <algorithm>
#include <array>

namespace vestari::live {

namespace {

struct Row {
    State state;
    std::string_view word;
    ExitCode exit;
};

constexpr std::array rows{
    Row{State::unlinked, "unlinked", ExitCode::try_again},
    Row{State::linking, "linking", ExitCode::try_again},
    Row{State::connecting, "connecting", ExitCode::try_again},
    Row{State::connected, "connected", ExitCode::ok},
    Row{State::degraded, "degraded", ExitCode::ok},
    Row{State::offline, "offline", ExitCode::try_again},
    Row{State::outdated, "outdated", ExitCode::outdated},
    Row{State::logged_out, "logged_out", ExitCode::logged_out},
    Row{State::banned, "banned", ExitCode::logged_out},
    Row{State::replaced, "replaced", ExitCode::logged_out},
    Row{State::passkey_wanted, "passkey_wanted", ExitCode::logged_out},
    Row{State::refused, "refused", ExitCode::logged_out},
    Row{State::waiting_for_keys, "waiting_for_keys", ExitCode::try_again},
};

const Row& row_of(State state) noexcept {
    return *std::ranges::find(rows, state, &Row::state); // every state has its row: tested
}

} // namespace

std::string_view to_string(State state) noexcept { return row_of(state).word; }

std::optional<State> state_from(std::string_view word) noexcept {
    const auto* const row = std::ranges::find(rows, word, &Row::word);
    return row == rows.end() ? std::nullopt : std::optional{row->state};
}

ExitCode exit_code(State state) noexcept { return row_of(state).exit; }

} // namespace vestari::live
