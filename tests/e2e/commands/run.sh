#!/usr/bin/env bash
# Every command of `vestari`, run as its users run it: what it prints, where, with which exit code, and what it leaves behind.
#
#     run.sh BIN_DIR FIXTURES_DIR [CASE…]
#
# Each case runs in a home of its own. A check that fails names its case and line; all cases are run.
set -uo pipefail
bin=$(cd "$1" && pwd)
# shellcheck disable=SC2034  # for the cases
fixtures=$(cd "$2" && pwd)
shift 2
here=$(cd "$(dirname "$0")" && pwd)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
failures=0
case_name=

# vestari ARGUMENT…: runs it; $out, $err and $code hold what came of it.
vestari() {
  "$bin/vestari" "$@" >"$home/out" 2>"$home/err" </dev/null
  code=$?
  out=$(tr -d '\0' <"$home/out")
  err=$(tr -d '\0' <"$home/err")
}

fail() {
  failures=$((failures + 1))
  echo "FAILED $case_name, line ${BASH_LINENO[1]}: $*" >&2
  printf '  code %s\n  out  %s\n  err  %s\n' "$code" "$(head -c 400 <<<"$out")" "$(head -c 400 <<<"$err")" >&2
}
exits() { [ "$code" -eq "$1" ] || fail "exit code $1 wanted"; }
says() { [[ $err == *"$1"* ]] || fail "stderr wants: $1"; }
prints() { [[ $out == *"$1"* ]] || fail "stdout wants: $1"; }
prints_nothing() { [ -z "$out" ] || fail "stdout wants to be empty"; }
says_not() { [[ $err != *"$1"* ]] || fail "stderr must not have: $1"; }
prints_not() { [[ $out != *"$1"* ]] || fail "stdout must not have: $1"; }
holds() { "$@" || fail "$*"; }

run_case() {
  case_name=$1
  home=$root/$1
  mkdir -p "$home"/{tmp,run}
  export HOME=$home TMPDIR=$home/tmp XDG_RUNTIME_DIR=$home/run LC_ALL=C.UTF-8 TERM=xterm
  unset XDG_CONFIG_HOME XDG_DATA_HOME VESTARI_CONFIG NO_COLOR COLUMNS
  code=0 out='' err=''
  cd "$home" || exit 70
  "case_$1"
}

# shellcheck source-path=SCRIPTDIR
for part in "$here"/cases_*.sh; do
  # shellcheck source=/dev/null
  . "$part"
done

cases=("$@")
if [ ${#cases[@]} -eq 0 ]; then
  mapfile -t cases < <(declare -F | sed -n 's/^declare -f case_//p')
fi
for each in "${cases[@]}"; do
  run_case "$each"
done
echo "${#cases[@]} cases, $failures failures"
[ "$failures" -eq 0 ]
