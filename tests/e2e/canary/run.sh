#!/usr/bin/env bash
# A day with 40 canaries through the whole product; then every byte that was written is searched for them.
#
#     run.sh BIN_DIR
#
# Scanned: the store (database, write-ahead log, shared memory, keys), home, temporary files, what went to stderr, and a copy of
# every write to any regular file, so that what was deleted or overwritten counts too. Not scanned: the fixture, and what the
# owner asked for on stdout, where the canaries must be seen.
set -euo pipefail
bin=$(cd "$1" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{given,asked,written/{home,tmp,config,data,cache,state,run}}
given=$work/given written=$work/written asked=$work/asked
export HOME=$written/home TMPDIR=$written/tmp XDG_CONFIG_HOME=$written/config XDG_DATA_HOME=$written/data
export XDG_CACHE_HOME=$written/cache XDG_STATE_HOME=$written/state XDG_RUNTIME_DIR=$written/run

day=()
[ -z "${VESTARI_ASSURE:-}" ] || day=(--stanzas 10000)
"$bin/vestari-synth" "${day[@]}" --fixture "$given/day.jsonl" --expected "$given/expected.json" \
  --canaries "$given/canaries.jsonl" 2>/dev/null

# Runs the product with every write copied; stdout is the owner's, stderr is scanned.
watched() {
  local name=$1; shift
  if [ -n "${VESTARI_NO_TAP:-}" ]; then
    "$@" >"$asked/$name" 2>>"$written/stderr"
  else
    VESTARI_TAP="$written/tap" LD_PRELOAD="$bin/canary_tap.so" "$@" >"$asked/$name" 2>>"$written/stderr"
  fi
}
# Exit code 1 and no other: found.
finds() {
  local code=0
  "$bin/canary_scan" "$given/canaries.jsonl" "$@" >/dev/null || code=$?
  [ "$code" -eq 1 ]
}
fail() { echo "canary: $*" >&2; tail -5 "$written/stderr" >&2; exit 1; }

store=$written/store
watched replay "$bin/vestari" replay --json --store "$store" "$given/day.jsonl" || fail "the replay failed"
watched again "$bin/vestari" replay --store "$store" "$given/day.jsonl" || fail "the second replay failed"
config=$store/vestari.toml
watched deals "$bin/vestari" --config "$config" deals --json || fail "deals failed"
watched export "$bin/vestari" --config "$config" export --format csv || fail "export failed"

# The owner sees what the disk does not: the canary of a deal's text is in the answer.
hex=$(sed -n 's/.*"where":"text of a deal","hex":"\([0-9a-f]*\)".*/\1/p' "$given/canaries.jsonl")
deal=''
for ((i = 0; i < ${#hex}; i += 2)); do printf -v letter '%b' "\\x${hex:i:2}"; deal+=$letter; done
grep -q "$deal" "$asked/deals" || fail "the owner does not see the text of a deal"

# A scan that cannot find anything would pass. So: the tap has seen both processes write their databases, it keeps what was
# deleted, and the scanner finds what is there.
if [ -z "${VESTARI_NO_TAP:-}" ]; then
  for table in 'CREATE TABLE sighting' 'CREATE TABLE sender_key'; do
    grep -qa "$table" "$written/tap" || fail "the tap did not see '$table' being written"
  done
  VESTARI_TAP="$work/leak" LD_PRELOAD="$bin/canary_tap.so" dd of="$work/deleted" status=none <<<"$deal"
  rm "$work/deleted"
  finds "$work/leak" || fail "the scanner missed a file that was deleted"
fi
cp "$asked/deals" "$work/careless"
finds "$work/careless" || fail "the scanner is blind"

"$bin/canary_scan" "$given/canaries.jsonl" "$written"
