/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Locking, advice, mincore and limits, held against smaps, pagemap and prlimit. */

#include "memory-oracle.h"
#include "subject-client.h"

#include "atlas-lab-words.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define KIB G_GUINT64_CONSTANT (1024)

static guint64 page;

static guint64
count_locked (Subject *subject, guint64 start, guint64 n_pages)
{
  return oracle_count_flagged (subject_get_pid (subject), start, start + n_pages * page, "lo")
         / page;
}

static void
test_mlock (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  guint64 address = subject_get (subject, "address", "mmap a 16p");

  subject_do (subject, "mlock a from 2 to 6");
  g_assert_cmpuint (count_locked (subject, address, 16), ==, 4);
  g_assert_cmpuint (count_locked (subject, address + 2 * page, 4), ==, 4);
  g_assert_cmpuint (oracle_count_present (pid, address, 16), ==, 4);
  subject_do (subject, "munlock a from 3 to 4");
  g_assert_cmpuint (count_locked (subject, address, 16), ==, 3);
  subject_do (subject, "munlock a");
  g_assert_cmpuint (oracle_get_status (pid, "VmLck"), ==, 0);
  subject_do (subject, "mlock a onfault");
  g_assert_cmpuint (count_locked (subject, address, 16), ==, 16);
  g_assert_cmpuint (oracle_count_present (pid, address, 16), ==, 4);
  subject_do (subject, "munlock a");
  subject_do (subject, "mlock a onfault from 6 to 7");
  g_assert_cmpuint (count_locked (subject, address, 16), ==, 1);
}

/* The pages that hold it, the one with the chunk's header, too. */
static void
test_mlock_malloced (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "malloc a 10p");
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "mlock a");

  g_assert_cmpuint (subject_answer_get_number (answer, "address"), ==, address / page * page);
  g_assert_cmpuint (subject_answer_get_number (answer, "length"), ==, 11 * page);
  g_assert_cmpuint (count_locked (subject, address / page * page, 11), ==, 11);
  subject_do (subject, "munlock a");
  subject_do (subject, "free a");
}

/* mlock (a, 0) locks a page, unless the address is where one begins: the kernel rounds so. */
static void
test_mlock_empty (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "malloc a 0");

  g_assert_cmpuint (address % page, !=, 0);
  g_assert_cmpuint (subject_get (subject, "length", "mlock a"), ==, page);
  g_assert_cmpuint (count_locked (subject, address / page * page, 1), ==, 1);
  g_assert_cmpuint (oracle_get_status (subject_get_pid (subject), "VmLck"), ==, page / KIB);
  subject_do (subject, "munlock a");
  g_assert_cmpuint (oracle_get_status (subject_get_pid (subject), "VmLck"), ==, 0);
}

static void
test_mlockall (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  g_autofree char *flags = NULL;
  struct rlimit memlock;
  guint64 address;

  getrlimit (RLIMIT_MEMLOCK, &memlock);
  if (geteuid () != 0 && memlock.rlim_cur < 8 * KIB * KIB)
    {
      g_test_skip ("an ordinary user may not lock so much here");
      return;
    }
  flags = subject_get_text (subject, "flags", "mlockall current future");
  g_assert_cmpstr (flags, ==, "MCL_CURRENT|MCL_FUTURE");
  g_assert_cmpuint (oracle_get_status (pid, "VmLck"), >, 0);
  address = subject_get (subject, "address", "mmap a 8p");
  g_assert_cmpuint (oracle_count_present (pid, address, 8), ==, 8);
  subject_do (subject, "munlockall");
  g_assert_cmpuint (oracle_get_status (pid, "VmLck"), ==, 0);
  subject_do (subject, "mlockall future onfault");
  address = subject_get (subject, "address", "mmap b 8p");
  g_assert_cmpuint (oracle_count_present (pid, address, 8), ==, 0);
  g_assert_cmpuint (count_locked (subject, address, 8), ==, 8);
  subject_do (subject, "munlockall");
  subject_do (subject, "mlockall");
  subject_fail (subject, "EINVAL mlockall: Invalid argument", "mlockall onfault");
  subject_fail (subject, "EINVAL mlockall: \"past\" is neither", "mlockall past");
}

