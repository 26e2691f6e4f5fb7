/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A child with a mount namespace of its own keeps the mount; what is mounted there later is mounted
 * by further children that enter it. They use nothing of GLib, for their parent may have had
 * threads. */

#include "own-proc.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct _OwnProc
{
  pid_t keeper;
  char *directory; /* where /proc is mounted, in the keeper's namespace */
  AtlasProcfs *procfs;
};

static _Noreturn void
be_keeper (const char *directory, int answers)
{
  gboolean mounted;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  mounted = unshare (CLONE_NEWNS) == 0 && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
            && mount ("proc", directory, "proc", 0, NULL) == 0;
  if (write (answers, mounted ? "+" : "-", 1) != 1 || !mounted)
    _exit (1);
  for (;;)
    pause ();
}

static gboolean
start_keeper (OwnProc *self)
{
  char answer = '-';
  int answers[2];

  if (pipe (answers) != 0)
    return FALSE;
  self->keeper = fork ();
  if (self->keeper == 0)
    be_keeper (self->directory, answers[1]);
  close (answers[1]);
  while (read (answers[0], &answer, 1) < 0 && errno == EINTR)
    ;
  close (answers[0]);
  return self->keeper > 0 && answer == '+';
}

OwnProc *
own_proc_new (char **reason)
{
  g_autoptr (OwnProc) self = g_new0 (OwnProc, 1);
  g_autofree char *root = NULL;

  self->directory = g_dir_make_tmp ("atlas-proc-XXXXXX", NULL);
  if (self->directory != NULL && start_keeper (self))
    {
      root = g_strdup_printf ("/proc/%d/root%s", (int) self->keeper, self->directory);
      self->procfs = atlas_procfs_new (root, NULL);
    }
  if (self->procfs != NULL)
    return g_steal_pointer (&self);
  *reason = g_strdup ("a mount of /proc of its own takes root");
  return NULL;
}

void
own_proc_free (OwnProc *self)
{
  if (self->keeper > 0)
    {
      kill (self->keeper, SIGKILL);
      waitpid (self->keeper, NULL, 0);
    }
  if (self->directory != NULL)
    g_rmdir (self->directory);
  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  g_free (self->directory);
  g_free (self);
}

AtlasProcfs *
own_proc_get_procfs (OwnProc *self)
{
  return self->procfs;
}

static _Noreturn void
cover_and_exit (const char *space, const char *file, const char *path)
{
  int fd = open (space, O_RDONLY | O_CLOEXEC);

  if (fd < 0 || setns (fd, CLONE_NEWNS) != 0)
    _exit (1);
  if (path != NULL)
    _exit (mount (path, file, NULL, MS_BIND, NULL) == 0 ? 0 : 1);
  _exit (umount2 (file, MNT_DETACH) == 0 ? 0 : 1);
}

void
own_proc_cover_in (gint keeper, const char *file, const char *path)
{
  g_autofree char *space = g_strdup_printf ("/proc/%d/ns/mnt", keeper);
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    cover_and_exit (space, file, path);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
}

static void
cover (OwnProc *self, gint pid, const char *file, const char *path)
{
  g_autofree char *covered = g_strdup_printf ("%s/%d/%s", self->directory, pid, file);

  own_proc_cover_in (self->keeper, covered, path);
}

void
own_proc_cover (OwnProc *self, gint pid, const char *file, const char *path)
{
  cover (self, pid, file, path);
}

void
own_proc_uncover (OwnProc *self, gint pid, const char *file)
{
  cover (self, pid, file, NULL);
}
