#!/usr/bin/env bash
# The audit accepts the good program and finds each fault of the bad ones: its silence means something.
#
#   run.sh FOLDER_OF_PROGRAMS OUTBOUND_ARCHIVE BAD_ARCHIVE
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$1 archive=$2 bad_archive=$3
export AUDIT_OWN='tests/e2e/audit/'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

audit() { "$here/audit.sh" "$1" "$2" "$3" 2>&1; }
finds() { # PROGRAM MAP ARCHIVE FINDING
  local said
  if said=$(audit "$1" "$2" "$3"); then
    echo "not noticed: $(basename "$1"), $4"; failures=$((failures + 1))
  elif ! grep -qE "$4" <<<"$said"; then
    echo "noticed for another reason: $(basename "$1"), wanted $4:"; echo "$said"; failures=$((failures + 1))
  else
    echo "noticed: $4"
  fi
}
good=$bin/audit_good
audit "$good" "$good.map" "$archive" || { echo "the good program is refused"; failures=$((failures + 1)); }
finds "$bin/audit_encrypts" "$bin/audit_encrypts.map" "$archive" 'imports session_cipher_encrypt'
finds "$bin/audit_seals" "$bin/audit_seals.map" "$archive" '(bad_seals|opened).* reaches vestari::noise::Sealing::seal|data points at vestari::noise::Sealing::seal'
finds "$bin/audit_encodes" "$bin/audit_encodes.map" "$archive" 'bad_encodes.* reaches vestari::wire::encode'
finds "$bin/audit_serializes" "$bin/audit_serializes.map" "$archive" 'can serialize vestari::e2e::Message'
finds "$bin/audit_writes" "$bin/audit_writes.map" "$archive" '2 functions reach SSL_write'
finds "$bin/audit_words" "$bin/audit_words.map" "$archive" 'word table: > presence'
finds "$good" "$good.map" "$bad_archive" 'holds the word composing'
cp "$good" "$work/stripped" && strip "$work/stripped"
finds "$work/stripped" "$good.map" "$archive" 'no symbols to read'
sed 's|^LOAD .*libvestari_noise\.a|&\nLOAD tests/synth/libvestari_synth.a|' "$good.map" >"$work/map"
finds "$good" "$work/map" "$archive" 'is linked with tests/synth'
: >"$work/map"
finds "$good" "$work/map" "$archive" 'the map is empty'
[[ $failures == 0 ]]
