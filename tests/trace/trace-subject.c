/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program to be traced: the first word of its command line says what it does. */

#include "trace-subject.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct
{
  const char *name;
  int (*run) (char **words);
  int n_words;
} acts[] = {
  { "calls", subject_calls, 0 },
  { "file", subject_file, 1 },
  { "foreign", subject_foreign, 1 },
  { "names", subject_names, 0 },
  { "loop", subject_loop, 0 },
  { "busy", subject_busy, 0 },
  { "threads", subject_threads, 2 },
  { "thread-storm", subject_thread_storm, 2 },
  { "fork-storm", subject_fork_storm, 1 },
  { "exec-storm", subject_exec_storm, 1 },
  { "forks", subject_forks, 0 },
  { "vfork", subject_vfork, 1 },
  { "clone", subject_clone, 0 },
  { "thread-exec", subject_thread_exec, 1 },
  { "dead-leader", subject_dead_leader, 0 },
  { "daemon", subject_daemon, 0 },
  { "answer", subject_answer, 0 },
  { "signals", subject_signals, 0 },
  { "crash", subject_crash, 1 },
  { "raise", subject_raise, 1 },
  { "stop", subject_stop, 0 },
  { "trace", subject_trace, 0 },
};

void
subject_mark (const char *name)
{
  close (memfd_create (name, 0));
}

/* No buffer of the library's, which might be allocated at a bad moment. */
void
subject_say (const char *format, ...)
{
  char line[256];
  va_list arguments;
  int length;

  va_start (arguments, format);
  length = vsnprintf (line, sizeof line - 1, format, arguments);
  va_end (arguments);
  line[length] = '\n';
  if (write (STDOUT_FILENO, line, (size_t) length + 1) < 0)
    _exit (EXIT_FAILURE);
}

int
main (int argc, char **argv)
{
  for (size_t i = 0; argc > 1 && i < sizeof acts / sizeof acts[0]; i++)
    if (strcmp (argv[1], acts[i].name) == 0 && argc - 2 >= acts[i].n_words)
      return acts[i].run (argv + 2);
  fprintf (stderr, "trace-subject: no such act\n");
  return 2;
}