/* An ordinary user meets RLIMIT_MEMLOCK: what fails, and how. */
static void
test_memlock_limit (void)
{
  g_autoptr (Subject) subject = subject_new_with (SUBJECT, NULL, TRUE);
  guint64 address;

  subject_do (subject, "setrlimit memlock 64K");
  address = subject_get (subject, "address", "mmap a 1M");
  subject_fail (subject, "ENOMEM mlock: Cannot allocate memory\t", "mlock a");
  subject_fail (subject, "ENOMEM mlock2: Cannot allocate memory\t", "mlock a onfault");
  g_assert_cmpuint (count_locked (subject, address, MAX (1024 * KIB / page, 1)), ==, 0);
  subject_do (subject, "mlock a from 0 to 8");
  g_assert_cmpuint (count_locked (subject, address, 8), ==, 8);
  subject_fail (subject, "ENOMEM mlock: ", "mlock a from 8 to 17");
  subject_fail (subject, "EAGAIN mmap: Resource temporarily unavailable", "mmap b 1M locked");
  subject_fail (subject, "ENOMEM mlockall: Cannot allocate memory", "mlockall");
  subject_do (subject, "mlockall future");
  subject_fail (subject, "EAGAIN mmap: ", "mmap b 1M");
  /* its stack would be locked */
  subject_fail (subject, "EAGAIN pthread_create: ", "thread start t");
  subject_do (subject, "munlockall");
  subject_do (subject, "setrlimit memlock 0");
  subject_fail (subject, "EPERM mlock: Operation not permitted", "mlock a");
  subject_fail (subject, "EPERM setrlimit: Operation not permitted",
                "setrlimit memlock unlimited unlimited");
  subject_fail (subject, "EINVAL setrlimit: Invalid argument", "setrlimit memlock 10M 5M");
}

/* Nothing was given, and nothing is to be seen: not what it takes to say so either. */
static void
assert_fails_for_nothing (Subject *subject, const char *error, const char *command)
{
  gint pid = subject_get_pid (subject);
  guint64 file = oracle_get_status (pid, "RssFile");
  guint64 all = oracle_get_status (pid, "VmRSS");

  subject_fail (subject, error, "%s", command);
  g_assert_cmpuint (oracle_get_status (pid, "RssFile"), ==, file);
  g_assert_cmpuint (oracle_get_status (pid, "VmRSS"), ==, all);
}

/* Each in a process of its own, where it is the first that fails. */
static void
test_failing_costs_nothing (void)
{
  static const char *const failing[][2] = {
    { "ENOMEM mlock: ", "mlock a" },
    { "ENOMEM mlock2: ", "mlock a onfault" },
    { "ENOMEM mlockall: ", "mlockall" },
    { "ENOMEM mmap: ", "mmap b 99999G" },
    { "EPERM setrlimit: ", "setrlimit memlock unlimited unlimited" },
    { "EINVAL touch: ", "touch b read" },
    { "EINVAL setrlimit: ", "setrlimit memlock 10M 5M" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      g_autoptr (Subject) subject = subject_new_with (SUBJECT, NULL, TRUE);

      subject_do (subject, "setrlimit memlock 64K 64K");
      subject_do (subject, "mmap a 1M");
      assert_fails_for_nothing (subject, failing[i][0], failing[i][1]);
    }
}

/* So for malloc, which has been called before: the heap is there, and what a first call writes. */
static void
test_failing_malloc_costs_nothing (void)
{
  static const char *const failing[][2] = {
    { "ENOMEM malloc: ", "malloc b 200M" },
    { "ENOMEM calloc: ", "calloc b 2 100M" },
    { "ENOMEM realloc: ", "realloc a 200M" },
    { "ENOMEM aligned_alloc: ", "aligned_alloc b 64K 200M" },
    { "ENOMEM sbrk: ", "sbrk b 200M" },
    { "ENOMEM malloc: ", "thread t malloc b 200M" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      g_autoptr (Subject) subject = subject_new ();

      subject_do (subject, "malloc a 100");
      subject_do (subject, "thread start t");
      subject_do (subject, "thread t malloc c 100");
      subject_do (subject, "setrlimit as 100M");
      assert_fails_for_nothing (subject, failing[i][0], failing[i][1]);
    }
}

/* Which pieces of the C library a command needs, and which of them come together, differs from
 * process to process; so all of its code and constants are there, in a fork as well. */
static void
assert_library_is_present (gint pid)
{
  g_autoptr (GArray) regions = oracle_get_regions (pid);
  guint n_regions = 0;

  for (guint i = 0; i < regions->len; i++)
    {
      const OracleRegion *region = &g_array_index (regions, OracleRegion, i);
      guint64 n_pages = (region->end - region->start) / page;

      if (strstr (region->name, "/libc.so") == NULL || (region->permissions & ATLAS_PERM_EXEC) == 0)
        continue;
      g_assert_cmpuint (oracle_count_present (pid, region->start, n_pages), ==, n_pages);
      n_regions++;
    }
  g_assert_cmpuint (n_regions, >, 0);
}

static void
test_library_is_present (void)
{
  g_autoptr (Subject) subject = subject_new ();

  assert_library_is_present (subject_get_pid (subject));
  assert_library_is_present ((gint) subject_get (subject, "pid", "fork k"));
}

/* Root is not bound by it until it gives its capabilities up. */
static void
test_dropcaps (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);

  subject_do (subject, "setrlimit memlock 64K");
  subject_do (subject, "mmap a 1M");
  if (geteuid () == 0)
    subject_do (subject, "mlock a");
  subject_do (subject, "dropcaps");
  subject_do (subject, "munlock a");
  subject_fail (subject, "ENOMEM mlock: Cannot allocate memory\t", "mlock a");
  subject_do (subject, "mlock a from 0 to 8");
  g_assert_cmpuint (oracle_get_status (pid, "VmLck"), ==, 8 * page / KIB);
  subject_do (subject, "dropcaps");
}

static void
test_limits (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) all = subject_ask (subject, "getrlimit");
  g_autofree char *soft = NULL;
  struct rlimit limit;

  for (const AtlasLabWord *word = atlas_lab_rlimits; word->word != NULL; word++)
    {
      g_autofree char *value = subject_answer_get_word (all, word->word);
      g_autofree char *one = subject_get_text (subject, "hard", "getrlimit %s", word->word);
      g_autofree char *same = subject_get_text (subject, "hard", "getrlimit %s", word->name);

      g_assert_true (g_str_has_suffix (value, one));
      g_assert_cmpstr (same, ==, one);
    }
  g_assert_cmpuint (subject_get (subject, "soft", "setrlimit data 300M"), ==, 300 * KIB * KIB);
  g_assert_cmpint (prlimit (subject_get_pid (subject), RLIMIT_DATA, NULL, &limit), ==, 0);
  g_assert_cmpuint (limit.rlim_cur, ==, 300 * KIB * KIB);
  soft = subject_get_text (subject, "soft", "setrlimit data unlimited");
  g_assert_cmpstr (soft, ==, "unlimited");
  g_assert_cmpuint (subject_get (subject, "hard", "setrlimit nofile 100 200"), ==, 200);
  subject_fail (subject, "EINVAL getrlimit: \"x\" is no limit", "getrlimit x");
  subject_fail (subject, "EINVAL setrlimit: \"x\" is no limit", "setrlimit x 1");
  subject_fail (subject, "EINVAL setrlimit: \"x\" is no size", "setrlimit data x");
  subject_fail (subject, "EINVAL setrlimit: \"y\" is no size", "setrlimit data 1 y");
}

