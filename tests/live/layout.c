/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules are the kernel's, from its documentation and from what it is known to do on a fault;
 * where it is free to do more than was asked (map the pages around one that is read of a file), it
 * is asked for all. Huge pages are made first and not allowed any more then, for they would come
 * and go by themselves. */

#include "layout.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define N_AREAS 12
#define MOST_PAGES 700
#define BLOCK 512 /* pages of a huge page where there are any */
#define HUGE_BLOCKS 3
/* It is up to the kernel what of it is in swap. */
#define ANY_ANONYMOUS '*'

typedef enum
{
  PRIVATE,
  SHARED,
  FILE_PRIVATE,
  FILE_SHARED,
  HUGE,
  N_SORTS
} Sort;

typedef struct
{
  guint number; /* its name */
  Sort sort;
  char *path; /* of its file: one page mapped twice would count as shared */
  guint64 start;
  guint n_pages;
  char *expected;    /* a letter for each page */
  gboolean *guards;  /* for each page */
  gboolean *childs;  /* whether a child has the file's page there, too */
  gboolean has_anon; /* some page of a private file was written */
} Area;

struct _Layout
{
  Helper *helper;
  gsize page_size;
  gboolean has_zero_page, has_guards, has_swap;
  Area areas[N_AREAS];
};

typedef struct
{
  guint first, end;
} Range;

static guint
random_below (guint end)
{
  return (guint) g_test_rand_int_range (0, (gint) end);
}

static Range
pick_range (const Area *area, guint most)
{
  Range range = { .first = random_below (area->n_pages) };

  range.end = range.first + 1 + random_below (MIN (area->n_pages - range.first, most));
  return range;
}

static void
tell (Layout *self, const char *command, const Area *area, Range range)
{
  g_test_message ("%s %u %u %u", command, area->number, range.first, range.end - range.first);
  helper_do (self->helper, "%s %u %u %u", command, area->number, range.first,
             range.end - range.first);
}

static void
expect (Area *area, Range range, char letter)
{
  memset (area->expected + range.first, letter, range.end - range.first);
}

static gboolean
has_guard (const Area *area, Range range)
{
  for (guint i = range.first; i < range.end; i++)
    if (area->guards[i])
      return TRUE;
  return FALSE;
}

/* --- huge pages --- */

static guint64
get_anon_huge_kb (Layout *self, const Area *area)
{
  g_autoptr (AtlasTarget) target = live_open (helper_get_pid (self->helper));
  g_autoptr (GError) error = NULL;
  AtlasSmaps smaps;

  atlas_smaps_read_region (target, area->start, &smaps, &error);
  g_assert_no_error (error);
  return smaps.anon_huge_pages;
}

/* One huge page, if the kernel has one to give; it says so in smaps. */
static void
write_block (Layout *self, Area *area, guint block)
{
  Range whole = { block * BLOCK, (block + 1) * BLOCK };
  Range one = { whole.first + random_below (BLOCK), 0 };
  guint64 before = get_anon_huge_kb (self, area);

  one.end = one.first + 1;
  tell (self, "write", area, one);
  if (get_anon_huge_kb (self, area) > before)
    expect (area, whole, 'h');
  else
    expect (area, one, 'a');
}

/* The block that @page is in is mapped page by page from now on. */
static void
split_block (Area *area, guint page)
{
  guint first = page / BLOCK * BLOCK;

  if (area->sort != HUGE)
    return;
  for (guint i = first; i < MIN (first + BLOCK, area->n_pages); i++)
    if (g_ascii_tolower (area->expected[i]) == 'h')
      area->expected[i] = area->expected[i] == 'h' ? 'a' : 'A';
}

/* A huge page of which only a part is affected. */
static void
split_ends (Area *area, Range range)
{
  if (range.first % BLOCK != 0)
    split_block (area, range.first);
  if (range.end % BLOCK != 0)
    split_block (area, range.end);
}

/* --- mapping --- */

/* Written page by page, for the page cache makes large ones of what comes in large pieces, and
 * drops those when their mapping is cut. */
static char *
make_file (guint n_pages, gsize page_size)
{
  g_autofree char *contents = g_malloc0 (page_size);
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp (LIVE_FILE_PREFIX "XXXXXX", &path, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_pages; i++)
    g_assert_cmpint (write (fd, contents, page_size), ==, (gssize) page_size);
  close (fd);
  return path;
}

