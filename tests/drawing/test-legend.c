/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the legend names what is there and nothing else, in a place of its own. */

#include "atlas-legend.h"

#include <string.h>

#include "recording.h"
#include "text-list.h"

static const AtlasLegendItem *
get_item (GArray *items, guint index)
{
  return &g_array_index (items, AtlasLegendItem, index);
}

static const AtlasLegendItem *
find_item (GArray *items, const char *label)
{
  for (guint i = 0; i < items->len; i++)
    if (g_str_equal (get_item (items, i)->label, label))
      return get_item (items, i);
  return NULL;
}

static AtlasSnapshot *
take_shell (gboolean with_pages)
{
  g_autoptr (Recording) recording = recording_new (with_pages);

  recording_add_shell (recording);
  return recording_take (recording);
}

static void
test_kinds (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_autoptr (GArray) items = atlas_legend_collect (snapshot);
  gboolean there[ATLAS_N_KINDS] = { FALSE }, named[ATLAS_N_KINDS] = { FALSE };
  gboolean states_began = FALSE;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    there[atlas_snapshot_get_region (snapshot, i)->kind] = TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      const AtlasLegendItem *item = get_item (items, i);

      states_began |= !item->is_kind;
      if (!item->is_kind)
        continue;
      g_assert_false (states_began);
      g_assert_false (named[item->kind]);
      g_assert_cmpstr (item->label, ==, atlas_kind_get_title (item->kind));
      named[item->kind] = TRUE;
    }
  g_assert_cmpmem (there, sizeof there, named, sizeof named);
}

static void
test_states (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (TRUE);
  g_autoptr (GArray) items = atlas_legend_collect (snapshot);

  g_assert_nonnull (find_item (items, "resident"));
  g_assert_nonnull (find_item (items, "not resident"));
  g_assert_null (find_item (items, "swapped"));
  g_assert_null (find_item (items, "locked"));
}

/* Without pagemap nothing is known, and nothing else is said. */
static void
test_unknown (void)
{
  g_autoptr (AtlasSnapshot) snapshot = take_shell (FALSE);
  g_autoptr (GArray) items = atlas_legend_collect (snapshot);

  g_assert_nonnull (find_item (items, "unknown"));
  g_assert_null (find_item (items, "resident"));
  g_assert_null (find_item (items, "not resident"));
}

static void
test_locked (void)
{
  g_autoptr (Recording) recording = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GArray) items = NULL;
  g_autofree char *block = NULL;
  const AtlasLegendItem *locked;

  recording_add (recording, 0x10000000, 4, "rw-p", 0, "[heap]", 4);
  recording_write (recording, "status",
                   "Name:\tx\nState:\tS (sleeping)\nTgid:\t4211\nPid:\t4211\nPPid:\t1\n"
                   "Uid:\t0\t0\t0\t0\nVmSize:\t16 kB\nVmLck:\t16 kB\nVmRSS:\t16 kB\n");
  block = g_strdup_printf ("%sSize: 16 kB\nRss: 16 kB\nLocked: 16 kB\nVmFlags: rd wr mr mw lo \n",
                           recording->maps->str);
  recording_write (recording, "smaps", block);
  snapshot = recording_take (recording);
  items = atlas_legend_collect (snapshot);
  locked = find_item (items, "locked");
  g_assert_true (locked != NULL && locked->locked);
}

/* The same page of a pagemap, read with and without asking whether it is mapped elsewhere. */
static AtlasSnapshot *
take_sharing (Recording *recording)
{
  AtlasSnapshotOptions options = { .want_sharing = TRUE };
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = NULL;
  g_autoptr (AtlasTarget) target = NULL;
  AtlasSnapshot *snapshot;

  recording_write (recording, "maps", recording->maps->str);
  procfs = atlas_procfs_new (recording->root, &error);
  g_assert_no_error (error);
  target = atlas_target_new (procfs, RECORDING_PID, &error);
  g_assert_no_error (error);
  snapshot = atlas_snapshot_take (target, NULL, &options, NULL, &error);
  g_assert_no_error (error);
  return snapshot;
}