/* Everything that allocates fails with an answer, and goes on when the limit is gone. */
static void
test_address_space_limit (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "malloc first 1");
  subject_do (subject, "setrlimit as 4M");
  subject_fail (subject, "ENOMEM malloc: Cannot allocate memory", "malloc a 64M");
  subject_fail (subject, "ENOMEM calloc: ", "calloc a 64 1M");
  subject_fail (subject, "ENOMEM aligned_alloc: ", "aligned_alloc a 4K 64M");
  subject_fail (subject, "ENOMEM realloc: ", "realloc first 64M");
  subject_fail (subject, "ENOMEM mmap: ", "mmap a 64M");
  subject_fail (subject, "ENOMEM mmap: ", "memfd a 64M");
  subject_fail (subject, "ENOMEM sbrk: ", "sbrk a 64M");
  subject_fail (subject, "EAGAIN pthread_create: ", "thread start t");
  subject_do (subject, "mmap small 64K");
  subject_fail (subject, "ENOMEM mremap: ", "mremap small 64M maymove");
  subject_do (subject, "setrlimit as unlimited");
  subject_do (subject, "malloc a 64M");
  subject_do (subject, "free a");
}

static void
test_madvise (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  guint64 address = subject_get (subject, "address", "mmap a 16p");
  g_autoptr (SubjectAnswer) answer = NULL;

  subject_do (subject, "madvise a nohugepage");
  subject_do (subject, "touch a write");
  answer = subject_ask (subject, "madvise a dontneed from 4 to 8");
  g_assert_cmpuint (subject_answer_get_number (answer, "address"), ==, address + 4 * page);
  g_assert_cmpuint (subject_answer_get_number (answer, "length"), ==, 4 * page);
  g_assert_cmpuint (oracle_count_present (pid, address, 16), ==, 12);
  subject_do (subject, "madvise a populate_read");
  g_assert_cmpuint (oracle_count_present (pid, address, 16), ==, 16);
  subject_do (subject, "madvise a free");
  g_assert_cmpuint (oracle_count_flagged (pid, address, address + 16 * page, "nh"), ==, 16 * page);
  subject_do (subject, "madvise a dontdump");
  g_assert_cmpuint (oracle_count_flagged (pid, address, address + 16 * page, "dd"), ==, 16 * page);
  subject_fail (subject, "EINVAL madvise: \"bonus\" is no advice", "madvise a bonus");
  subject_fail (subject, "EINVAL madvise: \"hwpoison\" is no advice", "madvise a hwpoison");
  subject_fail (subject, "EINVAL madvise: \"what\": here only", "madvise a free what");
  subject_do (subject, "mlock a");
  subject_fail (subject, "EINVAL madvise: Invalid argument", "madvise a dontneed");
}

