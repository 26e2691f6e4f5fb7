/* SPDX-License-Identifier: GPL-3.0-or-later */

/* For whoever works on the drawing: paints the map of a live process into a PNG, to be looked at,
 * and says how long one frame of it takes. Neither installed nor a test. */

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "atlas-card-heading.h"
#include "atlas-map-painter.h"
#include "demo-labels.h"

static int width = 700, height = 0, scale = 1, repeat = 0, wait_ms = 0;
static double zoom = 0;
static double offset = 0;
static double strength = 0;
static gboolean dark = FALSE, sharing = FALSE;
static char *palette_name = NULL, *highlight_name = NULL, *selected_text = NULL;
static char *labels_path = NULL;

static const GOptionEntry entries[] = {
  { "width", 'w', 0, G_OPTION_ARG_INT, &width, "Width of the map", "PIXELS" },
  { "height", 'h', 0, G_OPTION_ARG_INT, &height, "Height of the picture (0: all)", "PIXELS" },
  { "offset", 'y', 0, G_OPTION_ARG_DOUBLE, &offset, "Where it begins", "PIXELS" },
  { "zoom", 'z', 0, G_OPTION_ARG_DOUBLE, &zoom, "Zoom", "STEPS" },
  { "scale", 's', 0, G_OPTION_ARG_INT, &scale, "Device pixels to a pixel", "N" },
  { "dark", 'd', 0, G_OPTION_ARG_NONE, &dark, "Dark", NULL },
  { "palette", 'p', 0, G_OPTION_ARG_STRING, &palette_name, "Palette", "NAME" },
  { "highlight", 'c', 0, G_OPTION_ARG_STRING, &highlight_name, "Counter", "NAME" },
  { "selected", 'a', 0, G_OPTION_ARG_STRING, &selected_text, "Selected address", "HEX" },
  { "labels", 'l', 0, G_OPTION_ARG_FILENAME, &labels_path, "Names of its memory", "FILE" },
  { "wait", 'm', 0, G_OPTION_ARG_INT, &wait_ms, "Point out what changes in that time", "MS" },
  { "strength", 0, 0, G_OPTION_ARG_DOUBLE, &strength, "With which that is filled", "0 TO 1" },
  { "sharing", 0, 0, G_OPTION_ARG_NONE, &sharing, "Ask which pages are shared", NULL },
  { "repeat", 'r', 0, G_OPTION_ARG_INT, &repeat, "Paint so often and time it", "N" },
  { NULL },
};

static AtlasSnapshot *
take (int pid, GError **error)
{
  AtlasSnapshotOptions options = { .want_sharing = sharing };
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);
  g_autoptr (AtlasTarget) target = procfs != NULL ? atlas_target_new (procfs, pid, error) : NULL;

  return target != NULL ? atlas_snapshot_take (target, NULL, &options, NULL, error) : NULL;
}

static AtlasMapLayout *
lay_out (AtlasCanvas *canvas, AtlasSnapshot *snapshot)
{
  g_autoptr (AtlasLabels) labels = labels_path != NULL ? demo_labels_read (labels_path) : NULL;
  AtlasMapParameters parameters = {
    .width = width,
    .zoom = zoom,
    .line_height = atlas_card_heading_get_height (canvas, width),
    .label_width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, "00000000") + 10),
    .margin = 10,
    .compact_line_height = canvas->line_height[ATLAS_TEXT_HEADING],
    .labels = labels,
  };
  gint64 begin = g_get_monotonic_time ();
  AtlasMapLayout *layout = atlas_map_layout_new (snapshot, &parameters);

  g_print ("%u cards, laid out in %.2f ms, %.0f pixels high\n",
           atlas_map_layout_get_n_cards (layout), (double) (g_get_monotonic_time () - begin) / 1e3,
           atlas_map_layout_get_height (layout));
  return layout;
}

static AtlasPageChanges *changes = NULL;

static void
paint (AtlasCanvas *canvas, AtlasMapLayout *layout, AtlasCounter highlight)
{
  guint64 selected = selected_text != NULL ? strtoull (selected_text, NULL, 16) : 0;

  cairo_save (canvas->cr);
  atlas_canvas_set_color (canvas, &canvas->palette->background);
  cairo_paint (canvas->cr);
  cairo_translate (canvas->cr, 0, -offset);
  atlas_map_paint (canvas, layout, offset, offset + height, highlight);
  if (changes != NULL)
    atlas_map_paint_changes (canvas, layout, offset, offset + height, changes, strength);
  atlas_map_paint_overlay (canvas, layout, selected, 0);
  cairo_restore (canvas->cr);
}

/* In processor time, which others on the machine disturb less than the clock on the wall. */
static void
measure_frames (AtlasCanvas *canvas, AtlasMapLayout *layout, AtlasCounter highlight)
{
  clock_t least = 0, sum = 0;

  for (int i = 0; i < repeat; i++)
    {
      clock_t begin = clock ();
      paint (canvas, layout, highlight);
      cairo_surface_flush (cairo_get_target (canvas->cr));
      clock_t took = clock () - begin;
      least = i == 0 ? took : MIN (least, took);
      sum += took;
    }
  if (repeat > 0)
    g_print ("a frame of %d×%d: least %.2f ms, mean %.2f ms\n", width * scale, height * scale,
             (double) least * 1e3 / CLOCKS_PER_SEC, (double) sum * 1e3 / CLOCKS_PER_SEC / repeat);
}

static void
run (AtlasSnapshot *snapshot, const char *path)
{
  AtlasPaletteId id = ATLAS_PALETTE_COLOR;
  AtlasCounter highlight = ATLAS_COUNTER_NONE;
  g_auto (AtlasCanvas) canvas = { 0 };

  if (palette_name != NULL && !atlas_palette_from_name (palette_name, &id))
    g_printerr ("No palette is called %s\n", palette_name);
  if (highlight_name != NULL)
    highlight = atlas_counter_from_name (highlight_name, strlen (highlight_name));
  atlas_canvas_init (&canvas, NULL, NULL, atlas_palette_get (id, dark));
  g_autoptr (AtlasMapLayout) layout = lay_out (&canvas, snapshot);
  if (height == 0)
    height = (int) CLAMP (atlas_map_layout_get_height (layout), 1, 8000);

  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_RGB24, width * scale, height * scale);
  cairo_surface_set_device_scale (surface, scale, scale);
  canvas.cr = cairo_create (surface);
  paint (&canvas, layout, highlight);
  measure_frames (&canvas, layout, highlight);
  cairo_surface_write_to_png (surface, path);
  cairo_destroy (canvas.cr);
  cairo_surface_destroy (surface);
}

static AtlasSnapshot *
take_again (AtlasSnapshot *before, GError **error)
{
  AtlasSnapshot *after;
  g_autofree char *words = NULL;

  g_usleep ((gulong) wait_ms * 1000);
  after = take (atlas_snapshot_get_pid (before), error);
  if (after == NULL)
    return NULL;
  changes = atlas_page_changes_new (before, after);
  words = atlas_page_changes_describe (changes);
  g_print ("%s\n", words);
  return after;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new ("PID FILE.png");
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "paint-demo PID FILE.png");
      return 2;
    }
  g_autoptr (AtlasSnapshot) snapshot = take (atoi (argv[1]), &error);
  if (snapshot == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (wait_ms > 0)
    {
      g_autoptr (AtlasSnapshot) before = g_steal_pointer (&snapshot);

      snapshot = take_again (before, &error);
      if (snapshot == NULL)
        return 1;
    }
  run (snapshot, argv[2]);
  g_clear_pointer (&changes, atlas_page_changes_unref);
  return 0;
}
