/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drives an AtlasLab from a test: everything is waited for, with a bound. */

#pragma once

#include "atlas-lab.h"

G_BEGIN_DECLS

/* The real /proc, the same one each time. (transfer none) */
AtlasProcfs *driver_get_procfs (void);

/* The programs of this build. (transfer full) */
AtlasLab *driver_new (void);
/* @subject: a path, or the text of a shell script when it begins with "#!". @tracer: NULL: the one
 * of this build; "": none. (transfer full) */
AtlasLab *driver_new_with (const char *subject, const char *tracer);
/* Starts it, and waits until it is ready. */
void driver_start (AtlasLab *lab);
/* Stops it, waits until its processes are gone, and asserts that nothing else holds it. */
void driver_free (AtlasLab *lab);

/* Iterates the main context until @done; fails the test after a minute. */
typedef gboolean (*DriverCondition) (gpointer user_data);
void driver_wait (DriverCondition done, gpointer user_data);
void driver_wait_for_state (AtlasLab *lab, AtlasLabState state);
/* Until no process has that PID, or only its remains wait for their parent. */
void driver_wait_for_end (gint pid);
gboolean driver_is_alive (gint pid);

/* Does a command, and waits for its event. (transfer full) */
AtlasLabEvent *driver_run (AtlasLab *lab, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same, of which the answer must be ok. */
AtlasLabEvent *driver_do (AtlasLab *lab, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same, where the event is of no interest. */
void driver_give (AtlasLab *lab, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The error that the command ends in. (transfer full) */
GError *driver_run_failing (AtlasLab *lab, const char *command);
/* FALSE and @error as atlas_lab_run_script_finish(). */
gboolean driver_run_script (AtlasLab *lab, const char *text, guint *line, GError **error);

/* Descriptors of this process, and its children. */
guint driver_count_descriptors (void);
guint driver_count_children (void);

G_END_DECLS
