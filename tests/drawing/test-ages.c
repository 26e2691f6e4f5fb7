/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How old page states are: what is called old, the words, and where cards and pictures say so. */

#include <math.h>
#include <string.h>

#include "atlas-age.h"
#include "atlas-card-heading.h"
#include "atlas-map-painter.h"
#include "atlas-picture.h"
#include "recording.h"
#include "text-list.h"

#define SECOND G_USEC_PER_SEC
#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)
#define HEAP_END G_GUINT64_CONSTANT (0x55f01c470000)
#define ANONYMOUS G_GUINT64_CONSTANT (0x7f2c1a000000)
#define ANONYMOUS_END G_GUINT64_CONSTANT (0x7f2c1a400000)

static AtlasSnapshot *
make_shell (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);

  recording_add_shell (recording);
  return recording_take (recording);
}

/* --- what is old ----------------------------------------------------------------------------- */

static void
test_limit (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();

  g_test_summary ("Old is what neither of the last two samples has read, late as they may come");

  recording_set_age (snapshot, HEAP, HEAP_END, 0);
  g_assert_false (atlas_snapshot_is_old (snapshot, ATLAS_AGE_UNKNOWN));
  g_assert_false (atlas_snapshot_is_old (snapshot, 0));
  g_assert_false (atlas_snapshot_is_old (snapshot, SECOND));
  g_assert_false (atlas_snapshot_is_old (snapshot, 2 * SECOND));
  g_assert_false (atlas_snapshot_is_old (snapshot, 2 * SECOND + SECOND / 20));
  g_assert_true (atlas_snapshot_is_old (snapshot, 2 * SECOND + SECOND / 2));
  g_assert_true (atlas_snapshot_is_old (snapshot, 3 * SECOND));
  g_assert_true (atlas_snapshot_is_old (snapshot, ATLAS_AGE_UNREAD));
}

static void
test_ranges (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  guint64 page_size = atlas_snapshot_get_page_size (snapshot);

  g_test_summary ("A range is as old as its oldest page; gaps between regions have no age");

  g_assert_cmpint (atlas_snapshot_get_age (snapshot, HEAP, HEAP_END), ==, 0);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, 0);
  recording_set_age (snapshot, HEAP_END, ANONYMOUS, 60 * SECOND);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, 0);
  recording_set_age (snapshot, HEAP + page_size, HEAP + 2 * page_size, 4 * SECOND);
  g_assert_cmpint (atlas_snapshot_get_age (snapshot, HEAP, HEAP + page_size), ==, 0);
  g_assert_cmpint (atlas_snapshot_get_age (snapshot, HEAP, HEAP_END), ==, 4 * SECOND);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, 4 * SECOND);
  recording_set_age (snapshot, ANONYMOUS, ANONYMOUS_END, 9 * SECOND);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, 9 * SECOND);

  /* What was never read is told of by itself. */
  recording_set_age (snapshot, ANONYMOUS, ANONYMOUS_END, ATLAS_AGE_UNREAD);
  g_assert_cmpint (atlas_snapshot_get_age (snapshot, ANONYMOUS, ANONYMOUS_END), ==,
                   ATLAS_AGE_UNREAD);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, 4 * SECOND);
}

