/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The subject's malloc family: what it answers, held against maps and pagemap, and against what
 * glibc is known to do. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define KIB G_GUINT64_CONSTANT (1024)
#define MIB (1024 * KIB)

static const OracleRegion *
find_named (GArray *regions, const char *name)
{
  for (guint i = 0; i < regions->len; i++)
    if (g_str_equal (g_array_index (regions, OracleRegion, i).name, name))
      return &g_array_index (regions, OracleRegion, i);
  return NULL;
}

static guint64
get_heap_size (Subject *subject)
{
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));
  const OracleRegion *heap = find_named (regions, "[heap]");

  return heap != NULL ? heap->end - heap->start : 0;
}

/* Nothing but malloc has it made, and the first malloc does what glibc does: 128 KiB more than is
 * needed, in whole pages. */
static void
test_untouched_heap (void)
{
  g_autoptr (Subject) subject = subject_new ();
  static const char *const harmless[] = {
    "thresholds", "mallopt arena_max 4", "malloc_stats", "malloc_info", "mallinfo",  "malloc_trim",
    "mmap m 64K", "touch m write",       "list",         "help",        "getrlimit", "memfd f 64K",
    "fork k",     "child k list",        "nonsense",     "malloc a"
  };
  guint64 address;

  g_assert_cmpuint (get_heap_size (subject), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (harmless); i++)
    {
      subject_answer_free (subject_ask (subject, "%s", harmless[i]));
      if (get_heap_size (subject) > 0)
        g_error ("%s made a heap", harmless[i]);
    }
  address = subject_get (subject, "address", "malloc a 100K");
  g_assert_cmpuint (get_heap_size (subject), ==, 33 * 4 * KIB);
  {
    g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));
    const OracleRegion *heap = oracle_find (regions, address);

    g_assert_cmpstr (heap->name, ==, "[heap]");
    /* behind the structure of the thread's cache, and nothing else */
    g_assert_cmpuint (address - heap->start, <, 4 * KIB);
  }
}

static void
test_malloc (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "malloc a 100K");
  g_autofree char *arena = subject_answer_get_word (answer, "arena");
  guint64 address = subject_answer_get_number (answer, "address");

  g_assert_cmpuint (subject_answer_get_number (answer, "size"), ==, 100 * KIB);
  g_assert_cmpuint (subject_answer_get_number (answer, "usable"), ==, 100 * KIB + 8);
  g_assert_cmpstr (arena, ==, "main");
  g_assert_cmpuint (subject_get (subject, "usable", "usable a"), ==, 100 * KIB + 8);
  subject_do (subject, "free a");
  /* the top of the heap, given out again */
  g_assert_cmpuint (subject_get (subject, "address", "malloc b 50K"), ==, address);
  subject_do (subject, "malloc zero 0");
  g_assert_cmpuint (subject_get (subject, "usable", "usable zero"), ==, 24);
  g_assert_cmpuint (subject_get (subject, "pages", "touch zero write"), ==, 0);
  subject_do (subject, "free zero");
}

/* The first malloc makes the heap whatever its size, for the thread's cache. */
static void
test_mmapped (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *arena = NULL;
  guint64 before;

  subject_do (subject, "malloc first 1");
  before = oracle_get_status (pid, "VmSize");
  answer = subject_ask (subject, "malloc a 256K");
  arena = subject_answer_get_word (answer, "arena");
  g_assert_cmpstr (arena, ==, "mmap");
  g_assert_cmpuint (subject_answer_get_number (answer, "address") % 4096, ==, 16);
  g_assert_cmpuint (subject_answer_get_number (answer, "usable"), ==, 260 * KIB - 16);
  g_assert_cmpuint (oracle_get_status (pid, "VmSize"), ==, before + 260);
  g_assert_cmpuint (get_heap_size (subject), ==, 132 * KIB);
  subject_do (subject, "free a");
  g_assert_cmpuint (oracle_get_status (pid, "VmSize"), ==, before);
}