/* Every advice is given to the kernel; what it makes of some is its own affair. */
static void
test_all_advice (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "mmap a 600p");
  for (const AtlasLabWord *word = atlas_lab_advice; word->word != NULL; word++)
    {
      g_autoptr (SubjectAnswer) answer = subject_ask (subject, "madvise a %s", word->word);

      if (!answer->ok)
        g_assert_cmpstr (answer->call, ==, "madvise");
      if (!answer->ok)
        g_assert_true (g_str_equal (answer->error, "EINVAL")
                       || g_str_equal (answer->error, "EAGAIN")
                       || g_str_equal (answer->error, "EBUSY"));
    }
}

/* "3x1,2x0" as "11100". */
static char *
expand (const char *map)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) runs = g_strsplit (map, ",", -1);

  for (char **run = runs; *run != NULL; run++)
    {
      char *end;
      guint64 n = g_ascii_strtoull (*run, &end, 10);

      g_assert_true (n > 0 && end[0] == 'x' && (end[1] == '0' || end[1] == '1') && end[2] == '\0');
      for (; n > 0; n--)
        g_string_append_c (text, end[1]);
    }
  return g_string_free (text, FALSE);
}

static void
test_mincore (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "mmap a 40000p");
  GByteArray *present;
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *map = NULL;
  g_autofree char *pages = NULL;

  g_clear_pointer (&map, g_free);
  map = subject_get_text (subject, "map", "mincore a");
  g_assert_cmpstr (map, ==, "40000x0");
  subject_do (subject, "madvise a nohugepage");
  subject_do (subject, "touch a read random 50");
  /* longer than any buffer */
  answer = subject_ask (subject, "mincore a");
  g_clear_pointer (&map, g_free);
  map = subject_answer_get_word (answer, "map");
  g_assert_cmpuint (strlen (map), >, 65536);
  pages = expand (map);
  g_assert_cmpuint (strlen (pages), ==, 40000);
  present = oracle_get_present (subject_get_pid (subject), address, 40000);
  for (guint i = 0; i < present->len; i++)
    g_assert_cmpint (pages[i], ==, present->data[i] ? '1' : '0');
  g_byte_array_unref (present);
  g_assert_cmpuint (subject_answer_get_number (answer, "resident"), ==, 20000);
  g_assert_cmpuint (subject_answer_get_number (answer, "pages"), ==, 40000);
  subject_do (subject, "malloc empty 0");
  g_clear_pointer (&map, g_free);
  map = subject_get_text (subject, "map", "mincore empty");
  g_assert_cmpstr (map, ==, "none");
  /* and through a child */
  subject_do (subject, "fork k");
  subject_do (subject, "child k touch a read");
  g_clear_pointer (&map, g_free);
  map = subject_get_text (subject, "map", "child k mincore a");
  g_assert_cmpstr (map, ==, "40000x1");
  subject_do (subject, "fork l");
  g_clear_pointer (&map, g_free);
  map = subject_get_text (subject, "map", "child l mincore a");
  g_assert_cmpuint (strlen (map), >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page = (guint64) sysconf (_SC_PAGESIZE);
  g_test_add_func ("/lab/lock/mlock", test_mlock);
  g_test_add_func ("/lab/lock/mlock-malloced", test_mlock_malloced);
  g_test_add_func ("/lab/lock/mlock-empty", test_mlock_empty);
  g_test_add_func ("/lab/lock/mlockall", test_mlockall);
  g_test_add_func ("/lab/lock/memlock-limit", test_memlock_limit);
  g_test_add_func ("/lab/lock/failing-costs-nothing", test_failing_costs_nothing);
  g_test_add_func ("/lab/lock/failing-malloc-costs-nothing", test_failing_malloc_costs_nothing);
  g_test_add_func ("/lab/lock/library-is-present", test_library_is_present);
  g_test_add_func ("/lab/lock/dropcaps", test_dropcaps);
  g_test_add_func ("/lab/lock/limits", test_limits);
  g_test_add_func ("/lab/lock/address-space-limit", test_address_space_limit);
  g_test_add_func ("/lab/lock/madvise", test_madvise);
  g_test_add_func ("/lab/lock/all-advice", test_all_advice);
  g_test_add_func ("/lab/lock/mincore", test_mincore);
  return g_test_run ();
}
