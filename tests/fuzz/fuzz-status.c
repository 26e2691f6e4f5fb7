/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as status. */

#include "fuzz.h"

#include "atlas-error.h"
#include "atlas-status.h"

#include <string.h>

const char fuzz_file[] = "status";

static void
check_parsed (const AtlasStatus *status)
{
  g_auto (AtlasStatus) copy = { 0 };

  g_assert_nonnull (status->name);
  g_assert_true (g_ascii_isalpha (status->state));
  g_assert_cmpint (status->pid, >=, 0);
  g_assert_cmpuint (status->present >> ATLAS_N_COUNTERS, ==, 0);
  for (guint i = 0; i < ATLAS_N_COUNTERS; i++)
    g_assert_true (atlas_status_has (status, i) || status->kb[i] == 0);
  atlas_status_copy (status, &copy);
  g_assert_cmpuint (copy.n_unknown, ==, status->n_unknown);
  for (guint i = 0; i < copy.n_unknown; i++)
    g_assert_cmpstr (copy.unknown[i].name, ==, status->unknown[i].name);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const AtlasStatus zero;
  g_auto (AtlasStatus) status = { 0 };
  g_autoptr (GError) error = NULL;

  if (atlas_status_parse ((const char *) data, size, &status, &error))
    {
      g_assert_no_error (error);
      check_parsed (&status);
    }
  else
    {
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_cmpmem (&status, sizeof status, &zero, sizeof zero);
    }
  return 0;
}
