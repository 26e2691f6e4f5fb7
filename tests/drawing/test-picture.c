/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether a picture says what it must and can be read, whatever its size and whatever the process:
 * all of its texts are caught, with where they are and what is painted there. */

#include "atlas-picture.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atlas-format.h"
#include "atlas-picture-plan.h"
#include "recording.h"
#include "text-list.h"

static const struct
{
  double width, height;
} sizes[] = {
  { 320, 320 },  { 320, 1400 }, { 1400, 320 },  { 400, 500 },   { 640, 480 },   { 800, 600 },
  { 1000, 700 }, { 1280, 720 }, { 1600, 1000 }, { 1000, 2600 }, { 3840, 2160 },
};

typedef AtlasSnapshot *(*TakeFunc) (void);

static AtlasSnapshot *
take_shell (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add_shell (recording);
  return recording_take (recording);
}

/* A recording without pagemap: the states of its pages are not known, and that is a problem. */
static AtlasSnapshot *
take_unknown (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);

  recording_add_shell (recording);
  return recording_take (recording);
}

static AtlasSnapshot *
take_thousand (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add_many (recording, 1000);
  return recording_take (recording);
}

static AtlasSnapshot *
take_single (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add (recording, 0x400000, 3000, "rw-p", 0, "[heap]", 1234);
  return recording_take (recording);
}

/* Names of the worst kind: long, with controls, markup, marks of direction, no UTF-8. */
static AtlasSnapshot *
take_odd (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autofree char *longest = g_strnfill (300, 'w');
  g_autofree char *path = g_strdup_printf ("/tmp/%s.so", longest);
  g_autofree char *command =
      g_strdup_printf ("%s <b>&\033[31m\xff\xe2\x80\xae%s", longest, longest);

  recording_add (recording, 0x7f0000000000, 100, "r-xp", 5, path, 50);
  recording_add (recording, 0x7f0100000000, 7, "rw-p", 6, "/tmp/\033[1m<b>&\xff\xe2\x80\xae.txt",
                 7);
  recording_add (recording, 0x7f0200000000, 9, "r--s", 7, "/tmp/x (deleted)", 9);
  recording_write (recording, "cmdline", command);
  return recording_take (recording);
}

static AtlasSnapshot *
take_denied (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add_shell (recording);
  recording->denied = TRUE;
  return recording_take (recording);
}

static AtlasSnapshot *
take_kernel_thread (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);

  recording_make_kernel_thread (recording);
  return recording_take (recording);
}

static AtlasSnapshot *
take_zombie (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);

  recording_make_zombie (recording);
  return recording_take (recording);
}

static AtlasSnapshot *
take_empty (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);

  return recording_take (recording);
}

static const struct
{
  const char *name;
  TakeFunc take;
} processes[] = {
  { "shell", take_shell },
  { "unknown", take_unknown },
  { "thousand", take_thousand },
  { "single", take_single },
  { "odd", take_odd },
  { "denied", take_denied },
  { "kernel-thread", take_kernel_thread },
  { "zombie", take_zombie },
  { "empty", take_empty },
};

static TextList *
paint (AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  TextList *list = text_list_new (options->width, options->height,
                                  atlas_palette_get (options->palette, options->dark));

  atlas_picture_paint (&list->canvas, snapshot, options);
  g_assert_cmpint (cairo_status (list->cr), ==, CAIRO_STATUS_SUCCESS);
  return list;
}

static TextList *
paint_size (AtlasSnapshot *snapshot, double width, double height)
{
  AtlasPictureOptions options;

  atlas_picture_options_init (&options);
  options.width = width;
  options.height = height;
  return paint (snapshot, &options);
}

