/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The language of `expect`: what each line means, how it is said and asked, and which lines are
 * refused. */

#include "atlas-lesson-expectation.h"

#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define KIB 1024

static AtlasExpectation *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  AtlasExpectation *expectation = atlas_expectation_parse (text, 7, &error);

  if (expectation == NULL)
    g_error ("%s: %s", text, error->message);
  g_assert_no_error (error);
  g_assert_cmpuint (expectation->line, ==, 7);
  return expectation;
}

static void
test_amounts (void)
{
  static const struct
  {
    const char *text;
    AtlasExpectKind kind;
    gint64 least, most;
  } cases[] = {
    { "VmSize +260 KiB", ATLAS_EXPECT_CHANGE, 260 * KIB, 260 * KIB },
    { "VmSize -260KiB", ATLAS_EXPECT_CHANGE, -260 * KIB, -260 * KIB },
    { "VmSize \xe2\x88\x92"
      "4K",
      ATLAS_EXPECT_CHANGE, -4 * KIB, -4 * KIB },
    { "VmSize +0", ATLAS_EXPECT_CHANGE, 0, 0 },
    { "VmRSS >= +1 MiB", ATLAS_EXPECT_CHANGE, KIB * KIB, G_MAXINT64 },
    { "VmRSS <= -1 MiB", ATLAS_EXPECT_CHANGE, G_MININT64, -KIB * KIB },
    { "VmRSS >=+1.5MiB", ATLAS_EXPECT_CHANGE, 1536 * KIB, G_MAXINT64 },
    { "VmRSS +128 KiB .. +140 KiB", ATLAS_EXPECT_CHANGE, 128 * KIB, 140 * KIB },
    { "VmRSS -4 kB .. +4 kB", ATLAS_EXPECT_CHANGE, -4 * KIB, 4 * KIB },
    { "VmRSS 0 .. +8 KiB", ATLAS_EXPECT_CHANGE, 0, 8 * KIB },
    { "VmLck = 0", ATLAS_EXPECT_VALUE, 0, 0 },
    { "VmLck =128K", ATLAS_EXPECT_VALUE, 128 * KIB, 128 * KIB },
    { "VmLck >= 1 GiB", ATLAS_EXPECT_VALUE, KIB * KIB * KIB, G_MAXINT64 },
    { "VmLck 1 KiB .. 2 KiB", ATLAS_EXPECT_VALUE, KIB, 2 * KIB },
    { "faults 64", ATLAS_EXPECT_FAULTS, 64, 64 },
    { "faults = 64", ATLAS_EXPECT_FAULTS, 64, 64 },
    { "faults >= 64", ATLAS_EXPECT_FAULTS, 64, G_MAXINT64 },
    { "major faults <= 2", ATLAS_EXPECT_MAJOR_FAULTS, G_MININT64, 2 },
    { "pages a resident 64", ATLAS_EXPECT_PAGES, 64, 64 },
    { "pages a zero 60 .. 64", ATLAS_EXPECT_PAGES, 60, 64 },
    { "pages a huge 64 pages", ATLAS_EXPECT_PAGES, 64, 64 },
    { "mincore a 64", ATLAS_EXPECT_MINCORE, 64, 64 },
    { "answer usable >= 100000", ATLAS_EXPECT_ANSWER, 100000, G_MAXINT64 },
    { "limit memlock 8 MiB", ATLAS_EXPECT_LIMIT, 8 * KIB * KIB, 8 * KIB * KIB },
    { "limit nofile 1024", ATLAS_EXPECT_LIMIT, 1024, 1024 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AtlasExpectation) parsed = parse (cases[i].text);

      g_assert_cmpint (parsed->kind, ==, cases[i].kind);
      g_assert_cmpint (parsed->least, ==, cases[i].least);
      g_assert_cmpint (parsed->most, ==, cases[i].most);
    }
}

static void
test_pages_as_bytes (void)
{
  g_autoptr (AtlasExpectation) parsed = parse ("VmSize +3 pages");

  g_assert_cmpint (parsed->least, ==, 3 * sysconf (_SC_PAGESIZE));
}

