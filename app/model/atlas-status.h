/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc/PID/status, parsed. */

#pragma once

#include "atlas-counter.h"

G_BEGIN_DECLS

/* A memory line that this program does not know (a newer kernel's). */
typedef struct
{
  char *name;
  guint64 kb;
} AtlasUnknownCounter;

typedef struct
{
  char *name; /* raw bytes, the kernel's escapes (\n, \\) undone; see atlas_text_clean() */
  char state; /* R S D T t Z X I ... */
  gint pid;   /* Tgid as this /proc's reader sees it */
  gint parent;
  guint uid; /* real */
  guint threads;
  gint tracer;            /* who traces it; 0: nobody, or nobody that this /proc shows */
  gboolean kernel_thread; /* "Kthread: 1"; on older kernels (before 6.8): no Vm lines and not a
                             zombie. PF_KTHREAD in AtlasStat.flags is certain */
  gboolean has_memory;    /* VmSize was there */
  guint32 present;        /* bit i set: counter i was in the file */
  guint64 kb[ATLAS_N_COUNTERS]; /* as in the file, kB (1,024 bytes) */
  AtlasUnknownCounter *unknown; /* (array length=n_unknown) */
  guint n_unknown;
} AtlasStatus;

/* Parses @data. Errors: MALFORMED; @status is then all zero. Clear with atlas_status_clear(). */
gboolean atlas_status_parse (const char *data, gsize length, AtlasStatus *status, GError **error);
/* @to is overwritten, whatever it holds. */
void atlas_status_copy (const AtlasStatus *from, AtlasStatus *to);
void atlas_status_clear (AtlasStatus *status);

static inline gboolean
atlas_status_has (const AtlasStatus *status, AtlasCounter counter)
{
  return (status->present >> counter) & 1u;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasStatus, atlas_status_clear)

G_END_DECLS
