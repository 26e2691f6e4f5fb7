/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the kernel killed a process for lack of memory. The signal is the same as any other
 * SIGKILL; what tells are the counters of its memory cgroup. Source:
 * Documentation/admin-guide/cgroup-v2.rst (memory.events), cgroup-v1/memory.rst. */

#pragma once

#include "atlas-target.h"

G_BEGIN_DECLS

typedef struct _AtlasLabOom AtlasLabOom;

AtlasLabOom *atlas_lab_oom_new (AtlasProcfs *procfs);
void atlas_lab_oom_free (AtlasLabOom *self);

/* Keeps in mind what the counters of @target's cgroup say now. */
void atlas_lab_oom_look (AtlasLabOom *self, AtlasTarget *target);
/* What has happened since: a sentence, or NULL when the kernel killed nothing there. The process
 * may be gone. (transfer full) */
char *atlas_lab_oom_explain (AtlasLabOom *self);

/**
 * atlas_lab_cgroup_find:
 * @cgroup: what /proc/PID/cgroup says
 * @mounts: what /proc/self/mountinfo says
 * @top: (out) (transfer full): where the hierarchy is mounted
 * @unified: (out): it is that of version 2
 *
 * Returns: (nullable) (transfer full): the directory of the memory cgroup; it lies in @top.
 */
char *atlas_lab_cgroup_find (const char *cgroup, const char *mounts, char **top, gboolean *unified);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasLabOom, atlas_lab_oom_free)

G_END_DECLS
