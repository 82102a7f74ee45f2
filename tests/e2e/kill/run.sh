#!/usr/bin/env bash
# Kills a replay again and again, at random moments, the command or the bridge's process; then lets it finish. Every deal must be in the
# archive once, as if nothing had happened.
#
#     run.sh BIN_DIR
#
# 24 kills; 1,000 with VESTARI_ASSURE=1. The seed of the moments is printed, and SEED=… repeats them.
set -euo pipefail
bin=$(cd "$1" && pwd)
kills=24
[ -z "${VESTARI_ASSURE:-}" ] || kills=1000
RANDOM=${SEED:=$$}
echo "seed $SEED"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TMPDIR=$work

# Enough of it that a moment is inside.
"$bin/vestari-synth" --seed "$SEED" --stanzas 2000 --fixture "$work/day.jsonl" 2>/dev/null
replay() { "$bin/vestari" replay --store "$work/$1" "$work/day.jsonl" >"$work/out" 2>&1; }

# contents STORE: its deals with all that they carry, one a line; the ids are each archive's own.
contents() {
  "$bin/vestari" export --format json --config "$work/$1/vestari.toml" 2>/dev/null |
    sed -E 's/"(id|duplicate_of)":"[0-9a-f]+"//g; s/,$//' | sort
}

replay whole
contents whole >"$work/whole.deals"
[ "$(wc -l <"$work/whole.deals")" -gt 200 ] || { echo "the day gave too few deals to compare" >&2; exit 1; }

# An ordinary run tells how long the moments may be.
start=$(date +%s%N)
replay timed
span=$((($(date +%s%N) - start) / 1000000 + 1))

killed=0 round=0
for ((i = 0; i < kills; i++)); do
  # Every few kills a new archive: otherwise the rest find nothing left to do.
  [ $((i % 4)) -ne 0 ] || round=$((round + 1))
  "$bin/vestari" replay --store "$work/killed$round" "$work/day.jsonl" >/dev/null 2>&1 &
  victim=$!
  moment=$((RANDOM % span))
  printf -v pause '%d.%03d' $((moment / 1000)) $((moment % 1000))
  sleep "$pause" # the moment itself is what is tested
  if ((RANDOM % 2)); then
    pkill -KILL -P "$victim" || true # the bridge's process
  else
    kill -KILL "$victim" 2>/dev/null || true
  fi
  code=0
  wait "$victim" 2>/dev/null || code=$?
  [ "$code" -eq 0 ] || killed=$((killed + 1))
done
[ "$killed" -gt 0 ] || { echo "no kill met its victim" >&2; exit 1; }

for ((r = 1; r <= round; r++)); do
  replay "killed$r" || { echo "after the kills the replay does not finish:" >&2; cat "$work/out" >&2; exit 1; }
  contents "killed$r" >"$work/killed.deals"
  diff "$work/whole.deals" "$work/killed.deals" >"$work/diff" ||
    { echo "archive $r differs from an undisturbed one:" >&2; head -20 "$work/diff" >&2; exit 1; }
done
echo "$killed of $kills kills met their victim; $round archives are as if nothing had happened"
