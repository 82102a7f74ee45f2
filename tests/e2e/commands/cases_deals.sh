# shellcheck shell=bash disable=SC2154,SC2034,SC2016  # the variables and helpers are those of run.sh; $ stands in text
# parse, replay, include, deals, comps, export, delete.

# content_line ID TEXT: a line of a content fixture whose message is this text (up to 16,383 bytes).
content_line() {
  local length hex varint
  length=$(printf %s "$2" | wc -c)
  hex=$(printf %s "$2" | od -An -v -tx1 | tr -d ' \n')
  varint=$(printf '%02x' $((length & 127)))
  [ "$length" -lt 128 ] || varint=$(printf '%02x%02x' $(((length & 127) | 128)) $((length >> 7)))
  printf '{"at":1772618400000,"content":{"chat":"120363040000000001@g.us","sender":"15550100007@s.whatsapp.net","id":"%s","message":"0a%s%s"}}\n' \
    "$1" "$varint" "$hex"
}
content_header() {
  echo '{"vestari_capture":1,"me":{"pn":"15559990000:5@s.whatsapp.net"},"groups":[{"jid":"120363040000000001@g.us","name":"Dealers \u001b]0;x\u0007\u202e","currency":"USD"}],"include":["120363040000000001@g.us"]}'
}

case_explain() {
  vestari parse --explain 'WTS 126610LN 2023 full set 12.4k' 'good morning'
  exits 0
  prints '[1 WTS] [2 126610LN] [3 2023] [4 full set] [5 12.4k]'
  prints 'price.unit'
  prints 'no deal'
  vestari parse --explain --json --currency HKD 'WTS 126610LN 95.8k'
  exits 0
  prints '"rule":"price.unit","span":[13,18],"in":"text"'
  prints '"value":"95,800 HKD"'
  vestari parse --currency XXX 'WTS 126610LN'
  exits 64
  says 'no currency that we read'
}

case_reparse() {
  vestari reparse
  exits 78
  vestari replay "$fixtures/day-1/fixture.jsonl" --store shop
  exits 0
  vestari reparse --config shop/vestari.toml
  exits 0
  prints_nothing
  says '0 deals changed, 0 added, 0 removed'
  vestari reparse --apply --yes --json --config shop/vestari.toml
  exits 0
  prints '{"deals":[],'
  vestari reparse --apply --dry-run --config shop/vestari.toml
  exits 64
}

case_parse() {
  printf '%s\n' '{"id":"1","text":"WTS Rolex 126610LN, 2023 full set, unworn, $12,400 shipped","context":{"group_currency":"USD","account_currency":"USD","sent_at":"2026-03-01","event":"new"},"quoted":null}' \
    '' '{"id":"2","text":"good morning","context":{"group_currency":null,"sent_at":null,"event":null},"quoted":null}' >in
  "$bin/vestari" parse <in >out 2>err
  code=$? out=$(cat out) err=$(cat err)
  exits 0
  holds [ "$(wc -l <out)" -eq 2 ]
  prints '{"id":"1","deals":[{'
  prints '"reference":"126610LN"'
  prints '{"id":"2","deals":[]}'
  for broken in 'not json' '[]' '{"id":"3"}' '{"id":3,"text":"x"}' '{"id":"3","text":"x","context":5}' \
    '{"id":"3","text":"x","context":{"sent_at":"yesterday"}}' $'{"id":"3","text":"\xff"}'; do
    { cat in; printf '%s\n' "$broken" '{"id":"4","text":"x"}'; } | "$bin/vestari" parse >out 2>err
    code=$? out=$(cat out) err=$(cat err)
    exits 65
    says "line 4"
    holds [ "$(wc -l <out)" -eq 2 ]
  done
  yes "$(head -n 1 in)" | head -n 5000 | "$bin/vestari" parse >out 2>err
  code=${PIPESTATUS[2]} out='' err=$(cat err)
  exits 0
  holds [ "$(sort -u out | wc -l) $(wc -l <out)" = "1 5000" ]
  "$bin/vestari" parse </dev/null >out 2>err
  code=$? out=$(cat out) err=$(cat err)
  exits 0
  prints_nothing
  printf '{"id":"1","text":"x"}' | "$bin/vestari" parse >/dev/full 2>err
  code=$? out='' err=$(cat err)
  exits 74
  says "disk is full"
  holds [ -z "$(ls -A .config .local 2>/dev/null)" ]
}

