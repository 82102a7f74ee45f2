#!/usr/bin/env bash
# Compiles every case of cases.txt: the control has to compile, each other one has to be refused, in its own lines and for the reason
# that it names.
#
#   check.sh <compiler> <checkout> [cases]
set -euo pipefail
compiler=$1 root=$2
here=$(cd "$(dirname "$0")" && pwd)
cases=${3:-$here/cases.txt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags=(-std=c++20 -w "-I$root" "-I$root/include" -fno-diagnostics-color)

# The headers once, precompiled.
cp "$here/prelude.hpp" "$work/prelude.hpp"
case $(basename "$compiler") in
*clang*) "$compiler" "${flags[@]}" -x c++-header "$work/prelude.hpp" -o "$work/prelude.pch"; use=(-include-pch "$work/prelude.pch") ;;
*) "$compiler" "${flags[@]}" -x c++-header "$work/prelude.hpp" -o "$work/prelude.hpp.gch"; use=(-include "$work/prelude.hpp") ;;
esac

awk -v work="$work" '
  /^==/ { close(file); file = sprintf("%s/case-%03d", work, ++count); title = substr($0, 4); bar = index(title, " | ")
          print (bar ? substr(title, 1, bar - 1) : title) > (file ".name"); close(file ".name")
          print (bar ? substr(title, bar + 3) : "") > (file ".says"); close(file ".says"); next }
  /^#/ || /^$/ { next }
  file { print > (file ".body") }' "$cases"

faults=0 refused=0 controls=0
for name in "$work"/case-*.name; do
  case=${name%.name}
  title=$(cat "$name") says=$(cat "$case.says")
  { echo 'void attempt(Port& port, noise::Sealing& sealing, const wire::Node& node, wire::OutNode built, out::Addressed stanza,'
    echo '             out::IqId id, out::Text text, Jid jid, Bytes bytes) {'
    cat "$case.body"
    echo '}'; } >"$case.cpp"
  if "$compiler" "${flags[@]}" "${use[@]}" -fsyntax-only "$case.cpp" 2>"$case.err"; then compiles=yes; else compiles=no; fi
  if [[ $title == control* ]]; then
    controls=$((controls + 1))
    [[ $compiles == yes ]] || { echo "FAILS TO COMPILE: $title"; head -20 "$case.err"; faults=$((faults + 1)); }
  elif [[ $compiles == yes ]]; then
    echo "COMPILES: $title"; faults=$((faults + 1))
  elif ! grep -q "case-[0-9]*\.cpp:[0-9:]* error:\|case-[0-9]*\.cpp:[0-9]*:[0-9]*:.*required from" "$case.err" ||
       ! grep "error:" "$case.err" | grep -Eq "$says"; then
    echo "REFUSED FOR ANOTHER REASON: $title"; grep error: "$case.err" | head -5; faults=$((faults + 1))
  else
    refused=$((refused + 1))
  fi
done
echo "$(basename "$compiler"): $refused cases refused, $controls control compiled, $faults faults"
[[ $faults == 0 && $refused -ge 25 && $controls -ge 1 ]]
