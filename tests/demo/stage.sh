#!/usr/bin/env bash
# The demo's stage: headings, commands shown and run, programs started and ended, conditions waited for. Sourced by run.sh.
# shellcheck disable=SC2034,SC2154 # bin, work and control are run.sh's; ended is for it
config=$work/vestari.toml
patience=60 # seconds for a condition
declare -A pids=()
ended=0 # what the program that was ended last gave

bold='' plain='' terminal=no
if [ -t 1 ]; then
  terminal=yes
  if [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
fi

vestari() { "$bin/vestari" --config "$config" "$@"; }

# On a terminal somebody reads along.
breathe() { if [ "$terminal" = yes ]; then sleep "${1:-1.5}"; fi; }

heading() {
  breathe
  printf '\n%s── %s%s\n' "$bold" "$1" "$plain"
  if [ $# -gt 1 ]; then printf '%s\n' "$2"; fi
  breathe 0.7
}
shown() {
  printf '\n%s$ %s%s\n' "$bold" "${*//$work/…}" "$plain"
  breathe 0.4
}
show() {
  shown "$@"
  "$@" 2>&1 | sed "s|$work|…|g"
}

# check WORDS COMMAND…: says that it holds, or ends the demo.
check() {
  local words=$1
  shift
  "$@" || fail "$words: not so"
  printf '  %s\n' "$words"
}
fail() {
  printf 'demo: %s\n' "$1" >&2
  for log in up.err service.err; do
    if [ -s "$work/$log" ]; then tail -n 15 "$work/$log" >&2; fi
  done
  exit 1
}

running() { [ -z "${pids[$1]:-}" ] || kill -0 "${pids[$1]}" 2>/dev/null; }

# eventually WORDS COMMAND…: until it holds.
eventually() {
  local words=$1 end=$((SECONDS + patience))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ] || ! running service || ! running up; then fail "$words: never came"; fi
    sleep 0.1
  done
}

# start NAME COMMAND…: in the background, in a process group of its own, with a Ctrl-C that counts.
start() {
  local name=$1
  shift
  set -m
  "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null &
  set +m
  pids[$name]=$!
}
# end NAME SIGNAL; $ended is its exit code.
end() {
  local pid=${pids[$1]}
  unset "pids[$1]"
  kill -s "$2" -- "-$pid" 2>/dev/null || true
  ended=0
  wait "$pid" || ended=$?
}
events_end() { end events INT; }

# Every process that was started from, or told about, the demo's folder.
left_over() {
  local entry
  for entry in /proc/[0-9]*; do
    if [ "${entry#/proc/}" != $$ ] && { tr '\0' ' ' <"$entry/cmdline" | grep -qF "$work/"; } 2>/dev/null; then
      echo "${entry#/proc/}"
    fi
  done
}
nobody_left() { [ -z "$(left_over)" ]; }
no_socket_left() { [ -z "$(find "$work" -type s)" ]; }

clear_stage() {
  local code=$? name
  trap '' INT TERM
  for name in "${!pids[@]}"; do end "$name" TERM; done
  rm -rf "$work"
  exit "$code"
}

# What the checks ask.
service() { curl -sS --fail-with-body -X "$1" "$control$2" ${3:+--data "$3"}; }
state_is() { [ "$(vestari status --json | jq -r '.accounts[0].state')" = "$1" ]; }
deals_are() { [ "$(vestari deals --json 2>/dev/null | jq length)" -eq "$1" ]; }
price_is() { vestari deals --reference "$1" --json 2>/dev/null | jq -e --argjson price "$2" 'any(.price_minor == $price)' >"$work/asked"; }
deal_of() { vestari deals --reference "$1" --json 2>/dev/null | jq -r '.[0].id'; }
revoked() { vestari export --format json 2>/dev/null | jq -e --arg id "$1" 'any(.. | objects; .status? == "revoked" and .source.message_id == $id)' >"$work/asked"; }
dropped_are() { [ "$(vestari status --json | jq '.accounts[0].counts.dropped')" -eq "$1" ]; }
drained() { service GET /queue | jq -e '.undelivered == 0 and .uncleared == 0' >"$work/asked"; }
absent() { ! vestari export --format json 2>/dev/null | grep -qiE "$1"; }
refused_and_audited() { grep -q '"what":"refused".*POST /v1/send' "$work/data/bridge/audit.jsonl"; }
referee_report() {
  service GET /referee >"$work/referee"
  jq -r '(.shapes | to_entries | sort_by(.key | split(" ")[0] | tonumber) | .[] | "  \(.value)\t\(.key | sub("^[0-9]+ "; ""))"), "  \(.stanzas)\tin all, \(.violations | length) violations"' "$work/referee"
}
no_violation() { jq -e '.violations == [] and .more == 0 and .stanzas > 0' "$work/referee" >"$work/asked"; }

# post GROUP MEMBER TEXT [KIND TARGET]: its id.
post() {
  jq -n --arg group "$1" --arg member "$2" --arg text "${3//\\n/$'\n'}" --arg kind "${4:-text}" --arg target "${5:-}" \
    '{group: $group, member: $member, text: $text, kind: $kind} + if $target == "" then {} else {target: $target} end' >"$work/post"
  service POST /post "@$work/post" | jq -r '.ids[0]'
}
