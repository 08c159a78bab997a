# For the tests that open the real window: sourced with the driver as $1, it starts Xvfb and sets
# $driver, $folder (its own, removed on exit), $window and MAILSCOPE_WINDOW_REPORT=$folder/report.
# Exit 77 (skipped) where Xvfb or xdotool is not there.
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


# open_window ARGUMENT...: the driver's window, in front and with the keyboard; its process is $window.
open_window() {
  rm -f "$folder/report"
  "$driver" "$@" >"$folder/said" 2>&1 &
  window=$!
  id=$(timeout 60 xdotool search --sync --onlyvisible --name MailScope | head -n 1)
  [ -n "$id" ] || { echo "the window did not open: $(cat "$folder/said")"; exit 1; }
  sleep 1
  xdotool windowfocus --sync "$id"
}

# close_window: with its own key; its exit code.
close_window() {
  xdotool key ctrl+q
  for _ in $(seq 200); do kill -0 "$window" 2>/dev/null || break; sleep 0.1; done
  wait "$window"; code=$?
  window=
  return "$code"
}
