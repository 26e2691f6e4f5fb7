/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The words of the lab, held against the C library's own: the headers' constants, and what
 * strerrorname_np and sigabbrev_np say. */

#include "atlas-lab-words.h"

#include <errno.h>
#include <glib.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PAGE 4096

static void
test_errors (void)
{
  for (int number = 1; number < 134; number++)
    {
      const char *name = atlas_lab_errno_name (number);

      if (name == NULL)
        continue;
      g_assert_cmpstr (name, ==, strerrorname_np (number));
      g_assert_cmpint (atlas_lab_errno_number (name), ==, number);
    }
  g_assert_cmpstr (atlas_lab_errno_name (ENOMEM), ==, "ENOMEM");
  g_assert_cmpstr (atlas_lab_errno_name (ETXTBSY), ==, "ETXTBSY");
  g_assert_null (atlas_lab_errno_name (0));
  g_assert_null (atlas_lab_errno_name (-ENOMEM));
  g_assert_cmpint (atlas_lab_errno_number ("ENOSUCH"), ==, 0);
}

static void
test_signals (void)
{
  for (int number = 1; number < 32; number++)
    {
      g_autofree char *name = g_strconcat ("SIG", sigabbrev_np (number), NULL);

      /* the library's name for SIGIO is the older one */
      if (number != SIGIO)
        g_assert_cmpstr (atlas_lab_signal_name (number), ==, name);
    }
  g_assert_null (atlas_lab_signal_name (0));
  g_assert_cmpstr (atlas_lab_signal_code_name (SIGSEGV, SEGV_ACCERR), ==, "SEGV_ACCERR");
  g_assert_cmpstr (atlas_lab_signal_code_name (SIGSEGV, SEGV_MAPERR), ==, "SEGV_MAPERR");
  g_assert_cmpstr (atlas_lab_signal_code_name (SIGBUS, BUS_ADRERR), ==, "BUS_ADRERR");
  g_assert_cmpstr (atlas_lab_signal_code_name (SIGCHLD, CLD_EXITED), ==, "CLD_EXITED");
  g_assert_cmpstr (atlas_lab_signal_code_name (SIGCHLD, CLD_CONTINUED), ==, "CLD_CONTINUED");
  g_assert_null (atlas_lab_signal_code_name (SIGTERM, 1));
  g_assert_null (atlas_lab_signal_code_name (SIGSEGV, 99));
}

static void
test_advice (void)
{
  g_assert_cmpint (atlas_lab_word_find (atlas_lab_advice, "dontneed")->value, ==, MADV_DONTNEED);
  g_assert_cmpint (atlas_lab_word_find (atlas_lab_advice, "free")->value, ==, MADV_FREE);
  g_assert_cmpint (atlas_lab_word_find (atlas_lab_advice, "pageout")->value, ==, MADV_PAGEOUT);
  g_assert_cmpint (atlas_lab_word_find (atlas_lab_advice, "populate_write")->value, ==,
                   MADV_POPULATE_WRITE);
  g_assert_null (atlas_lab_word_find (atlas_lab_advice, "hwpoison"));
  g_assert_null (atlas_lab_word_find (atlas_lab_advice, ""));
  g_assert_cmpint (atlas_lab_word_find (atlas_lab_advice, "MADV_FREE")->value, ==, MADV_FREE);
  g_assert_null (atlas_lab_word_find (atlas_lab_advice, "MADV_"));
  g_assert_cmpstr (atlas_lab_advice_name (MADV_HUGEPAGE), ==, "MADV_HUGEPAGE");
  g_assert_cmpstr (atlas_lab_advice_name (MADV_HWPOISON), ==, "MADV_HWPOISON");
  g_assert_null (atlas_lab_advice_name (77));
}

static void
test_tables (void)
{
  const AtlasLabWord *word = atlas_lab_word_find (atlas_lab_mallopt, "trim_threshold");

  g_assert_cmpint (word->value, ==, M_TRIM_THRESHOLD);
  g_assert_cmpstr (word->name, ==, "M_TRIM_THRESHOLD");
  word = atlas_lab_word_find_value (atlas_lab_rlimits, RLIMIT_MEMLOCK);
  g_assert_cmpstr (word->word, ==, "memlock");
  for (int limit = 0; limit < RLIM_NLIMITS; limit++)
    g_assert_nonnull (atlas_lab_word_find_value (atlas_lab_rlimits, limit));
}

static void
assert_prot (unsigned long protection, const char *expected)
{
  char text[ATLAS_LAB_FLAGS_SIZE];

  g_assert_cmpstr (atlas_lab_prot_text (protection, text, sizeof text), ==, expected);
}

static void
assert_map (unsigned long flags, const char *expected)
{
  char text[ATLAS_LAB_FLAGS_SIZE];

  g_assert_cmpstr (atlas_lab_map_text (flags, text, sizeof text), ==, expected);
}

