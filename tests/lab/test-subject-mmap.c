/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The subject's mappings, and the break. */

#include "memory-oracle.h"
#include "subject-client.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define HEX "0x%" G_GINT64_MODIFIER "x"

static guint64 page;

static const OracleRegion *
find_region (Subject *subject, guint64 address)
{
  static OracleRegion copy;
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));
  const OracleRegion *region = oracle_find (regions, address);

  if (region != NULL)
    copy = *region;
  return region != NULL ? &copy : NULL;
}

static gboolean
is_mapped (Subject *subject, guint64 start, guint64 n_pages, const char *permissions)
{
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));

  return oracle_is_mapped (regions, start, start + n_pages * page, permissions);
}

static void
test_anonymous (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  guint64 before = oracle_get_status (pid, "VmSize");
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "mmap a 99K");
  guint64 address = subject_answer_get_number (answer, "address");

  g_assert_cmpuint (subject_answer_get_number (answer, "size"), ==, 99 * 1024);
  g_assert_cmpuint (subject_answer_get_number (answer, "length"), ==, 25 * page);
  g_assert_true (is_mapped (subject, address, 25, "rw-p"));
  g_assert_cmpuint (oracle_get_status (pid, "VmSize"), ==, before + 25 * page / 1024);
  subject_do (subject, "munmap a");
  g_assert_cmpuint (oracle_get_status (pid, "VmSize"), ==, before);
  subject_fail (subject, "EINVAL munmap: no allocation is called \"a\"", "munmap a");
}

static void
test_protections (void)
{
  static const char *const words[][2] = {
    { "none", "---p" }, { "r", "r--p" },   { "rw", "rw-p" },
    { "rx", "r-xp" },   { "rwx", "rwxp" }, { "xwr", "rwxp" }
  };
  g_autoptr (Subject) subject = subject_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      guint64 address =
          subject_get (subject, "address", "mmap a%u 2p prot=%s", (guint) i, words[i][0]);

      g_assert_true (is_mapped (subject, address, 2, words[i][1]));
      subject_do (subject, "mprotect a%u %s", (guint) i, words[(i + 1) % 6][0]);
      g_assert_true (is_mapped (subject, address, 2, words[(i + 1) % 6][1]));
      subject_do (subject, "munmap a%u", (guint) i);
    }
  subject_fail (subject, "EINVAL mmap: \"rr\" is no protection", "mmap b 1p prot=rr");
  subject_fail (subject, "EINVAL mmap: \"\" is no protection", "mmap b 1p prot=");
  subject_fail (subject, "EINVAL mprotect: no allocation", "mprotect b rw");
  subject_do (subject, "mmap b 4p");
  subject_fail (subject, "EINVAL mprotect: \"q\" is no protection", "mprotect b q");
}

static void
test_flags (void)
{
  g_autoptr (Subject) subject = subject_new ();
  gint pid = subject_get_pid (subject);
  guint64 address = subject_get (subject, "address", "mmap shared 4p shared");

  g_assert_true (is_mapped (subject, address, 4, "rw-s"));
  address = subject_get (subject, "address", "mmap populated 8p populate prot=rw");
  g_assert_cmpuint (oracle_count_present (pid, address, 8), ==, 8);
  address = subject_get (subject, "address", "mmap locked 8p locked");
  g_assert_cmpuint (oracle_count_present (pid, address, 8), ==, 8);
  g_assert_cmpuint (oracle_count_flagged (pid, address, address + 8 * page, "lo"), ==, 8 * page);
  g_assert_cmpuint (oracle_get_status (pid, "VmLck"), ==, 8 * page / 1024);
  address = subject_get (subject, "address", "mmap lazy 8p noreserve stack");
  g_assert_cmpuint (oracle_count_flagged (pid, address, address + 8 * page, "nr"), ==, 8 * page);
  g_assert_cmpuint (oracle_count_present (pid, address, 8), ==, 0);
  subject_fail (subject, "EINVAL mmap: \"nonsense\" is no option", "mmap n 1p nonsense");
  subject_fail (subject, "EINVAL mmap: Invalid argument", "mmap n 0");
  subject_fail (subject, "ENOMEM mmap: Cannot allocate memory", "mmap n 100G");
}

/* Huge pages are there only where somebody set them aside. */
static void
test_huge (void)
{
  g_autoptr (Subject) subject = subject_new ();
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "mmap h 100K huge");

  if (!answer->ok)
    {
      g_assert_cmpstr (answer->error, ==, "ENOMEM");
      return;
    }
  g_assert_cmpuint (subject_answer_get_number (answer, "length"), >, 100 * 1024);
  subject_do (subject, "touch h write");
  subject_do (subject, "munmap h");
}

