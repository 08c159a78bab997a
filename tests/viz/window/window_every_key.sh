#!/bin/sh
# Every key of every table of commands really arrives: presses them all in the real window under Xvfb
# and compares the commands that the window says it has performed with the table, in order.
# Usage: window_every_key.sh DRIVER.
set -u
. "$(dirname "$0")/virtual_display.sh"

failures=0
# press KEY [NAME...]: presses it, and notes what it is to do.
press() {
  xdotool key --delay 60 "$1"
  sleep 0.15
  shift
  for wanted in "$@"; do echo "$wanted" >>"$folder/wanted"; done
}
type_text() {
  xdotool type --delay 60 "$1"
  sleep 0.15
}
# performed TABLE: what the window has performed is what was wanted, and every row of the table is in it.
performed() {
  sed -n 's/.*"performed": \[\(.*\)\].*/\1/p' "$folder/report" | sed 's/", "/\n/g; s/"//g' >"$folder/performed"
  if ! diff "$folder/wanted" "$folder/performed" >"$folder/difference"; then
    echo "FAILED: keys of the $1 (< wanted, > performed):"
    cat "$folder/difference"
    failures=$((failures + 1))
  fi
  "$driver" keys "$1" | cut -f 2 | while read -r name; do
    grep -qxF -- "$name" "$folder/wanted" || echo "FAILED: $name of the $1 was not pressed"
  done >"$folder/missed"
  [ -s "$folder/missed" ] && { cat "$folder/missed"; failures=$((failures + 1)); }
}
tab=$(printf '\t')

# An open trace. What a key leads to is led back from before the next.
: >"$folder/wanted"
open_window chapters
press Right "One PDU forth"
press Right "One PDU forth"
"$driver" keys view >"$folder/keys"
while IFS=$tab read -r key name; do
  case $key in
    ctrl+q) ;;
    Escape)
      press slash "Filter the list"
      type_text rcpt
      press Return
      press Escape "$name" ;;
    slash)
      press slash "$name"
      press Escape ;;
    b | period) press "$key" "$name" && press z "Black screen" ;;
    question) press question "$name" && press Escape "$name" ;;
    g) press g "$name" && sleep 0.5 && press Escape Back && sleep 0.5 ;;
    ctrl+shift+p) press "$key" "$name" && press Escape "Close the palette" ;;
    *) press "$key" "$name" ;;
  esac
done <"$folder/keys"
echo "Close the window" >>"$folder/wanted"
close_window || { echo "the window left with $?"; failures=$((failures + 1)); }
performed view

# The gallery.
: >"$folder/wanted"
open_window gallery
"$driver" keys gallery >"$folder/keys"
while IFS=$tab read -r key name; do
  case $key in
    ctrl+q) ;;
    BackSpace) type_text a && press "$key" "$name" ;;
    Escape) type_text a && press "$key" "$name" ;;
    Return | KP_Enter | space)
      press "$key" "$name"
      sleep 1
      press g Scenarios ;;
    ctrl+shift+p) press "$key" "$name" && press Escape "Close the palette" ;;
    *) press "$key" "$name" ;;
  esac
done <"$folder/keys"
echo "Close the window" >>"$folder/wanted"
close_window || { echo "the window left with $?"; failures=$((failures + 1)); }
performed gallery

# The palette: each key with it open, and what is chosen by its words is done, also from the filter.
: >"$folder/wanted"
open_window trace
"$driver" keys palette >"$folder/keys"
while IFS=$tab read -r key name; do
  case $key in
    ctrl+q) ;;
    Return | KP_Enter)
      press slash "Filter the list"
      press ctrl+shift+p "All commands"
      type_text "light dark"
      press "$key" "$name" "Light or dark" ;;
    *)
      press ctrl+shift+p "All commands"
      press "$key" "$name"
      [ "$name" = "Close the palette" ] || press Escape "Close the palette" ;;
  esac
done <"$folder/keys"
press ctrl+shift+p "All commands"
press End Last
echo "Close the window" >>"$folder/wanted"
close_window || { echo "the window left with $?"; failures=$((failures + 1)); }
performed palette
grep -qF '"filter": ""' "$folder/report" || { echo "FAILED: what is typed into the palette goes into the filter"; failures=$((failures + 1)); }
grep -qF '"theme": "dark"' "$folder/report" || { echo "FAILED: the theme was not changed twice"; failures=$((failures + 1)); }

[ "$failures" = 0 ] && echo "every key arrived"
exit "$((failures > 0))"
