/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signals, and answers that are waited for. */

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace-subject.h"

/* Handled, and said; SIGTERM is the end. */
static const int listened[] = { SIGHUP,  SIGINT,   SIGQUIT, SIGUSR1, SIGUSR2,
                                SIGALRM, SIGWINCH, SIGCONT, SIGTERM };

static void
say_cb (int number)
{
  subject_say ("SIG%s", sigabbrev_np (number));
  if (number == SIGTERM)
    _exit (42);
}

/* Says each signal as it comes, one sent twice twice. "ready" is said first, so that none is too
 * early. */
int
subject_signals (char **words)
{
  struct sigaction say = { .sa_handler = say_cb };

  sigfillset (&say.sa_mask);
  for (size_t i = 0; i < sizeof listened / sizeof listened[0]; i++)
    sigaction (listened[i], &say, NULL);
  subject_say ("ready %d", (int) getpid ());
  for (;;)
    pause ();
}

/* read, write: into a page that may not be touched; bus: behind the end of a file. */
int
subject_crash (char **words)
{
  bool is_bus = strcmp (words[0], "bus") == 0;
  int file = is_bus ? memfd_create ("empty", 0) : -1;
  volatile char *page = mmap (NULL, 4096, is_bus ? PROT_READ | PROT_WRITE : PROT_NONE,
                              is_bus ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS, file, 0);

  subject_say ("0x%lx", (unsigned long) (uintptr_t) page);
  page[16] = 1;
  return EXIT_SUCCESS;
}

/* NUMBER: ends by that signal. */
int
subject_raise (char **words)
{
  raise (atoi (words[0]));
  pause ();
  return EXIT_SUCCESS;
}

/* Has a child stop itself, and goes on when it was seen to stop and to go on. */
int
subject_stop (char **words)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      raise (SIGSTOP);
      munlock (NULL, 0);
      _exit (5);
    }
  if (waitpid (child, &status, WUNTRACED) != child || !WIFSTOPPED (status))
    return 1;
  subject_say ("stopped");
  kill (child, SIGCONT);
  if (waitpid (child, &status, WCONTINUED) != child || !WIFCONTINUED (status))
    return 2;
  subject_say ("continued");
  if (waitpid (child, &status, 0) != child || !WIFEXITED (status))
    return 3;
  return WEXITSTATUS (status);
}

/* Each line that it reads is a number: so many calls of munlock, and "done" when they were made. */
int
subject_answer (char **words)
{
  char line[64];

  subject_say ("ready %d", (int) getpid ());
  while (fgets (line, sizeof line, stdin) != NULL)
    {
      size_t n = strtoul (line, NULL, 10);

      for (size_t i = 1; i <= n; i++)
        munlock (NULL, i);
      subject_say ("done %zu", n);
    }
  return EXIT_SUCCESS;
}

/* Maps without end. */
int
subject_loop (char **words)
{
  subject_say ("ready %d", (int) getpid ());
  for (;;)
    munlock (NULL, 0);
  return EXIT_SUCCESS;
}

/* Tries to trace a child, as a debugger would. */
int
subject_trace (char **words)
{
  pid_t child = fork ();
  long result;

  if (child == 0)
    for (;;)
      pause ();
  result = ptrace (PTRACE_SEIZE, child, NULL, NULL);
  subject_say ("%s", result == 0 ? "traced" : strerrorname_np (errno));
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  return EXIT_SUCCESS;
}