static void
test_calloc (void)
{
  g_autoptr (Subject) subject = subject_new ();

  g_assert_cmpuint (subject_get (subject, "size", "calloc a 100 1K"), ==, 100 * KIB);
  subject_fail (subject, "ENOMEM calloc: Cannot allocate memory\t",
                "calloc b 1000000000000000000 1000K");
  subject_fail (subject, "EINVAL usable: no allocation is called \"b\"\t", "usable b");
  subject_do (subject, "free a");
  g_assert_cmpuint (subject_get (subject, "size", "calloc c 3K"), ==, 3 * KIB);
  subject_fail (subject, "EINVAL calloc: \"x\" is no size", "calloc d x");
  g_assert_cmpuint (subject_get (subject, "size", "malloc e 262,144"), ==, 256 * KIB);
}

static void
test_realloc (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "malloc a 1K");
  g_autoptr (SubjectAnswer) grown = subject_ask (subject, "realloc a 2K");
  g_autofree char *moved = subject_answer_get_word (grown, "moved");
  g_autoptr (SubjectAnswer) away = NULL;
  g_autofree char *moved_away = NULL;

  g_assert_cmpstr (moved, ==, "no");
  g_assert_cmpuint (subject_answer_get_number (grown, "address"), ==, address);
  subject_do (subject, "malloc wall 1K");
  away = subject_ask (subject, "realloc a 300K");
  moved_away = subject_answer_get_word (away, "moved");
  g_assert_cmpstr (moved_away, ==, "yes");
  g_assert_cmpuint (subject_answer_get_number (away, "address"), !=, address);
  g_assert_cmpuint (subject_get (subject, "pages", "touch a write"), ==, 76);
  subject_fail (subject, "ENOMEM realloc: ", "realloc a 8G");
  g_assert_cmpuint (subject_get (subject, "pages", "touch a read"), ==, 76);
  g_assert_cmpuint (subject_get (subject, "size", "realloc a 0"), ==, 0);
  subject_fail (subject, "EINVAL free: no allocation", "free a");
}

static void
test_aligned (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "aligned_alloc a 64K 10K");

  g_assert_cmpuint (address % (64 * KIB), ==, 0);
  address = subject_get (subject, "address", "aligned_alloc b 2M 1M");
  g_assert_cmpuint (address % (2 * MIB), ==, 0);
  subject_do (subject, "fill b 255");
  subject_do (subject, "free b");
  subject_do (subject, "free a");
  subject_fail (subject, "EINVAL aligned_alloc: ", "aligned_alloc c 16777215T 10K");
}

/* malloc.c: a freed chunk of mmap's moves the threshold to its size, and the trim threshold to
 * twice that. */
static void
test_thresholds (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *dynamic = NULL;
  g_autofree char *fixed = NULL;

  g_assert_cmpuint (subject_get (subject, "mmap_threshold", "thresholds"), ==, 128 * KIB);
  g_assert_cmpuint (subject_get (subject, "trim_threshold", "thresholds"), ==, 128 * KIB);
  g_assert_cmpuint (subject_get (subject, "top_pad", "thresholds"), ==, 128 * KIB);
  g_assert_cmpuint (subject_answer_get_number (subject_get_greeting (subject), "mmap_threshold"),
                    ==, 128 * KIB);
  subject_do (subject, "malloc a 1M");
  g_assert_cmpuint (subject_get (subject, "mmap_threshold", "thresholds"), ==, 128 * KIB);
  subject_do (subject, "free a");
  g_assert_cmpuint (subject_get (subject, "mmap_threshold", "thresholds"), ==, MIB + 4 * KIB);
  g_assert_cmpuint (subject_get (subject, "trim_threshold", "thresholds"), ==, 2 * (MIB + 4 * KIB));
  dynamic = subject_get_text (subject, "dynamic", "thresholds");
  g_assert_cmpstr (dynamic, ==, "yes");
  subject_do (subject, "mallopt mmap_threshold 256K");
  g_assert_cmpuint (subject_get (subject, "mmap_threshold", "thresholds"), ==, 256 * KIB);
  fixed = subject_get_text (subject, "dynamic", "thresholds");
  g_assert_cmpstr (fixed, ==, "no");
}

