#!/usr/bin/env bash
# vestari-ingest as a whole program, with a bridge that is none: it is killed, loses its connection, gets messages twice, finds its disk
# full; nothing is lost and nothing doubled. And every command prints the same through it as without it.
#
#     run.sh BIN_DIR
#
# 8 kills; 200 with VESTARI_ASSURE=1. The seed of the moments is printed, and SEED=… repeats them.
set -euo pipefail
bin=$(cd "$1" && pwd)
kills=8 count=6000
[ -z "${VESTARI_ASSURE:-}" ] || { kills=200 count=60000; }
RANDOM=${SEED:=$$}
echo "seed $SEED"

work=$(mktemp -d)
ingest='' bridge=''
stop_all() {
  local pid
  for pid in $ingest $bridge; do kill -KILL "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop_all EXIT
export HOME=$work TMPDIR=$work LC_ALL=C.UTF-8 TERM=dumb
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR VESTARI_CONFIG NO_COLOR COLUMNS NOTIFY_SOCKET

fail() { echo "FAILED: $*" >&2; [ ! -f "$home/ingest.log" ] || tail -n 20 "$home/ingest.log" >&2; exit 1; }
# until_true SECONDS CONDITION…: waits for it.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do [ $SECONDS -lt $end ] || fail "never happened: $*"; sleep 0.05; done
}
house() {
  home=$work/$1
  mkdir -p "$home"
  printf 'data_dir = "data"\nruntime_dir = "run"\n' >"$home/v.toml"
  vestari init >/dev/null 2>&1
  vestari include add 120363040000000001@g.us --currency HKD 2>/dev/null
  mkdir -p "$home/run"
}
vestari() { "$bin/vestari" --config "$home/v.toml" "$@" </dev/null; }
start_ingest() {
  "$bin/vestari-ingest" --config "$home/v.toml" >>"$home/ingest.log" 2>&1 8>&- &
  ingest=$!
}
start_bridge() {
  "$bin/fake_bridge" "$home/run/pipe.sock" "$1" "$SEED" >"$home/bridge.log" 2>&1 &
  bridge=$!
}
answers() { curl -sf --unix-socket "$home/run/ingest.sock" http://localhost/readyz >/dev/null; }
ended() { ! kill -0 "$1" 2>/dev/null; }
deals() { vestari deals --json | grep -c '^{' || true; }
# stop_cleanly: SIGTERM, and 0 as the exit code.
stop_cleanly() {
  kill -TERM "$ingest" || { wait "$ingest" || fail "it ended by itself with $?"; }
  wait "$ingest" || fail "vestari-ingest ended with $? on SIGTERM"
  ingest=''
}

# Killed in mid-stream, again and again, under a bridge that breaks off and repeats itself.
house killed
start_bridge "$count"
met=0
for ((i = 0; i < kills; i++)); do
  start_ingest
  printf -v pause '0.%03d' $((30 + RANDOM % 300))
  sleep "$pause" # the moment itself is what is tested
  ended "$bridge" || met=$((met + 1))
  kill -KILL "$ingest" || fail "it ended by itself"
  wait "$ingest" 2>/dev/null || true
done
start_ingest
until_true 120 ended "$bridge"
wait "$bridge" || fail "$(cat "$home/bridge.log")"
bridge=''
until_true 20 answers
[ "$(deals)" -eq "$count" ] || fail "$(deals) of $count deals, through the socket"
stop_cleanly
[ "$(deals)" -eq "$count" ] || fail "$(deals) of $count deals, in the archive"
echo "$met of $kills kills in mid-stream; $count messages are there, each once; $(cat "$home/bridge.log")"

# A command that has the archive open is waited for.
exec 8>"$home/data/ingest/archive.db.lock"
flock 8
start_ingest
sleep 0.5 # it has found the lock taken by then, or finds it free: both are right
exec 8>&-
until_true 20 answers
stop_cleanly

# The same commands with and without the service: the same bytes.
id=$(vestari deals --json --limit 1 | sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p')
commands() {
  vestari deals --limit 50
  vestari deals --json --min 80k --max 81k
  vestari comps 126610LN
  vestari comps 126610LN --json
  vestari show "$id" --on-disk
  vestari show "${id:0:12}" --json
  vestari export --format csv
  vestari export --format json
  vestari include list
  vestari include list --json
  vestari delete "$id" --dry-run
  vestari purge --dry-run
  vestari show 0000 || true
  vestari deals --brand nobody || true
}
commands >"$home/alone" 2>&1
start_ingest
until_true 20 answers
commands >"$home/through" 2>&1
cmp "$home/alone" "$home/through" || { diff "$home/alone" "$home/through" | head -20 >&2; fail "the output differs"; }
[ "$(wc -c <"$home/alone")" -gt 100000 ] || fail "the commands print too little to compare"
vestari delete "$id" --yes 2>/dev/null
[ "$(deals)" -eq $((count - 1)) ] || fail "a deal was not deleted through the socket"
vestari include add 120363040000000002@g.us 2>/dev/null
vestari include remove 120363040000000002@g.us 2>/dev/null

# What would write to WhatsApp, and everything else that is not there: 403 and an audit entry.
for call in 'POST /v1/messages' 'POST /v1/send' 'PUT /v1/deals' 'DELETE /v1/groups/1/leave' 'GET /etc/passwd'; do
  answer=$(curl -s --unix-socket "$home/run/ingest.sock" -X "${call% *}" "http://localhost${call#* }" -w ' %{http_code}')
  [ "$answer" = '{"error":"read_only"} 403' ] || fail "$call: $answer"
done
[ "$(grep -c '"what":"refused"' "$home/data/ingest/audit.jsonl")" -eq 5 ] || fail "not every refusal is audited"
# Two configurations with one runtime folder are two archives.
printf 'data_dir = "other"\nruntime_dir = "%s"\n[master_key]\npath = "other.key"\n' "$home/run" >"$home/other.toml"
"$bin/vestari" --config "$home/other.toml" init >/dev/null 2>&1
[ "$("$bin/vestari" --config "$home/other.toml" deals --json)" = '[]' ] || fail "another configuration's archive was answered for"
# A second one keeps its hands off.
code=0
"$bin/vestari-ingest" --config "$home/v.toml" >"$home/second" 2>&1 || code=$?
[ "$code" -eq 75 ] || fail "a second vestari-ingest ended with $code"
stop_cleanly
[ ! -e "$home/run/ingest.sock" ] || fail "the socket is left behind"
echo "the commands print the same bytes through the socket"

# One account whose archive is damaged leaves the other alone.
home=$work/two
mkdir -p "$home"
printf 'data_dir = "data"\nruntime_dir = "run"\n[[account]]\nname = "main"\n[[account]]\nname = "shop"\n' >"$home/v.toml"
vestari init >/dev/null 2>&1
vestari --account main include add 120363040000000001@g.us --currency HKD 2>/dev/null
mapfile -t archives < <(find "$home/data/ingest" -name '*shop*.db')
[ ${#archives[@]} -eq 1 ] || fail "where is the archive of the second account?"
head -c 4096 /dev/urandom >"${archives[0]}"
start_ingest
until_true 20 grep -q 'ready' "$home/ingest.log"
start_bridge 300
until_true 60 ended "$bridge"
wait "$bridge" || fail "$(cat "$home/bridge.log")"
bridge=''
[ "$(vestari --account main deals --json | grep -c '^{')" -eq 300 ] || fail "the sound account did not take its messages"
code=0
vestari --account shop deals >/dev/null 2>"$home/shop" || code=$?
[ "$code" -eq 65 ] || fail "the damaged archive: exit code $code, $(cat "$home/shop")"
vestari status --json --account shop | grep -q '"code":"not_an_archive"' || fail "status does not say what is wrong"
stop_cleanly
echo "a damaged archive is its own account's affair"

# A disk that takes no more: nothing is acknowledged, it is said, and it is over by itself.
house full
trap '' XFSZ
(ulimit -S -f 400 && exec "$bin/vestari-ingest" --config "$home/v.toml") >>"$home/ingest.log" 2>&1 8>&- &
ingest=$!
start_bridge 4000
until_true 60 grep -q 'cannot store' "$home/ingest.log"
ended "$bridge" && fail "everything was acknowledged on a disk that takes nothing"
until_true 20 grep -q '"code":"\(disk_full\|io\)"' <(vestari status --json)
prlimit --pid "$ingest" --fsize="$(ulimit -H -f)":
until_true 120 ended "$bridge"
wait "$bridge" || fail "$(cat "$home/bridge.log")"
bridge=''
until_true 10 grep -q 'stores again' "$home/ingest.log"
[ "$(deals)" -eq 4000 ] || fail "$(deals) of 4000 deals after the disk was full"
stop_cleanly
echo "a full disk was said, and was over by itself"
