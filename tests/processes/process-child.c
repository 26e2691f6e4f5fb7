/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Forked, not spawned: the child is this very program, so what it maps and touches is known. It
 * calls nothing that could wait for a lock another thread held at the fork. */

#include "process-child.h"

#include <errno.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534
#define PATIENCE_US (60 * G_USEC_PER_SEC)
#define LOOK_AGAIN_US 100

static int
sleep_forever (void *data)
{
  for (;;)
    pause ();
  return 0;
}

/* Bare threads: those of the C library need more than a forked child may do. */
static gboolean
start_threads (void)
{
  const int flags =
      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
  const size_t size = 64 * 1024;

  for (int i = 0; i < CHILD_N_THREADS; i++)
    {
      char *stack = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      if (stack == MAP_FAILED || clone (sleep_forever, stack + size, flags, NULL) < 0)
        return FALSE;
    }
  return TRUE;
}

/* mlock() by number: the address sanitizer makes a function of that name that does nothing. */
static gboolean
touch (size_t size, gboolean lock)
{
  volatile char *memory =
      mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    return FALSE;
  for (size_t i = 0; i < size; i += 1024)
    memory[i] = 1;
  return !lock || syscall (SYS_mlock, memory, size) == 0;
}

/* cat copies its input to its output: it answers each order by repeating it. */
static gboolean
become_cat (int channel)
{
  char *const arguments[] = { (char *) "cat", (char *) "-u", NULL };
  char *const environment[] = { (char *) "LC_ALL=C", NULL };

  dup2 (channel, STDIN_FILENO);
  dup2 (channel, STDOUT_FILENO);
  execve ("/bin/cat", arguments, environment);
  return FALSE;
}

static gboolean
obey (int channel, char order)
{
  switch (order)
    {
    case CHILD_RENAME:
      return prctl (PR_SET_NAME, CHILD_NEW_NAME) == 0;
    case CHILD_TOUCH:
      return touch (CHILD_TOUCH_KB * 1024, FALSE);
    case CHILD_LOCK:
      return touch ((size_t) sysconf (_SC_PAGESIZE), TRUE);
    case CHILD_THREADS:
      return start_threads ();
    case CHILD_NOBODY:
      return setresuid (NOBODY, NOBODY, NOBODY) == 0;
    case CHILD_EXEC:
      return become_cat (channel);
    default:
      return TRUE;
    }
}

static _Noreturn void
live (int channel)
{
  char order;

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  prctl (PR_SET_NAME, CHILD_NAME);
  while (read (channel, &order, 1) == 1)
    {
      char answer = obey (channel, order) ? order : '!';
      if (write (channel, &answer, 1) != 1)
        break;
    }
  _exit (0);
}

static pid_t
fork_with_pid (pid_t pid)
{
  struct clone_args arguments = { .exit_signal = SIGCHLD };

  arguments.set_tid = (guint64) (gsize) &pid;
  arguments.set_tid_size = 1;
  return pid == 0 ? fork () : (pid_t) syscall (SYS_clone3, &arguments, sizeof arguments);
}

Child *
child_new_with_pid (pid_t wanted)
{
  int channels[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels), ==, 0);
  pid_t pid = fork_with_pid (wanted);
  if (pid == 0)
    {
      close (channels[0]);
      live (channels[1]);
    }
  int failure = errno;
  close (channels[1]);
  if (pid < 0)
    {
      close (channels[0]);
      errno = failure;
      return NULL;
    }

  Child *child = g_new0 (Child, 1);
  child->pid = pid;
  child->channel = channels[0];
  child_order (child, ' ');
  return child;
}

Child *
child_new (void)
{
  Child *child = child_new_with_pid (0);
  g_assert_nonnull (child);
  return child;
}

/* It answers before it sleeps. */
static void
wait_until_asleep (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  gboolean asleep = FALSE;

  while (!asleep)
    {
      g_autofree char *stat = NULL;
      const char *name_end;

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      g_assert_true (g_file_get_contents (path, &stat, NULL, NULL));
      name_end = strrchr (stat, ')');
      g_assert_nonnull (name_end);
      asleep = g_str_has_prefix (name_end, ") S");
      if (!asleep)
        g_usleep (LOOK_AGAIN_US);
    }
}

/* After CHILD_EXEC the answer is that of the new program, asked anew. */
gboolean
child_order (Child *child, ChildOrder order)
{
  char sent = (char) order;
  char answer = 0;

  g_assert_cmpint (write (child->channel, &sent, 1), ==, 1);
  if (order == CHILD_EXEC)
    {
      sent = '+';
      g_assert_cmpint (write (child->channel, &sent, 1), ==, 1);
    }
  g_assert_cmpint (read (child->channel, &answer, 1), ==, 1);
  wait_until_asleep (child->pid);
  return answer == sent;
}

void
child_end (Child *child)
{
  siginfo_t information;

  kill (child->pid, SIGKILL);
  while (waitid (P_PID, (id_t) child->pid, &information, WEXITED | WNOWAIT) != 0)
    g_assert_cmpint (errno, ==, EINTR);
}

void
child_reap (Child *child)
{
  kill (child->pid, SIGKILL);
  while (waitpid (child->pid, NULL, 0) != child->pid)
    g_assert_cmpint (errno, ==, EINTR);
  child->pid = 0;
}

void
child_free (Child *child)
{
  if (child->pid != 0)
    child_reap (child);
  close (child->channel);
  g_free (child);
}
