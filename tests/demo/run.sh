#!/usr/bin/env bash
# What `./dev demo` shows: the whole story against a simulated WhatsApp on loopback, from `vestari init` to Ctrl-C.
#
#     run.sh BIN_DIR
#
# Needs curl, jq and, for the phone's eye, zbarimg; without zbarimg the codes are taken as text. Everything happens in a temporary
# folder that is removed at the end, as is every process. Exit code 0 only when all of it was as it should be.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
bin=$(cd "$1" && pwd)

work=$(mktemp -d)
export HOME=$work/home TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work LC_ALL=C.UTF-8
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME VESTARI_CONFIG
mkdir -p "$HOME" "$TMPDIR" "$work/service"
# shellcheck source=tests/demo/stage.sh
. "$here/stage.sh"
# shellcheck source=tests/demo/phone.sh
. "$here/phone.sh"
trap clear_stage EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

heading "A WhatsApp service in miniature" "It speaks the same protocol on loopback, encrypts as real phones do, and has a referee
that writes down every stanza that leaves Vestari."
start service "$bin/vestari-sim" --seed 7 --dir "$work/service"
eventually "the service" grep -q control "$work/service.out"
control=$(jq -r .control "$work/service.out")
for person in Anna Ben Chen Dana; do service POST /persons "{\"name\":\"$person\"}" >"$work/made"; done
hongkong=$(service POST /groups '{"name":"Watch dealers HKD","members":["Anna","Ben","Chen"],"addressing":"lid"}' | jq -r .jid)
geneva=$(service POST /groups '{"name":"Geneva dealers","members":["Dana","Anna"],"addressing":"pn"}' | jq -r .jid)
family=$(service POST /groups '{"name":"Family","members":["Ben"],"addressing":"lid"}' | jq -r .jid)
jq -r '"data_dir = \"data\"\nruntime_dir = \"run\"\n[whatsapp]\nurl = \"\(.url)\"\nroot_key = \"\(.root_key)\"\nca_file = \"\(.ca_file)\""' \
  "$work/service.out" >"$config"
echo "A dealer's phone is in three groups. The configuration names the service; the rest is as anywhere:"
show cat "$config"

heading "A new archive, both processes"
show vestari init
start up "$bin/vestari" --config "$config" up
eventually "vestari up" grep -q 'ready:' "$work/up.err"
shown "vestari up" && grep 'ready:' "$work/up.err"
show vestari status

heading "The phone scans the code"
link_and_scan
eventually "the connection" state_is connected
show vestari groups

heading "Two groups are read from now on, nothing else is opened"
show vestari include add "Watch dealers HKD" --currency HKD
show vestari include add "Geneva dealers" --currency CHF

heading "A lively quarter of an hour" "A list, offers, one lowered, one taken back; talk in the family's group and a private chat."
start events "$bin/vestari" --config "$config" events --follow
post "$hongkong" Anna 'HK stock, full sets\n126610LN 2023 unworn 98,000\n126610LV 2022 like new 112,500\n116500LN white 2021 208,000\n126334 blue jubilee 2024 92,000' >"$work/list"
ben=$(post "$hongkong" Ben 'WTS Rolex 124060 2024 unworn full set 78,500')
chen=$(post "$hongkong" Chen 'WTS AP 15510ST blue 2023 full set 210,000')
post "$geneva" Dana 'WTS Patek 5711/1A-010, 2019, full set, 89,500' >"$work/offer"
post "$family" Ben 'Selling my old 126610LN for 11,111, dinner on Sunday?' >"$work/dropped"
post direct Anna 'Between us: WTS 126610LN 2023 at 22,222' >>"$work/dropped"
eventually "seven deals" deals_are 7
post "$hongkong" Ben 'WTS Rolex 124060 2024 unworn full set 76,000' edit "$ben" >"$work/edit"
post "$hongkong" Chen '' revoke "$chen" >"$work/revoke"
eventually "the lower price" price_is 124060 7600000
eventually "the revoked offer" revoked "$chen"
eventually "an empty queue at the service" drained
shown "vestari events --follow | jq …"
jq -r 'select(.type == "message") | "  \(.kind)\t\(.chat)\tfrom \(.sender)\t\(.deals) deals"' "$work/events.out"
events_end

heading "What became of it"
show vestari deals
show vestari show "$(deal_of 124060)"
show vestari status
check "seven deals are there, one of them revoked" deals_are 7
check "two chats were dropped unopened" dropped_are 2
check "no word of the family or the private chat is in the archive" absent '11,?111|22,?222|dinner'

heading "Somebody tries to write" "There is no code that could. The control socket says so, and notes who asked:"
show curl -s --unix-socket "$work/run/bridge.sock" http://vestari/v1/send --json "{\"to\":\"$hongkong\",\"text\":\"mine!\"}"
echo
check "the attempt was refused and audited" refused_and_audited

heading "The referee: every stanza that left, by shape"
referee_report
check "no violation" no_violation

heading "Ctrl-C"
shown "vestari up, Ctrl-C"
end up INT
grep -E '^stopping' "$work/up.err"
check "vestari up ended cleanly" test "$ended" -eq 0
end service TERM
check "the service ended cleanly" test "$ended" -eq 0
check "no process is left" nobody_left
check "no socket is left" no_socket_left
printf '\nAll of it as it should be. %s./dev demo replay%s shows half a year in six groups and what rests on disk.\n' "$bold" "$plain"
