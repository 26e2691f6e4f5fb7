/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first process of the namespace is a fork that speaks through two pipes: a byte in, a byte
 * out. It uses nothing of GLib, for its parent may have had threads. */

#include "fire-factory.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "own-proc.h"

struct _FireFactory
{
  pid_t init;
  int commands, answers; /* our ends */
  char *directory;       /* where its /proc is mounted, in its own mount namespace */
  AtlasProcfs *procfs;
};

/* Larger headers have a larger one; this much every kernel with clone3 and set_tid takes. */
typedef struct
{
  guint64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
  guint64 set_tid, set_tid_size, cgroup;
} CloneArguments;

/* --- in the namespace --- */

static _Noreturn void
be_target (int answers, guint n_pages)
{
  gsize page_size = (gsize) sysconf (_SC_PAGESIZE);
  char *area = mmap ((void *) (uintptr_t) FIRE_FACTORY_ADDRESS, FIRE_FACTORY_PAGES * page_size,
                     PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

  for (guint i = 0; area != MAP_FAILED && i < n_pages; i++)
    area[i * page_size] = 1;
  if (write (answers, area != MAP_FAILED ? "+" : "-", 1) != 1)
    _exit (1);
  for (;;)
    pause ();
}

static pid_t
fork_as (pid_t pid)
{
  CloneArguments arguments = {
    .exit_signal = SIGCHLD,
    .set_tid = (guint64) (uintptr_t) &pid,
    .set_tid_size = 1,
  };

  return (pid_t) syscall (SYS_clone3, &arguments, sizeof arguments);
}

/* 0 ends the one that is there; any other byte starts one that touches as many pages. */
static _Noreturn void
be_init (int commands, int answers)
{
  guchar command;

  while (read (commands, &command, 1) == 1)
    {
      pid_t pid = 0;

      if (command == 0)
        {
          kill (FIRE_FACTORY_PID, SIGKILL);
          while (waitpid (FIRE_FACTORY_PID, NULL, 0) < 0 && errno == EINTR)
            ;
        }
      else
        pid = fork_as (FIRE_FACTORY_PID);
      if (command != 0 && pid == 0)
        be_target (answers, command);
      if ((command == 0 || pid < 0) && write (answers, pid < 0 ? "-" : "+", 1) != 1)
        break;
    }
  _exit (0);
}

static _Noreturn void
prepare_init (const char *directory, int commands, int answers)
{
  gboolean mounted;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  mounted = mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
            && mount ("proc", directory, "proc", 0, NULL) == 0;
  if (write (answers, mounted ? "+" : "-", 1) != 1 || !mounted)
    _exit (1);
  be_init (commands, answers);
}

/* --- outside --- */

static gboolean
is_answered (FireFactory *self)
{
  char answer = '-';

  while (read (self->answers, &answer, 1) < 0 && errno == EINTR)
    ;
  return answer == '+';
}

static gboolean
start_init (FireFactory *self)
{
  CloneArguments arguments = {
    .flags = CLONE_NEWPID | CLONE_NEWNS,
    .exit_signal = SIGCHLD,
  };
  int commands[2], answers[2];

  if (pipe (commands) != 0 || pipe (answers) != 0)
    return FALSE;
  self->init = (pid_t) syscall (SYS_clone3, &arguments, sizeof arguments);
  if (self->init == 0)
    {
      close (commands[1]);
      close (answers[0]);
      prepare_init (self->directory, commands[0], answers[1]);
    }
  close (commands[0]);
  close (answers[1]);
  self->commands = commands[1];
  self->answers = answers[0];
  return self->init > 0 && is_answered (self);
}

FireFactory *
fire_factory_new (char **reason)
{
  g_autoptr (FireFactory) self = g_new0 (FireFactory, 1);
  g_autofree char *root = NULL;

  self->commands = self->answers = -1;
  self->directory = g_dir_make_tmp ("atlas-proc-XXXXXX", NULL);
  if (self->directory == NULL || !start_init (self))
    {
      *reason = g_strdup ("a PID namespace with a /proc of its own takes root");
      return NULL;
    }
  root = g_strdup_printf ("/proc/%d/root%s", (int) self->init, self->directory);
  self->procfs = atlas_procfs_new (root, NULL);
  if (self->procfs != NULL && fire_factory_start (self, 1))
    {
      fire_factory_end (self);
      return g_steal_pointer (&self);
    }
  *reason = g_strdup ("this kernel does not let PIDs be chosen");
  return NULL;
}

void
fire_factory_free (FireFactory *self)
{
  if (self->init > 0)
    {
      kill (self->init, SIGKILL);
      waitpid (self->init, NULL, 0);
    }
  if (self->commands >= 0)
    close (self->commands);
  if (self->answers >= 0)
    close (self->answers);
  if (self->directory != NULL)
    g_rmdir (self->directory);
  g_clear_pointer (&self->procfs, atlas_procfs_unref);
  g_free (self->directory);
  g_free (self);
}

AtlasProcfs *
fire_factory_get_procfs (FireFactory *self)
{
  return self->procfs;
}

gboolean
fire_factory_start (FireFactory *self, guint n_pages)
{
  guchar command = (guchar) n_pages;

  return write (self->commands, &command, 1) == 1 && is_answered (self);
}

void
fire_factory_end (FireFactory *self)
{
  g_assert_true (write (self->commands, "", 1) == 1 && is_answered (self));
}

void
fire_factory_cover (FireFactory *self, const char *file, const char *path)
{
  g_autofree char *covered = g_strdup_printf ("%s/%d/%s", self->directory, FIRE_FACTORY_PID, file);

  own_proc_cover_in (self->init, covered, path);
}