/* Finds @n words in what the subject can write of its C library; gives how often they are there. */
static guint
count_words (Subject *subject, const gsize *words, gsize n)
{
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));
  g_autofree char *path = g_strdup_printf ("/proc/%d/mem", subject_get_pid (subject));
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  guint found = 0;

  g_assert_cmpint (fd, >=, 0);
  for (guint i = 0; i < regions->len; i++)
    {
      const OracleRegion *region = &g_array_index (regions, OracleRegion, i);
      gsize length = region->end - region->start;
      g_autofree gsize *data = NULL;

      if (strstr (region->name, "/libc.so") == NULL || !(region->permissions & ATLAS_PERM_WRITE))
        continue;
      data = g_malloc (length);
      g_assert_cmpint (pread (fd, data, length, (off_t) region->start), ==, (gssize) length);
      for (gsize at = 0; at + n <= length / sizeof *data; at++)
        found += memcmp (data + at, words, n * sizeof *words) == 0;
    }
  close (fd);
  return found;
}

/* Finding them has changed nothing: behind the thresholds stand arena_test and arena_max, as in any
 * process. */
static void
test_thresholds_unchanged (void)
{
  g_autoptr (Subject) subject = subject_new ();
  const gsize expected[] = { 128 * KIB, 128 * KIB, 128 * KIB, sizeof (long) == 8 ? 8 : 2, 0 };

  g_assert_cmpuint (count_words (subject, expected, G_N_ELEMENTS (expected)), ==, 1);
}

static void
test_mallopt (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *arena = NULL;

  subject_do (subject, "mallopt top_pad 1M");
  g_assert_cmpuint (subject_get (subject, "top_pad", "thresholds"), ==, MIB);
  subject_do (subject, "malloc a 1000");
  g_assert_cmpuint (get_heap_size (subject), >=, MIB);
  subject_do (subject, "mallopt trim_threshold -1");
  g_assert_cmpuint (subject_get (subject, "trim_threshold", "thresholds"), ==, G_MAXUINT64);
  subject_do (subject, "mallopt mmap_max 0");
  arena = subject_get_text (subject, "arena", "malloc b 2M");
  g_assert_cmpstr (arena, ==, "main");
  subject_do (subject, "mallopt perturb 1");
  subject_do (subject, "mallopt arena_max 2");
  subject_do (subject, "mallopt arena_test 3");
  subject_fail (subject, "EINVAL mallopt: the C library does not take 1M for M_MXFAST",
                "mallopt mxfast 1M");
  subject_fail (subject, "EINVAL mallopt: \"nonsense\" is no parameter", "mallopt nonsense 1");
  subject_fail (subject, "EINVAL mallopt: 4G is more than it takes", "mallopt top_pad 4G");
  subject_fail (subject, "EINVAL mallopt: \"x\" is no size", "mallopt top_pad x");
}

/* The one chunk at the top pins the heap; without it, trim gives the pages back. */
static void
test_trim (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 full;

  subject_do (subject, "mallopt trim_threshold 1G");
  subject_do (subject, "mallopt mmap_threshold 1G");
  subject_do (subject, "malloc a 4M");
  subject_do (subject, "touch a write");
  subject_do (subject, "free a");
  full = get_heap_size (subject);
  g_assert_cmpuint (full, >=, 4 * MIB);
  g_assert_cmpuint (subject_get (subject, "released", "malloc_trim 1M"), ==, 1);
  g_assert_cmpuint (get_heap_size (subject), <, 2 * MIB);
  g_assert_cmpuint (get_heap_size (subject), >=, MIB);
  subject_do (subject, "malloc_trim");
  g_assert_cmpuint (subject_get (subject, "released", "malloc_trim"), ==, 0);
}

