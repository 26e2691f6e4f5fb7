/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client of the lab: a process of one's own to experiment on, the commands given to it, and
 * what is known of each. Main thread only; nothing blocks. While commands are under way or wait,
 * they hold a reference: whoever has one goes by atlas_lab_stop(). */

#pragma once

#include "atlas-lab-allocation.h"
#include "atlas-lab-event.h"
#include "atlas-lab-process.h"
#include "atlas-labels.h"
#include "atlas-procfs.h"

G_BEGIN_DECLS

typedef enum
{
  ATLAS_LAB_STOPPED,  /* there is none */
  ATLAS_LAB_STARTING, /* commands are taken, and wait */
  ATLAS_LAB_READY,
  ATLAS_LAB_BUSY,  /* with a command; see busy-since and slow */
  ATLAS_LAB_ENDED, /* it ended; see ending */
} AtlasLabState;

GType atlas_lab_state_get_type (void);
#define ATLAS_TYPE_LAB_STATE (atlas_lab_state_get_type ())

#define ATLAS_TYPE_LAB (atlas_lab_get_type ())
G_DECLARE_FINAL_TYPE (AtlasLab, atlas_lab, ATLAS, LAB, GObject)

/* Properties, all with notify:
 *   state             AtlasLabState
 *   pid               int: the process it began with; 0 when stopped or starting
 *   processes         GListModel of AtlasLabProcess: that one, and its forks
 *   process           string, read-write: "" or the name of the fork that commands go to, and whose
 *                     allocations, threads and thresholds are told
 *   selected-pid      int: of that process
 *   allocations       GListModel of AtlasLabAllocation
 *   threads           GListModel of AtlasLabThread, all but the first
 *   events            GListModel of AtlasLabEvent, oldest first
 *   mmap-threshold, trim-threshold   uint64, bytes; 0: not known
 *   threshold-dynamic boolean: they move when mapped memory is freed
 *   ending            string: why it ended, a sentence; or NULL
 *   trace-problem     string: why system calls are not shown, or NULL
 *   busy-since        int64: g_get_monotonic_time() when what it is busy with began, or 0
 *   slow              boolean: it has been busy with the same for a second
 *   address-space     uint64, read-write: limit for the next start, in bytes; 0: the lab's own;
 *                     G_MAXUINT64: none
 * The models stay the same objects. */

/* Signal `done` (AtlasLabEvent *event): after each command of a person. By then the event is in
 * `events`, and allocations, processes and thresholds are up to date, unless more commands wait, or
 * asking for them takes longer than a second. */
AtlasLab *atlas_lab_new (AtlasProcfs *procfs);
/* For tests: other programs. NULL: the installed one; "" as @tracer: none. */
AtlasLab *
atlas_lab_new_with_programs (AtlasProcfs *procfs, const char *subject, const char *tracer);

/* As given. (transfer none) */
AtlasProcfs *atlas_lab_get_procfs (AtlasLab *self);

/* A fresh process. The one before is ended, what it had and did is dropped. */
void atlas_lab_start (AtlasLab *self);
/* Ends it. What was done stays, to be copied. */
void atlas_lab_stop (AtlasLab *self);

AtlasLabState atlas_lab_get_state (AtlasLab *self);
gint atlas_lab_get_pid (AtlasLab *self);
gint atlas_lab_get_selected_pid (AtlasLab *self);
GListModel *atlas_lab_get_processes (AtlasLab *self);
GListModel *atlas_lab_get_allocations (AtlasLab *self);
GListModel *atlas_lab_get_threads (AtlasLab *self);
GListModel *atlas_lab_get_events (AtlasLab *self);
const char *atlas_lab_get_process (AtlasLab *self);
/* FALSE, and nothing changed, when there is no such process. */
gboolean atlas_lab_set_process (AtlasLab *self, const char *name);
/* By its name in the process that is chosen, or NULL. (transfer none) */
AtlasLabAllocation *atlas_lab_find_allocation (AtlasLab *self, const char *id);
/* What the memory of that process is called. (transfer full) */
AtlasLabels *atlas_lab_dup_labels (AtlasLab *self);
guint64 atlas_lab_get_mmap_threshold (AtlasLab *self);
guint64 atlas_lab_get_trim_threshold (AtlasLab *self);
gboolean atlas_lab_get_threshold_dynamic (AtlasLab *self);
const char *atlas_lab_get_ending (AtlasLab *self);
const char *atlas_lab_get_trace_problem (AtlasLab *self);
gint64 atlas_lab_get_busy_since (AtlasLab *self);
gboolean atlas_lab_get_slow (AtlasLab *self);
guint64 atlas_lab_get_address_space (AtlasLab *self);
void atlas_lab_set_address_space (AtlasLab *self, guint64 bytes);

/**
 * atlas_lab_run:
 * @command: one line, as the lab has it
 *
 * Has the chosen process do @command, after all that was given before. That it fails is no error
 * but what the event says, and so is the end of the process in it.
 */
void atlas_lab_run (AtlasLab *self,
                    const char *command,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
/* Errors, of G_IO_ERROR: INVALID_ARGUMENT for what is no command line; CLOSED when there is no
 * process, or it ended before; CANCELLED when it was stopped or started anew. (transfer full) */
AtlasLabEvent *atlas_lab_run_finish (AtlasLab *self, GAsyncResult *result, GError **error);

/**
 * atlas_lab_run_script:
 * @text: lines of commands; blank lines, and those that begin with "#", are passed over
 *
 * Does all of them in order, and stops at one that is wrong: that the lab does not know, or
 * refuses. Lines that no lab would take are found before anything is done. One that fails in the
 * kernel is not wrong.
 */
void atlas_lab_run_script (AtlasLab *self,
                           const char *text,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
/* The same with the contents of a file, of 1 MiB at most. */
void atlas_lab_run_script_file (AtlasLab *self,
                                GFile *file,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
/**
 * atlas_lab_run_script_finish:
 * @line: (out) (optional): the line that is wrong, counted from 1; or 0
 *
 * Errors: INVALID_DATA for a wrong line, the message begins with its number; those of
 * atlas_lab_run_finish(); those of reading a file.
 */
gboolean
atlas_lab_run_script_finish (AtlasLab *self, GAsyncResult *result, guint *line, GError **error);

/* All that was done since the start, as a script for atlas_lab_run_script(), and as a C program.
 * What the lab refused is in comments. (transfer full) */
char *atlas_lab_dup_script (AtlasLab *self);
char *atlas_lab_dup_program (AtlasLab *self);

G_END_DECLS
