/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Touching memory, what faults that takes, and the signals it raises. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define HEX "0x%" G_GINT64_MODIFIER "x"

static guint64 page;

/* Which pages of @name there are, as "1101". */
static char *
get_pages (Subject *subject, guint64 address, guint64 n_pages)
{
  GByteArray *present = oracle_get_present (subject_get_pid (subject), address, n_pages);
  GString *text = g_string_new (NULL);

  for (guint64 i = 0; i < n_pages; i++)
    g_string_append_c (text, present->data[i] ? '1' : '0');
  g_byte_array_unref (present);
  return g_string_free (text, FALSE);
}

static void
assert_touched (const char *pattern, const char *expected)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "mmap a 12p");
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *pages = NULL;
  guint64 n = 0;

  subject_do (subject, "madvise a nohugepage");
  answer = subject_ask (subject, "touch a write%s", pattern);
  pages = get_pages (subject, address, 12);
  g_assert_cmpstr (pages, ==, expected);
  for (const char *p = expected; *p != '\0'; p++)
    n += *p == '1';
  g_assert_cmpuint (subject_answer_get_number (answer, "pages"), ==, n);
  g_assert_cmpuint (answer->minor, ==, n);
  g_assert_cmpuint (answer->major, ==, 0);
}

static void
test_patterns (void)
{
  assert_touched ("", "111111111111");
  assert_touched (" all", "111111111111");
  assert_touched (" first", "100000000000");
  assert_touched (" every 1", "111111111111");
  assert_touched (" every 5", "100001000010");
  assert_touched (" every 100", "100000000000");
  assert_touched (" from 3 to 5", "000110000000");
  assert_touched (" from 11 to 12", "000000000001");
  assert_touched (" random 0", "000000000000");
  assert_touched (" random 100", "111111111111");
}

/* Exactly as many, and the same ones again. */
static void
test_random (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 a = subject_get (subject, "address", "mmap a 400p");
  guint64 b = subject_get (subject, "address", "mmap b 400p");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *map = NULL;

  subject_do (subject, "madvise a nohugepage");
  subject_do (subject, "madvise b nohugepage");
  g_assert_cmpuint (subject_get (subject, "pages", "touch a write random 25"), ==, 100);
  g_assert_cmpuint (subject_get (subject, "pages", "touch b read random 25"), ==, 100);
  first = get_pages (subject, a, 400);
  second = get_pages (subject, b, 400);
  g_assert_cmpstr (first, ==, second);
  g_assert_nonnull (strstr (first, "010"));
  g_assert_cmpuint (subject_get (subject, "resident", "mincore a"), ==, 100);
  g_assert_cmpuint (subject_get (subject, "pages", "touch a read random 1"), ==, 4);
}

/* Reading brings the page of zeros: present, but nothing of the process's own. Writing then takes
 * another fault. */
static void
test_zero_page (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  guint64 before = oracle_get_status (pid, "RssAnon");
  guint64 own = oracle_has_zero_page () ? 0 : 500;
  g_autoptr (SubjectAnswer) read = NULL;
  g_autoptr (SubjectAnswer) written = NULL;

  subject_do (subject, "mmap a 500p");
  subject_do (subject, "madvise a nohugepage");
  read = subject_ask (subject, "touch a read");
  g_assert_cmpuint (read->minor, ==, 500);
  /* some pages of slack: the kernel sums up late */
  g_assert_cmpuint (oracle_get_status (pid, "RssAnon"), <, before + (own + 100) * page / 1024);
  written = subject_ask (subject, "touch a write");
  g_assert_cmpuint (written->minor, ==, 500 - own);
  g_assert_cmpuint (oracle_get_status (pid, "RssAnon"), >, before + 400 * page / 1024);
}

/* Each step takes exactly the faults that its pages take: none of the subject's own are in it. */
static void
test_faults (void)
{
  g_autoptr (Subject) subject = subject_new ();
  static const struct
  {
    const char *command;
    guint64 faults;
  } steps[] = {
    { "mmap a 500p", 0 },
    { "madvise a nohugepage", 0 },
    { "touch a write", 500 },
    { "touch a write", 0 },
    { "touch a read", 0 },
    { "madvise a dontneed", 0 },
    { "touch a write first", 1 },
    { "fill a 3", 499 },
    { "fill a 4", 0 },
    { "mprotect a r", 0 },
    { "touch a read", 0 },
    { "mprotect a rw", 0 },
    { "touch a write", 0 },
    { "madvise a dontneed", 0 },
    { "madvise a populate_write", 0 },
    { "touch a write", 0 },
    { "mremap a 600p maymove", 0 },
    { "touch a write", 100 },
    { "mincore a", 0 },
    { "mlock a", 0 },
    { "munlock a", 0 },
    { "munmap a", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      g_autoptr (SubjectAnswer) answer = subject_ask (subject, "%s", steps[i].command);

      if (!answer->ok || answer->major > 0)
        g_error ("%s: %s", steps[i].command, answer->line);
      /* what the kernel populates at once it may count in its own way */
      if (strstr (steps[i].command, "populate") == NULL && answer->minor != steps[i].faults)
        g_error ("step %" G_GSIZE_FORMAT ", %s: %s", i, steps[i].command, answer->line);
    }
}

static void
test_malloced (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "malloc a 10000");
  guint64 pages = (address + 9999) / page - address / page + 1;

  g_assert_cmpuint (subject_get (subject, "pages", "touch a write"), ==, pages);
  g_assert_cmpuint (subject_get (subject, "bytes", "fill a 0"), ==, 10000);
  subject_do (subject, "fill a 255");
  subject_fail (subject, "EINVAL fill: \"256\" is no number from 0 to 255", "fill a 256");
  subject_fail (subject, "EINVAL fill: \"x\" is no number", "fill a x");
  subject_fail (subject, "EINVAL fill: \"-1\" is no number", "fill a -1");
  subject_fail (subject, "EINVAL fill: \"\" is no number", "fill a \"\"");
  subject_do (subject, "free a");
}

