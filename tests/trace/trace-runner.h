/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs the tracer on the subject of the tests and gives what both wrote. Everything has a bound: a
 * tracer that hangs fails the test. */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "trace-subject.h"

G_BEGIN_DECLS

/* Seconds that anything may take on a machine that does a lot besides. */
#define TRACE_BOUND 120

/* --- run to the end --- */

typedef struct
{
  int status;       /* exit status; -SIGNAL when a signal ended the tracer */
  char *out, *err;  /* of the program, and of the tracer */
  GPtrArray *lines; /* of JsonObject */
} Trace;

void trace_clear (Trace *trace);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trace, trace_clear)

/* Words of the subject up to NULL. */
Trace trace_run (const char *word, ...) G_GNUC_NULL_TERMINATED;
Trace trace_run_v (const char *const *words);
/* Any program. */
Trace trace_run_program (const char *const *argv);
/* The tracer with options of its own, and no lines read. */
Trace trace_run_tracer (const char *const *arguments);

/* Parses @text, a line each; fails the test for what is not exactly one object of valid UTF-8. */
GPtrArray *trace_parse_lines (const char *text);

/* FALSE after skipping the test, where this machine does not let anything be traced. */
gboolean trace_is_possible (void);
#define TRACE_OR_SKIP()                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!trace_is_possible ())                                                                     \
      return;                                                                                      \
  }                                                                                                \
  G_STMT_END

/* --- one line --- */

/* "" where it has no such member. */
const char *trace_string (JsonObject *line, const char *name);
/* -1 where it has none. */
gint64 trace_number (JsonObject *line, const char *name);
/* Whether it is one of the call. */
gboolean trace_is_call (JsonObject *line, const char *call);
gboolean trace_is_event (JsonObject *line, const char *event);
/* The first event of that name from process @pid (0: of any); NULL if there is none. */
JsonObject *trace_find_event (const Trace *trace, const char *event, gint64 pid);
guint trace_count_calls (const Trace *trace, const char *call, gint64 tid);
/* The calls between the subject's marks. (transfer container) */
GPtrArray *trace_between_marks (const Trace *trace);

/* --- talk to it while it runs --- */

typedef struct
{
  GSubprocess *tracer;
  gint tracer_pid;
  gint pid;  /* of the subject, from its first line */
  int input; /* of the subject */
  int output;
  int lines; /* the trace; -1 if it goes to /dev/null */
} Talk;

/* Starts the subject, which must say "ready PID". */
Talk talk_start (gboolean want_lines, const char *word, ...) G_GNUC_NULL_TERMINATED;
/* Ends the tracer if it still runs; gives its exit status or -SIGNAL. */
int talk_wait (Talk *talk);
void talk_clear (Talk *talk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

/* The next line without its newline; NULL at the end. */
char *talk_read_line (int fd);
void talk_write (int fd, const char *text);
/* Waits until @pid is no more, or is a zombie. */
void talk_wait_until_gone (gint pid);
/* The letter of its state in /proc, or 0. */
char talk_get_state (gint pid);
void talk_wait_for_state (gint pid, char state);

G_END_DECLS
