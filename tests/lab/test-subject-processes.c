/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Threads and children: that they do the same commands, with stacks, arenas and memory of their
 * own, and that one that ends is told of, never waited for. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static guint64 page;

static void
test_thread (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "thread start worker");
  guint64 tid = subject_answer_get_number (answer, "tid");
  guint64 stack = subject_answer_get_number (answer, "stack");
  g_autoptr (GArray) regions = oracle_get_regions (pid);
  const OracleRegion *region = oracle_find (regions, stack);
  g_autofree char *comm = NULL;
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%" G_GUINT64_FORMAT "/comm", pid, tid);

  g_assert_cmpuint (region->end - region->start, >=, 2 << 20);
  /* its guard page */
  g_assert_true (oracle_is_mapped (regions, region->start - page, region->start, "---p"));
  g_assert_true (g_file_get_contents (path, &comm, NULL, NULL));
  g_assert_cmpstr (comm, ==, "worker\n");
  subject_do (subject, "mmap a 10p");
  g_assert_cmpuint (subject_get (subject, "pages", "thread worker touch a write"), ==, 10);
  g_assert_cmpuint (subject_get (subject, "resident", "mincore a"), ==, 10);
  g_assert_cmpuint (subject_get (subject, "threads", "list"), ==, 1);
  subject_do (subject, "thread stop worker");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  subject_fail (subject, "EINVAL thread: no thread is called \"worker\"", "thread worker list");
  subject_do (subject, "thread start worker");
}

/* A thread's memory is from an arena of its own: a heap aligned to 64 MiB that begins with the
 * arena's address, which is that of the arena behind it. */
static void
test_arena (void)
{
  g_autoptr (Subject) subject = subject_new ();
  const guint64 heap_size = 64 << 20;
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *main_arena = NULL;
  g_autofree char *mmapped = NULL;
  guint64 address;
  guint64 arena;

  subject_do (subject, "thread start t");
  subject_do (subject, "thread start u");
  answer = subject_ask (subject, "thread t malloc a 1000");
  address = subject_answer_get_number (answer, "address");
  arena = subject_answer_get_number (answer, "arena");
  g_assert_cmpuint (address / heap_size, ==, arena / heap_size);
  g_assert_cmpuint (arena % heap_size, <, page);
  g_assert_cmpuint (subject_get (subject, "arena", "thread u malloc b 1000"), !=, arena);
  g_assert_cmpuint (subject_get (subject, "arena", "thread t malloc c 100K"), ==, arena);
  main_arena = subject_get_text (subject, "arena", "malloc d 1000");
  g_assert_cmpstr (main_arena, ==, "main");
  mmapped = subject_get_text (subject, "arena", "thread t malloc e 1M");
  g_assert_cmpstr (mmapped, ==, "mmap");
  /* memory outlives its thread, and anybody may free it */
  subject_do (subject, "thread stop t");
  subject_do (subject, "fill a 7");
  subject_do (subject, "free a");
  subject_do (subject, "thread u free c");
  subject_do (subject, "thread u free d");
  subject_do (subject, "thread u realloc e 10");
}

static void
test_thread_errors (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_fail (subject, "EINVAL thread: write thread", "thread start");
  subject_fail (subject, "EINVAL thread: write thread", "thread");
  subject_fail (subject, "EINVAL thread: \"-x\" is no name", "thread start -x");
  subject_fail (subject, "EINVAL thread: \"stop\" is no name", "thread start stop");
  subject_fail (subject, "EINVAL thread: no thread is called \"t\"", "thread stop t");
  subject_fail (subject, "EINVAL thread: no thread is called \"\"", "thread \"\" list");
  subject_do (subject, "thread start t");
  subject_fail (subject, "EINVAL thread: there is a thread called t already", "thread start t");
  subject_fail (subject, "EINVAL line: no command is called \"nonsense\"", "thread t nonsense");
  subject_fail (subject, "EINVAL malloc: write malloc ID SIZE", "thread t malloc");
  subject_fail (subject, "EDEADLK thread: t is busy", "thread t thread t list");
  subject_fail (subject, "EDEADLK thread: t is busy", "thread t thread stop t");
  subject_do (subject, "thread t thread start u");
  subject_fail (subject, "EDEADLK thread: t is busy", "thread t thread u thread t list");
  subject_do (subject, "thread u thread stop t");
  subject_do (subject, "thread u list");
}

static void
test_thread_signals (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "thread start t");
  subject_do (subject, "mmap a 4p prot=none");
  subject_fail (subject, "SIGSEGV touch: no permission at", "thread t touch a read");
  subject_fail (subject, "SIGSEGV overflow: the stack is full at", "thread t overflow");
  subject_fail (subject, "SIGSEGV overflow: the stack is full at", "thread t overflow");
  subject_fail (subject, "SIGSEGV touch: no permission at", "touch a read");
  g_assert_cmpuint (subject_get (subject, "status", "thread t exit"), ==, 0);
  subject_fail (subject, "EINVAL thread: no thread is called \"t\"", "thread t list");
  g_assert_cmpuint (subject_get (subject, "threads", "list"), ==, 0);
}