static void
test_fixed (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "mmap a 16p");

  subject_do (subject, "munmap a from 4 to 8");
  g_assert_cmpuint (subject_get (subject, "address", "mmap b 4p fixed=" HEX, address + 4 * page),
                    ==, address + 4 * page);
  subject_fail (subject, "EEXIST mmap: File exists", "mmap c 4p fixed=" HEX, address);
  subject_fail (subject, "EINVAL mmap: Invalid argument", "mmap c 4p fixed=" HEX, address + 1);
  subject_fail (subject, "EINVAL mmap: \"zzz\" is no size", "mmap c 4p fixed=zzz");
}

static char *
make_file (gsize size)
{
  g_autofree char *contents = g_malloc (size);
  char *path;
  int fd = g_file_open_tmp ("atlas lab \"XXXXXX", &path, NULL);

  memset (contents, 'x', size);
  g_assert_cmpint (write (fd, contents, size), ==, (gssize) size);
  close (fd);
  return path;
}

/* With blanks and a quote in its name. */
static void
test_file (void)
{
  g_autofree char *path = make_file (3 * page);
  g_auto (GStrv) parts = g_strsplit (path, "\"", -1);
  g_autofree char *quoted = g_strjoinv ("\\\"", parts);
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "mmap f 3p shared \"file=%s\"", quoted);
  g_autofree char *contents = NULL;

  g_assert_true (g_str_has_prefix (find_region (subject, address)->name, path));
  subject_do (subject, "fill f 65");
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpint (contents[2 * page], ==, 'A');
  address = subject_get (subject, "address", "mmap p 2p file=\"%s\" offset=1p prot=r", quoted);
  g_assert_true (is_mapped (subject, address, 2, "r--p"));
  g_assert_cmpint (truncate (path, (off_t) page), ==, 0);
  subject_fail (subject, "SIGBUS touch: no page of the file at 0x", "touch p read");
  subject_fail (subject, "SIGBUS fill: ", "fill f 1");
  subject_fail (subject, "EINVAL mmap: ", "mmap q 1p offset=1 file=\"%s\"", quoted);
  g_unlink (path);
  subject_fail (subject, "ENOENT open: No such file or directory", "mmap q 1p file=\"%s\"", quoted);
}

/* A file that may only be read can be mapped privately, or to be read. */
static void
test_read_only_file (void)
{
  g_autoptr (Subject) subject = subject_new_with (SUBJECT, NULL, TRUE);
  g_autofree char *path = make_file (page);
  g_autofree char *link = g_build_filename (g_get_tmp_dir (), "atlas-lab-link", NULL);

  g_unlink (link);
  g_assert_cmpint (symlink (path, link), ==, 0);
  g_assert_cmpint (g_chmod (path, 0444), ==, 0);
  subject_do (subject, "mmap a 1p file=%s", link);
  subject_do (subject, "touch a write");
  subject_do (subject, "mmap b 1p file=%s shared prot=r", link);
  subject_fail (subject, "EACCES open: Permission denied", "mmap c 1p file=%s shared", link);
  g_unlink (link);
  g_unlink (path);
}

static void
test_other_files (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "mmap z 4p file=/dev/zero");
  subject_do (subject, "touch z write");
  subject_fail (subject, "ENODEV open: /dev/null is no file", "mmap a 1p file=/dev/null");
  subject_fail (subject, "ENODEV open: /tmp is no file", "mmap a 1p file=/tmp");
  subject_fail (subject, "ENOENT open: ", "mmap a 1p file=");
  subject_fail (subject, "ENOENT open: ", "mmap a 1p \"file=/\\xff\\n\"");
}

static void
test_memfd (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "memfd f 10p");
  const OracleRegion *region = find_region (subject, address);

  g_assert_cmpstr (region->name, ==, "/memfd:f (deleted)");
  g_assert_cmpuint (region->end - region->start, ==, 10 * page);
  subject_do (subject, "touch f write");
  subject_do (subject, "mremap f 20p maymove");
  subject_fail (subject, "SIGBUS touch: ", "touch f write");
  subject_do (subject, "munmap f");
  subject_fail (subject, "EINVAL mmap: ", "memfd g 0");
  subject_fail (subject, "EINVAL ftruncate: ", "memfd g 16777214T");
  subject_do (subject, "setrlimit fsize 1p");
  subject_fail (subject, "EFBIG ftruncate: File too large", "memfd g 2p");
}