case_include() {
  vestari init --config v.toml
  export VESTARI_CONFIG=$home/v.toml
  vestari include list
  exits 1
  vestari include list --json
  exits 0
  holds [ "$out" = "[]" ]
  vestari include add 120363040000000001@g.us --currency hkd
  exits 0
  vestari include list --json
  prints '{"jid":"120363040000000001@g.us","name":null,"currency":"HKD"}'
  vestari include add 15550100001@s.whatsapp.net
  exits 64
  says "is not a group"
  vestari include add "a b@g.us"
  exits 64
  vestari include add 120363040000000002@g.us "No such group"
  exits 1
  says 'no group named "No such group"'
  vestari include list --json
  prints_not 120363040000000002
  vestari include add 120363040000000002@g.us --currency XXX
  exits 64
  vestari include remove 120363040000000001@g.us
  exits 0
  vestari include remove 120363040000000001@g.us
  exits 1
}

case_replay_as_expected() {
  for name in day-1 day-2 content-1; do
    vestari replay "$fixtures/$name/fixture.jsonl" --expect "$fixtures/$name/expected.json"
    exits 0
    says "as expected"
    prints "dropped unopened"
  done
  holds [ -z "$(ls -A tmp)" ]
  holds [ ! -e .config ]
  sed 's/"dropped": 68/"dropped": 69/' "$fixtures/day-2/expected.json" >other.json
  vestari replay "$fixtures/day-2/fixture.jsonl" --expect other.json
  exits 1
  prints "dropped: 69 expected, 68 seen"
  vestari replay "$fixtures/day-2/fixture.jsonl" --expect other.json --json
  exits 1
  says "dropped: 69 expected, 68 seen"
  prints '{"stanzas":311,"dropped":68,"decrypted":198,"failed":9,"duplicates":4,"other":32,"messages":['
  vestari replay "$fixtures/day-2/fixture.jsonl" "$fixtures/content-1/fixture.jsonl" --json
  exits 0
  prints '"stanzas":430,'
}

case_replay_bad_input() {
  vestari replay nowhere.jsonl
  exits 74
  says "nowhere.jsonl cannot be read"
  vestari replay "$fixtures"
  exits 74
  vestari replay "$fixtures/day-2/fixture.jsonl" --expect nowhere.json
  exits 65
  says "nowhere.json"
  { head -n 40 "$fixtures/day-2/fixture.jsonl"; echo '{"at":1'; sed -n '41,$p' "$fixtures/day-2/fixture.jsonl"; } >broken.jsonl
  vestari replay broken.jsonl --store shop
  exits 65
  says "broken.jsonl:41"
  prints "39 stanzas"
  vestari replay "$fixtures/day-2/fixture.jsonl" --store shop --json
  exits 0
  prints '"stanzas":311'
  sed '1s/"vestari_capture":1/"vestari_capture":2/' "$fixtures/day-2/fixture.jsonl" >newer.jsonl
  vestari replay newer.jsonl
  exits 65
  says "newer.jsonl"
  : >empty.jsonl
  vestari replay empty.jsonl
  exits 65
  head -c 100000 /dev/urandom >noise.jsonl
  vestari replay noise.jsonl
  exits 65
  head -c 30000 "$fixtures/day-2/fixture.jsonl" >cut.jsonl
  vestari replay cut.jsonl
  exits 65
  says "cut.jsonl"
  vestari replay "$fixtures/day-2/fixture.jsonl" --include "not a group"
  exits 64
  vestari replay <(cat "$fixtures/content-1/fixture.jsonl") --expect "$fixtures/content-1/expected.json"
  exits 0
  holds [ -z "$(ls -A tmp)" ]
}