static void
assert_full_at (Subject *subject, guint64 limit, const char *command)
{
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "%s", command);
  g_autofree char *words = g_strdup_printf ("; the limit is %" G_GUINT64_FORMAT, limit);

  g_assert_cmpstr (answer->error, ==, "SIGSEGV");
  g_assert_nonnull (strstr (answer->text, words));
}

/* Threads have what the limit was as the process began; only the first one's stack goes by what it
 * is now. */
static void
test_thread_stack (void)
{
  const guint64 before = 4096 * 1024;
  const guint64 later = 256 * 1024;
  g_autoptr (Subject) subject = NULL;
  struct rlimit own, less;

  getrlimit (RLIMIT_STACK, &own);
  less = (struct rlimit){ before, own.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_STACK, &less), ==, 0);
  subject = subject_new ();
  setrlimit (RLIMIT_STACK, &own);
  subject_do (subject, "thread start t");
  subject_do (subject, "setrlimit stack 256K");
  subject_do (subject, "thread start u");
  g_assert_cmpuint (subject_get (subject, "size", "thread u overflow 3M"), >=, 3072 * 1024);
  assert_full_at (subject, before, "thread t overflow");
  assert_full_at (subject, before, "thread u overflow");
  assert_full_at (subject, later, "overflow");
  /* its stack is the thread's still */
  subject_do (subject, "thread t fork k");
  assert_full_at (subject, before, "child k overflow");
}

static void
test_many_threads (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "setrlimit as unlimited");
  for (int i = 0; i < 64; i++)
    subject_do (subject, "thread start t%d", i);
  subject_fail (subject, "EAGAIN thread: there are 64 threads already", "thread start more");
  for (int i = 0; i < 64; i++)
    subject_do (subject, "thread t%d malloc a%d 1000", i, i);
  for (int i = 0; i < 64; i++)
    subject_do (subject, "thread stop t%d", i);
  subject_do (subject, "thread start more");
}

/* What is shared and what is copied, and that the pages are there twice after the child wrote. */
static void
test_child (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 a = subject_get (subject, "address", "mmap a 100p");
  g_autoptr (SubjectAnswer) written = NULL;
  g_autofree char *name = NULL;
  gint pid;

  subject_do (subject, "memfd s 10p");
  subject_do (subject, "madvise a nohugepage");
  subject_do (subject, "touch a write");
  pid = (gint) subject_get (subject, "pid", "fork k");
  g_assert_cmpuint (oracle_get_status (pid, "PPid"), ==, subject_get_pid (subject));
  g_assert_cmpuint (oracle_count_present (pid, a, 100), ==, 100);
  written = subject_ask (subject, "child k touch a write");
  name = subject_answer_get_word (written, "child");
  g_assert_cmpstr (name, ==, "k");
  g_assert_cmpint (subject_answer_get_number (written, "pid"), ==, pid);
  g_assert_cmpuint (written->minor, ==, 100);
  g_assert_cmpuint (subject_get (subject, "pages", "child k touch s write"), ==, 10);
  g_assert_cmpuint (oracle_count_present (subject_get_pid (subject), a, 100), ==, 100);
  /* its table is its own */
  subject_do (subject, "child k munmap a");
  subject_do (subject, "touch a read");
  g_assert_cmpuint (subject_get (subject, "allocations", "child k list"), ==, 1);
  subject_do (subject, "munmap a");
  g_assert_cmpuint (subject_get (subject, "children", "list"), ==, 1);
}

static void
test_not_forked (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "mmap a 10p");
  subject_do (subject, "malloc m 10p");
  subject_do (subject, "fill m 1");
  subject_do (subject, "madvise a dontfork from 2 to 4");
  subject_fail (subject, "EINVAL madvise: another part of a is not",
                "madvise a dontfork from 7 to 8");
  subject_do (subject, "madvise m dontfork");
  subject_fail (subject,
                "EINVAL free: a part of m is not inherited by children; malloc would crash "
                "on it; first: madvise m dofork",
                "free m");
  subject_do (subject, "fork k");
  subject_fail (subject, "SIGSEGV touch: nothing is mapped at", "child k touch a read");
  subject_fail (subject, "EINVAL munmap: a part of a there is unmapped", "child k munmap a");
  subject_fail (subject, "EINVAL mremap: a part of a there is unmapped", "child k mremap a 20p");
  subject_fail (subject, "EINVAL free: a part of m is unmapped", "child k free m");
  subject_do (subject, "madvise a dofork");
  subject_do (subject, "madvise m dofork");
  subject_do (subject, "fork l");
  subject_do (subject, "child l touch a read");
  subject_do (subject, "child l free m");
  subject_do (subject, "madvise m wipeonfork");
  subject_fail (subject, "EINVAL free: a part of m is wiped in children", "free m");
  subject_do (subject, "madvise m keeponfork");
  subject_do (subject, "free m");
  subject_do (subject, "munmap a");
}

