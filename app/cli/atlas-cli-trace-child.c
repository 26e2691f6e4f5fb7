/* SPDX-License-Identifier: GPL-3.0-or-later */

/* To the shell this process, the tracer and the program are one: they are stopped, go on and end
 * together. */

#include "atlas-config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-cli-output.h"
#include "atlas-cli-trace-child.h"
#include "atlas-cli.h"
#include "atlas-lab-programs.h"
#include "atlas-trace-signals.h"

#define SPAWN_FLAGS                                                                                \
  (G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_LEAVE_DESCRIPTORS_OPEN)

/* For the handler. */
static volatile pid_t tracer_pid;

/* The tracer stops when the program is stopped from its terminal. */
static void
child_changed_cb (int number)
{
  int saved = errno;
  siginfo_t info = { 0 };

  if (waitid (P_PID, (id_t) tracer_pid, &info, WSTOPPED | WNOHANG) == 0 && info.si_pid != 0)
    atlas_trace_signals_stop_with (tracer_pid);
  errno = saved;
}

static gboolean
pass_signals_on (pid_t pid, GError **error)
{
  struct sigaction stop_along = { .sa_handler = child_changed_cb, .sa_flags = SA_RESTART };
  int problem;

  tracer_pid = pid;
  problem = atlas_trace_signals_forward (pid, pid);
  if (problem == 0)
    {
      sigaction (SIGCHLD, &stop_along, NULL);
      return TRUE;
    }
  g_set_error (error, ATLAS_CLI_ERROR, ATLAS_CLI_ERROR_FAILED,
               _ ("The tracer cannot be watched: %s"), g_strerror (problem));
  return FALSE;
}

/* In the child: the program gets what this one was given, descriptors included; only that of the
 * lines is added, and the tracer keeps it to itself. */
static void
child_setup_cb (gpointer lines)
{
  atlas_cli_restore_signals ();
  fcntl (GPOINTER_TO_INT (lines), F_SETFD, 0);
}

static GStrv
make_argv (const char *tracer, int lines, char **program)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *parent = g_strdup_printf ("--die-with-parent=%d", (int) getpid ());
  g_autofree char *output = g_strdup_printf ("--output=%d", lines);

  g_strv_builder_add_many (builder, tracer, parent, output, "--", NULL);
  g_strv_builder_addv (builder, (const char **) program);
  return g_strv_builder_end (builder);
}

gboolean
atlas_cli_tracer_start (AtlasCliTracer *tracer, char **program, GError **error)
{
  g_autofree char *path = atlas_lab_program_find ("memory-atlas-trace", error);
  g_auto (GStrv) argv = NULL;
  int ends[2];
  gboolean is_started;

  if (path == NULL || !g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;
  argv = make_argv (path, ends[1], program);
  is_started = g_spawn_async (NULL, argv, NULL, SPAWN_FLAGS, child_setup_cb,
                              GINT_TO_POINTER (ends[1]), &tracer->pid, error);
  close (ends[1]);
  tracer->lines = ends[0];
  if (is_started && pass_signals_on (tracer->pid, error))
    return TRUE;
  close (ends[0]);
  return FALSE;
}

int
atlas_cli_tracer_wait (AtlasCliTracer *tracer)
{
  int status = 0;

  while (waitpid (tracer->pid, &status, 0) < 0 && errno == EINTR)
    ;
  if (!WIFEXITED (status))
    atlas_trace_signals_end_alike (status);
  return WEXITSTATUS (status);
}
