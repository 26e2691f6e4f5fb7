/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc/PID/limits, parsed. Source: getrlimit(2). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No limit; the kernel's RLIM_INFINITY. */
#define ATLAS_LIMIT_UNLIMITED G_MAXUINT64

typedef struct
{
  char *name;   /* as a script would write it: "memlock", "as", "data", "stack", "nofile" ... */
  char *title;  /* as in the file: "Max locked memory" */
  guint64 soft; /* bytes or a count; ATLAS_LIMIT_UNLIMITED */
  guint64 hard;
  gboolean is_bytes; /* the unit column says bytes */
} AtlasLimit;

typedef struct
{
  AtlasLimit *limits;
  guint n_limits;
} AtlasLimits;

/* Errors: MALFORMED. Unknown lines are kept under a name made of their title. */
gboolean atlas_limits_parse (const char *data, gsize length, AtlasLimits *limits, GError **error);
void atlas_limits_copy (const AtlasLimits *from, AtlasLimits *to);
gboolean atlas_limits_equal (const AtlasLimits *a, const AtlasLimits *b);
void atlas_limits_clear (AtlasLimits *limits);
/* NULL if there is none of that name. */
const AtlasLimit *atlas_limits_find (const AtlasLimits *limits, const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AtlasLimits, atlas_limits_clear)

G_END_DECLS
