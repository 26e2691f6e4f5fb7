/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads and processes, one after the other and in storms. What a thread maps tells which thread
 * it was: LENGTH (i) bytes of the i-th. */

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace-subject.h"

#define LENGTH(i) (((size_t) (i) + 1) * 4096)

static size_t n_rounds;

static pid_t
get_tid (void)
{
  return (pid_t) syscall (SYS_gettid);
}

static void
map_and_unmap (size_t i)
{
  void *memory =
      mmap (NULL, LENGTH (i), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED || munmap (memory, LENGTH (i)) != 0)
    _exit (EXIT_FAILURE);
}

/* --- threads --- */

static void *
work (void *index)
{
  size_t i = (size_t) (uintptr_t) index;
  char name[16];

  snprintf (name, sizeof name, "worker %zu", i);
  prctl (PR_SET_NAME, name);
  for (size_t round = 0; round < n_rounds; round++)
    map_and_unmap (i);
  if (n_rounds > 0)
    subject_say ("%zu %d", i, (int) get_tid ());
  return NULL;
}

static pthread_t
start (void *(*run) (void *), size_t i)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, run, (void *) (uintptr_t) i) != 0)
    _exit (EXIT_FAILURE);
  return thread;
}

/* THREADS ROUNDS: all at once; each says its index and TID. */
int
subject_threads (char **words)
{
  size_t n_threads = strtoul (words[0], NULL, 10);
  pthread_t *threads = calloc (n_threads, sizeof *threads);

  n_rounds = strtoul (words[1], NULL, 10);
  for (size_t i = 0; i < n_threads; i++)
    threads[i] = start (work, i);
  for (size_t i = 0; i < n_threads; i++)
    pthread_join (threads[i], NULL);
  free (threads);
  return EXIT_SUCCESS;
}

static void *
breed (void *unused)
{
  for (size_t round = 0; round < n_rounds; round++)
    pthread_join (start (work, 0), NULL);
  return NULL;
}

/* BREEDERS ROUNDS: threads that start short-lived threads without pause. */
int
subject_thread_storm (char **words)
{
  size_t n_breeders = strtoul (words[0], NULL, 10);
  pthread_t *breeders = calloc (n_breeders, sizeof *breeders);

  n_rounds = strtoul (words[1], NULL, 10);
  for (size_t i = 0; i < n_breeders; i++)
    breeders[i] = start (breed, i);
  for (size_t i = 0; i < n_breeders; i++)
    pthread_join (breeders[i], NULL);
  free (breeders);
  return EXIT_SUCCESS;
}

/* --- processes --- */

static void
reap (pid_t child, int expected)
{
  int status;

  if (child < 0 || waitpid (child, &status, __WALL) != child || !WIFEXITED (status)
      || WEXITSTATUS (status) != expected)
    _exit (EXIT_FAILURE);
}

/* A child that has children. */
int
subject_forks (char **words)
{
  pid_t child = fork ();

  if (child == 0)
    {
      pid_t grandchild = fork ();

      map_and_unmap (grandchild == 0 ? 2 : 1);
      if (grandchild == 0)
        _exit (5);
      reap (grandchild, 5);
      subject_say ("grandchild %d", (int) grandchild);
      _exit (4);
    }
  map_and_unmap (0);
  reap (child, 4);
  subject_say ("child %d", (int) child);
  return 3;
}

/* PROGRAM...: in a child that shares memory until it becomes it. */
int
subject_vfork (char **words)
{
  pid_t child = vfork ();

  if (child == 0)
    {
      execv (words[0], words);
      _exit (EXIT_FAILURE);
    }
  reap (child, 0);
  subject_say ("child %d", (int) child);
  return EXIT_SUCCESS;
}

