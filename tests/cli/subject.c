/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Starts cli-subject (CLI_SUBJECT is where it is) and stops it. */

#include "subject.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void
read_places (Subject *subject, int output)
{
  FILE *stream = fdopen (output, "r");
  unsigned long long anonymous, shared;

  g_assert_cmpint (fscanf (stream, "%llx %llx", &anonymous, &shared), ==, 2);
  subject->anonymous = anonymous;
  subject->shared = shared;
  fclose (stream);
}

static void
stop (int pid)
{
  int status;

  g_assert_cmpint (kill (pid, SIGSTOP), ==, 0);
  g_assert_cmpint (waitpid (pid, &status, WUNTRACED), ==, pid);
  g_assert_true (WIFSTOPPED (status));
}

Subject
subject_start (const char *name, const char *file)
{
  const char *argv[] = { CLI_SUBJECT, name, file, NULL };
  g_autoptr (GError) error = NULL;
  Subject subject = { 0 };
  int output;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
                            &subject.pid, &subject.input, &output, NULL, &error);
  g_assert_no_error (error);
  read_places (&subject, output);
  stop (subject.pid);
  g_snprintf (subject.pid_text, sizeof subject.pid_text, "%d", subject.pid);
  return subject;
}

void
subject_end (Subject *subject)
{
  if (subject->pid <= 0)
    return;
  kill (subject->pid, SIGKILL);
  waitpid (subject->pid, NULL, 0);
  close (subject->input);
  subject->pid = 0;
}

char *
subject_read (const Subject *subject, const char *file)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/%s", subject->pid, file);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}