static void
test_wrong (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "mmap a 10p");
  subject_fail (subject, "EINVAL touch: \"walk\" is neither read nor write", "touch a walk");
  subject_fail (subject, "EINVAL touch: no allocation is called \"b\"", "touch b write");
  subject_fail (subject, "EINVAL touch: write all, first", "touch a write some");
  subject_fail (subject, "EINVAL touch: write all, first", "touch a write every");
  subject_fail (subject, "EINVAL touch: write all, first", "touch a write all 3");
  subject_fail (subject, "EINVAL touch: every page but none?", "touch a write every 0");
  subject_fail (subject, "EINVAL touch: \"101\" is no number", "touch a write random 101");
  subject_fail (subject, "EINVAL touch: \"5x\" is no number", "touch a write random 5x");
  subject_fail (subject, "EINVAL touch: no pages from 9 to 11: a has 10",
                "touch a write from 9 to 11");
  subject_fail (subject, "EINVAL touch: \"99999999999999999999\" is no number",
                "touch a write from 0 to 99999999999999999999");
  subject_fail (subject, "EINVAL touch: \"from\": here only", "touch a write from 9 11 to");
  g_assert_cmpuint (subject_get (subject, "resident", "mincore a"), ==, 0);
}

static void
test_segv (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "mmap a 10p");
  g_autofree char *denied = NULL;
  g_autofree char *filled = NULL;

  subject_do (subject, "mprotect a r from 4 to 6");
  subject_do (subject, "touch a read");
  denied = g_strdup_printf ("SIGSEGV touch: no permission at " HEX
                            " (SEGV_ACCERR), page 4 of a\tfaults=",
                            address + 4 * page);
  subject_fail (subject, denied, "touch a write");
  filled = g_strdup_printf ("SIGSEGV fill: no permission at " HEX, address + 4 * page);
  subject_fail (subject, filled, "fill a 1");
  subject_do (subject, "mprotect a none");
  subject_fail (subject, "SIGSEGV touch: no permission at", "touch a read first");
  /* again and again: nothing is used up, the signals are not blocked */
  for (int i = 0; i < 1000; i++)
    subject_fail (subject, "SIGSEGV touch: no permission at", "touch a read first");
  subject_do (subject, "mprotect a rw");
  subject_do (subject, "touch a write");
}

static void
test_overflow (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *limit = NULL;
  struct rlimit stack;

  getrlimit (RLIMIT_STACK, &stack);
  g_assert_cmpuint (subject_get (subject, "size", "overflow 300K"), >=, 300 * 1024);
  subject_do (subject, "setrlimit stack 4M");
  for (int i = 0; i < 3; i++)
    {
      answer = subject_ask (subject, "overflow");
      g_assert_cmpstr (answer->error, ==, "SIGSEGV");
      g_assert_true (g_str_has_prefix (answer->text, "the stack is full at 0x"));
      g_assert_nonnull (strstr (answer->text, "the limit is 4194304"));
      g_clear_pointer (&answer, subject_answer_free);
    }
  g_assert_cmpuint (oracle_get_status (subject_get_pid (subject), "VmStk"), <=, 4096);
  g_assert_cmpuint (oracle_get_status (subject_get_pid (subject), "VmStk"), >=, 3800);
  subject_fail (subject, "EINVAL overflow: \"x\" is no size", "overflow x");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page = (guint64) sysconf (_SC_PAGESIZE);
  g_test_add_func ("/lab/access/patterns", test_patterns);
  g_test_add_func ("/lab/access/random", test_random);
  g_test_add_func ("/lab/access/zero-page", test_zero_page);
  g_test_add_func ("/lab/access/faults", test_faults);
  g_test_add_func ("/lab/access/malloced", test_malloced);
  g_test_add_func ("/lab/access/wrong", test_wrong);
  g_test_add_func ("/lab/access/segv", test_segv);
  g_test_add_func ("/lab/access/overflow", test_overflow);
  return g_test_run ();
}