/* Entries of a recording never say that a page is mapped here alone. */
static void
test_shared (void)
{
  g_autoptr (Recording) files = recording_new (TRUE);
  g_autoptr (Recording) forked = recording_new (TRUE);
  g_autoptr (AtlasSnapshot) of_files = NULL, of_both = NULL;
  g_autoptr (GArray) file_items = NULL, both_items = NULL;

  recording_add (files, 0x10000000, 4, "r-xp", 5, "/usr/lib/libc.so.6", 4);
  of_files = take_sharing (files);
  file_items = atlas_legend_collect (of_files);
  g_assert_nonnull (find_item (file_items, "shared with others"));
  g_assert_null (find_item (file_items, "still shared with another process"));

  recording_add (forked, 0x10000000, 4, "r-xp", 5, "/usr/lib/libc.so.6", 4);
  recording_add (forked, 0x20000000, 4, "rw-p", 0, "[heap]", 4);
  of_both = take_sharing (forked);
  both_items = atlas_legend_collect (of_both);
  g_assert_nonnull (find_item (both_items, "still shared with another process"));
  g_assert_null (find_item (both_items, "shared with others"));
}

static void
test_all (void)
{
  g_autoptr (GArray) items = atlas_legend_collect (NULL);

  g_assert_cmpuint (items->len, ==, ATLAS_N_KINDS + 8);
}

static void
test_lines (gconstpointer data)
{
  const AtlasPalette *palette = data;
  g_autoptr (GArray) items = atlas_legend_collect (NULL);

  for (double width = 180; width < 2200; width += 97)
    {
      g_autoptr (TextList) list = text_list_new (width, 600, palette);
      double measured, painted;

      list->canvas.cr = NULL;
      measured = atlas_legend_paint (&list->canvas, items, 0, 0, width);
      g_assert_cmpuint (list->texts->len, ==, 0);
      list->canvas.cr = list->cr;
      painted = atlas_legend_paint (&list->canvas, items, 0, 0, width);
      g_assert_cmpfloat (measured, ==, painted);
      list->height = painted;
      for (guint i = 0; i < items->len; i++)
        g_assert_true (text_list_has (list, get_item (items, i)->label));
      text_list_assert_inside (list);
      text_list_assert_apart (list);
      text_list_assert_legible (list);
    }
}

static void
paint_swatch (TextList *list, const AtlasLegendItem *item)
{
  atlas_canvas_set_color (&list->canvas, &list->canvas.palette->background);
  cairo_paint (list->cr);
  atlas_legend_paint_swatch (&list->canvas, item, 2, 2, 13);
  cairo_surface_flush (list->surface);
}

/* No two states look alike, in any palette, however the colours are. */
static void
test_swatches_differ (gconstpointer data)
{
  const AtlasPalette *palette = data;
  g_autoptr (GArray) items = atlas_legend_collect (NULL);
  gsize size = 17 * 17 * 4;
  g_autoptr (GPtrArray) seen = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < items->len; i++)
    {
      g_autoptr (TextList) list = text_list_new (17, 17, palette);
      const unsigned char *pixels = cairo_image_surface_get_data (list->surface);

      if (get_item (items, i)->is_kind)
        continue;
      paint_swatch (list, get_item (items, i));
      for (guint j = 0; j < seen->len; j++)
        g_assert_cmpint (memcmp (pixels, g_ptr_array_index (seen, j), size), !=, 0);
      g_ptr_array_add (seen, g_memdup2 (pixels, size));
    }
}

static void
add_for_each_palette (const char *path, GTestDataFunc function)
{
  for (guint i = 0; i < ATLAS_N_PALETTES; i++)
    for (guint dark = 0; dark < 2; dark++)
      {
        g_autofree char *full =
            g_strdup_printf ("/drawing/legend/%s/%s%s", path,
                             atlas_palette_get_name ((AtlasPaletteId) i), dark ? "-dark" : "");
        g_test_add_data_func (full, atlas_palette_get ((AtlasPaletteId) i, (gboolean) dark),
                              function);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/drawing/legend/kinds", test_kinds);
  g_test_add_func ("/drawing/legend/states", test_states);
  g_test_add_func ("/drawing/legend/unknown", test_unknown);
  g_test_add_func ("/drawing/legend/locked", test_locked);
  g_test_add_func ("/drawing/legend/shared", test_shared);
  g_test_add_func ("/drawing/legend/all", test_all);
  add_for_each_palette ("lines", test_lines);
  add_for_each_palette ("swatches-differ", test_swatches_differ);
  return g_test_run ();
}