static void
test_grandchild (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 child = subject_get (subject, "pid", "fork k");
  guint64 grandchild = subject_get (subject, "pid", "child k fork g");
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *end = NULL;

  g_assert_cmpuint (oracle_get_status ((gint) grandchild, "PPid"), ==, child);
  answer = subject_ask (subject, "child k child g malloc a 100");
  end = g_strdup_printf (" child=g pid=%" G_GUINT64_FORMAT " child=k pid=%" G_GUINT64_FORMAT "\t",
                         grandchild, child);
  g_assert_nonnull (strstr (answer->line, end));
  subject_do (subject, "child k child g fill a 3");
  subject_fail (subject, "EINVAL fill: no allocation is called \"a\" child=k", "child k fill a 3");
  subject_fail (subject, "EINVAL child: no child is called \"g\"", "child g list");
  subject_do (subject, "child k child g help");
  subject_do (subject, "child k child g malloc_info");
}

static void
test_child_ends (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 pid = subject_get (subject, "pid", "fork k");
  g_autofree char *ended =
      g_strdup_printf ("ESRCH child: k (pid %" G_GUINT64_FORMAT ") ended with status 3\t", pid);
  g_autofree char *killed = NULL;
  g_autoptr (SubjectAnswer) list = NULL;

  subject_fail (subject, "EINVAL exit: \"x\" is no number", "child k exit x");
  subject_do (subject, "child k list");
  g_assert_cmpuint (subject_get (subject, "status", "child k exit 3"), ==, 3);
  /* reaped at once, not a zombie */
  g_assert_cmpint (kill ((pid_t) pid, 0), ==, -1);
  subject_fail (subject, ended, "child k list");
  subject_fail (subject, ended, "child k exit");
  pid = subject_get (subject, "pid", "fork k");
  kill ((pid_t) pid, SIGKILL);
  killed =
      g_strdup_printf ("ESRCH child: k (pid %" G_GUINT64_FORMAT ") was killed by SIGKILL", pid);
  subject_fail (subject, killed, "child k list");
  list = subject_ask (subject, "list");
  g_assert_nonnull (strstr (list->comments[0], " killed=SIGKILL"));
  g_assert_cmpuint (subject_answer_get_number (list, "children"), ==, 0);
  subject_fail (subject, "EINVAL child: no child is called \"\"", "child \"\" list");
  subject_fail (subject, "EINVAL fork: \"a b\" is no name", "fork \"a b\"");
  subject_do (subject, "fork k");
  subject_fail (subject, "EINVAL fork: there is a child called k already", "fork k");
}

static void
test_many_children (void)
{
  g_autoptr (Subject) subject = subject_new ();

  for (int i = 0; i < 64; i++)
    subject_do (subject, "fork k%d", i);
  subject_fail (subject, "EAGAIN fork: there are 64 children already", "fork more");
  subject_do (subject, "child k63 exit");
  subject_do (subject, "fork more");
  subject_do (subject, "child more list");
  for (int i = 0; i < 63; i++)
    subject_do (subject, "child k%d exit", i);
  g_assert_cmpuint (subject_get (subject, "children", "list"), ==, 1);
}

/* In the child only the thread that forked is there. */
static void
test_thread_forks (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "thread start t");
  subject_do (subject, "thread t malloc a 1000");
  subject_do (subject, "thread t fork k");
  g_assert_cmpuint (subject_get (subject, "threads", "child k list"), ==, 0);
  subject_fail (subject, "EINVAL thread: no thread is called \"t\"", "child k thread t list");
  subject_do (subject, "child k fill a 1");
  subject_do (subject, "child k free a");
  subject_do (subject, "child k thread start t");
  subject_do (subject, "child k thread t malloc b 100");
  subject_fail (subject, "SIGSEGV overflow: ", "child k overflow");
  subject_do (subject, "fill a 2");
  /* tied to the thread that forked it */
  subject_do (subject, "thread stop t");
  subject_fail (subject, "ESRCH child: k ", "child k list");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page = (guint64) sysconf (_SC_PAGESIZE);
  g_test_add_func ("/lab/processes/thread", test_thread);
  g_test_add_func ("/lab/processes/arena", test_arena);
  g_test_add_func ("/lab/processes/thread-errors", test_thread_errors);
  g_test_add_func ("/lab/processes/thread-signals", test_thread_signals);
  g_test_add_func ("/lab/processes/thread-stack", test_thread_stack);
  g_test_add_func ("/lab/processes/many-threads", test_many_threads);
  g_test_add_func ("/lab/processes/child", test_child);
  g_test_add_func ("/lab/processes/not-forked", test_not_forked);
  g_test_add_func ("/lab/processes/grandchild", test_grandchild);
  g_test_add_func ("/lab/processes/child-ends", test_child_ends);
  g_test_add_func ("/lab/processes/many-children", test_many_children);
  g_test_add_func ("/lab/processes/thread-forks", test_thread_forks);
  return g_test_run ();
}