static void
test_words (void)
{
  static const struct
  {
    const char *text;
    AtlasExpectKind kind;
    const char *process, *name, *word;
  } cases[] = {
    { "syscall mmap", ATLAS_EXPECT_SYSCALL, "", "mmap", NULL },
    { "syscall mlock ENOMEM", ATLAS_EXPECT_SYSCALL, "", "mlock", "ENOMEM" },
    { "no  syscall\tmmap ", ATLAS_EXPECT_NO_SYSCALL, "", "mmap", NULL },
    { "pages a.b-c exclusive 1", ATLAS_EXPECT_PAGES, "", "a.b-c", "exclusive" },
    { "child b: pages a shared 64", ATLAS_EXPECT_PAGES, "b", "a", "shared" },
    { "child b/c: VmRSS +0", ATLAS_EXPECT_CHANGE, "b/c", NULL, NULL },
    { "ok", ATLAS_EXPECT_OK, "", NULL, NULL },
    { "child b: ok", ATLAS_EXPECT_OK, "b", NULL, NULL },
    { "error ENOMEM", ATLAS_EXPECT_ERROR, "", NULL, "ENOMEM" },
    { "error SIGSEGV", ATLAS_EXPECT_ERROR, "", NULL, "SIGSEGV" },
    { "answer arena=mmap", ATLAS_EXPECT_ANSWER, "", "arena", "mmap" },
    { "answer map=64x1,3x0", ATLAS_EXPECT_ANSWER, "", "map", "64x1,3x0" },
    { "region [heap] exists", ATLAS_EXPECT_REGION, "", "[heap]", "exists" },
    { "region a b gone", ATLAS_EXPECT_REGION, "", "a b", "gone" },
    { "locked a yes", ATLAS_EXPECT_LOCKED, "", "a", "yes" },
    { "how a brk", ATLAS_EXPECT_HOW, "", "a", "brk" },
    { "limit as unlimited", ATLAS_EXPECT_LIMIT, "", "as", "unlimited" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AtlasExpectation) parsed = parse (cases[i].text);

      g_assert_cmpint (parsed->kind, ==, cases[i].kind);
      g_assert_cmpstr (parsed->process, ==, cases[i].process);
      g_assert_cmpstr (parsed->name, ==, cases[i].name);
      g_assert_cmpstr (parsed->word, ==, cases[i].word);
    }
}

static void
test_wrong (void)
{
  static const char *const lines[] = {
    "",
    " ",
    "VmSise +0",
    "VmSize",
    "VmSize 260 KiB",
    "VmSize 0",
    "VmSize + KiB",
    "VmSize +1 XiB",
    "VmSize +1 KiB ..",
    "VmSize .. +1 KiB",
    "VmSize +2 KiB .. +1 KiB",
    "VmSize > +1 KiB",
    "VmSize +1 KiB .. +2 KiB .. +3 KiB",
    "VmSize +99999999999999999999",
    "VmSize +8388608 TiB",
    "VmSize +1 KiB more",
    "VmSize ++1",
    "VmSize +-1",
    "VmSize +1,024",
    "VmSize +1.5",
    "VmSize +.",
    "syscall",
    "syscall a b",
    "syscall mmap ENOMEM x",
    "no mmap",
    "no syscall",
    "no syscall a b",
    "pages",
    "pages a",
    "pages a resident",
    "pages a wet 1",
    "pages a resident +1",
    "pages a resident 1 KiB",
    "pages a resident -1",
    "mincore",
    "mincore a",
    "mincore a b",
    "ok ok",
    "error",
    "error NOMEM",
    "error SIG",
    "error ENOMEM EPERM",
    "answer",
    "answer a",
    "answer =b",
    "answer a=",
    "answer a b",
    "faults",
    "faults x",
    "faults +1",
    "major",
    "major faults",
    "major 1",
    "region",
    "region [heap]",
    "region exists",
    "locked a",
    "locked a perhaps",
    "limit",
    "limit memlock",
    "limit luck 1",
    "limit memlock unlimited 1",
    "how a",
    "how a sbrk",
    "child",
    "child b",
    "child b pages a shared 1",
    "child b:",
    "child : ok",
    "child b: child c: ok",
    "\033[31m",
    "VmSize\xe2\x80\xae +0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;

      if (atlas_expectation_parse (lines[i], 1, &error) != NULL)
        g_error ("“%s” was taken", lines[i]);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (strchr (error->message, '\033'));
    }
}