static gboolean
has_comment (const SubjectAnswer *answer, const char *text)
{
  for (char **comment = answer->comments; *comment != NULL; comment++)
    if (strstr (*comment, text) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_reports (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) stats = NULL;
  g_autoptr (SubjectAnswer) info = NULL;
  g_autoptr (SubjectAnswer) sums = NULL;

  subject_do (subject, "malloc a 100K");
  subject_do (subject, "malloc b 1M");
  stats = subject_ask (subject, "malloc_stats");
  g_assert_true (has_comment (stats, "system bytes     =     135168"));
  info = subject_ask (subject, "malloc_info");
  g_assert_cmpstr (info->comments[0], ==, "<malloc version=\"1\">");
  g_assert_true (has_comment (info, "<total type=\"mmap\" count=\"1\" size=\"1052672\"/>"));
  g_assert_cmpstr (info->comments[g_strv_length (info->comments) - 1], ==, "</malloc>");
  sums = subject_ask (subject, "mallinfo");
  g_assert_cmpuint (subject_answer_get_number (sums, "arena"), ==, 132 * KIB);
  g_assert_cmpuint (subject_answer_get_number (sums, "hblks"), ==, 1);
  g_assert_cmpuint (subject_answer_get_number (sums, "hblkhd"), ==, MIB + 4 * KIB);
  g_assert_true (has_comment (sums, "hblks 1: "));
  /* its standard error is what it was */
  subject_do (subject, "malloc_stats");
}

/* What would crash free or realloc is refused, and what that takes is said. */
static void
test_refused (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "malloc a 100K");
  subject_fail (subject, "EINVAL malloc: there is an allocation called a already", "malloc a 1");
  subject_do (subject, "mprotect a none");
  subject_fail (subject, "EINVAL free: a part of a is protected", "free a");
  subject_fail (subject, "EINVAL realloc: a part of a is protected", "realloc a 1");
  subject_do (subject, "mprotect a rw from 0 to 5");
  subject_fail (subject, "EINVAL free: a part of a is protected", "free a");
  subject_do (subject, "mprotect a rw");
  subject_do (subject, "free a");
  subject_do (subject, "mmap m 64K");
  subject_fail (subject, "EINVAL free: m is not from malloc but from mmap; munmap", "free m");
  subject_fail (subject, "EINVAL realloc: m is not from malloc", "realloc m 5");
  subject_fail (subject, "EINVAL usable: m is not from malloc", "usable m");
  subject_do (subject, "sbrk s 64K");
  subject_fail (subject, "EINVAL free: s is not from malloc but from sbrk; a negative", "free s");
}

/* That list has only one allocation, and says this of it at last. */
static void
assert_listed (Subject *subject, const char *end)
{
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "list");

  g_assert_cmpuint (g_strv_length (answer->comments), ==, 1);
  if (!g_str_has_suffix (answer->comments[0], end))
    g_error ("%s", answer->comments[0]);
}

