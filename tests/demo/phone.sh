#!/usr/bin/env bash
# The simulated phone of the demo: `vestari link` draws its code, the phone looks at what stands on the screen and scans it.
# Sourced by run.sh. Three ways, by what the machine has: the drawn code and zbarimg; a PNG and zbarimg, where the terminal is too
# small to draw; the code as text, where there is no zbarimg.
# shellcheck disable=SC2154 # bin, work, config and terminal are stage.sh's

# The last whole drawing of a terminal's recording as a picture: half blocks are two pixels each, four times as large.
picture_of() {
  tr -d '\r' <"$1" | sed -n $'s/^.*\e\\[38;5;16;48;5;231m\\(.*\\)\e\\[0m$/\\1/p' | sed 's/█/3/g; s/▀/1/g; s/▄/2/g; s/ /0/g' |
    awk '{ line[NR] = $0 }
      END {
        rows = int((length(line[NR]) + 1) / 2); from = NR - NR % rows - rows + 1
        print "P1", 4 * length(line[from]), 8 * rows
        for (y = from; y < from + rows; ++y)
          for (half = 1; half <= 2; ++half) {
            text = ""
            for (x = 1; x <= length(line[y]); ++x) {
              dark = int(substr(line[y], x, 1) / half) % 2
              text = text dark " " dark " " dark " " dark "\n"
            }
            for (i = 0; i < 4; ++i) printf "%s", text
          }
      }' >"$2"
}
look() { zbarimg --quiet --raw "$1" >"$work/seen" 2>/dev/null && [ -s "$work/seen" ]; }
look_at_screen() { [ -s "$work/screen" ] && picture_of "$work/screen" "$work/screen.pbm" 2>/dev/null && look "$work/screen.pbm"; }
look_at_picture() { [ -s "$work/code.png" ] && look "$work/code.png"; }
look_at_text() { head -n 1 "$work/link.out" >"$work/seen" 2>/dev/null && [ -s "$work/seen" ]; }

scan() {
  jq -n --rawfile qr "$work/seen" '{qr: ($qr | rtrimstr("\n")), person: "owner"}' >"$work/scan"
  service POST /scan "@$work/scan" | jq -e .ok >"$work/asked"
}

large_enough() {
  local rows columns
  exec {screen}>&1
  read -r rows columns < <(stty size <&"$screen" 2>/dev/null || echo 0 0)
  exec {screen}>&-
  [ "${TERM:-dumb}" != dumb ] && [ "$rows" -ge 41 ] && [ "$columns" -ge 73 ]
}

# In a terminal of its own, whose recording is what the phone sees. Without a terminal that has the size a phone can read.
link_drawn() {
  shown vestari link
  local line size=''
  if [ "$terminal" = no ]; then size='export TERM=xterm; stty rows 50 columns 100; '; fi
  line="unset NO_COLOR; $size exec '$bin/vestari' --config '$config' link"
  if [ "$terminal" = no ]; then
    start link script --quiet --flush --return --command "$line" "$work/screen"
    eventually "a code that a phone can read" look_at_screen
    tr -d '\r' <"$work/screen" | sed $'s/\e\\[[0-9;]*[A-Za-z]//g' | grep -E '^[█▀▄ ]{40,}$' | head -n 39
    scan
    wait_for_link
    return
  fi
  start phone phone_in_hand
  script --quiet --flush --return --command "$line" "$work/screen" || fail "vestari link has failed"
  local phone=${pids[phone]}
  unset "pids[phone]"
  wait "$phone"
}
phone_in_hand() {
  trap - EXIT INT TERM
  eventually "a code that a phone can read" look_at_screen
  sleep 4 # the countdown goes on; somebody takes the phone out of a pocket
  scan
}
wait_for_link() {
  local pid=${pids[link]}
  unset "pids[link]"
  wait "$pid" || fail "vestari link has failed: $(cat "$work/link.err")"
  cat "$work/link.err"
}

link_and_scan() {
  if ! command -v zbarimg >/dev/null; then
    shown vestari link --qr text
    start link "$bin/vestari" --config "$config" link --qr text
    eventually "a code" look_at_text
  elif [ "$terminal" = no ] || large_enough; then
    link_drawn
    echo "The phone read the code off the screen."
    return
  else
    shown vestari link --qr png=…/code.png
    echo "This terminal is too small for the code (73 columns, 41 lines), so it is drawn into a picture:"
    start link "$bin/vestari" --config "$config" link --qr "png=$work/code.png"
    eventually "a code that a phone can read" look_at_picture
  fi
  scan
  wait_for_link
}
