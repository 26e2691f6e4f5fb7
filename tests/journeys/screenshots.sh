#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# screenshots.sh BUILD FOLDER: the pictures of README, taken from the real program.
set -eu
cd "$(dirname "$0")/../.."
build=$(cd "$1" && pwd)
mkdir -p "$2"
export ATLAS_SCREENSHOTS="$(cd "$2" && pwd)" ATLAS_HELPERS="$build/tests/helpers"
# Root may lock as much as it likes, and would not see the limit.
limited=
[ "$(id -u)" != 0 ] || limited='setpriv --bounding-set=-ipc_lock'
for size in 1440x900 800x600 2560x1440; do
  ATLAS_SIZE=$size $limited tests/journeys/run-journey.sh "$build/app/memory-atlas" "$build/data" \
    "$PWD/tests/journeys/screenshots.py" $size
done
