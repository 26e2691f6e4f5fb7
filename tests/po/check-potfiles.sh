#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file with strings for people must be in po/POTFILES.in, or translators never see them.
# Usage: check-potfiles.sh [--write] SOURCE_ROOT
set -eu
export LC_ALL=C

write=
if [ "${1-}" = --write ]; then write=yes; shift; fi
cd "$1"

# A call with a literal, or one whose literal is on the next line. Comments that only name the
# macros have no quote behind the parenthesis.
call='(^|[^[:alnum:]_])(_|N_|C_|NC_|Q_|ngettext|g_dngettext|g_dpgettext2) ?\(("|$)'

translatable () {
  find app widgets -name '*.[ch]' -exec grep -lE "$call" {} +
  find app widgets -name '*.ui' -exec grep -lE 'translatable="(yes|true)"' {} +
  find data -name '*.desktop.in' -o -name '*.metainfo.xml.in'
  find data -name '*.gschema.xml' -exec grep -l 'gettext-domain=' {} +
}

wanted=$(translatable | sort)
listed=$(grep -vE '^[[:blank:]]*(#|$)' po/POTFILES.in | sort || true)

if [ -n "$write" ]; then
  printf '%s\n' '# SPDX-License-Identifier: GPL-3.0-or-later' \
    '# Written by tests/po/check-potfiles.sh --write .' "$wanted" > po/POTFILES.in
  exit
fi

status=0
for file in $wanted; do
  printf '%s\n' "$listed" | grep -qxF "$file" || {
    echo "po/POTFILES.in lacks $file"; status=1; }
done
for file in $listed; do
  [ -f "$file" ] || { echo "po/POTFILES.in names $file, which is not there"; status=1; }
done
repeated=$(printf '%s\n' "$listed" | uniq -d)
[ -z "$repeated" ] || { echo "po/POTFILES.in names twice: $repeated"; status=1; }
[ $status = 0 ] || echo 'Mend it with: tests/po/check-potfiles.sh --write .'
exit $status