static char *
get_options (const Area *area)
{
  switch (area->sort)
    {
    case SHARED:
      return g_strdup (g_test_rand_bit () ? "shared" : "shared memfd=layout");
    case FILE_PRIVATE:
      return g_strdup_printf ("file=%s", area->path);
    case FILE_SHARED:
      return g_strdup_printf ("shared file=%s", area->path);
    case HUGE:
      return g_strdup_printf ("align=%d", BLOCK);
    case PRIVATE:
    case N_SORTS:
    default:
      return g_strdup ("");
    }
}

static void
prepare_huge (Layout *self, Area *area)
{
  Range whole = { 0, area->n_pages };

  tell (self, "hugepage", area, whole);
  for (guint block = 0; block < HUGE_BLOCKS; block++)
    if (random_below (4) != 0)
      write_block (self, area, block);
}

static void
area_init (Layout *self, Area *area, guint number)
{
  g_autofree char *name = g_strdup_printf ("%u", number);
  g_autofree char *options = NULL;

  area->number = number;
  area->sort = number % N_SORTS;
  area->n_pages = area->sort == HUGE ? HUGE_BLOCKS * BLOCK : 1 + random_below (MOST_PAGES - 1);
  area->expected = g_strnfill (area->n_pages, '.');
  area->guards = g_new0 (gboolean, area->n_pages);
  area->childs = g_new0 (gboolean, area->n_pages);
  if (area->sort == FILE_PRIVATE || area->sort == FILE_SHARED)
    area->path = make_file (area->n_pages, self->page_size);
  options = get_options (area);
  area->start = helper_map (self->helper, name, area->n_pages, options);
  if (area->sort == HUGE)
    prepare_huge (self, area);
  tell (self, "nohugepage", area, (Range){ 0, area->n_pages });
}

/* --- acting --- */

/* The pages of a file that are around are read as well, so all are. */
static void
read_file (Layout *self, Area *area)
{
  tell (self, "read", area, (Range){ 0, area->n_pages });
  for (guint i = 0; i < area->n_pages; i++)
    if (area->expected[i] == '.')
      area->expected[i] = area->childs[i] ? 'F' : 'f';
}

static void
read_range (Layout *self, Area *area, Range range)
{
  char letter = area->sort == SHARED ? 'f' : self->has_zero_page ? 'z' : 'a';

  tell (self, "read", area, range);
  for (guint i = range.first; i < range.end; i++)
    if (area->expected[i] == '.')
      area->expected[i] = letter;
}

static void
act_read (Layout *self, Area *area, Range range)
{
  if (area->sort == FILE_PRIVATE || area->sort == FILE_SHARED)
    read_file (self, area);
  else if (!has_guard (area, range))
    read_range (self, area, range);
}

/* A huge page that a child has as well is not copied whole. */
static void
write_private (Area *area, guint page)
{
  if (area->expected[page] == 'h')
    return;
  if (area->expected[page] == 'H')
    split_block (area, page);
  area->expected[page] = 'a';
}

static void
act_write (Layout *self, Area *area, Range range)
{
  if (has_guard (area, range))
    return;
  tell (self, "write", area, range);
  area->has_anon = TRUE;
  for (guint i = range.first; i < range.end; i++)
    if (area->sort == SHARED || area->sort == FILE_SHARED)
      area->expected[i] = 'f';
    else
      write_private (area, i);
}

/* Pages of shared memory come again as soon as a neighbour is read, so they are not given back. */
static void
act_dontneed (Layout *self, Area *area, Range range)
{
  if (area->sort == SHARED)
    return;
  tell (self, "dontneed", area, range);
  split_ends (area, range);
  expect (area, range, '.');
}

static void
act_guard (Layout *self, Area *area, Range range)
{
  gboolean remove = has_guard (area, range);

  if (area->sort != PRIVATE || !self->has_guards)
    return;
  tell (self, remove ? "unguard" : "guard", area, range);
  for (guint i = range.first; i < range.end; i++)
    {
      if (!remove)
        area->expected[i] = '.';
      area->guards[i] = !remove;
    }
}