case_replay_leaves_nothing_when_stopped() {
  mkfifo slow.jsonl
  for signal in TERM HUP; do # INT is ignored by what a script puts into the background
    "$bin/vestari" replay slow.jsonl >out 2>err &
    local pid=$!
    exec 7>slow.jsonl # opened: the replay has started, and waits for more
    head -n 200 "$fixtures/day-2/fixture.jsonl" >&7
    holds [ -n "$(ls -A tmp)" ]
    kill -s "$signal" "$pid"
    { wait "$pid"; } 2>/dev/null
    code=$?
    exits $((128 + $(kill -l "$signal")))
    exec 7>&-
    holds [ -z "$(ls -A tmp)" ]
  done
}

case_second_process() {
  vestari init --config v.toml
  mkfifo slow.jsonl
  "$bin/vestari" replay slow.jsonl --store . >out 2>err &
  local pid=$!
  exec 7>slow.jsonl # opened: the child reads, and the archive is open
  vestari deals --config v.toml
  exits 75
  says "another process has the archive open"
  cat "$fixtures/content-1/fixture.jsonl" >&7
  exec 7>&-
  wait "$pid"
  code=$?
  exits 0
  vestari deals --config v.toml --json
  exits 0
}

case_store_is_read_by_every_command() {
  vestari replay "$fixtures/day-1/fixture.jsonl" --store shop --expect "$fixtures/day-1/expected.json"
  exits 0
  says "vestari deals --config shop/vestari.toml"
  local said=$err
  export VESTARI_CONFIG=$home/shop/vestari.toml
  vestari deals --json
  exits 0
  local before=$out id
  [[ $said == *"$(($(grep -c '"id":' <<<"$out") - 20)) more deals"* ]] || fail "replay promises other deals than these: $said"
  id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' <<<"$out" | head -n 1)
  vestari replay "$fixtures/day-1/fixture.jsonl" --store shop --json
  exits 0
  prints '"decrypted":0,"failed":15,"duplicates":476,'
  vestari deals --json
  holds [ "$before" = "$out" ]
  vestari include list --json
  prints '"currency":"HKD"'
  vestari deals
  exits 0
  prints "Reference"
  vestari deals --reference NOSUCH
  exits 1
  vestari deals --reference NOSUCH --json
  exits 0
  holds [ "$out" = "[]" ]
  vestari deals --since yesterdayish
  exits 64
  vestari deals --limit 3 --json
  holds [ "$(grep -c '"id":' <<<"$out")" -eq 3 ]
  vestari show "${id:0:8}"
  exits 0
  prints "$id"
  vestari show "${id:0:8}" --on-disk
  exits 0
  prints "sealed"
  vestari show zzzz
  exits 64
  vestari export --format csv --output deals.csv
  exits 0
  holds [ "$(stat -c %a deals.csv)" = 600 ]
  holds [ "$(head -c 3 deals.csv)" = id, ]
  vestari export --format json
  exits 0
  prints "$id"
  vestari export --format json --output /nowhere/x
  exits 74
  mkfifo pipe # written to, and not replaced by a file
  cat pipe >piped &
  vestari export --format csv --output pipe
  exits 0
  wait $!
  holds [ -p pipe ]
  holds cmp -s piped deals.csv
  ln -s /dev/full full # a link, lest a mistake harms the device
  vestari export --format csv --output full
  exits 74
  says "not complete"
  holds [ -L full ]
  "$bin/vestari" export --format csv >/dev/full 2>err
  code=$? out='' err=$(cat err)
  exits 74
  "$bin/vestari" deals --json >/dev/full 2>err
  code=$? out='' err=$(cat err)
  exits 74
  "$bin/vestari" deals --json 2>err | head -n 1 >/dev/null
  code=${PIPESTATUS[0]} out='' err=$(cat err)
  exits 0
  [ -z "$err" ] || fail "a reader that goes away is no error"
  vestari comps NOSUCH
  exits 1
  vestari comps NOSUCH --json
  exits 0
  prints '"count":0'
}

