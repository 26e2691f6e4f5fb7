/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The client from the inside: what its files share. */

#pragma once

#include "atlas-lab-answer.h"
#include "atlas-lab-code.h"
#include "atlas-lab-event-private.h"
#include "atlas-lab-mirror.h"
#include "atlas-lab-oom.h"
#include "atlas-lab-process-private.h"
#include "atlas-lab-runner.h"
#include "atlas-lab-trace.h"
#include "atlas-lab.h"

G_BEGIN_DECLS

/* A command of a person, that waits or is under way. */
typedef struct
{
  GTask *task;
  AtlasLabCommand *command;
  gpointer script; /* the script it is a line of, or NULL */
} AtlasLabRequest;

/* What the client asks for itself. */
typedef enum
{
  ATLAS_LAB_ASK_NOTHING,
  ATLAS_LAB_ASK_LIST,
  ATLAS_LAB_ASK_THRESHOLDS,
  ATLAS_LAB_ASK_MINCORE,
} AtlasLabQuestion;

/* All that is asked after a command, so that what is told of the processes is as they are. */
typedef struct
{
  gboolean open;          /* there may be more to ask */
  guint number;           /* rounds so far */
  AtlasLabQuestion asked; /* the question that waits for its answer */
  AtlasLabProcess *process;
  AtlasLabAllocation *allocation;
  gboolean has_thresholds;
  guint deadline;      /* source: the event is told at the latest then */
  GCancellable *locks; /* smaps is being read; or NULL */
  GHashTable *listed;  /* processes that were asked for their list */
} AtlasLabRound;

struct _AtlasLab
{
  GObject parent_instance;
  AtlasProcfs *procfs;
  char *subject_program, *tracer_program; /* as given */

  AtlasLabState state;
  AtlasLabRunner *runner;
  gboolean traced;
  char *trace_problem, *ending;
  guint64 address_space;

  GListStore *processes, *events;
  AtlasLabMirror *allocations, *threads;
  AtlasLabProcess *first;  /* the one it began with; NULL until it is ready */
  AtlasLabProcess *chosen; /* the one that commands go to */
  guint64 mmap_threshold, trim_threshold;
  gboolean threshold_dynamic;
  AtlasLabCode *code;
  AtlasLabOom *oom;

  /* what passes through the pipes */
  gboolean waiting;    /* for an answer */
  gboolean collecting; /* calls, for the command that is under way */
  gboolean hopeless;   /* it was killed for what it said; the rest of it is not listened to */
  GPtrArray *comments; /* of char * */
  gsize comments_size;
  GPtrArray *calls; /* of AtlasLabCall */
  guint n_dropped_calls;
  GHashTable *newborn; /* PIDs that the command made */
  char *end_signal;    /* what the tracer said of the end of the first process */
  gint end_status;     /* or -1 */
  char *sent_signal;   /* the last one that another process sent to the first, or NULL */
  gint sender;         /* and which process that was */

  /* commands */
  GQueue requests;          /* of AtlasLabRequest */
  AtlasLabRequest *current; /* that is under way, or whose event is not told yet */
  AtlasLabProcess *doer;    /* the process that does it */
  AtlasLabEventParts parts; /* of its event */
  AtlasLabEvent *event;     /* made, not told yet */
  gint64 busy_since;
  guint slow_source;
  gboolean slow;
  AtlasLabRound round;
};

/* --- atlas-lab.c --- */

/* Goes on with what there is to do. */
void atlas_lab_pump (AtlasLab *self);
/* Sends a line and waits for its answer. */
void atlas_lab_ask (AtlasLab *self, const char *line);
void atlas_lab_set_thresholds (AtlasLab *self, const AtlasLabAnswer *answer);
void atlas_lab_request_free (AtlasLabRequest *request);
/* Puts a command at the end of the queue. @task: (transfer full) */
void atlas_lab_enqueue (AtlasLab *self, GTask *task, const char *line, gpointer script);
gboolean atlas_lab_is_running (AtlasLab *self);
/* The command with the words that lead it to the chosen process. (transfer full) */
char *atlas_lab_dup_line (AtlasLab *self, const char *command);

/* --- atlas-lab-processes.c --- */

/* NULL when there is none. (transfer none) */
AtlasLabProcess *atlas_lab_find_process (AtlasLab *self, const char *name);
AtlasLabProcess *atlas_lab_find_pid (AtlasLab *self, gint pid);
void atlas_lab_add_process (AtlasLab *self, AtlasLabProcess *process);
/* And its forks. */
void atlas_lab_remove_process (AtlasLab *self, AtlasLabProcess *process);
void atlas_lab_clear_processes (AtlasLab *self);
/* What @process says of its forks. @children: of AtlasLabAnswer */
void atlas_lab_take_children (AtlasLab *self, AtlasLabProcess *process, const GPtrArray *children);
void atlas_lab_choose (AtlasLab *self, AtlasLabProcess *process);

/* --- atlas-lab-round.c --- */

void atlas_lab_round_begin (AtlasLab *self);
void atlas_lab_round_drop (AtlasLab *self);
/* Asks the next question; FALSE when there is none. */
gboolean atlas_lab_round_ask (AtlasLab *self);
void atlas_lab_round_take (AtlasLab *self, const AtlasLabAnswer *answer);
/* Whether something is still being found out. */
gboolean atlas_lab_round_is_open (AtlasLab *self);

/* --- atlas-lab-work.c: a command under way --- */

void atlas_lab_work_begin (AtlasLab *self, AtlasLabRequest *request);
/* @answer: (transfer full) (nullable): NULL when the process ended in it */
void
atlas_lab_work_end (AtlasLab *self, AtlasLabAnswer *answer, const char *signal, const char *ending);
/* Whether the answer is the last of the process, so that its end is waited for. */
gboolean atlas_lab_work_is_exit (AtlasLab *self, const AtlasLabAnswer *answer);
void atlas_lab_work_take_call (AtlasLab *self, AtlasLabTrace *trace);
void atlas_lab_work_take_end (AtlasLab *self, const AtlasLabTrace *trace);
void atlas_lab_work_drop (AtlasLab *self);

/* --- atlas-lab-ending.c: sentences --- */

/* @signal: (nullable): its name; else @status. @errors: what it wrote. (transfer full) */
char *atlas_lab_describe_end (AtlasLab *self, const char *signal, gint status, const char *errors);
char *atlas_lab_describe_runner_end (AtlasLab *self, const AtlasLabRunnerEnd *end);
/* What signal the process ended by, or NULL for an exit. (transfer full) */
char *atlas_lab_dup_end_signal (AtlasLab *self, const AtlasLabRunnerEnd *end);

/* --- atlas-lab-script.c --- */

/* A line of @script is done. TRUE: it was wrong, and those behind it must not be done. */
void atlas_lab_script_forget (AtlasLab *self, gpointer script);

G_END_DECLS
