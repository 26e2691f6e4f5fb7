/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One process that is being looked at. A PID alone is not identity: this holds the directory of the
 * process (which the kernel ties to it) and its start time. May be used from several threads. */

#pragma once

#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef struct _AtlasTarget AtlasTarget;

GType atlas_target_get_type (void);
#define ATLAS_TYPE_TARGET (atlas_target_get_type ())

/* Errors: GONE, DENIED, MALFORMED (a stat that cannot be read). */
AtlasTarget *atlas_target_new (AtlasProcfs *procfs, gint pid, GError **error);
AtlasTarget *atlas_target_ref (AtlasTarget *self);
void atlas_target_unref (AtlasTarget *self);

gint atlas_target_get_pid (AtlasTarget *self);
/* Clock ticks since boot, field 22 of stat. */
guint64 atlas_target_get_start_time (AtlasTarget *self);
AtlasProcfs *atlas_target_get_procfs (AtlasTarget *self);

/* Whole file of the process ("status", "maps", ...), as atlas_read_at(). */
gboolean
atlas_target_read (AtlasTarget *self, const char *file, gsize limit, GString *into, GError **error);
/* A descriptor, or -1. */
int atlas_target_open (AtlasTarget *self, const char *file, GError **error);
/* Target of a symbolic link of the process ("exe"), as raw bytes, or NULL. */
char *atlas_target_read_link (AtlasTarget *self, const char *file, GError **error);

/* Whether the process still exists (a zombie does) and is the one it was. */
gboolean atlas_target_is_alive (AtlasTarget *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasTarget, atlas_target_unref)

G_END_DECLS
