#!/bin/sh
# The mouse in the real window under Xvfb: buttons stand where they stood, and do what their keys do;
# a card of the gallery opens. Places are those of a window of 1280 by 800.
# Usage: window_mouse.sh DRIVER.
set -u
. "$(dirname "$0")/virtual_display.sh"

failures=0
# session ARGUMENT X,Y...: opens the window and clicks there in turn.
session() {
  open_window "$1"
  shift
  for place in "$@"; do
    xdotool mousemove "${place%,*}" "${place#*,}"
    sleep 0.3
    xdotool click 1
    sleep 0.4
  done
  sleep 1
  close_window || { echo "the window left with $?: $(cat "$folder/said")"; failures=$((failures + 1)); }
}
expect() {
  about=$1
  shift
  for text in "$@"; do
    grep -qF -- "$text" "$folder/report" && continue
    echo "FAILED: $about: no $text in $(cat "$folder/report")"
    failures=$((failures + 1))
  done
}
back=1101,65 forth=1248,65 to_start=43,721 step_back=89,721 step_forth=181,721 to_end=227,721
slower=1097,721 faster=1237,721 play_mode=1150,767 theme=1138,22 help=1222,22

session trace $forth $forth $forth $forth $back
expect "the steps of the narration, forth and back" '"step": 3'
session trace $to_end $step_back $step_back $step_forth
expect "the end, two back, one forth" '"pdu": 49'
session trace $to_end $to_start
expect "the beginning" '"pdu": -1' '"time_ns": 0'
session trace $faster $faster $slower $play_mode
expect "the pace, and the way of playing" '"pace": 1.5' '"mode": "virtual"'
session trace $theme $help
expect "the theme and the help page" '"theme": "light"' '"help": true'
session trace $help 640,400
expect "a click closes the help page" '"help": false'
session gallery 1050,300
expect "a card" '"shows": "trace"' '"source": "maa"'
session gallery 640,300
expect "a card that cannot be loaded is marked" '"shows": "gallery"' '"card": 1'

[ "$failures" = 0 ] && echo "all clicks had their effect"
exit "$((failures > 0))"
