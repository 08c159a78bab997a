#!/bin/sh
# Rest is rest: the real window under Xvfb, with the pointer in it, draws nothing while nothing
# changes. Each state is held for a moment and for three seconds more; the pictures drawn (the
# window reports them when it closes) must be the same but for a handful.
# Usage: window_rest.sh DRIVER.
set -u
. "$(dirname "$0")/virtual_display.sh"

# processor_ticks PID: hundredths of a second of processor time so far.
processor_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# hold ARGUMENT SECONDS KEY...: prints the pictures drawn, and on the second line the ticks taken
# in those seconds.
hold() {
  open_window "$1"
  seconds=$2
  shift 2
  xdotool mousemove 700 400
  for key in "$@"; do xdotool key --delay 60 "$key"; sleep 0.3; done
  sleep 1.5
  before=$(processor_ticks "$window")
  sleep "$seconds"
  ticks=$(($(processor_ticks "$window") - before))
  close_window || { echo "the window left with an error: $(cat "$folder/said")"; exit 1; }
  frames=$(sed -n 's/.*"frames": \([0-9]*\).*/\1/p' "$folder/report")
  [ -n "$frames" ] || { echo "no count of frames in $(cat "$folder/report")"; exit 1; }
}

failures=0
# rests WHAT ARGUMENT KEY...
rests() {
  what=$1
  shift
  state=$1
  shift
  hold "$state" 0.1 "$@"
  short=$frames
  hold "$state" 3 "$@"
  more=$((frames - short))
  echo "$what: $more pictures and $((ticks * 10)) ms of processor time in 3 s at rest ($frames in all)"
  [ "$more" -le 8 ] && [ "$frames" -le 200 ] && return
  echo "FAILED: $what"
  failures=$((failures + 1))
}

rests "a trace" trace
rests "a step" trace Right Right
rests "the help page" trace question
rests "the filter" trace slash
rests "the palette" trace ctrl+shift+p
rests "the gallery" gallery
rests "a black screen" trace b
exit "$((failures > 0))"
