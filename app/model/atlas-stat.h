/* SPDX-License-Identifier: GPL-3.0-or-later */

/* /proc/PID/stat, parsed: what status does not have. Source: proc(5). */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gint pid;
  char name[64]; /* raw bytes between the first "(" and the last ")", cut to fit */
  char state;
  guint flags;          /* PF_KTHREAD is 0x00200000 */
  guint64 minor_faults; /* field 10 */
  guint64 major_faults; /* field 12 */
  guint64 start_time;   /* field 22, clock ticks since boot */
  guint64 start_code, end_code, start_stack, start_data, end_data,
      start_brk; /* 0 when not permitted */
} AtlasStat;

/* Errors: MALFORMED. */
gboolean atlas_stat_parse (const char *data, gsize length, AtlasStat *stat, GError **error);

/* Seconds since the epoch (fractional) at which a process with this start time began, from btime
 * of @proc_stat (contents of /proc/stat). 0 when unknown. */
gdouble atlas_stat_start_to_epoch (guint64 start_time, const char *proc_stat, gsize length);

G_END_DECLS