case_delete() {
  vestari replay "$fixtures/day-1/fixture.jsonl" --store shop --json
  export VESTARI_CONFIG=$home/shop/vestari.toml
  vestari deals --json
  local id count
  count=$(grep -c '"id":' <<<"$out")
  id=$(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' <<<"$out" | head -n 1)
  vestari delete "$id" --dry-run
  exits 0
  prints "${id:0:8}"
  vestari delete "$id"
  exits 64
  says "--yes"
  vestari delete 0000000000000000 --yes
  exits 1
  vestari delete "$id" --yes
  exits 0
  says "deleted 1 deal"
  vestari delete "$id" --yes
  exits 1
  vestari replay "$fixtures/day-1/fixture.jsonl" --store shop --json
  vestari deals --json
  holds [ "$(grep -c '"id":' <<<"$out")" -eq $((count - 1)) ]
  vestari purge
  exits 64
  vestari purge --dry-run
  exits 0
  vestari purge --yes
  exits 0
  vestari deals --json
  holds [ "$out" = "[]" ]
}

case_hostile_text_cannot_reach_the_terminal() {
  local marks bidi=$'\xe2\x80\xae'
  marks=$(printf '\xcc\x81%.0s' $(seq 5000))
  {
    content_header
    content_line A1 $'WTS Rolex 126610LN \x1b[2J\x1b]0;owned\x07 full set $12,400'"$bidi"
    content_line A2 $'WTS Rolex 126334\r\x9b31m unworn $11,200 \x7f\x08\x08'
    content_line A3 "WTS Rolex 124060 e$marks \$10,500"
    content_line A4 $'WTS Rolex 116500LN \xff\xfe\xc3 $25,000'
  } >hostile.jsonl
  vestari replay hostile.jsonl --store shop
  exits 0
  local all=$out$err command
  vestari replay hostile.jsonl --json
  exits 0
  all+=$out$err
  export VESTARI_CONFIG=$home/shop/vestari.toml
  for command in "deals" "deals --json" "include list" "include list --json" "export --format json" "comps 126610LN" "comps 126610LN --json"; do
    # shellcheck disable=SC2086
    vestari $command
    all+=$out$err
  done
  vestari deals --json
  while read -r id; do
    vestari show "$id"
    all+=$out$err
  done < <(sed -n 's/^{"id":"\([0-9a-f]*\)".*/\1/p' <<<"$out")
  out=$all err='' code=0
  prints 126610LN
  if printf %s "$all" | LC_ALL=C grep -q $'[\x01-\x08\x0b-\x1f\x7f]'; then fail "a control character came through"; fi
  if printf %s "$all" | LC_ALL=C grep -qE $'\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'; then
    fail "a C1 or bidi control came through"
  fi
}

case_colours_only_on_a_terminal() {
  vestari replay "$fixtures/content-1/fixture.jsonl" --store shop
  exits 0
  prints_not $'\033'
  export VESTARI_CONFIG=$home/shop/vestari.toml
  out=$(script -qec "$bin/vestari include list" /dev/null </dev/null)
  prints $'\033[1m'
  out=$(NO_COLOR=1 script -qec "$bin/vestari include list" /dev/null </dev/null)
  prints_not $'\033'
  out=$(TERM=dumb script -qec "$bin/vestari include list" /dev/null </dev/null)
  prints_not $'\033'
  prints "-----"
  for width in 20 40 60 80 120; do
    COLUMNS=$width vestari include list
    exits 0
    local widest
    widest=$(wc -L <<<"$out")
    holds [ "$widest" -le "$width" ]
  done
}
