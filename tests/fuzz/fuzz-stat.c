/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as stat of a process, and as stat of the machine. */

#include "fuzz.h"

#include "atlas-error.h"
#include "atlas-stat.h"

#include <string.h>

const char fuzz_file[] = "stat";

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const AtlasStat zero;
  g_autoptr (GError) error = NULL;
  AtlasStat stat;

  if (atlas_stat_parse ((const char *) data, size, &stat, &error))
    {
      g_assert_no_error (error);
      g_assert_cmpint (stat.pid, >=, 0);
      g_assert_true (g_ascii_isalpha (stat.state));
      g_assert_nonnull (memchr (stat.name, '\0', sizeof stat.name));
      g_assert_cmpuint (stat.start_code, !=, 1);
    }
  else
    {
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_cmpmem (&stat, sizeof stat, &zero, sizeof zero);
    }
  g_assert_cmpfloat (atlas_stat_start_to_epoch (100, (const char *) data, size), >=, 0);
  return 0;
}
