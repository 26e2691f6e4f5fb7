/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the traced program of the tests can do; it says on standard output what it did. */

#pragma once

#include <stdarg.h>

/* A call that the trace has, too: what the tests look at is between the two. */
#define SUBJECT_BEGIN "atlas-begin"
#define SUBJECT_END "atlas-end"

/* Exit status where the machine does not have what it takes. */
#define SUBJECT_CANNOT 77

void subject_mark (const char *name);
/* One line, whole. */
void subject_say (const char *format, ...) __attribute__ ((format (printf, 1, 2)));

/* Each takes the rest of the command line, and gives an exit status. */
int subject_calls (char **words);
int subject_file (char **words);
int subject_foreign (char **words);
int subject_names (char **words);
int subject_loop (char **words);
int subject_busy (char **words);
int subject_threads (char **words);
int subject_thread_storm (char **words);
int subject_fork_storm (char **words);
int subject_exec_storm (char **words);
int subject_forks (char **words);
int subject_vfork (char **words);
int subject_clone (char **words);
int subject_thread_exec (char **words);
int subject_dead_leader (char **words);
int subject_daemon (char **words);
int subject_answer (char **words);
int subject_signals (char **words);
int subject_crash (char **words);
int subject_raise (char **words);
int subject_stop (char **words);
int subject_trace (char **words);
