#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with-screen.sh WIDTHxHEIGHT COMMAND...: runs COMMAND on an X server of its own. The server chooses
# a free display number itself (-displayfd), so that any number of these can start at once.
set -eu

size=$1; shift
folder=$(mktemp -d)
server=
finish () {
  [ -z "$server" ] || kill "$server" 2> /dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 143' INT TERM

mkfifo "$folder/display"
Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3> "$folder/display" \
  > "$folder/log" 2>&1 &
server=$!
read -r number < "$folder/display" || { cat "$folder/log" >&2; exit 1; }

unset WAYLAND_DISPLAY
status=0
DISPLAY=":$number" "$@" || status=$?
exit $status