static void
test_munmap_parts (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 start = subject_get (subject, "address", "mmap a 20p");
  g_autoptr (SubjectAnswer) answer = NULL;
  g_autofree char *rest = NULL;

  g_assert_cmpuint (subject_get (subject, "address", "munmap a from 0 to 2"), ==, start);
  g_assert_cmpuint (subject_get (subject, "pages", "touch a write"), ==, 18);
  g_assert_cmpuint (subject_get (subject, "length", "munmap a from 16 to 18"), ==, 2 * page);
  answer = subject_ask (subject, "munmap a from 6 to 8");
  rest = subject_answer_get_word (answer, "rest");
  g_assert_cmpstr (rest, ==, "a.2");
  g_assert_false (is_mapped (subject, start, 1, NULL));
  g_assert_true (is_mapped (subject, start + 2 * page, 6, "rw-p"));
  g_assert_false (is_mapped (subject, start + 8 * page, 1, NULL));
  g_assert_true (is_mapped (subject, start + 10 * page, 8, "rw-p"));
  g_assert_false (is_mapped (subject, start + 18 * page, 1, NULL));
  g_assert_cmpuint (subject_get (subject, "pages", "mincore a"), ==, 6);
  g_assert_cmpuint (subject_get (subject, "resident", "mincore a.2"), ==, 8);
  subject_fail (subject, "EINVAL munmap: no pages from 2 to 7: a has 6", "munmap a from 2 to 7");
  subject_fail (subject, "EINVAL munmap: no pages from 2 to 2: a has 6", "munmap a from 2 to 2");
  subject_fail (subject, "EINVAL munmap: \"of\": here only", "munmap a of 2 to 3");
  subject_do (subject, "munmap a.2");
  subject_do (subject, "munmap a");
  subject_do (subject, "mmap a-name-that-is-quite-long-30.b 3p");
  subject_fail (subject, "EINVAL munmap: what is behind the hole would be called",
                "munmap a-name-that-is-quite-long-30.b from 1 to 2");
}

static void
test_mremap (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 first = subject_get (subject, "address", "mmap a 4p");
  g_autoptr (SubjectAnswer) moved = NULL;
  g_autofree char *word = NULL;
  guint64 second;

  subject_do (subject, "touch a write");
  subject_fail (subject, "ENOMEM mremap: Cannot allocate memory", "mremap a 4000p");
  moved = subject_ask (subject, "mremap a 4000p maymove");
  word = subject_answer_get_word (moved, "moved");
  second = subject_answer_get_number (moved, "address");
  g_assert_cmpstr (word, ==, "yes");
  g_assert_cmpuint (second, !=, first);
  g_assert_cmpuint (oracle_count_present (subject_get_pid (subject), second, 4000), ==, 4);
  g_assert_cmpuint (subject_get (subject, "length", "mremap a 5000"), ==, 2 * page);
  g_assert_true (is_mapped (subject, second, 2, "rw-p"));
  g_assert_false (is_mapped (subject, second + 2 * page, 1, NULL));
  subject_fail (subject, "EINVAL mremap: Invalid argument", "mremap a 0");
  subject_fail (subject, "EINVAL mremap: \"x\": here only \"maymove\"", "mremap a 5p x");
  subject_do (subject, "malloc m 1M");
  subject_fail (subject, "EINVAL mremap: m is not from mmap", "mremap m 2M");
}

/* Only whole pages inside of malloc's memory: the header of the chunk and the neighbours' stay. */
static void
test_protect_inner (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 address = subject_get (subject, "address", "malloc a 10p");
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "mprotect a none");
  guint64 start = (address + page - 1) / page * page;

  g_assert_cmpuint (subject_answer_get_number (answer, "address"), ==, start);
  g_assert_cmpuint (subject_answer_get_number (answer, "length"), ==,
                    (address + 10 * page) / page * page - start);
  g_assert_true (is_mapped (subject, start, 9, "---p"));
  g_assert_true (is_mapped (subject, start - page, 1, "rw-p"));
  subject_do (subject, "mprotect a rw from 2 to 3");
  g_assert_true (is_mapped (subject, start + page, 1, "rw-p"));
  subject_do (subject, "malloc small 100");
  subject_fail (subject, "EINVAL mprotect: no whole page lies inside small", "mprotect small r");
  subject_fail (subject, "EINVAL madvise: no whole page lies inside small",
                "madvise small dontneed");
}

static guint64
get_heap_end (Subject *subject)
{
  g_autoptr (GArray) regions = oracle_get_regions (subject_get_pid (subject));

  for (guint i = 0; i < regions->len; i++)
    if (g_str_equal (g_array_index (regions, OracleRegion, i).name, "[heap]"))
      return g_array_index (regions, OracleRegion, i).end;
  return 0;
}

