#!/bin/sh
# Rest is rest: the real window under Xvfb, with the pointer in it, draws nothing while nothing
# changes. Each state is held for a moment and for three seconds more; the pictures drawn (the
# window reports them when it closes) must be the same but for a handful.
# Usage: window_rest.sh DRIVER. Exit 77 (skipped) where Xvfb or xdotool is not there.
set -u
for tool in Xvfb xdotool; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
driver=$1
folder=$(mktemp -d)
xvfb= window=
finish() {
  [ -n "$window" ] && kill "$window" 2>/dev/null
  [ -n "$xvfb" ] && kill "$xvfb" 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT

Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$folder/display" 2>/dev/null &
xvfb=$!
for _ in $(seq 100); do [ -s "$folder/display" ] && break; sleep 0.1; done
[ -s "$folder/display" ] || { echo "skipped: Xvfb does not start"; exit 77; }
DISPLAY=:$(cat "$folder/display")
export DISPLAY
unset WAYLAND_DISPLAY
MAILSCOPE_WINDOW_REPORT=$folder/report
export MAILSCOPE_WINDOW_REPORT

# processor_ticks PID: hundredths of a second of processor time so far.
processor_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# hold ARGUMENT SECONDS KEY...: prints the pictures drawn, and on the second line the ticks taken
# in those seconds.
hold() {
  rm -f "$folder/report"
  "$driver" "$1" >"$folder/said" 2>&1 &
  window=$!
  seconds=$2
  shift 2
  id=$(timeout 60 xdotool search --sync --onlyvisible --name MailScope | head -n 1)
  [ -n "$id" ] || { echo "the window did not open"; exit 1; }
  sleep 1
  xdotool windowfocus --sync "$id" mousemove 700 400
  for key in "$@"; do xdotool key --delay 60 "$key"; sleep 0.3; done
  sleep 1.5
  before=$(processor_ticks "$window")
  sleep "$seconds"
  ticks=$(($(processor_ticks "$window") - before))
  xdotool key ctrl+q
  for _ in $(seq 200); do kill -0 "$window" 2>/dev/null || break; sleep 0.1; done
  wait "$window" || { echo "the window left with an error: $(cat "$folder/said")"; exit 1; }
  window=
  frames=$(sed -n 's/.*"frames":\([0-9]*\).*/\1/p' "$folder/report")
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
rests "the gallery" gallery
exit "$((failures > 0))"