/* What a picture must say of where it comes from. */
static void
assert_sourced (TextList *list)
{
  g_autofree char *size = atlas_format_bytes ((guint64) sysconf (_SC_PAGESIZE));
  g_autofree char *page_size = g_strdup_printf ("page size %s", size);

  g_assert_true (text_list_has (list, "PID 4211"));
  g_assert_true (text_list_has (list, "started 2023-11-14 22:14:40"));
  g_assert_true (text_list_has (list, "seen 20"));
  g_assert_true (text_list_has (list, "Linux 6.18.99-recorded"));
  g_assert_true (text_list_has (list, "(this program’s)"));
  g_assert_true (text_list_has (list, page_size));
}

static void
assert_tidy (TextList *list)
{
  text_list_assert_inside (list);
  text_list_assert_apart (list);
  text_list_assert_legible (list);
}

static void
test_process (gconstpointer data)
{
  TakeFunc take = ((TakeFunc const *) data)[0];
  g_autoptr (AtlasSnapshot) snapshot = take ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (TextList) list = paint_size (snapshot, sizes[i].width, sizes[i].height);

      assert_sourced (list);
      assert_tidy (list);
    }
}

/* Allocations of all sizes from one byte on, in the heap and in a mapping that is one itself. */
static AtlasLabels *
new_labels (void)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  guint64 at = 0x55f01c2e0010;

  for (guint i = 0; at + (1u << i) < 0x55f01c2e0000 + 400 * 4096; i++)
    {
      g_autofree char *short_name = g_strdup_printf ("block%u", i);
      g_autofree char *name = g_strdup_printf ("%s · malloc", short_name);

      atlas_labels_builder_add (builder, at, at + (1u << i), name, short_name);
      at += (1u << i) + 16;
    }
  atlas_labels_builder_add (builder, 0x7f2c1a000010, 0x7f2c1a3ff800, "big · malloc 4 MiB", "big");
  return atlas_labels_builder_end (builder);
}

static void
test_names (gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  g_autoptr (AtlasLabels) labels = new_labels ();
  AtlasPictureOptions options;

  atlas_picture_options_init (&options);
  options.palette = (AtlasPaletteId) (GPOINTER_TO_UINT (data) / 2);
  options.dark = GPOINTER_TO_UINT (data) % 2;
  options.labels = labels;
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (TextList) list = NULL;

      options.width = sizes[i].width;
      options.height = sizes[i].height;
      list = paint (snapshot, &options);
      assert_tidy (list);
      if (sizes[i].width >= 1000 && sizes[i].height >= 1000)
        {
          g_assert_true (text_list_has (list, "big · malloc 4 MiB"));
          g_assert_true (text_list_has (list, "[heap] · block0"));
          g_assert_true (text_list_has (list, "block19"));
        }
    }
}

/* Every palette and every counter, on one process at three sizes. */
static void
test_palette (gconstpointer data)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  AtlasPictureOptions options;

  atlas_picture_options_init (&options);
  options.palette = (AtlasPaletteId) (GPOINTER_TO_UINT (data) / 2);
  options.dark = GPOINTER_TO_UINT (data) % 2;
  for (guint counter = 0; counter <= ATLAS_N_COUNTERS; counter += 3)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i += 4)
      {
        g_autoptr (TextList) list = NULL;

        options.highlight = (AtlasCounter) counter;
        options.width = sizes[i].width;
        options.height = sizes[i].height;
        list = paint (snapshot, &options);
        assert_tidy (list);
      }
}

static void
test_contents (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  g_autoptr (TextList) list = paint_size (snapshot, 1600, 1000);
  const Text *title = g_ptr_array_index (list->texts, 0);

  g_assert_cmpstr (title->text, ==, "shell — 4211");
  g_assert_cmpint (title->style, ==, ATLAS_TEXT_TITLE);
  g_assert_true (text_list_has (list, "sleeping"));
  g_assert_true (text_list_has (list, "user root"));
  g_assert_true (text_list_has (list, "/bin/shell --login"));
  g_assert_true (text_list_has (list, "VmSize"));
  g_assert_true (text_list_has (list, "7.5 MiB"));
  g_assert_true (text_list_has (list, "VmRSS"));
  g_assert_true (text_list_has (list, "5.1 MiB"));
  g_assert_true (text_list_has (list, "high addresses"));
  g_assert_true (text_list_has (list, "low addresses"));
  g_assert_true (text_list_has (list, "not resident"));
  g_assert_false (text_list_has (list, "Incomplete"));
  /* 328 of 400 pages */
  g_assert_true (text_list_has (list, "82 % resident"));
}

