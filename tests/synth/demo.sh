#!/usr/bin/env bash
# What `./dev demo` shows: a synthetic day through the whole product, and what is left of it on disk.
#
#     demo.sh BIN_DIR
#
# The day is bundled (tests/fixtures/demo, made by vestari-synth). Everything happens in a temporary folder that is removed at the end.
set -euo pipefail
bin=$(cd "$1" && pwd)
day=$(dirname "$(readlink -f "$0")")/../fixtures/demo

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work/home TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME VESTARI_CONFIG
mkdir -p "$HOME" "$TMPDIR"

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
heading() { printf '\n%s── %s%s\n%s\n\n' "$bold" "$1" "$plain" "$2"; }
vestari() { "$bin/vestari" "$@"; }
store=(--config "$work/store/vestari.toml")

heading "A dealer's day, replayed through the code that runs live" \
  "Six dealer groups and four private chats, half a year of prices and one busy
Friday: $(($(wc -l <"$day/fixture.jsonl") - 1)) stanzas, encrypted as senders do. The groups are on the include-list,
the private chats are not. Dropped unopened: neither decrypted nor decoded."
# The summary comes first, then a table that the next step shows at leisure.
vestari replay --store "$work/store" --expect "$day/expected.json" "$day/fixture.jsonl" >"$work/replay" 2>"$work/notes" ||
  { cat "$work/replay" "$work/notes" >&2; exit 1; }
sed -n '/^Date /q;p' "$work/replay" | cat -s
echo "Compared with what the day's maker meant to be learnt: as expected. A second replay changes nothing:"
vestari replay --store "$work/store" "$day/fixture.jsonl" 2>/dev/null | grep -E 'read  |seen before'

heading "The deals" "vestari deals --since 2026-11-20 --limit 15"
vestari deals "${store[@]}" --since 2026-11-20 --limit 15 2>/dev/null

heading "What a reference trades at" "vestari comps 126610LN"
vestari comps "${store[@]}" 126610LN

heading "One deal as it rests on disk, and as its owner sees it" "vestari show DEAL --on-disk"
deal=$(vestari deals "${store[@]}" --reference 126610LN --limit 1 --json 2>/dev/null | grep -o '"id": *"[0-9a-f]*"' | head -1 | grep -o '[0-9a-f]\{8,\}')
vestari show "${store[@]}" "$deal" --on-disk

heading "What must not be there" "The day holds two payment-card numbers and the talk of private chats. In the
archive, exported with its own key:"
vestari export "${store[@]}" --format json >"$work/export.json" 2>/dev/null
absent() {
  local count
  count=$(grep -c -E "$2" "$work/export.json" || true)
  printf '  %-44s %s\n' "$1" "$count found"
  [ "$count" -eq 0 ] || { echo "demo: $1 must not be in the archive" >&2; exit 1; }
}
absent "card number 4111 1111 1111 1111" '4111[ -]?1111'
absent "card number 5555-5555-5555-4444" '5555[ -]?5555'
absent "a word from the family's group" 'Grandma|Court 3|Dinner'
absent "an offer quoted from a private chat" '11,111|1111100'
echo
