/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Labels against a memory so small that every byte of it can be asked: who was put on it last. */

#include "fixture.h"

#include <string.h>

#include "atlas-labels.h"

#define PAGE 4096u
#define BYTES 200u

static AtlasLabels *
new_labels (const char *const *short_names, const guint64 (*ranges)[2], guint n)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s · malloc", short_names[i]);

      atlas_labels_builder_add (builder, ranges[i][0], ranges[i][1], name, short_names[i]);
    }
  return atlas_labels_builder_end (builder);
}

static AtlasRegion *
new_region (const char *line)
{
  g_autoptr (GPtrArray) regions = regions_parse (line, strlen (line), NULL, NULL);

  g_assert_cmpuint (regions->len, ==, 1);
  return atlas_region_ref (g_ptr_array_index (regions, 0));
}

static void
test_none (void)
{
  g_autoptr (AtlasLabels) empty = new_labels (NULL, NULL, 0);
  g_autoptr (AtlasRegion) region = new_region ("1000-9000 rw-p 0 0:0 0 [heap]\n");
  guint n = 1;

  g_test_summary ("Where nothing has a name nothing is found, and regions keep their titles");

  g_assert_null (atlas_labels_get (NULL, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (atlas_labels_find (empty, 0, G_MAXUINT64, &n));
  g_assert_cmpuint (n, ==, 0);
  g_assert_null (atlas_labels_find_at (NULL, 0));
  g_assert_null (atlas_labels_find_at (empty, G_MAXUINT64));
  g_assert_null (atlas_labels_find_whole (NULL, region, PAGE));
  g_assert_null (atlas_labels_dup_names (empty, 0, G_MAXUINT64, 3));
  g_assert_true (atlas_labels_equal (NULL, empty));

  g_autofree char *title = atlas_labels_dup_title (empty, region, PAGE);
  g_assert_cmpstr (title, ==, "[heap]");
}

/* --- who has which byte ---------------------------------------------------------------------- */

typedef struct
{
  AtlasLabelsBuilder *builder;
  char owner[BYTES]; /* 0: nobody */
} Board;

static void
put (Board *board, char owner, guint64 start, guint64 end)
{
  const char short_name[] = { owner, '\0' };
  g_autofree char *name = g_strdup_printf ("the name of %c", owner);

  atlas_labels_builder_add (board->builder, start, end, name, short_name);
  for (guint64 i = start; i < end; i++)
    board->owner[i] = owner;
}

static void
check_order (AtlasLabels *labels)
{
  guint n;
  const AtlasLabel *all = atlas_labels_get (labels, &n);

  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (all[i].start, <, all[i].end);
      g_assert_cmpint (all[i].name[strlen (all[i].name) - 1], ==, all[i].short_name[0]);
      if (i > 0)
        g_assert_cmpuint (all[i - 1].end, <=, all[i].start);
      /* A range is in one piece where it can be. */
      if (i > 0 && all[i - 1].end == all[i].start)
        g_assert_cmpstr (all[i - 1].short_name, !=, all[i].short_name);
    }
}

static void
check_bytes (AtlasLabels *labels, const Board *board)
{
  for (guint i = 0; i < BYTES; i++)
    {
      const AtlasLabel *label = atlas_labels_find_at (labels, i);

      g_assert_cmpint (label != NULL ? label->short_name[0] : 0, ==, board->owner[i]);
    }
}

/* Every slice: what is found has a byte in it, and every byte in it that is owned is found. */
static void
check_slices (AtlasLabels *labels, const Board *board)
{
  for (guint64 start = 0; start < BYTES; start += 7)
    for (guint64 end = start; end <= BYTES; end += 3)
      {
        guint n;
        const AtlasLabel *found = atlas_labels_find (labels, start, end, &n);
        guint64 n_owned = 0, n_found = 0;

        for (guint64 i = start; i < end; i++)
          n_owned += board->owner[i] != 0;
        for (guint i = 0; i < n; i++)
          {
            g_assert_true (found[i].start < end && found[i].end > start);
            n_found += MIN (found[i].end, end) - MAX (found[i].start, start);
          }
        g_assert_cmpuint (n_found, ==, n_owned);
      }
}

static void
finish (Board *board)
{
  g_autoptr (AtlasLabels) labels = atlas_labels_builder_end (board->builder);

  check_order (labels);
  check_bytes (labels, board);
  check_slices (labels, board);
}

static void
test_apart (void)
{
  Board board = { .builder = atlas_labels_builder_new () };

  g_test_summary ("In whatever order they are added, they are found by address");

  put (&board, 'c', 120, 180);
  put (&board, 'a', 3, 10);
  put (&board, 'b', 10, 50);
  atlas_labels_builder_add (board.builder, 60, 60, "without bytes", "x");
  atlas_labels_builder_add (board.builder, 60, 50, "upside down", "x");
  atlas_labels_builder_add (board.builder, 60, 70, "without a short name", "");
  finish (&board);
}

static void
test_on_top (void)
{
  static const guint64 puts[][2] = { { 10, 100 }, { 30, 40 }, { 10, 20 },   { 90, 120 },
                                     { 35, 60 },  { 5, 200 }, { 100, 101 }, { 100, 101 } };

  g_test_summary ("What is put on top has the bytes; what is left of the others keeps its name");

  for (guint n = 1; n <= G_N_ELEMENTS (puts); n++)
    {
      Board board = { .builder = atlas_labels_builder_new () };

      for (guint i = 0; i < n; i++)
        put (&board, (char) ('a' + i), puts[i][0], puts[i][1]);
      finish (&board);
    }
}

static void
test_random (void)
{
  for (guint round = 0; round < 300; round++)
    {
      Board board = { .builder = atlas_labels_builder_new () };
      guint n = (guint) g_test_rand_int_range (0, 26);

      for (guint i = 0; i < n; i++)
        {
          guint64 start = (guint64) g_test_rand_int_range (0, BYTES);

          put (&board, (char) ('a' + i), start,
               (guint64) g_test_rand_int_range ((gint32) start, BYTES + 1));
        }
      finish (&board);
    }
}

/* --- names ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *line;
  guint64 start, end;
  gboolean whole;
} WholeCase;

static const WholeCase whole_cases[] = {
  /* malloc through mmap: 16 bytes for malloc itself, and a last page that is not full. */
  { "10000-51000 rw-p 0 0:0 0\n", 0x10010, 0x50010, TRUE },
  { "10000-11000 rw-p 0 0:0 0\n", 0x10010, 0x10020, TRUE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x10000, 0x20000, TRUE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x8000, 0x28000, TRUE },
  /* One page of 16 beyond it, and two. */
  { "10000-20000 rw-p 0 0:0 0\n", 0x11000, 0x20000, TRUE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x10fff, 0x1e001, TRUE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x11000, 0x1f000, FALSE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x10000, 0x1e000, FALSE },
  { "10000-12000 rw-p 0 0:0 0\n", 0x10010, 0x10020, FALSE },
  { "10000-20000 rw-p 0 0:0 0\n", 0x20000, 0x30000, FALSE },
};

