/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What machines differ in and lessons are about. */

#include "atlas-config.h"

#include "atlas-lesson-needs.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "atlas-smaps.h"

#define PROBED_PAGES 16
#define KIB 1024
#define MEMLOCK (8 * KIB * KIB)
#define LEAST_STACK (2 * KIB * KIB)
#define MOST_STACK (16 * KIB * KIB)
#define THP "/sys/kernel/mm/transparent_hugepage/enabled"
#define LONGEST_FILE 65536

typedef struct
{
  const char *name;
  gboolean (*is_met) (AtlasProcfs *procfs);
  const char *missing; /* translated when shown */
} Need;

/* A number of meminfo; 0 where there is no such line. */
static guint64
read_meminfo (AtlasProcfs *procfs, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *line;

  if (!atlas_read_at (atlas_procfs_get_fd (procfs), "meminfo", LONGEST_FILE, text, NULL))
    return 0;
  line = strstr (text->str, name);
  return line != NULL ? g_ascii_strtoull (line + strlen (name), NULL, 10) : 0;
}

/* "always [madvise] never": the one in brackets holds. A kernel without has no such file. */
static gboolean
has_huge_pages (AtlasProcfs *procfs)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (THP, &text, NULL, NULL) && strstr (text, "[never]") == NULL;
}

static gboolean
has_hugetlb (AtlasProcfs *procfs)
{
  return read_meminfo (procfs, "HugePages_Free:") > 0;
}

static gboolean
has_swap (AtlasProcfs *procfs)
{
  return read_meminfo (procfs, "SwapFree:") > 0;
}

static gboolean
overcommits_by_guess (AtlasProcfs *procfs)
{
  g_autoptr (GString) text = g_string_new (NULL);

  return atlas_read_at (atlas_procfs_get_fd (procfs), "sys/vm/overcommit_memory", LONGEST_FILE,
                        text, NULL)
         && text->str[0] == '0';
}

/* Whether @start, which was read and not written to, is in no resident counter. Where smaps can't
 * be read one can't know, and takes it to be so. */
static gboolean
is_free_of_charge (AtlasProcfs *procfs, const void *start)
{
  g_autoptr (AtlasTarget) target = atlas_target_new (procfs, getpid (), NULL);
  AtlasSmaps smaps;

  return target == NULL || !atlas_smaps_read_region (target, (guintptr) start, &smaps, NULL)
         || smaps.rss == 0;
}

/* Tried on memory of this program, with something else on both sides of it, so that it is a region
 * of its own. */
static gboolean
has_zero_page (AtlasProcfs *procfs)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize length = PROBED_PAGES * page;
  char *room = mmap (NULL, length + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  volatile const char *start = room + page;
  gboolean has = TRUE;

  if (room == MAP_FAILED)
    return TRUE;
  if (mprotect (room + page, length, PROT_READ | PROT_WRITE) == 0)
    {
      for (gsize i = 0; i < length; i += page)
        (void) start[i];
      has = is_free_of_charge (procfs, room + page);
    }
  munmap (room, length + 2 * page);
  return has;
}

/* The lab inherits it. */
static gboolean
has_memlock (AtlasProcfs *procfs)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_max >= MEMLOCK;
}

/* What the C library makes stacks of threads by, and keeps two of. */
static gboolean
has_usual_stack (AtlasProcfs *procfs)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_STACK, &limit) == 0
         && (limit.rlim_cur == RLIM_INFINITY
             || (limit.rlim_cur >= LEAST_STACK && limit.rlim_cur <= MOST_STACK));
}

static gboolean
has_free_limits (AtlasProcfs *procfs)
{
  static const int names[] = { RLIMIT_AS, RLIMIT_DATA };
  struct rlimit limit;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (getrlimit (names[i], &limit) < 0 || limit.rlim_max != RLIM_INFINITY)
      return FALSE;
  return TRUE;
}

static const Need needs[] = {
  { "thp", has_huge_pages,
    N_ ("This machine's kernel has transparent huge pages turned off, or none at all "
        "(" THP ").") },
  { "hugetlb", has_hugetlb,
    N_ ("This machine has set no huge pages aside that are free (HugePages_Free in meminfo is 0; "
        "its administrator can raise vm.nr_hugepages).") },
  { "zero-page", has_zero_page,
    N_ ("This machine's kernel maps no shared page of zeros where memory is read that was never "
        "written to: it gives each page memory of its own at once.") },
  { "memlock", has_memlock,
    N_ ("The hard limit RLIMIT_MEMLOCK is less than 8 MiB here, and only root can raise it.") },
  { "swap", has_swap, N_ ("This machine has no swap space, or none that is free.") },
  { "overcommit-heuristic", overcommits_by_guess,
    N_ ("This machine's kernel does not overcommit by its own judgement (vm.overcommit_memory is "
        "not 0).") },
  { "thread-stack", has_usual_stack,
    N_ ("The limit of stacks (ulimit -s) is neither 2 to 16 MiB here nor unlimited, and stacks of "
        "threads are as large as that.") },
  { "free-limits", has_free_limits,
    N_ ("The hard limit RLIMIT_AS or RLIMIT_DATA is not unlimited here, and only root can raise "
        "it.") },
};

static const Need *
find_need (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (needs); i++)
    if (g_str_equal (needs[i].name, name))
      return &needs[i];
  return NULL;
}

gboolean
atlas_lesson_need_check (const char *name, GError **error)
{
  g_autoptr (GString) all = NULL;

  if (find_need (name) != NULL)
    return TRUE;
  all = g_string_new (needs[0].name);
  for (guint i = 1; i < G_N_ELEMENTS (needs); i++)
    g_string_append_printf (all, ", %s", needs[i].name);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               _ ("“%s” is nothing that a step can require: that is one of %s"), name, all->str);
  return FALSE;
}

char *
atlas_lesson_need_dup_missing (const char *name, AtlasProcfs *procfs)
{
  const Need *need = find_need (name);

  g_return_val_if_fail (need != NULL, NULL);

  return need->is_met (procfs) ? NULL : g_strdup (_ (need->missing));
}
