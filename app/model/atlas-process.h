/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A process in the list. An object so that views can bind to it; its properties change in place
 * when the process does, so selection and scroll position survive a refresh. Main thread only. */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Plain values, read off the main thread. kB as in status. */
typedef struct
{
  gint pid;
  guint64 start_time; /* ticks since boot: identity together with pid */
  char state;
  gboolean kernel_thread;
  gboolean unreadable; /* denied (hidepid) or malformed: only pid and uid are known, name is "?" */
  guint uid;           /* (guint) -1: not even that is known */
  guint threads;
  guint64 vm_size, vm_rss, vm_swap, vm_lck;
  GRefString *name;    /* clean UTF-8 */
  GRefString *command; /* clean UTF-8; "" if none */
} AtlasProcessInfo;

void atlas_process_info_free (AtlasProcessInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AtlasProcessInfo, atlas_process_info_free)

#define ATLAS_TYPE_PROCESS (atlas_process_get_type ())
G_DECLARE_FINAL_TYPE (AtlasProcess, atlas_process, ATLAS, PROCESS, GObject)

/* Signal `changed`, once per refresh in which anything changed; and notify of the property `name`.
 */
AtlasProcess *atlas_process_new (AtlasProcessInfo *info); /* (transfer full) */
gint atlas_process_get_pid (AtlasProcess *self);
const char *atlas_process_get_name (AtlasProcess *self);
const char *atlas_process_get_command (AtlasProcess *self);
const char *atlas_process_get_user (AtlasProcess *self); /* "?" if unknown */
const AtlasProcessInfo *atlas_process_get_info (AtlasProcess *self);
/* Puts newer values of the same process in place. TRUE, and signals, if anything differs. @info:
 * (transfer full). */
gboolean atlas_process_update (AtlasProcess *self, AtlasProcessInfo *info);
/* Whether every word of @search (casefolded) is in the name, the command, the PID or the user. */
gboolean atlas_process_matches (AtlasProcess *self, const char *search);

G_END_DECLS