static void
test_flags (void)
{
  char text[ATLAS_LAB_FLAGS_SIZE];
  char small[6];

  assert_prot (PROT_NONE, "PROT_NONE");
  assert_prot (PROT_READ | PROT_WRITE, "PROT_READ|PROT_WRITE");
  assert_prot (PROT_EXEC | 0x400, "PROT_EXEC|0x400");
  assert_map (MAP_PRIVATE | MAP_ANONYMOUS, "MAP_PRIVATE|MAP_ANONYMOUS");
  assert_map (MAP_SHARED_VALIDATE | MAP_SYNC, "MAP_SHARED_VALIDATE|MAP_SYNC");
  assert_map (MAP_PRIVATE | MAP_FIXED | MAP_STACK | MAP_NORESERVE,
              "MAP_PRIVATE|MAP_FIXED|MAP_NORESERVE|MAP_STACK");
  assert_map (MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT,
              "MAP_PRIVATE|MAP_ANONYMOUS|MAP_HUGETLB|21<<MAP_HUGE_SHIFT");
  assert_map (0, "0");
  assert_map (7 | MAP_ANONYMOUS, "MAP_ANONYMOUS|0x7");
  /* all bits: every name, once, and room for it */
  atlas_lab_map_text (~0UL, text, sizeof text);
  g_assert_cmpuint (strlen (text), <, sizeof text - 1);
  g_assert_true (g_str_has_suffix (text, "f"));
  g_assert_cmpstr (atlas_lab_prot_text (PROT_READ, small, sizeof small), ==, "PROT_");
  g_assert_cmpstr (atlas_lab_remap_text (MREMAP_MAYMOVE, text, sizeof text), ==, "MREMAP_MAYMOVE");
  g_assert_cmpstr (atlas_lab_lock_text (MLOCK_ONFAULT, text, sizeof text), ==, "MLOCK_ONFAULT");
  g_assert_cmpstr (atlas_lab_lock_text (0, text, sizeof text), ==, "0");
  g_assert_cmpstr (atlas_lab_lockall_text (MCL_CURRENT | MCL_FUTURE, text, sizeof text), ==,
                   "MCL_CURRENT|MCL_FUTURE");
}

static void
assert_size (const char *text, guint64 expected)
{
  uint64_t size = 0;

  if (!atlas_lab_size_parse (text, PAGE, &size))
    g_error ("%s is refused", text);
  g_assert_cmpuint (size, ==, expected);
}

static void
test_sizes (void)
{
  assert_size ("0", 0);
  assert_size ("131072", 131072);
  assert_size ("7B", 7);
  assert_size ("100K", 102400);
  assert_size ("256KiB", 262144);
  assert_size ("1M", 1 << 20);
  assert_size ("1m", 1 << 20);
  assert_size ("1.5MiB", 3 << 19);
  assert_size ("0.000001T", 1099511);
  assert_size ("3G", G_GUINT64_CONSTANT (3) << 30);
  assert_size ("16777215T", G_GUINT64_CONSTANT (16777215) << 40);
  assert_size ("64p", 64 * PAGE);
  assert_size ("0.5p", PAGE / 2);
  assert_size ("0x1fF", 511);
  assert_size ("18446744073709551615", G_MAXUINT64);
}

/* As people write them. */
static void
test_loose_sizes (void)
{
  assert_size ("1KB", 1024);
  assert_size ("1kb", 1024);
  assert_size ("256kib", 262144);
  assert_size ("256KIB", 262144);
  assert_size ("1.5mB", 3 << 19);
  assert_size ("2GB", G_GUINT64_CONSTANT (2) << 30);
  assert_size ("7b", 7);
  assert_size ("0x10KB", 16 * 1024);
  assert_size ("0x1b", 27);
  assert_size ("262,144", 262144);
  assert_size ("1,048,576", 1 << 20);
  assert_size ("1,000K", 1024000);
  assert_size ("1,000.5kib", 1024512);
  assert_size ("18,446,744,073,709,551,615", G_MAXUINT64);
}

static void
test_wrong_sizes (void)
{
  static const char *const wrong[] = { "",
                                       " 1",
                                       "1 ",
                                       "K",
                                       "-1",
                                       "+1",
                                       "1.",
                                       "1.5",
                                       "1.5B",
                                       ".5K",
                                       "1.1234567M",
                                       "1Ki",
                                       "1KBB",
                                       "1BB",
                                       "1Bi",
                                       "1K\"",
                                       "1KiBs",
                                       "1P",
                                       "1E",
                                       "0x",
                                       "0x1.8K",
                                       "1 K",
                                       "1,5K",
                                       "1,5000",
                                       "1234,567",
                                       "1,,000",
                                       ",000",
                                       "1,",
                                       "1,000,",
                                       "1,00K",
                                       "0,500M",
                                       "1.5,000M",
                                       "0x1,000",
                                       "18,446,744,073,709,551,616",
                                       "18446744073709551616",
                                       "16777216T",
                                       "99999999999999999999999K",
                                       "64pages",
                                       "\xff" };
  uint64_t size = 42;

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    if (atlas_lab_size_parse (wrong[i], PAGE, &size))
      g_error ("%s is taken for %" G_GUINT64_FORMAT, wrong[i], size);
  g_assert_cmpuint (size, ==, 42);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/words/errors", test_errors);
  g_test_add_func ("/lab/words/signals", test_signals);
  g_test_add_func ("/lab/words/advice", test_advice);
  g_test_add_func ("/lab/words/tables", test_tables);
  g_test_add_func ("/lab/words/flags", test_flags);
  g_test_add_func ("/lab/words/sizes", test_sizes);
  g_test_add_func ("/lab/words/loose-sizes", test_loose_sizes);
  g_test_add_func ("/lab/words/wrong-sizes", test_wrong_sizes);
  return g_test_run ();
}
