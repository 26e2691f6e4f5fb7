#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# screenshots.sh BUILD FOLDER: the pictures of README, taken from the real program.
set -eu
cd "$(dirname "$0")/../.."
build=$(cd "$1" && pwd)
mkdir -p "$2"
export ATLAS_SCREENSHOTS="$(cd "$2" && pwd)" ATLAS_HELPERS="$build/tests/helpers"
for size in 1440x900 800x600 2560x1440; do
  ATLAS_SIZE=$size tests/journeys/run-journey.sh "$build/app/memory-atlas" "$build/data" \
    "$PWD/tests/journeys/screenshots.py" $size
done