static void
test_whole (void)
{
  static const char *const names[] = { "a" };

  g_test_summary ("A region is called after an allocation that takes nearly all of its pages");

  for (guint i = 0; i < G_N_ELEMENTS (whole_cases); i++)
    {
      const WholeCase *it = &whole_cases[i];
      const guint64 ranges[][2] = { { it->start, it->end } };
      g_autoptr (AtlasLabels) labels = new_labels (names, ranges, 1);
      g_autoptr (AtlasRegion) region = new_region (it->line);
      const AtlasLabel *whole = atlas_labels_find_whole (labels, region, PAGE);

      g_test_message ("%u", i);
      g_assert_cmpint (whole != NULL, ==, it->whole);
    }
}

static void
assert_title (AtlasLabels *labels, const char *line, const char *expected)
{
  g_autoptr (AtlasRegion) region = new_region (line);
  g_autofree char *title = atlas_labels_dup_title (labels, region, PAGE);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_titles (void)
{
  static const char *const names[] = { "a", "b", "c", "d", "e" };
  static const guint64 ranges[][2] = { { 0x1010, 0x1100 },
                                       { 0x1110, 0x2200 },
                                       { 0x2210, 0x3000 },
                                       { 0x3010, 0x4000 },
                                       { 0x20010, 0x60010 } };
  g_autoptr (AtlasLabels) labels = new_labels (names, ranges, G_N_ELEMENTS (names));
  g_autofree char *count = atlas_labels_dup_names (labels, 0x1000, 0x5000, 0);
  g_autofree char *touching = atlas_labels_dup_names (labels, 0x2000, 0x3000, 9);

  g_test_summary ("Titles name what is in the region, and count what there are too many of");

  assert_title (labels, "20000-61000 rw-p 0 0:0 0\n", "e · malloc · anonymous mmap");
  assert_title (labels, "1000-5000 rw-p 0 0:0 0 [heap]\n", "[heap] · a, b, c, +1");
  assert_title (labels, "3000-9000 rw-p 0 0:0 0 [heap]\n", "[heap] · d");
  assert_title (labels, "70000-71000 rw-p 0 0:0 0 [heap]\n", "[heap]");
  g_assert_cmpstr (count, ==, "+4");
  g_assert_cmpstr (touching, ==, "b, c");
}

static void
test_safe (void)
{
  static const char *const names[] = { "\x1b[1m\xff" };
  static const guint64 ranges[][2] = { { 0, 10 } };
  g_autoptr (AtlasLabels) labels = new_labels (names, ranges, 1);
  const AtlasLabel *label = atlas_labels_find_at (labels, 0);

  g_test_summary ("Names are safe to show, whatever they were");

  g_assert_cmpstr (label->short_name, ==, "\\x1b[1m\\xff");
  g_assert_true (g_utf8_validate (label->name, -1, NULL));
}

static void
test_equal (void)
{
  static const char *const names[] = { "a", "b" }, *const others[] = { "a", "c" };
  static const guint64 ranges[][2] = { { 0, 10 }, { 20, 30 } },
                       moved[][2] = { { 0, 10 }, { 20, 31 } };
  g_autoptr (AtlasLabels) labels = new_labels (names, ranges, 2);
  g_autoptr (AtlasLabels) same = new_labels (names, ranges, 2);
  g_autoptr (AtlasLabels) renamed = new_labels (others, ranges, 2);
  g_autoptr (AtlasLabels) longer = new_labels (names, moved, 2);
  g_autoptr (AtlasLabels) fewer = new_labels (names, ranges, 1);

  g_assert_true (atlas_labels_equal (labels, same));
  g_assert_true (atlas_labels_equal (labels, labels));
  g_assert_false (atlas_labels_equal (labels, renamed));
  g_assert_false (atlas_labels_equal (labels, longer));
  g_assert_false (atlas_labels_equal (labels, fewer));
  g_assert_false (atlas_labels_equal (labels, NULL));
}

/* As properties and threads hold them. */
static void
test_boxed (void)
{
  static const char *const names[] = { "a" };
  static const guint64 ranges[][2] = { { 0, 10 } };
  AtlasLabels *labels = new_labels (names, ranges, 1);
  GValue value = G_VALUE_INIT;

  g_value_init (&value, ATLAS_TYPE_LABELS);
  g_value_take_boxed (&value, labels);
  g_assert_true (g_value_get_boxed (&value) == labels);
  AtlasLabels *copy = g_value_dup_boxed (&value);
  g_value_unset (&value);
  g_assert_cmpstr (atlas_labels_find_at (copy, 9)->short_name, ==, "a");
  atlas_labels_unref (copy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/labels/none", test_none);
  g_test_add_func ("/model/labels/apart", test_apart);
  g_test_add_func ("/model/labels/on-top", test_on_top);
  g_test_add_func ("/model/labels/random", test_random);
  g_test_add_func ("/model/labels/whole", test_whole);
  g_test_add_func ("/model/labels/titles", test_titles);
  g_test_add_func ("/model/labels/safe", test_safe);
  g_test_add_func ("/model/labels/equal", test_equal);
  g_test_add_func ("/model/labels/boxed", test_boxed);

  return g_test_run ();
}