static void
act_page_out (Layout *self, Area *area, Range range)
{
  if (area->sort != PRIVATE || !self->has_swap)
    return;
  tell (self, "pageout", area, range);
  for (guint i = range.first; i < range.end; i++)
    if (g_ascii_tolower (area->expected[i]) == 'a')
      area->expected[i] = ANY_ANONYMOUS;
}

static void
act (Layout *self, Area *area)
{
  static void (*const acts[]) (Layout *, Area *, Range) = {
    act_read, act_write, act_write, act_dontneed, act_guard, act_page_out,
  };

  acts[random_below (G_N_ELEMENTS (acts))](self, area, pick_range (area, 60));
}

static void
act_often (Layout *self, guint n_times)
{
  for (guint i = 0; i < n_times; i++)
    act (self, &self->areas[random_below (N_AREAS)]);
}

/* A child gets what is anonymous, and of a file what is mapped beside it: a mapping that has no
 * copies of its own is left to be filled when the child needs it. */
static char
after_fork (Area *area, guint page)
{
  char letter = area->expected[page];

  if (letter == 'a' || letter == 'h')
    return g_ascii_toupper (letter);
  if (area->sort == FILE_PRIVATE && area->has_anon && letter == 'f')
    {
      area->childs[page] = TRUE;
      return 'F';
    }
  return letter;
}

static void
fork_child (Layout *self)
{
  g_assert_cmpint (helper_run_number (self->helper, "fork"), >, 0);
  for (guint i = 0; i < N_AREAS; i++)
    for (guint page = 0; page < self->areas[i].n_pages; page++)
      self->areas[i].expected[page] = after_fork (&self->areas[i], page);
}

/* --- regions --- */

/* What is locked is there, and the process's own. */
static void
lock (Layout *self, Area *area)
{
  Range range = pick_range (area, 20);

  if (area->sort != PRIVATE || has_guard (area, range))
    return;
  tell (self, "lock", area, range);
  expect (area, range, 'a');
}

/* Makes several regions of it; the pages stay. */
static void
cut (Layout *self, Area *area)
{
  Range range = pick_range (area, area->n_pages);

  tell (self, g_test_rand_bit () ? "protect-read" : "protect-none", area, range);
  split_ends (area, range);
}

/* --- the whole --- */

static gboolean
can_guard (Helper *helper)
{
  g_autofree char *reason = NULL;
  g_autofree char *answer = NULL;

  helper_map (helper, "guarded", 1, "");
  answer = helper_try (helper, &reason, "guard guarded 0 1");
  return answer != NULL;
}

Layout *
layout_new (Helper *helper)
{
  Layout *self = g_new0 (Layout, 1);

  self->helper = helper;
  self->page_size = helper_get_page_size (helper);
  self->has_zero_page = helper_has_zero_page ();
  self->has_guards = can_guard (helper);
  self->has_swap = live_has_swap ();
  for (guint i = 0; i < N_AREAS; i++)
    area_init (self, &self->areas[i], i);
  act_often (self, 100);
  if (g_test_rand_bit ())
    {
      fork_child (self);
      act_often (self, 60);
    }
  for (guint i = 0; i < N_AREAS; i++)
    {
      lock (self, &self->areas[i]);
      cut (self, &self->areas[i]);
    }
  return self;
}

static void
area_clear (Area *area)
{
  if (area->path != NULL)
    g_unlink (area->path);
  g_free (area->path);
  g_free (area->expected);
  g_free (area->guards);
  g_free (area->childs);
}

void
layout_free (Layout *self)
{
  for (guint i = 0; i < N_AREAS; i++)
    area_clear (&self->areas[i]);
  g_free (self);
}

static void
check_area (const Area *area, AtlasSnapshot *snapshot, guint seen[128])
{
  g_autofree char *described = live_describe (snapshot, area->start, area->n_pages);

  g_test_message ("area %u of sort %d", area->number, area->sort);
  for (guint i = 0; i < area->n_pages; i++)
    {
      if (area->expected[i] == ANY_ANONYMOUS && strchr ("aAs", described[i]) != NULL)
        area->expected[i] = described[i];
      seen[(guchar) described[i]]++;
    }
  g_assert_cmpstr (described, ==, area->expected);
}

void
layout_check (Layout *self, AtlasSnapshot *snapshot, guint seen[128])
{
  for (guint i = 0; i < N_AREAS; i++)
    check_area (&self->areas[i], snapshot, seen);
}