/* A process whose end is not told by SIGCHLD: the kernel reports it as it does a thread. */
int
subject_clone (char **words)
{
  pid_t child = (pid_t) syscall (SYS_clone, 0L, 0L, 0L, 0L, 0L);

  if (child == 0)
    {
      map_and_unmap (0);
      _exit (6);
    }
  reap (child, 6);
  subject_say ("child %d", (int) child);
  return EXIT_SUCCESS;
}

/* FORKS: children that fork, map and end without pause, some killed while they do. */
int
subject_fork_storm (char **words)
{
  size_t n_forks = strtoul (words[0], NULL, 10);

  for (size_t i = 0; i < n_forks; i++)
    {
      pid_t child = fork ();

      if (child == 0)
        {
          signal (SIGCHLD, SIG_IGN);
          for (int j = 0; j < 4; j++)
            if (fork () == 0)
              {
                map_and_unmap (0);
                _exit (EXIT_SUCCESS);
              }
          map_and_unmap (1);
          _exit (EXIT_SUCCESS);
        }
      if (i % 2 == 0)
        kill (child, SIGKILL);
      waitpid (child, NULL, 0);
    }
  return EXIT_SUCCESS;
}

/* Leaves a process behind that goes on for a while. */
int
subject_daemon (char **words)
{
  if (fork () == 0)
    {
      usleep (300000);
      map_and_unmap (6);
      _exit (9);
    }
  return 8;
}

/* --- threads and exec --- */

static char **program;

static void *
become (void *unused)
{
  execv (program[0], program);
  _exit (EXIT_FAILURE);
}

static void *
churn (void *unused)
{
  for (;;)
    map_and_unmap (0);
  return NULL;
}

/* PROGRAM...: a thread becomes it, while others map and the first waits. */
int
subject_thread_exec (char **words)
{
  program = words;
  for (int i = 0; i < 4; i++)
    start (churn, 0);
  start (become, 0);
  for (;;)
    pause ();
}

static void *
fork_for_ever (void *unused)
{
  for (;;)
    {
      pid_t child = fork ();

      if (child == 0)
        _exit (EXIT_SUCCESS);
      if (child > 0)
        waitpid (child, NULL, 0);
    }
  return NULL;
}

/* None can be started while another thread becomes a program. */
static void *
end_threads (void *unused)
{
  pthread_t thread;

  for (;;)
    if (pthread_create (&thread, NULL, work, NULL) == 0)
      pthread_join (thread, NULL);
  return NULL;
}

/* Threads that map, fork, and start and end threads, without end. */
int
subject_busy (char **words)
{
  subject_say ("ready %d", (int) getpid ());
  for (int i = 0; i < 3; i++)
    {
      start (churn, 0);
      start (fork_for_ever, 0);
      start (end_threads, 0);
    }
  for (;;)
    pause ();
}

/* ROUNDS: becomes itself anew so many times, by turns from another thread and from the first, while
 * threads map, fork and end. */
int
subject_exec_storm (char **words)
{
  long left = strtol (words[0], NULL, 10);
  char next[24];
  char *arguments[] = { program_invocation_name, (char *) "exec-storm", next, NULL };

  if (left == 0)
    return 7;
  snprintf (next, sizeof next, "%ld", left - 1);
  program = arguments;
  start (churn, 0);
  start (fork_for_ever, 0);
  start (end_threads, 0);
  usleep ((useconds_t) (left % 7) * 300);
  if (left % 2 == 0)
    become (NULL);
  start (become, 0);
  if (left % 3 == 0)
    pthread_exit (NULL);
  if (left % 5 == 0)
    churn (NULL);
  for (;;)
    pause ();
}

static void *
outlive (void *leader)
{
  pthread_join ((pthread_t) (uintptr_t) leader, NULL);
  map_and_unmap (9);
  _exit (11);
}

/* The first thread ends before its process does. */
int
subject_dead_leader (char **words)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, outlive, (void *) (uintptr_t) pthread_self ()) != 0)
    return EXIT_FAILURE;
  pthread_exit (NULL);
}
