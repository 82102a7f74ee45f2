#!/usr/bin/env bash
# Reads the properties of ASSURANCE section G off each program.
#
#     run.sh PROGRAM…
set -euo pipefail

failures=0
for program in "$@"; do
  header=$(readelf -hW "$program")
  segments=$(readelf -lW "$program")
  dynamic=$(readelf -dW "$program")
  symbols=$(readelf --dyn-syms -W "$program")
  main=$(objdump -d --no-show-raw-insn --disassemble=main "$program")
  want() { # WHAT HERE PATTERN
    grep -qE -- "$3" <<<"$2" || { echo "$program: no $1" >&2; failures=$((failures + 1)); }
  }
  refuse() { # WHAT HERE PATTERN
    if grep -qE -- "$3" <<<"$2"; then echo "$program: has $1" >&2; failures=$((failures + 1)); fi
  }
  want "position independence" "$header" 'Type: +DYN'
  want "read-only relocations" "$segments" 'GNU_RELRO'
  want "immediate binding" "$dynamic" 'BIND_NOW|FLAGS.*NOW'
  refuse "an executable stack" "$segments" 'GNU_STACK.*E 0x'
  refuse "a segment both writable and executable" "$segments" 'LOAD.* RWE '
  want "stack canaries" "$symbols" '__stack_chk_fail'
  want "fortified calls" "$symbols" '_chk(@|$)'
  # The whole file is not marked for it: a static library of the distribution was built without.
  want "control-flow protection of our own code" "$main" 'endbr64'
  refuse "a library path of its own" "$dynamic" 'RPATH|RUNPATH'
done
[ "$failures" -eq 0 ] && echo "$# programs are hardened"