static void
test_long (void)
{
  g_autofree char *long_name = g_strnfill (500, 'x');
  g_autofree char *line = g_strconcat ("syscall ", long_name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (atlas_expectation_parse (line, 1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_sentences (void)
{
  static const struct
  {
    const char *text, *sentence, *question;
  } cases[] = {
    { "VmSize +260 KiB", "VmSize grows by exactly 260 KiB.", "By how much does VmSize change?" },
    { "VmSize -1 MiB", "VmSize shrinks by exactly 1 MiB.", "By how much does VmSize change?" },
    { "VmSize +0", "VmSize does not change.", "By how much does VmSize change?" },
    { "VmRSS >= +1 MiB", "VmRSS grows by at least 1 MiB.", "By how much does VmRSS change?" },
    { "VmRSS <= +1 MiB", "VmRSS grows by at most 1 MiB.", "By how much does VmRSS change?" },
    { "VmRSS >= -1 MiB", "VmRSS shrinks by at most 1 MiB.", "By how much does VmRSS change?" },
    { "VmRSS <= -1 MiB", "VmRSS shrinks by at least 1 MiB.", "By how much does VmRSS change?" },
    { "RssAnon +128 KiB .. +140 KiB", "RssAnon changes by +128 KiB to +140 KiB.",
      "By how much does RssAnon change?" },
    { "VmLck = 0", "VmLck is exactly 0 then.", "How much is VmLck then?" },
    { "VmLck = 100", "VmLck is exactly 100 bytes then.", "How much is VmLck then?" },
    { "syscall mmap", "mmap is called.", "Is mmap called?" },
    { "no syscall mmap", "mmap is not called.", "Is mmap called?" },
    { "syscall mlock ENOMEM", "mlock is called and fails with ENOMEM.", "How does mlock end?" },
    { "pages a zero 1", "Pages of “a” that are zero: exactly 1.",
      "How many pages of “a” are zero then?" },
    { "child b: pages a shared >= 64",
      "In the child “b”: Pages of “a” that are shared: at least 64.",
      "In the child “b”: How many pages of “a” are shared then?" },
    { "mincore a 1 .. 2", "Pages of “a” in memory by mincore: 1 to 2.",
      "How many pages of “a” are in memory by mincore?" },
    { "ok", "All commands succeed.", "Does the last command succeed, or how does it fail?" },
    { "error EPERM", "The last command fails with EPERM.",
      "Does the last command succeed, or how does it fail?" },
    { "answer usable >= 100000", "In the answer, usable is at least 100,000.",
      "What is usable in the answer?" },
    { "answer arena=mmap", "In the answer, arena is mmap.", "What is arena in the answer?" },
    { "faults 1", "Minor page faults: exactly 1.", "How many minor page faults does it take?" },
    { "major faults 0", "Major page faults: exactly 0.",
      "How many major page faults does it take?" },
    { "region [heap] gone", "There is no region “[heap]” then.",
      "Is there a region “[heap]” then?" },
    { "locked a no", "“a” is not locked then.", "Is “a” locked then?" },
    { "limit memlock 8 MiB", "The soft limit “memlock” is exactly 8 MiB then.",
      "How much is the soft limit “memlock” then?" },
    { "limit nofile 1024", "The soft limit “nofile” is exactly 1,024 then.",
      "How much is the soft limit “nofile” then?" },
    { "how a free", "“a” is from memory that malloc has; no call is made for it.",
      "How does malloc obtain “a”?" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AtlasExpectation) parsed = parse (cases[i].text);
      g_autofree char *sentence = atlas_expectation_dup_sentence (parsed);
      g_autofree char *question = atlas_expectation_dup_question (parsed);

      g_assert_cmpstr (sentence, ==, cases[i].sentence);
      g_assert_cmpstr (question, ==, cases[i].question);
    }
}

static void
test_predictions (void)
{
  static const struct
  {
    const char *text, *typed;
    gint64 value;
    const char *word;
  } cases[] = {
    { "VmSize +260 KiB", "260 KiB", 260 * KIB, NULL },
    { "VmSize +260 KiB", " +266240 ", 260 * KIB, NULL },
    { "VmSize +260 KiB",
      "\xe2\x88\x92"
      "4K",
      -4 * KIB, NULL },
    { "VmSize +260 KiB", "0", 0, NULL },
    { "pages a resident 64", "64", 64, NULL },
    { "pages a resident 64", "64 pages", 64, NULL },
    { "faults 3", "3", 3, NULL },
    { "how a brk", "MMAP", 0, "mmap" },
    { "syscall mmap", "yes", 0, "yes" },
    { "error ENOMEM", "success", 0, "success" },
    { "answer arena=mmap", "main", 0, "main" },
    { "limit as 1 MiB", "unlimited", 0, "unlimited" },
  };
  static const char *const unclear[][2] = {
    { "VmSize +260 KiB", "much" },       { "VmSize +260 KiB", "" },
    { "pages a resident 64", "64 KiB" }, { "how a brk", "sbrk" },
    { "syscall mmap", "perhaps" },       { "answer arena=mmap", " " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AtlasExpectation) parsed = parse (cases[i].text);
      g_autofree char *word = NULL;
      gint64 value = 0;

      g_assert_true (atlas_expectation_read_prediction (parsed, cases[i].typed, &value, &word));
      g_assert_cmpint (value, ==, cases[i].value);
      g_assert_cmpstr (word, ==, cases[i].word);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unclear); i++)
    {
      g_autoptr (AtlasExpectation) parsed = parse (unclear[i][0]);
      g_autofree char *word = NULL;
      gint64 value;

      g_assert_false (atlas_expectation_read_prediction (parsed, unclear[i][1], &value, &word));
      g_assert_null (word);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lesson/expectation/amounts", test_amounts);
  g_test_add_func ("/lesson/expectation/pages-as-bytes", test_pages_as_bytes);
  g_test_add_func ("/lesson/expectation/words", test_words);
  g_test_add_func ("/lesson/expectation/wrong", test_wrong);
  g_test_add_func ("/lesson/expectation/long", test_long);
  g_test_add_func ("/lesson/expectation/sentences", test_sentences);
  g_test_add_func ("/lesson/expectation/predictions", test_predictions);
  return g_test_run ();
}
