#!/usr/bin/env bash
# Wall 3: reads off a program's own symbols, code, strings and link map that it cannot say anything but the closed set.
#
#   audit.sh [--whole] PROGRAM MAP OUTBOUND_ARCHIVE
#
# --whole: it is the shipped program; what only that has (the socket, the port in use) has to be there. Built with symbols and without
# link-time optimisation. Source: DESIGN section 4; wire/10-connection.md sections 14 and 15.
set -euo pipefail
export LC_ALL=C

whole=no
[[ ${1:-} == --whole ]] && { whole=yes; shift; }
program=$1 map=$2 archive=$3
here=$(cd "$(dirname "$0")" && pwd)
faults=0
fault() {
  local text="AUDIT ${program##*/}: $*"
  echo "${text:0:300}"
  faults=$((faults + 1))
}

symbols=$(nm -C --defined-only "$program" 2>/dev/null | cut -d' ' -f3- | sort -u)
imports=$(nm -D --undefined-only "$program" | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u)
needed=$(readelf -dW "$program" | grep NEEDED || true)
grep -q '^vestari::outbound::Port::send(' <<<"$symbols" || fault "no symbols to read, or no port: was it stripped?"

# -- nothing encrypts or signs for others, nothing loads or starts more code
forbidden_imports='^(session_cipher_encrypt|group_cipher_encrypt|group_cipher_create|group_session_builder_create_session'
forbidden_imports+='|session_builder_process_pre_key_bundle|signal_message_create|pre_key_signal_message_create|sender_key_message_create'
forbidden_imports+='|sender_key_distribution_message_create|textsecure__.*__pack|curl_.*|dlopen|dlsym|system|popen|exec[lv][pe]*|fexecve)$'
while read -r name; do fault "imports $name"; done < <(grep -E "$forbidden_imports" <<<"$imports" || true)
while read -r name; do fault "defines $name"; done < <(grep -E "$forbidden_imports" <<<"$symbols" || true)
grep -q 'libcurl' <<<"$needed" && fault "links libcurl"

# -- no serializer but those of the pipe, of linking and of the handshake
while read -r name; do fault "can serialize ${name%%::_InternalSerialize*}"; done < <(
  grep -E '::(_InternalSerialize|SerializeWithCachedSizesToArray)\(' <<<"$symbols" |
    grep -vE '^(vestari::(event::v1|link::proto|noise::wire)|google::protobuf)::' || true)

# -- the encoder's words, from the program itself, are exactly those of the list
word_symbol=$(nm -C --defined-only -S "$program" | grep ' vestari::outbound::word_table$' || true)
if [[ -z $word_symbol ]]; then
  fault "has no table of words"
else
  read -r address size _ <<<"$word_symbol"
  at=$((16#$address)) offset=
  while read -r _ from start _ length _; do # the segment that holds it
    if ((at >= start && at < start + length)); then offset=$((from + at - start)); fi
  done < <(readelf -lW "$program" | grep '^  LOAD')
  words=$(dd if="$program" bs=1 skip="${offset:?}" count="$((16#$size))" status=none | tr -d '\0' | sort)
  while read -r line; do fault "word table: $line"; done < <(diff <(grep -v '^#' "$here/words.txt" | sort) <(echo "$words") | grep '^[<>]' || true)
fi

# -- who calls what; an address that is taken counts as a call
callers=$(objdump -d -C --no-show-raw-insn -j .text "$program" | awk '
  /^[0-9a-f]+ <.*>:$/ { at = $0; sub(/^[0-9a-f]+ </, "", at); sub(/>:$/, "", at); sub(/ \[clone .*/, "", at); next }
  /<(vestari::(noise::Sealing::seal|crypto::CountedCipher::seal|crypto::CountedCipher::seal_into|noise::SymmetricState::encrypt|wire::encode|outbound::text_of|net::Connection::write)\(|SSL_write)/ {
    to = $0; sub(/^[^<]*</, "", to); sub(/>$/, "", to); sub(/\+0x[0-9a-f]+$/, "", to); sub(/@plt$/, "", to); sub(/ \[clone .*/, "", to)
    if (to != at) print to "\t" at }' | sort -u)
pointed_at=$(readelf -rW "$program" | awk '$3 == "R_X86_64_RELATIVE" { print $4 }' | sort -u)

# only_from CALLEE (regular expression at its start) CALLERS (regular expression at their start)
only_from() {
  while IFS=$'\t' read -r to at; do fault "$at reaches $to"; done < <(
    awk -F'\t' -v to="^($1)" -v at="^($2)" '$1 ~ to && $2 !~ at' <<<"$callers")
  while read -r address _ name; do
    grep -q "^$(printf '%x' "$((16#$address))")$" <<<"$pointed_at" && fault "data points at $name"
  done < <(nm -C --defined-only "$program" | grep -E "^[0-9a-f]+ . $1" || true)
  return 0
}
only_from 'vestari::noise::Sealing::seal[(]' 'vestari::outbound::Port::send[(]'
only_from 'vestari::crypto::CountedCipher::seal(_into)?[(]' \
  'vestari::(crypto::CountedCipher::seal(_into)?|noise::Sealing::seal|noise::SymmetricState::encrypt)[(]'
only_from 'vestari::noise::SymmetricState::encrypt[(]' 'vestari::noise::(SymmetricState|ClientHandshake)::'
only_from 'vestari::wire::encode[(]vestari::wire::OutNode' 'vestari::outbound::Port::send[(]'
only_from 'vestari::outbound::text_of[(]' 'vestari::outbound::|std::__detail::__variant::.*vestari::outbound::encode[(]'

# one_caller CALLEE: at most one function, exactly one in the shipped program
one_caller() {
  local all count
  all=$(awk -F'\t' -v to="^($1)" '$1 ~ to { print $2 }' <<<"$callers" | sort -u)
  count=$(grep -c . <<<"$all" || true)
  if [[ $count -gt 1 || ($count -eq 0 && $whole == yes) ]]; then fault "$count functions reach $1: $(tr '\n' ';' <<<"$all")"; fi
}
one_caller 'SSL_write'
one_caller 'vestari::net::Connection::write[(]'
one_caller 'vestari::noise::Sealing::seal[(]'

# -- the outbound room before linking: none of the words of section 15
mapfile -t writers < <(ar t "$archive" | grep -vE '^(shape|table|match|guard)\.cpp\.o$') # those read
found=$(ar p "$archive" "${writers[@]}" | strings -a -n 3 | sort -u)
while read -r word; do fault "the outbound archive holds the word $word"; done < <(
  grep -v '^#' "$here/forbidden_words.txt" | grep -Fxf - <(echo "$found") || true)

# -- the link map: our own archives, no test code
loaded=$(awk '/^LOAD / { print $2 }' "$map")
[[ -n $loaded ]] || fault "the map is empty"
grep -q 'libvestari_outbound\.a$\|libaudit_.*\.a$' <<<"$loaded" || fault "the map does not know the outbound archive"
while read -r file; do fault "is linked with $file"; done < <(
  grep -E '(^|/)tests/|vestari_(synth|sim|noise_responder)|libcurl' <<<"$loaded" | grep -vE "${AUDIT_OWN:-^$}" || true)

echo "$(basename "$program"): $(grep -c . <<<"$symbols") symbols, $(grep -c . <<<"$imports") imports, $(grep -c . <<<"$callers") calls read, $faults faults"
[[ $faults == 0 ]]
