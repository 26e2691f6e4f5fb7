/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How a process ended, in a sentence. */

#include "atlas-config.h"

#include "atlas-lab-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "atlas-lab-words.h"

static char *
describe_signal (AtlasLab *self, const char *signal, const char *errors)
{
  char *oom = strcmp (signal, "SIGKILL") == 0 ? atlas_lab_oom_explain (self->oom) : NULL;

  if (oom != NULL)
    return oom;
  if (*errors != '\0')
    return g_strdup_printf (_ ("killed by %s: %s"), signal, errors);
  return g_strdup_printf (_ ("killed by %s"), signal);
}

char *
atlas_lab_describe_end (AtlasLab *self, const char *signal, gint status, const char *errors)
{
  if (signal != NULL)
    return describe_signal (self, signal, errors);
  if (*errors != '\0')
    return g_strdup_printf (_ ("ended with status %d: %s"), status, errors);
  return status == 0 ? g_strdup (_ ("ended by itself"))
                     : g_strdup_printf (_ ("ended with status %d"), status);
}

/* The name, or NULL for an exit. */
static char *
dup_signal (const AtlasLabRunnerEnd *end)
{
  const char *name = end->by_signal ? atlas_lab_signal_name (end->number) : NULL;

  if (name != NULL || !end->by_signal)
    return g_strdup (name);
  return g_strdup_printf (_ ("signal %d"), end->number);
}

/* The tracer ends as the process did. When it told nothing of the process's end, it is the tracer
 * that ended, and the kernel ended what it traced. */
static gboolean
ended_with_tracer (AtlasLab *self)
{
  return self->traced && self->state != ATLAS_LAB_STARTING && self->end_signal == NULL
         && self->end_status < 0;
}

char *
atlas_lab_dup_end_signal (AtlasLab *self, const AtlasLabRunnerEnd *end)
{
  if (self->end_signal != NULL)
    return g_strdup (self->end_signal);
  return ended_with_tracer (self) ? g_strdup ("SIGKILL") : dup_signal (end);
}

/* What the tracer said of it. */
static char *
describe_first_end (AtlasLab *self, const char *errors)
{
  if (g_strcmp0 (self->end_signal, self->sent_signal) == 0)
    return g_strdup_printf (_ ("killed by %s, which process %d sent"), self->end_signal,
                            self->sender);
  return atlas_lab_describe_end (self, self->end_signal, 0, errors);
}

char *
atlas_lab_describe_runner_end (AtlasLab *self, const AtlasLabRunnerEnd *end)
{
  g_autofree char *signal = dup_signal (end);
  g_autofree char *text = NULL;

  if (self->end_signal != NULL)
    return describe_first_end (self, end->errors);
  text = atlas_lab_describe_end (self, signal, end->number, end->errors);
  return ended_with_tracer (self)
             ? g_strdup_printf (_ ("ended with its tracer, which was %s"), text)
             : g_steal_pointer (&text);
}