static void
test_title (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  AtlasPictureOptions options;
  g_autoptr (TextList) list = NULL;

  atlas_picture_options_init (&options);
  options.title = "Lesson 3\033: \xff";
  list = paint (snapshot, &options);
  g_assert_true (text_list_has (list, "Lesson 3\\x1b: \\xff"));
  g_assert_false (text_list_has (list, "shell — 4211"));
  g_assert_true (text_list_has (list, "Process shell"));
}

static void
test_problems (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_unknown ();
  g_autoptr (TextList) list = paint_size (snapshot, 1600, 1000);

  g_assert_true (text_list_has (list, "Incomplete: "));
  g_assert_true (text_list_has (list, "pages unknown"));
  g_assert_true (text_list_has (list, "unknown"));
  g_assert_cmpuint (text_list_count (list, " resident"), ==, 0);
}

/* With room for all of them, each region is a card with its scale. */
static void
test_all_shown (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  g_autoptr (TextList) list = paint_size (snapshot, 1600, 1000);

  g_assert_cmpuint (text_list_count (list, "1 cell = "), ==,
                    atlas_snapshot_get_n_regions (snapshot));
  g_assert_false (text_list_has (list, "smaller region"));
}

static guint
count_left (TextList *list)
{
  for (guint i = 0; i < list->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (list->texts, i);

      if (g_str_has_prefix (text->text, "+ "))
        return (guint) strtoul (text->text + 2, NULL, 10);
    }
  return 0;
}

/* Cards and the number of those left out are all there is, and each card says its scale. */
static void
test_none_lost (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  recording_add_many (recording, 900);
  snapshot = recording_take (recording);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (TextList) list = paint_size (snapshot, sizes[i].width, sizes[i].height);
      guint n_cards = text_list_count (list, "1 cell = ");

      g_assert_cmpuint (n_cards, >, 0);
      g_assert_cmpuint (n_cards + count_left (list), ==, 900);
    }
}

static void
test_highlight (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  AtlasPictureOptions options;
  g_autoptr (TextList) plain = NULL;
  g_autoptr (TextList) lit = NULL;
  g_autoptr (TextList) small = NULL;

  atlas_picture_options_init (&options);
  plain = paint (snapshot, &options);
  options.highlight = ATLAS_COUNTER_VM_STK;
  lit = paint (snapshot, &options);
  g_assert_false (text_list_has (plain, "Lit: "));
  g_assert_false (text_list_has (plain, "VmStk"));
  g_assert_true (text_list_has (lit, "Lit: what VmStk"));
  /* Not one of those that are always shown: as a counter, and in the sentence. */
  g_assert_cmpuint (text_list_count (lit, "VmStk"), ==, 2);
  options.width = 500;
  options.height = 400;
  small = paint (snapshot, &options);
  g_assert_cmpuint (text_list_count (small, "VmStk"), ==, 2);
}

static void
test_absence (gconstpointer data)
{
  static const struct
  {
    TakeFunc take;
    AtlasAccess access;
    const char *said;
  } cases[] = {
    { take_denied, ATLAS_ACCESS_DENIED, "may not be read" },
    { take_kernel_thread, ATLAS_ACCESS_KERNEL_THREAD, "A kernel thread has no memory of its own" },
    { take_zombie, ATLAS_ACCESS_ZOMBIE, "This process has ended" },
  };
  guint index = GPOINTER_TO_UINT (data);
  g_autoptr (AtlasSnapshot) snapshot = cases[index].take ();
  g_autoptr (TextList) list = paint_size (snapshot, 1600, 1000);

  g_assert_cmpint (atlas_snapshot_get_access (snapshot), ==, cases[index].access);
  g_assert_true (text_list_has (list, cases[index].said));
  g_assert_false (text_list_has (list, "1 cell"));
  g_assert_false (text_list_has (list, "high addresses"));
  g_assert_false (text_list_has (list, "Incomplete"));
}

