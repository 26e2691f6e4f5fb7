/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Paints a real process to a PNG, to be looked at while the drawing is worked on: the picture, or
 * the spine alone. Without --pid it paints a process of its own that maps what it is told to. Not
 * installed, and no test.
 *
 *   picture-demo --regions 1000 --width 800 --height 600 --dark -o /tmp/x.png */

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "atlas-picture.h"
#include "atlas-spine.h"

static int pid = 0;
static int n_regions = 0;
static int width = ATLAS_PICTURE_DEFAULT_WIDTH;
static int height = ATLAS_PICTURE_DEFAULT_HEIGHT;
static gboolean dark = FALSE, spine = FALSE, true_scale = FALSE;
static char *palette_name = NULL, *counter_name = NULL, *output = NULL, *root = NULL;

static const GOptionEntry entries[] = {
  { "pid", 'p', 0, G_OPTION_ARG_INT, &pid, "Process to paint", "PID" },
  { "proc", 0, 0, G_OPTION_ARG_FILENAME, &root, "A recorded /proc", "DIR" },
  { "regions", 'r', 0, G_OPTION_ARG_INT, &n_regions, "Regions to map", "N" },
  { "width", 'w', 0, G_OPTION_ARG_INT, &width, "Pixels", "N" },
  { "height", 'h', 0, G_OPTION_ARG_INT, &height, "Pixels", "N" },
  { "dark", 'd', 0, G_OPTION_ARG_NONE, &dark, "On dark", NULL },
  { "palette", 0, 0, G_OPTION_ARG_STRING, &palette_name, "color, contrast or grey", "NAME" },
  { "highlight", 0, 0, G_OPTION_ARG_STRING, &counter_name, "VmRSS ...", "COUNTER" },
  { "spine", 0, 0, G_OPTION_ARG_NONE, &spine, "The spine alone", NULL },
  { "true-scale", 0, 0, G_OPTION_ARG_NONE, &true_scale, "Spine at true scale", NULL },
  { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, "PNG to write", "FILE" },
  { NULL },
};

/* Each region of another protection than the one before, or the kernel would make them one. */
static void
map_regions (void)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  for (int i = 0; i < n_regions; i++)
    {
      gsize n_pages = 1 + (gsize) (i * 7 % 64) * (i % 50 == 0 ? 20 : 1);
      char *start =
          mmap (NULL, n_pages * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

      for (gsize j = 0; j < n_pages; j++)
        if ((j + (gsize) i) % 3 != 0)
          start[j * page] = 1;
      if (i % 2 == 0)
        mprotect (start, n_pages * page, PROT_READ);
    }
}

/* A child that has done its mapping. */
static int
start_subject (void)
{
  int ready[2];
  char byte;
  int child;

  if (pipe (ready) != 0)
    g_error ("pipe");
  child = fork ();
  if (child == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      map_regions ();
      if (write (ready[1], "x", 1) != 1)
        _exit (1);
      for (;;)
        pause ();
    }
  if (read (ready[0], &byte, 1) != 1)
    g_error ("the subject ended");
  return child;
}

static void
paint_spine (cairo_t *cr, AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  g_auto (AtlasCanvas) canvas = { 0 };
  g_autoptr (AtlasSpineLayout) layout = NULL;

  atlas_canvas_init (&canvas, cr, NULL, atlas_palette_get (options->palette, options->dark));
  atlas_canvas_set_color (&canvas, &canvas.palette->background);
  cairo_paint (cr);
  cairo_translate (cr, 10, 10);
  layout = atlas_spine_layout_new (snapshot, width - 20, height - 20,
                                   canvas.line_height[ATLAS_TEXT_CAPTION], true_scale);
  atlas_spine_paint (&canvas, layout, options->highlight);
  atlas_spine_paint_overlay (&canvas, layout, atlas_spine_layout_get_address (layout, height * 0.6),
                             atlas_spine_layout_get_address (layout, height * 0.45),
                             atlas_spine_layout_get_address (layout, height * 0.7));
}

static void
paint_picture (cairo_t *cr, AtlasSnapshot *snapshot, const AtlasPictureOptions *options)
{
  g_auto (AtlasCanvas) canvas = { 0 };

  atlas_canvas_init (&canvas, cr, NULL, atlas_palette_get (options->palette, options->dark));
  atlas_picture_paint (&canvas, snapshot, options);
}

static AtlasSnapshot *
take (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new (root != NULL ? root : "/proc", &error);
  g_autoptr (AtlasTarget) target = NULL;
  AtlasSnapshot *snapshot = NULL;
  int child = pid == 0 ? start_subject () : 0;

  if (procfs != NULL)
    target = atlas_target_new (procfs, child != 0 ? child : pid, &error);
  if (target != NULL)
    snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, &error);
  if (snapshot == NULL)
    g_error ("%s", error->message);
  if (child != 0)
    {
      kill (child, SIGKILL);
      waitpid (child, NULL, 0);
    }
  return snapshot;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (AtlasSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  AtlasPictureOptions options;
  cairo_surface_t *surface;
  gint64 begun;
  cairo_t *cr;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);
  atlas_picture_options_init (&options);
  options.width = width;
  options.height = height;
  options.dark = dark;
  if (palette_name != NULL && !atlas_palette_from_name (palette_name, &options.palette))
    g_error ("no such palette");
  if (counter_name != NULL)
    options.highlight = atlas_counter_from_name (counter_name, strlen (counter_name));
  snapshot = take ();
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cr = cairo_create (surface);
  begun = g_get_monotonic_time ();
  if (spine)
    paint_spine (cr, snapshot, &options);
  else
    paint_picture (cr, snapshot, &options);
  g_print ("%u regions, painted in %.1f ms\n", atlas_snapshot_get_n_regions (snapshot),
           (double) (g_get_monotonic_time () - begun) / 1000);
  cairo_surface_write_to_png (surface, output != NULL ? output : "picture-demo.png");
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return 0;
}
