#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# with-home.sh COMMAND...: runs COMMAND with a home, settings and caches of its own that are thrown
# away afterwards, so that nothing of the person's is seen or changed.
set -eu

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
trap 'exit 143' INT TERM
mkdir -p "$home/config" "$home/cache" "$home/data" "$home/runtime"
chmod 700 "$home/runtime"

export HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" \
  XDG_DATA_HOME="$home/data" XDG_RUNTIME_DIR="$home/runtime" \
  GSETTINGS_BACKEND="${GSETTINGS_BACKEND-memory}"
unset WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS GSK_RENDERER GDK_DEBUG GDK_DISABLE
status=0
"$@" || status=$?
exit $status
