/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Any bytes as limits. */

#include "fuzz.h"

#include "atlas-error.h"
#include "atlas-limits.h"

const char fuzz_file[] = "limits";

static void
check_parsed (const AtlasLimits *limits)
{
  g_auto (AtlasLimits) copy = { 0 };

  atlas_limits_copy (limits, &copy);
  g_assert_cmpuint (copy.n_limits, >, 0);
  for (guint i = 0; i < copy.n_limits; i++)
    {
      g_assert_true (g_utf8_validate (copy.limits[i].title, -1, NULL));
      g_assert_nonnull (atlas_limits_find (limits, copy.limits[i].name));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (AtlasLimits) limits = { 0 };
  g_autoptr (GError) error = NULL;

  if (atlas_limits_parse ((const char *) data, size, &limits, &error))
    {
      g_assert_no_error (error);
      check_parsed (&limits);
    }
  else
    {
      g_assert_error (error, ATLAS_PROC_ERROR, ATLAS_PROC_ERROR_MALFORMED);
      g_assert_null (limits.limits);
      g_assert_cmpuint (limits.n_limits, ==, 0);
    }
  return 0;
}