static void
test_sbrk (void)
{
  g_autoptr (Subject) subject = subject_new ();
  guint64 start = subject_get (subject, "break", "sbrk 0");
  g_autoptr (SubjectAnswer) answer = subject_ask (subject, "sbrk a 16p");

  g_assert_cmpuint (subject_answer_get_number (answer, "address"), ==, start);
  g_assert_cmpuint (subject_answer_get_number (answer, "break"), ==, start + 16 * page);
  g_assert_cmpuint (get_heap_end (subject), ==, start + 16 * page);
  subject_do (subject, "sbrk b +8p");
  subject_do (subject, "touch b write");
  subject_fail (subject, "EINVAL sbrk: right before the break lie 0 bytes that sbrk got as a",
                "sbrk a -1p");
  g_assert_cmpuint (subject_get (subject, "break", "sbrk -- -4p"), ==, start + 20 * page);
  g_assert_cmpuint (subject_get (subject, "pages", "touch b read"), ==, 4);
  g_assert_cmpuint (subject_get (subject, "break", "sbrk b -4p"), ==, start + 16 * page);
  subject_fail (subject, "EINVAL touch: no allocation is called \"b\"", "touch b read");
  subject_do (subject, "sbrk c 4p");
  g_assert_cmpuint (subject_get (subject, "break", "sbrk -20p"), ==, start);
  g_assert_cmpuint (subject_get (subject, "allocations", "list"), ==, 0);
  g_assert_cmpuint (get_heap_end (subject), ==, 0);
}

/* malloc's part of the heap can't be taken from under it, and both can grow in turn. */
static void
test_sbrk_and_malloc (void)
{
  g_autoptr (Subject) subject = subject_new ();

  subject_do (subject, "malloc a 100K");
  subject_fail (subject, "EINVAL sbrk: right before the break lie 0 bytes", "sbrk -4K");
  subject_do (subject, "sbrk s 64K");
  subject_do (subject, "malloc b 120K");
  subject_fail (subject, "EINVAL sbrk: right before the break lie 0 bytes", "sbrk s -4K");
  subject_do (subject, "malloc c 100K");
  subject_do (subject, "fill c 1");
  subject_do (subject, "fill s 2");
  subject_do (subject, "free c");
  subject_do (subject, "free b");
  subject_do (subject, "free a");
  subject_do (subject, "malloc_trim");
  subject_do (subject, "sbrk t 10000");
  subject_do (subject, "sbrk t -10000");
  subject_do (subject, "malloc d 1000");
  subject_fail (subject, "EINVAL sbrk: new memory needs a name", "sbrk 64K");
  subject_fail (subject, "EINVAL sbrk: \"x\" is no size", "sbrk x");
  subject_fail (subject, "EINVAL sbrk: \"\" is no size", "sbrk -");
  subject_fail (subject, "ENOMEM sbrk: Cannot allocate memory", "sbrk u 100G");
  subject_fail (subject, "EINVAL sbrk: 10000000T is more than", "sbrk u 10000000T");
  /* its pages are unmapped, and the break does not move over the hole */
  subject_do (subject, "sbrk u 64K");
  subject_do (subject, "munmap u from 2 to 4");
  subject_fail (subject, "EINVAL sbrk: right before the break lie 0 bytes", "sbrk -64K");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  page = (guint64) sysconf (_SC_PAGESIZE);
  g_test_add_func ("/lab/mmap/anonymous", test_anonymous);
  g_test_add_func ("/lab/mmap/protections", test_protections);
  g_test_add_func ("/lab/mmap/flags", test_flags);
  g_test_add_func ("/lab/mmap/huge", test_huge);
  g_test_add_func ("/lab/mmap/fixed", test_fixed);
  g_test_add_func ("/lab/mmap/file", test_file);
  g_test_add_func ("/lab/mmap/read-only-file", test_read_only_file);
  g_test_add_func ("/lab/mmap/other-files", test_other_files);
  g_test_add_func ("/lab/mmap/memfd", test_memfd);
  g_test_add_func ("/lab/mmap/munmap-parts", test_munmap_parts);
  g_test_add_func ("/lab/mmap/mremap", test_mremap);
  g_test_add_func ("/lab/mmap/protect-inner", test_protect_inner);
  g_test_add_func ("/lab/mmap/sbrk", test_sbrk);
  g_test_add_func ("/lab/mmap/sbrk-and-malloc", test_sbrk_and_malloc);
  return g_test_run ();
}
