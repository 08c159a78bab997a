#!/bin/sh
# The captures that come with the program open from the gallery, wherever it is started.
# Usage: window_samples.sh MAILSCOPE.
set -u
. "$(dirname "$0")/virtual_display.sh"
cd /

open_window
xdotool key --delay 60 End
xdotool type --delay 60 "swaks-att"
sleep 0.5
xdotool key --delay 60 Return
sleep 2
xdotool key --delay 60 Right
sleep 0.5
close_window || { echo "the window left with $?: $(cat "$folder/said")"; exit 1; }
for text in '"shows": "trace"' '"source": "swaks-attachment.pcap"' '"pdu": 0'; do
  grep -qF -- "$text" "$folder/report" || { echo "FAILED: no $text in $(cat "$folder/report")"; exit 1; }
done
echo "a capture opens from the gallery"