static void
test_unreadable (void)
{
  g_autoptr (Recording) recording = recording_new (FALSE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;

  g_test_summary ("Pages that cannot be read have no age, and are not still to be read");

  recording_add_shell (recording);
  snapshot = recording_take (recording);
  g_assert_cmpint (atlas_snapshot_get_age (snapshot, HEAP, HEAP_END), ==, ATLAS_AGE_UNKNOWN);
  g_assert_cmpint (atlas_snapshot_get_oldest_age (snapshot), ==, ATLAS_AGE_UNKNOWN);
  g_assert_null (atlas_age_describe_old (snapshot, HEAP, HEAP_END));
  g_assert_null (atlas_age_describe_oldest (snapshot));
}

/* --- words ----------------------------------------------------------------------------------- */

static void
test_words (void)
{
  static const struct
  {
    gint64 age;
    const char *when, *sentence;
  } cases[] = {
    { ATLAS_AGE_UNKNOWN, NULL, NULL },
    { ATLAS_AGE_UNREAD, "not yet", "pages not read yet" },
    { 0, "just now", "pages read just now" },
    { SECOND / 2 - 1, "just now", "pages read just now" },
    { SECOND / 2, "1 s ago", "pages read 1 s ago" },
    { 4 * SECOND - SECOND / 3, "4 s ago", "pages read 4 s ago" },
    { 4 * SECOND + SECOND / 3, "4 s ago", "pages read 4 s ago" },
    { 10 * SECOND - 1, "10 s ago", "pages read 10 s ago" },
    { 12 * SECOND, "12 s ago", "pages read 12 s ago" },
    { 200 * SECOND, "3 min ago", "pages read 3 min ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *when = atlas_age_format (cases[i].age);
      g_autofree char *sentence = atlas_age_describe (cases[i].age);

      g_assert_cmpstr (when, ==, cases[i].when);
      g_assert_cmpstr (sentence, ==, cases[i].sentence);
    }
}

static void
test_words_of_old (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autofree char *old = NULL;
  g_autofree char *oldest = NULL;
  g_autofree char *roughly = NULL;

  g_test_summary ("Only what is old is worth a word");

  recording_set_age (snapshot, HEAP, HEAP_END, 2 * SECOND);
  g_assert_null (atlas_age_describe_old (snapshot, HEAP, HEAP_END));
  g_assert_null (atlas_age_describe_oldest (snapshot));
  g_assert_null (atlas_age_describe_oldest_roughly (snapshot));
  recording_set_age (snapshot, HEAP, HEAP_END, 12 * SECOND);
  old = atlas_age_describe_old (snapshot, HEAP, HEAP_END);
  oldest = atlas_age_describe_oldest (snapshot);
  g_assert_cmpstr (old, ==, "pages read 12 s ago");
  roughly = atlas_age_describe_oldest_roughly (snapshot);
  g_assert_cmpstr (oldest, ==, "oldest pages 12 s");
  g_assert_cmpstr (roughly, ==, "oldest pages over 10 s");
}

/* --- cards ----------------------------------------------------------------------------------- */

static AtlasMapLayout *
lay_out (AtlasSnapshot *snapshot, AtlasCanvas *canvas, double width, double zoom)
{
  AtlasMapParameters parameters = {
    .width = width,
    .zoom = zoom,
    .line_height = atlas_card_heading_get_height (canvas, width),
    .label_width = 62,
    .margin = 10,
    .compact_line_height = canvas->line_height[ATLAS_TEXT_HEADING],
  };

  return atlas_map_layout_new (snapshot, &parameters);
}

/* The index of the card of the region at @address. */
static guint
find_card (AtlasMapLayout *layout, guint64 address)
{
  AtlasCard card;

  g_assert_true (atlas_map_layout_locate (layout, address, NULL, &card));
  return atlas_map_layout_get_n_cards (layout) - 1 - card.region;
}

/* What card @index says of its age on a canvas as wide as the map; its heading comes to the top. */
static void
paint_age (TextList *list, AtlasMapLayout *layout, guint index)
{
  AtlasCard card;

  atlas_map_layout_get_card (layout, index, &card);
  cairo_save (list->cr);
  cairo_translate (list->cr, 0, -card.heading.y);
  atlas_map_paint_age (&list->canvas, layout, index);
  cairo_restore (list->cr);
}

static void
test_card_words (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  g_autoptr (TextList) list =
      text_list_new (1200, 40, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, &list->canvas, 1200, 0);
  guint heap = find_card (layout, HEAP), anonymous = find_card (layout, ANONYMOUS);

  g_test_summary ("A card says that its pages are old, or still to be read; others say nothing");

  recording_set_age (snapshot, HEAP, HEAP + 0x1000, 4 * SECOND);
  g_assert_true (atlas_map_has_age (layout, heap));
  g_assert_false (atlas_map_has_age (layout, anonymous));
  paint_age (list, layout, anonymous);
  g_assert_cmpuint (list->texts->len, ==, 0);
  paint_age (list, layout, heap);
  g_assert_cmpuint (list->texts->len, ==, 1);
  g_assert_true (text_list_has (list, "pages read 4 s ago"));

  recording_set_age (snapshot, ANONYMOUS, ANONYMOUS_END, ATLAS_AGE_UNREAD);
  paint_age (list, layout, anonymous);
  g_assert_true (text_list_has (list, "pages not read yet"));
}

/* Pixels that are no longer what the list began with. */
static guint
count_painted (TextList *list)
{
  const guint32 *pixels;
  guint n = 0;

  cairo_surface_flush (list->surface);
  pixels = (const guint32 *) cairo_image_surface_get_data (list->surface);
  for (gsize i = 1; i < (gsize) list->width * (gsize) list->height; i++)
    n += pixels[i] != pixels[0];
  return n;
}

/* The heading, and the age on top of it, as texts. */
static TextList *
paint_card (AtlasSnapshot *snapshot, double width, double zoom, guint64 address)
{
  TextList *list = text_list_new (width, 40, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, &list->canvas, width, zoom);
  guint index = find_card (layout, address);
  AtlasCard card;

  paint_age (list, layout, index);
  /* The clock at least, which is no text. */
  if (count_painted (list) == 0)
    g_error ("No clock at a width of %g, a zoom of %g", width, zoom);
  atlas_map_layout_get_card (layout, index, &card);
  cairo_translate (list->cr, 0, -card.heading.y);
  atlas_card_heading_paint (&list->canvas, atlas_snapshot_get_region (snapshot, card.region), &card,
                            atlas_snapshot_get_page_size (snapshot), &card.heading);
  return list;
}

static void
test_card_room (gconstpointer data)
{
  double zoom = GPOINTER_TO_INT (data);
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  guint n_words = 0, n_cards = 0;

  g_test_summary ("Whatever the width, the age is where nothing else is, at least as a clock");

  recording_set_age (snapshot, 0, G_MAXUINT64, 59 * SECOND);
  for (double width = 320; width < 1700; width += 67)
    for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
      {
        g_autoptr (TextList) list =
            paint_card (snapshot, width, zoom, atlas_snapshot_get_region (snapshot, i)->start);

        text_list_assert_inside (list);
        text_list_assert_apart (list);
        n_words += text_list_has (list, "59 s ago");
        n_cards++;
      }
  /* On few of them there is no room for a word. */
  g_assert_cmpuint (n_words, >, zoom < 0 ? n_cards / 3 : n_cards * 9 / 10);
}

/* Where an age is and then is not, all else is where it was. */
static void
test_nothing_moves (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();

  for (double width = 300; width < 1700; width += 100)
    {
      g_autoptr (TextList) before =
          text_list_new (width, 4000, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
      g_autoptr (TextList) after =
          text_list_new (width, 4000, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
      g_autoptr (AtlasMapLayout) layout = lay_out (snapshot, &before->canvas, width, 0);

      atlas_map_paint (&before->canvas, layout, 0, 4000, ATLAS_COUNTER_NONE);
      recording_set_age (snapshot, 0, G_MAXUINT64, 30 * SECOND);
      atlas_map_paint (&after->canvas, layout, 0, 4000, ATLAS_COUNTER_NONE);
      g_assert_cmpuint (before->texts->len, ==, after->texts->len);
      for (guint i = 0; i < before->texts->len; i++)
        {
          const Text *one = before->texts->pdata[i], *other = after->texts->pdata[i];

          g_assert_cmpstr (one->text, ==, other->text);
          g_assert_cmpfloat (one->x, ==, other->x);
        }
      recording_set_age (snapshot, 0, G_MAXUINT64, 0);
    }
}

/* --- pictures -------------------------------------------------------------------------------- */

static void
test_picture (void)
{
  g_autoptr (AtlasSnapshot) snapshot = make_shell ();
  AtlasPictureOptions options;

  g_test_summary ("A picture's caption says that a part is older, and nothing where none is");

  atlas_picture_options_init (&options);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TextList) list = text_list_new (options.width, options.height,
                                                 atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));

      recording_set_age (snapshot, HEAP, HEAP_END, i == 0 ? SECOND : 12 * SECOND);
      atlas_picture_paint (&list->canvas, snapshot, &options);
      g_assert_cmpuint (text_list_count (list, "oldest pages 12 s"), ==, i);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/ages/limit", test_limit);
  g_test_add_func ("/drawing/ages/ranges", test_ranges);
  g_test_add_func ("/drawing/ages/unreadable", test_unreadable);
  g_test_add_func ("/drawing/ages/words", test_words);
  g_test_add_func ("/drawing/ages/words-of-old", test_words_of_old);
  g_test_add_func ("/drawing/ages/card-words", test_card_words);
  g_test_add_data_func ("/drawing/ages/card-room", GINT_TO_POINTER (0), test_card_room);
  g_test_add_data_func ("/drawing/ages/compact-card-room", GINT_TO_POINTER (-20), test_card_room);
  g_test_add_func ("/drawing/ages/nothing-moves", test_nothing_moves);
  g_test_add_func ("/drawing/ages/picture", test_picture);
  return g_test_run ();
}