static void
test_unmapped (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autofree char *line = NULL;
  guint64 usable;
  guint64 hole;

  usable = subject_get (subject, "usable", "malloc a 1M");
  hole = subject_get (subject, "address", "munmap a from 16 to 32");
  subject_fail (subject, "EINVAL free: a part of a is unmapped", "free a");
  subject_fail (subject, "EINVAL realloc: a part of a is unmapped", "realloc a 2M");
  subject_fail (subject, "EINVAL usable: a part of a is unmapped", "usable a");
  /* glibc could be asked again; that other mallocs are not asked shows under sanitizers only */
  line = g_strdup_printf ("usable=%" G_GUINT64_FORMAT " arena=mmap unmapped=yes", usable);
  assert_listed (subject, line);
  subject_fail (subject, "EINVAL munmap: a part of a there is unmapped", "munmap a");
  subject_fail (subject, "EINVAL munmap: there is a hole in a already", "munmap a from 40 to 42");
  subject_do (subject, "munmap a from 32 to 34");
  subject_fail (subject, "EINVAL mlock: a part of a there is unmapped", "mlock a");
  subject_fail (subject, "EINVAL mprotect: a part of a there", "mprotect a r from 15 to 17");
  subject_fail (subject, "EINVAL madvise: a part of a there", "madvise a dontneed");
  subject_do (subject, "mprotect a r from 1 to 16");
  subject_fail (subject, "SIGSEGV touch: nothing is mapped at ", "touch a read");
  subject_fail (subject, "ENOMEM mincore: Cannot allocate memory", "mincore a");
  /* what comes there afterwards is not a any more */
  subject_do (subject, "mmap b 4K fixed=0x%" G_GINT64_MODIFIER "x", hole + 4096);
  subject_fail (subject, "EFAULT touch: something else is mapped at ", "touch a write");
  subject_fail (subject, "EFAULT fill: something else is mapped at ", "fill a 1");
  subject_do (subject, "touch a read from 0 to 16");
  subject_do (subject, "malloc c 100");
  subject_do (subject, "free c");
}

static void
test_guarded (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) answer = NULL;

  subject_do (subject, "malloc a 1M");
  answer = subject_ask (subject, "madvise a guard_install from 3 to 5");
  if (!answer->ok)
    {
      g_assert_cmpstr (answer->error, ==, "EINVAL");
      g_test_skip ("guard pages need Linux 6.13");
      return;
    }
  subject_fail (subject, "SIGSEGV touch: ", "touch a write");
  subject_fail (subject, "EINVAL free: a part of a is guarded", "free a");
  subject_do (subject, "madvise a guard_remove from 3 to 5");
  subject_fail (subject, "EINVAL free: a part of a is guarded", "free a");
  subject_do (subject, "madvise a guard_remove");
  subject_do (subject, "touch a write");
  subject_do (subject, "free a");
}

static void
test_full_table (void)
{
  g_autoptr (Subject) subject = subject_new ();

  for (int i = 0; i < 1024; i++)
    subject_do (subject, "malloc a%d 100", i);
  subject_fail (subject, "EINVAL malloc: there are 1024 allocations already", "malloc b 100");
  subject_fail (subject, "EINVAL mmap: there are 1024 allocations already", "mmap b 4K");
  subject_do (subject, "free a511");
  subject_do (subject, "mmap b 3p");
  subject_fail (subject, "EINVAL munmap: there are 1024 allocations already, and no room",
                "munmap b from 1 to 2");
  g_assert_cmpuint (subject_get (subject, "allocations", "list"), ==, 1024);
  for (int i = 0; i < 1024; i++)
    if (i != 511)
      subject_do (subject, "free a%d", i);
  g_assert_cmpuint (subject_get (subject, "allocations", "list"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/malloc/untouched-heap", test_untouched_heap);
  g_test_add_func ("/lab/malloc/malloc", test_malloc);
  g_test_add_func ("/lab/malloc/mmapped", test_mmapped);
  g_test_add_func ("/lab/malloc/calloc", test_calloc);
  g_test_add_func ("/lab/malloc/realloc", test_realloc);
  g_test_add_func ("/lab/malloc/aligned", test_aligned);
  g_test_add_func ("/lab/malloc/thresholds", test_thresholds);
  g_test_add_func ("/lab/malloc/thresholds-unchanged", test_thresholds_unchanged);
  g_test_add_func ("/lab/malloc/mallopt", test_mallopt);
  g_test_add_func ("/lab/malloc/trim", test_trim);
  g_test_add_func ("/lab/malloc/reports", test_reports);
  g_test_add_func ("/lab/malloc/refused", test_refused);
  g_test_add_func ("/lab/malloc/unmapped", test_unmapped);
  g_test_add_func ("/lab/malloc/guarded", test_guarded);
  g_test_add_func ("/lab/malloc/full-table", test_full_table);
  return g_test_run ();
}
