#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run-journey.sh PROGRAM SCHEMAS SCRIPT [WIDTHxHEIGHT]: one journey on a screen, a session bus and
# settings of its own, so that nothing of the desktop it is started from is seen or changed.
set -eu

ATLAS_PROGRAM=$(realpath "$1") GSETTINGS_SCHEMA_DIR=$(realpath "$2")
export ATLAS_PROGRAM GSETTINGS_SCHEMA_DIR
script=$(realpath "$3")
size=${4-1440x900}

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
mkdir -p "$home/config/gtk-4.0" "$home/runtime" "$home/data"
chmod 700 "$home/runtime"
cat > "$home/config/gtk-4.0/settings.ini" <<'INI'
[Settings]
gtk-enable-animations=0
gtk-cursor-blink=0
gtk-hint-font-metrics=1
gtk-font-name=Cantarell 11
INI

export HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" \
  XDG_RUNTIME_DIR="$home/runtime" GDK_BACKEND=x11 GTK_A11Y=atspi \
  GSETTINGS_BACKEND=${ATLAS_SETTINGS_BACKEND-memory} NO_AT_BRIDGE=0 \
  GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix \
  LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
# GVfs, where it is installed, warns about the services that are not on this bus.
export GIO_USE_VFS=local GIO_USE_VOLUME_MONITOR=unix
# Warnings are fatal to the program, not to the accessibility library of its watcher.
unset WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS G_DEBUG GSK_RENDERER GDK_DEBUG GDK_DISABLE

# As somebody who may not look at everything, where this is run by root. What is run has to be where
# that person can reach it.
be=
if [ -n "${ATLAS_AS_NOBODY-}" ] && [ "$(id -u)" = 0 ]; then
  cp "$ATLAS_PROGRAM" "$GSETTINGS_SCHEMA_DIR/gschemas.compiled" "$(dirname "$script")"/*.py "$home"
  ATLAS_PROGRAM=$home/$(basename "$ATLAS_PROGRAM")
  GSETTINGS_SCHEMA_DIR=$home
  script=$home/$(basename "$script")
  chown -R 65534:65534 "$home"
  be='setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all'
fi

# The buses write about themselves; only what the journey says goes on.
here=$(dirname "$0")
exec 4>&1 5>&2
timeout 580 "$here/../with-screen.sh" "$size" $be dbus-run-session -- \
  sh -c 'exec /usr/bin/python3 "$0" >&4 2>&5' "$script" > /dev/null 2>&1
