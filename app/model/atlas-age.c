/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whole seconds: ages change with every sample, and a tenth of one tells nobody anything. */

#include "atlas-config.h"

#include "atlas-age.h"

#include <glib/gi18n-lib.h>

#include "atlas-format.h"

/* Below this the sample that is shown has read it, or the one just before. */
#define NOW_US (G_USEC_PER_SEC / 2)

static char *
format_duration (gint64 age)
{
  if (age >= 10 * G_USEC_PER_SEC)
    return atlas_format_duration (age);
  return g_strdup_printf (_ ("%u s"), (guint) ((age + NOW_US) / G_USEC_PER_SEC));
}

char *
atlas_age_format (gint64 age)
{
  g_autofree char *duration = NULL;

  if (age == ATLAS_AGE_UNKNOWN)
    return NULL;
  if (age == ATLAS_AGE_UNREAD)
    return g_strdup (_ ("not yet"));
  if (age < NOW_US)
    return g_strdup (_ ("just now"));
  duration = format_duration (age);
  /* Translators: a time, "4 s" */
  return g_strdup_printf (_ ("%s ago"), duration);
}

char *
atlas_age_describe (gint64 age)
{
  g_autofree char *when = atlas_age_format (age);

  if (when == NULL)
    return NULL;
  if (age == ATLAS_AGE_UNREAD)
    return g_strdup (_ ("pages not read yet"));
  /* Translators: "just now", or "4 s ago" */
  return g_strdup_printf (_ ("pages read %s"), when);
}

char *
atlas_age_describe_old (AtlasSnapshot *snapshot, guint64 start, guint64 end)
{
  gint64 age = atlas_snapshot_get_age (snapshot, start, end);

  return atlas_snapshot_is_old (snapshot, age) ? atlas_age_describe (age) : NULL;
}

/* FALSE unless some of what was read is old. */
static gboolean
get_old_age (AtlasSnapshot *snapshot, gint64 *age)
{
  *age = atlas_snapshot_get_oldest_age (snapshot);
  return *age != ATLAS_AGE_UNREAD && atlas_snapshot_is_old (snapshot, *age);
}

char *
atlas_age_describe_oldest (AtlasSnapshot *snapshot)
{
  g_autofree char *duration = NULL;
  gint64 age;

  if (!get_old_age (snapshot, &age))
    return NULL;
  duration = format_duration (age);
  /* Translators: a time, "12 s" */
  return g_strdup_printf (_ ("oldest pages %s"), duration);
}

char *
atlas_age_describe_oldest_roughly (AtlasSnapshot *snapshot)
{
  static const gint64 seconds[] = { 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 };
  g_autofree char *duration = NULL;
  gint64 age, step = seconds[0];

  if (!get_old_age (snapshot, &age))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++)
    if (age >= seconds[i] * G_USEC_PER_SEC)
      step = seconds[i];
  duration = format_duration (step * G_USEC_PER_SEC);
  /* Translators: a time, "10 s" */
  return g_strdup_printf (_ ("oldest pages over %s"), duration);
}
