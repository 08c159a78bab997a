#!/bin/sh
# Opens the real window under Xvfb, presses real keys, and checks the cursor that it reports on exit.
# Usage: window_keys.sh DRIVER.
set -u
. "$(dirname "$0")/virtual_display.sh"

failures=0
# session ARGUMENT KEY...: opens the window, presses the keys in turn ("type:TEXT" types), closes it.
session() {
  open_window "$1"
  shift
  for key in "$@"; do
    case $key in
      type:*) xdotool type --delay 60 "${key#type:}" ;;
      wait) sleep 2 ;;
      *) xdotool key --delay 60 "$key" ;;
    esac
    sleep 0.25
  done
  sleep 0.5
  close_window || { echo "the window left with $?: $(cat "$folder/said")"; failures=$((failures + 1)); }
}
# expect WHAT TEXT...: each text stands in the report.
expect() {
  what=$1
  shift
  for text in "$@"; do
    grep -qF -- "$text" "$folder/report" && continue
    echo "FAILED: $what: no $text in $(cat "$folder/report")"
    failures=$((failures + 1))
  done
}

session trace
expect "it opens paused at t = 0" '"pdu": -1' '"time_ns": 0,' '"playing": false' '"theme": "dark"'
session trace Right Right Right Right
expect "the step that is told first, then three PDUs" '"pdu": 2' '"selected": "pdu"' '"playing": false'
session trace End Left Left Left
expect "back from the end" '"pdu": 47'
session trace shift+Right shift+Right shift+Right
expect "three exchanges" '"pdu": 4'
session trace Right Right ctrl+Right ctrl+Right ctrl+Left
expect "to the effect and back to the cause" '"pdu": 1'
session trace 3 Next
expect "a chapter, then the next step" '"pdu": 23' '"step": 6'
session trace T L E W question
expect "theme, lecture, true time, zoom, help" '"theme": "light"' '"lecture": true' '"true_time": true' '"zoom": 1.25' '"help": true'
session trace slash type:rcpt Return Return
expect "a filter, and to its first hit" '"filter": "rcpt"' '"pdu": 6' '"theme": "dark"'
session trace equal equal space wait space
expect "playing from the beginning, paused again" '"playing": false' '"pace": 2' '"mode": "reading"'
session trace v equal equal space wait space
expect "playing in virtual time, paused again" '"playing": false' '"speed": 0.2' '"mode": "virtual"'
grep -q '"time_ns": 0,' "$folder/report" && { echo "FAILED: time stood still"; failures=$((failures + 1)); }
session gallery Right Right Left
expect "the gallery's second card" '"shows": "gallery"' '"card": 1'
session gallery type:broken
expect "what is typed finds a card" '"shows": "gallery"' '"card": 1' '"typed": "broken"' '"cards": 1'
session gallery type:again Escape
expect "Escape shows all cards again" '"card": 2' '"typed": ""' '"cards": 3'
session gallery type:again Return wait Right Right
expect "Enter opens the card that was found" '"shows": "trace"' '"pdu": 0'
session gallery space wait wait
expect "Space opens a lesson and plays it" '"shows": "trace"' '"playing": true'
session trace Right Right period
expect "a black screen" '"black": true' '"pdu": 0'
session trace Right Right b Next
expect "the picture is back where it was" '"black": false' '"pdu": 0'
session gallery Return wait Right Right
expect "a scenario opened from the gallery" '"shows": "trace"' '"source": "maa"' '"pdu": 0'
session gallery Return wait Right Right g Escape
expect "Escape leads from the gallery back to the PDU" '"shows": "trace"' '"source": "maa"' '"pdu": 0'
session gallery Escape
expect "nothing to go back to" '"shows": "gallery"'
session gallery Right Return wait
expect "one that cannot be loaded leaves the gallery" '"shows": "gallery"' '"card": 1'
session trace Right g wait
expect "back to the gallery" '"shows": "gallery"'

[ "$failures" = 0 ] && echo "all keys had their effect"
exit "$((failures > 0))"