static void
assert_same_pixels (cairo_surface_t *a, cairo_surface_t *b)
{
  gsize size =
      (gsize) cairo_image_surface_get_stride (a) * (gsize) cairo_image_surface_get_height (a);

  cairo_surface_flush (a);
  cairo_surface_flush (b);
  g_assert_cmpint (
      memcmp (cairo_image_surface_get_data (a), cairo_image_surface_get_data (b), size), ==, 0);
}

/* A text that goes to a sink is not painted as well, nor does it change what is. */
static void
test_repeatable (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  g_autoptr (TextList) first = paint_size (snapshot, 900, 700);
  g_autoptr (TextList) second = paint_size (snapshot, 900, 700);

  assert_same_pixels (first->surface, second->surface);
  g_assert_cmpuint (first->texts->len, ==, second->texts->len);
}

/* Without a sink everything is painted, the words of the map's own headings nowhere. */
static void
test_painted_words (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell ();
  g_autoptr (TextList) caught = paint_size (snapshot, 1600, 1000);
  g_autoptr (TextList) painted =
      text_list_new (1600, 1000, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  g_autoptr (TextList) again =
      text_list_new (1600, 1000, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  AtlasPictureOptions options;

  atlas_picture_options_init (&options);
  atlas_canvas_set_sink (&painted->canvas, NULL, NULL);
  atlas_picture_paint (&painted->canvas, snapshot, &options);
  atlas_canvas_set_sink (&again->canvas, NULL, NULL);
  cairo_set_source_surface (again->cr, caught->surface, 0, 0);
  cairo_paint (again->cr);
  for (guint i = 0; i < caught->texts->len; i++)
    {
      const Text *text = g_ptr_array_index (caught->texts, i);

      atlas_canvas_text_on (&again->canvas, text->style, &text->color, ATLAS_ALIGN_START, text->x,
                            text->baseline, 0, text->text);
    }
  assert_same_pixels (painted->surface, again->surface);
}

static const AtlasMapParameters parameters = { .line_height = 32, .label_width = 60, .margin = 10 };

static gboolean
rects_overlap (const AtlasPlacedCard *a, const AtlasPlacedCard *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
         && b->y < a->y + a->height;
}

static void
assert_placed (AtlasPicturePlan *plan, const AtlasRect *area)
{
  for (guint i = 0; i < plan->cards->len; i++)
    {
      const AtlasPlacedCard *card = &g_array_index (plan->cards, AtlasPlacedCard, i);

      g_assert_cmpfloat (card->x, >=, area->x);
      g_assert_cmpfloat (card->y, >=, area->y);
      g_assert_cmpfloat (card->x + card->width, <=, area->x + area->width);
      g_assert_cmpfloat (card->y + card->height, <=, area->y + area->height + 1);
      if (i > 0)
        g_assert_cmpuint (card->region, <, (card - 1)->region);
      for (guint j = 0; j < i; j++)
        g_assert_false (rects_overlap (card, &g_array_index (plan->cards, AtlasPlacedCard, j)));
    }
}

static guint64
get_resident (AtlasSnapshot *snapshot, guint region)
{
  AtlasPageCounts counts;

  atlas_pages_count_all (atlas_snapshot_get_region (snapshot, region)->pages, &counts);
  return counts.resident;
}

/* No region left out has more memory than one that is shown, and the sums are right. */
static void
assert_important_first (AtlasSnapshot *snapshot, AtlasPicturePlan *plan)
{
  guint n_regions = atlas_snapshot_get_n_regions (snapshot);
  g_autofree gboolean *shown = g_new0 (gboolean, n_regions);
  guint64 least_shown = G_MAXUINT64, most_left = 0, left_resident = 0;

  for (guint i = 0; i < plan->cards->len; i++)
    shown[g_array_index (plan->cards, AtlasPlacedCard, i).region] = TRUE;
  for (guint i = 0; i < n_regions; i++)
    {
      guint64 resident = get_resident (snapshot, i);

      if (shown[i])
        least_shown = MIN (least_shown, resident);
      else
        most_left = MAX (most_left, resident);
      left_resident += shown[i] ? 0 : resident;
    }
  g_assert_cmpuint (plan->cards->len + plan->n_left, ==, n_regions);
  g_assert_cmpuint (plan->left.resident, ==, left_resident);
  if (plan->cards->len > 0 && plan->n_left > 0)
    g_assert_cmpuint (least_shown, >=, most_left);
}

static void
test_plan (gconstpointer data)
{
  TakeFunc take = ((TakeFunc const *) data)[0];
  g_autoptr (AtlasSnapshot) snapshot = take ();

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      AtlasRect area = { 150, 100, sizes[i].width * 0.8, sizes[i].height * 0.7 };
      g_autoptr (AtlasPicturePlan) plan = atlas_picture_plan_new (snapshot, &parameters, &area, 20);

      assert_placed (plan, &area);
      assert_important_first (snapshot, plan);
    }
}

/* Too many for any picture; and it must not take forever to find out. */
static void
test_plan_huge (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (AtlasPicturePlan) plan = NULL;
  AtlasRect area = { 0, 0, 1400, 750 };

  recording_add_many (recording, 60000);
  snapshot = recording_take (recording);
  plan = atlas_picture_plan_new (snapshot, &parameters, &area, 20);
  g_assert_cmpuint (plan->cards->len, >, 10);
  assert_placed (plan, &area);
  assert_important_first (snapshot, plan);
}

static void
add_for_each_process (const char *path, guint first, guint n, GTestDataFunc function)
{
  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *full = g_strdup_printf ("/drawing/picture/%s/%s", path, processes[i].name);
      g_test_add_data_func (full, &processes[i].take, function);
    }
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  add_for_each_process ("process", 0, G_N_ELEMENTS (processes), test_process);
  for (guint i = 0; i < 2 * ATLAS_N_PALETTES; i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/drawing/picture/palette/%s%s",
                           atlas_palette_get_name ((AtlasPaletteId) (i / 2)), i % 2 ? "-dark" : "");
      g_autofree char *names =
          g_strdup_printf ("/drawing/picture/names/%s%s",
                           atlas_palette_get_name ((AtlasPaletteId) (i / 2)), i % 2 ? "-dark" : "");
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_palette);
      g_test_add_data_func (names, GUINT_TO_POINTER (i), test_names);
    }
  g_test_add_func ("/drawing/picture/contents", test_contents);
  g_test_add_func ("/drawing/picture/title", test_title);
  g_test_add_func ("/drawing/picture/problems", test_problems);
  g_test_add_func ("/drawing/picture/all-shown", test_all_shown);
  g_test_add_func ("/drawing/picture/none-lost", test_none_lost);
  g_test_add_func ("/drawing/picture/highlight", test_highlight);
  g_test_add_data_func ("/drawing/picture/absence/denied", GUINT_TO_POINTER (0), test_absence);
  g_test_add_data_func ("/drawing/picture/absence/kernel-thread", GUINT_TO_POINTER (1),
                        test_absence);
  g_test_add_data_func ("/drawing/picture/absence/zombie", GUINT_TO_POINTER (2), test_absence);
  g_test_add_func ("/drawing/picture/repeatable", test_repeatable);
  g_test_add_func ("/drawing/picture/painted-words", test_painted_words);
  add_for_each_process ("plan", 0, 5, test_plan);
  g_test_add_func ("/drawing/picture/plan/huge", test_plan_huge);
  return g_test_run ();
}
