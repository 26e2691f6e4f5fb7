/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "atlas-config.h"

#include "atlas-lab-deeds.h"

#include <glib/gi18n-lib.h>

const AtlasLabDeed ATLAS_LAB_TOUCHES[] = {
  { N_ ("Read Every Page"), "touch %s read" },
  { N_ ("Write Every Page"), "touch %s write" },
  { N_ ("Write the First Page"), "touch %s write first" },
  { N_ ("Write Every Other Page"), "touch %s write every 2" },
  { NULL, NULL },
};

const AtlasLabDeed ATLAS_LAB_LOCKS[] = {
  { N_ ("mlock ()"), "mlock %s" },
  { N_ ("mlock2 (MLOCK_ONFAULT)"), "mlock %s onfault" },
  { NULL, NULL },
};

const AtlasLabDeed ATLAS_LAB_UNLOCKS[] = {
  { N_ ("munlock ()"), "munlock %s" },
  { NULL, NULL },
};

const AtlasLabDeed ATLAS_LAB_ADVICE[] = {
  { N_ ("MADV_DONTNEED: give the pages back now"), "madvise %s dontneed" },
  { N_ ("MADV_FREE: take them when you need them"), "madvise %s free" },
  { N_ ("MADV_WILLNEED: read ahead"), "madvise %s willneed" },
  { N_ ("MADV_POPULATE_WRITE: fault them in"), "madvise %s populate_write" },
  { N_ ("MADV_COLD: first in line to be reclaimed"), "madvise %s cold" },
  { N_ ("MADV_PAGEOUT: reclaim now"), "madvise %s pageout" },
  { N_ ("MADV_HUGEPAGE: huge pages, please"), "madvise %s hugepage" },
  { N_ ("MADV_NOHUGEPAGE: no huge pages"), "madvise %s nohugepage" },
  { N_ ("MADV_COLLAPSE: make huge pages now"), "madvise %s collapse" },
  { NULL, NULL },
};

const AtlasLabDeed ATLAS_LAB_PROTECTIONS[] = {
  { N_ ("PROT_READ|PROT_WRITE"), "mprotect %s rw" },
  { N_ ("PROT_READ"), "mprotect %s r" },
  { N_ ("PROT_NONE"), "mprotect %s none" },
  { NULL, NULL },
};

char *
atlas_lab_deed_write (const char *command, const char *id)
{
  GString *line;

  g_return_val_if_fail (command != NULL && id != NULL, NULL);

  line = g_string_new (command);
  g_string_replace (line, "%s", id, 1);
  return g_string_free (line, FALSE);
}
