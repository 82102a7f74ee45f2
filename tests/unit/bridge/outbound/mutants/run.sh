#!/usr/bin/env bash
# T12: breaks the guard and the port in one place after the other, builds the room's tests with the broken file in front, and wants them
# to fail. All with VESTARI_ASSURE=1, else those before the rule in mutants.txt. Takes its compile and link commands from Ninja.
#
#   run.sh CHECKOUT BUILD_FOLDER
set -euo pipefail
root=$1 build=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$build"
ninja -t commands bin/test_bridge_outbound >"$work/commands"
link=$(tail -1 "$work/commands")

killed=0 alive=0
builds() { # FILE, mutant.cpp in its place
  local compile
  compile=$(grep -F -- "-c $root/bridge/outbound/$1" "$work/commands" | head -1 |
    sed -E "s|-o [^ ]+|-o $work/mutant.o|; s|-MF [^ ]+|-MF $work/mutant.d|; s|-c [^ ]+|-w -Wno-error -c $work/mutant.cpp|")
  bash -c "$compile" >"$work/log" 2>&1 &&
    bash -c "$(sed -E "s|-o bin/test_bridge_outbound|$work/mutant.o -o $work/mutant|" <<<"$link")" >>"$work/log" 2>&1
}
passes() { timeout 300 "$work/mutant" --abort-after=1 >"$work/log" 2>&1; }

try() { # FILE FROM TO
  local text
  text=$(cat "$root/bridge/outbound/$1" && echo .)
  if [[ $text != *"$2"* ]]; then
    echo "DOES NOT STAND IN $1: $2"; alive=$((alive + 1)); return
  fi
  printf '%s' "${text/"$2"/"$3"}" | sed '$ s/\.$//' >"$work/mutant.cpp"
  if ! builds "$1"; then
    echo "DOES NOT COMPILE: $1: $2 -> $3"; head -5 "$work/log"; alive=$((alive + 1))
  elif passes; then
    echo "ALIVE: $1: $2 -> $3"; alive=$((alive + 1))
  else
    killed=$((killed + 1))
  fi
}

# Unbroken, built in the same way, they have to pass.
for file in shape/table.cpp guard.cpp; do
  cp "$root/bridge/outbound/$file" "$work/mutant.cpp"
  if ! builds "$file" || ! passes; then
    echo "the tests fail without a mutant: $file"; tail -5 "$work/log"; exit 1
  fi
done

while IFS= read -r line; do
  case $line in
  '#'*) continue ;;
  ----)
    if [[ -n ${VESTARI_ASSURE:-} ]]; then continue; fi
    break ;;
  esac
  file=${line%% ## *} rest=${line#* ## }
  from=${rest%% ## *} to=${rest#* ##}
  try "$file" "$(printf '%b' "$from")" "$(printf '%b' "${to# }")"
done <"$here/mutants.txt"
echo "$killed mutants killed, $alive not"
[[ $alive == 0 && $killed -ge 4 && (-z ${VESTARI_ASSURE:-} || $killed -ge 20) ]]
