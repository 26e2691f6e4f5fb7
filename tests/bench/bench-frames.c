/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Frames of the map with cairo in software, while a script pans and zooms. The window keeps bands
 * of the cards that it has painted; here all of a frame is painted anew, which is what zooming
 * costs. Only the strip of the spine, which does not move, is kept as it is there. Two processes
 * are looked at: one of as many regions as the kernel lets it have, and one of as many pages as
 * there is memory for. The first once more with two named allocations in every region. */

#include "atlas-config.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "atlas-card-heading.h"
#include "atlas-map-painter.h"
#include "atlas-snapshot.h"
#include "atlas-spine.h"
#include "bench-children.h"
#include "bench.h"

#define WIDTH 1600
#define HEIGHT 1000
#define SPINE_WIDTH 140
#define MARGIN 10
#define LABEL_GAP 10
#define FRAMES 600
#define LEGS 6
#define LEG_FRAMES (FRAMES / LEGS)
#define BUDGET_MS 8.0

#define FRAG_REGIONS 60000
#define DENSE_BYTES (G_GUINT64_CONSTANT (8) << 30)
/* For what else a process has mapped. */
#define SPARE_MAPS 400

/* Pixels that are panned from frame to frame. */
#define SLOW_PAN 37
#define FAST_PAN 411

typedef struct
{
  const char *name;
  BenchChildFunc map;
  guint64 bytes;
  gboolean named;
  AtlasSnapshot *snapshot;
  AtlasLabels *labels; /* or NULL */
  BenchSeries *median, *p99, *processor_p99, *most, *budget;
} Subject;

/* What is looked at, and from where. */
typedef struct
{
  AtlasSnapshot *snapshot;
  AtlasLabels *labels; /* or NULL */
  AtlasCanvas canvas;
  cairo_surface_t *surface;
  AtlasMapLayout *layout; /* at zoom */
  AtlasSpineLayout *spine;
  cairo_surface_t *strip; /* the spine painted; NULL: not yet */
  double zoom, top;
  double least, most; /* zoom */
} Scene;

/* --- the processes that are looked at --- */

static guint64
get_free_bytes (void)
{
  return (guint64) sysconf (_SC_AVPHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE);
}

static guint
get_most_regions (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/vm/max_map_count", &text, NULL, NULL))
    return FRAG_REGIONS / 2;
  guint64 most = g_ascii_strtoull (text, NULL, 10);
  return (guint) MIN (most > 2 * SPARE_MAPS ? most - SPARE_MAPS : most / 2, FRAG_REGIONS);
}

/* Every other region is read-only, or the kernel would join them; every other page is resident. */
static void
map_frag (gpointer data)
{
  guint64 bytes = *(const guint64 *) data;
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  guint n_regions = get_most_regions ();
  gsize region = (gsize) MAX (bytes / n_regions / page, 1) * page;
  char *area = mmap (NULL, n_regions * region, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (area == MAP_FAILED || madvise (area, n_regions * region, MADV_NOHUGEPAGE) != 0)
    _exit (1);
  for (guint i = 0; i < n_regions; i++)
    {
      for (gsize j = 0; j < region; j += 2 * page)
        area[i * region + j] = 1;
      if (i % 2 == 1 && mprotect (area + i * region, region, PROT_READ) != 0)
        _exit (1);
    }
}

static void
map_dense (gpointer data)
{
  gsize size = (gsize) * (const guint64 *) data;

  if (mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)
      == MAP_FAILED)
    _exit (1);
}

static gboolean
take (Subject *subject, GError **error)
{
  g_auto (BenchChildren) children = { NULL };

  if (bench_children_fork (&children, 1, subject->map, &subject->bytes) != 1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The process “%s” could not be started",
                   subject->name);
      return FALSE;
    }
  g_autoptr (AtlasProcfs) procfs = atlas_procfs_new ("/proc", error);
  if (procfs == NULL)
    return FALSE;
  g_autoptr (AtlasTarget) target =
      atlas_target_new (procfs, g_array_index (children.pids, pid_t, 0), error);
  if (target == NULL)
    return FALSE;
  subject->snapshot = atlas_snapshot_take (target, NULL, NULL, NULL, error);
  return subject->snapshot != NULL;
}

/* Two to a region, neither of which begins or ends with a page. */
static AtlasLabels *
name_all (AtlasSnapshot *snapshot)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      guint64 middle = region->start + (region->end - region->start) / 2;
      g_autofree char *first = g_strdup_printf ("a%u", i);
      g_autofree char *second = g_strdup_printf ("b%u", i);

      atlas_labels_builder_add (builder, region->start + 16, middle, first, first);
      atlas_labels_builder_add (builder, middle + 16, region->end - 100, second, second);
    }
  return atlas_labels_builder_end (builder);
}

/* --- a frame --- */

static void
lay_out (Scene *scene)
{
  AtlasCanvas *canvas = &scene->canvas;
  AtlasMapParameters parameters = {
    .width = WIDTH - SPINE_WIDTH,
    .zoom = scene->zoom,
    .line_height = atlas_card_heading_get_height (canvas, WIDTH - SPINE_WIDTH),
    .label_width = ceil (atlas_canvas_measure (canvas, ATLAS_TEXT_MONO, "00000000") + LABEL_GAP),
    .margin = MARGIN,
    .compact_line_height = canvas->line_height[ATLAS_TEXT_HEADING],
    .labels = scene->labels,
  };

  g_clear_pointer (&scene->layout, atlas_map_layout_unref);
  scene->layout = atlas_map_layout_new (scene->snapshot, &parameters);
}

static void
paint_strip (Scene *scene)
{
  AtlasCanvas *canvas = &scene->canvas;
  cairo_t *cr = canvas->cr;

  scene->strip = cairo_image_surface_create (CAIRO_FORMAT_RGB24, SPINE_WIDTH, HEIGHT);
  canvas->cr = cairo_create (scene->strip);
  atlas_canvas_set_color (canvas, &canvas->palette->background);
  cairo_paint (canvas->cr);
  atlas_spine_paint (canvas, scene->spine, ATLAS_COUNTER_NONE);
  cairo_destroy (canvas->cr);
  canvas->cr = cr;
}

static void
show_strip (Scene *scene)
{
  cairo_t *cr = scene->canvas.cr;

  if (scene->strip == NULL)
    paint_strip (scene);
  cairo_set_source_surface (cr, scene->strip, 0, 0);
  cairo_rectangle (cr, 0, 0, SPINE_WIDTH, HEIGHT);
  cairo_fill (cr);
}

static void
paint_frame (Scene *scene)
{
  AtlasCanvas *canvas = &scene->canvas;
  double top = round (scene->top);
  guint64 start, end;
  AtlasMapHit hit = { 0 };

  if (scene->layout == NULL)
    lay_out (scene);
  atlas_map_layout_get_range (scene->layout, top, top + HEIGHT, &start, &end);
  atlas_map_layout_hit (scene->layout, WIDTH / 2.0, top + HEIGHT / 2.0, &hit);

  atlas_canvas_set_color (canvas, &canvas->palette->background);
  cairo_paint (canvas->cr);
  show_strip (scene);
  atlas_spine_paint_overlay (canvas, scene->spine, start, end, start);
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, SPINE_WIDTH, -top);
  atlas_map_paint (canvas, scene->layout, top, top + HEIGHT, ATLAS_COUNTER_NONE);
  atlas_map_paint_overlay (canvas, scene->layout, start, hit.address);
  cairo_restore (canvas->cr);
  cairo_surface_flush (scene->surface);
}

/* --- the script --- */

static double
get_last_top (Scene *scene)
{
  return MAX (atlas_map_layout_get_height (scene->layout) - HEIGHT, 0);
}

static void
pan (Scene *scene, double pixels)
{
  scene->top = CLAMP (scene->top + pixels, 0, get_last_top (scene));
}

/* What is in the middle of the view stays there. */
static void
zoom_to (Scene *scene, double zoom)
{
  double middle = HEIGHT / 2.0;
  AtlasMapHit hit;
  AtlasRect cell;
  gboolean anchored = FALSE;

  for (double y = middle; !anchored && y > 0; y -= MARGIN)
    anchored = atlas_map_layout_hit (scene->layout, WIDTH / 2.0, scene->top + y, &hit);
  scene->zoom = CLAMP (zoom, scene->least, scene->most);
  lay_out (scene);
  if (anchored && atlas_map_layout_locate (scene->layout, hit.address, &cell, NULL))
    scene->top = CLAMP (cell.y - middle, 0, get_last_top (scene));
}

/* To somewhere else, as one does on the spine. */
static void
jump (Scene *scene, guint frame)
{
  scene->top = get_last_top (scene) * fmod (frame * 0.6180339887, 1);
}

static void
advance (Scene *scene, guint frame)
{
  double share = (double) (frame % LEG_FRAMES) / (LEG_FRAMES - 1);

  if (scene->layout == NULL)
    return;
  switch (frame / LEG_FRAMES)
    {
    case 0:
      pan (scene, SLOW_PAN);
      break;
    case 1:
      zoom_to (scene, share * scene->most);
      break;
    case 2:
      pan (scene, FAST_PAN);
      break;
    case 3:
      zoom_to (scene, scene->most + share * (scene->least - scene->most));
      break;
    case 4:
      pan (scene, -FAST_PAN);
      break;
    default:
      zoom_to (scene, scene->least + share * (scene->most - scene->least));
      jump (scene, frame);
      break;
    }
}

static void
scene_init (Scene *scene, AtlasSnapshot *snapshot, AtlasLabels *labels)
{
  int least, most;

  *scene = (Scene){ .snapshot = snapshot, .labels = labels };
  scene->surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (scene->surface);
  atlas_canvas_init (&scene->canvas, cr, NULL, atlas_palette_get (ATLAS_PALETTE_COLOR, FALSE));
  scene->spine = atlas_spine_layout_new (snapshot, SPINE_WIDTH, HEIGHT,
                                         scene->canvas.line_height[ATLAS_TEXT_CAPTION], FALSE);
  atlas_spine_layout_set_labels (scene->spine, labels);
  lay_out (scene);
  atlas_map_layout_get_zoom_range (scene->layout, &least, &most);
  scene->least = least;
  scene->most = most;
}

static void
scene_clear (Scene *scene)
{
  cairo_destroy (g_steal_pointer (&scene->canvas.cr));
  atlas_canvas_clear (&scene->canvas);
  cairo_surface_destroy (scene->surface);
  g_clear_pointer (&scene->strip, cairo_surface_destroy);
  g_clear_pointer (&scene->layout, atlas_map_layout_unref);
  g_clear_pointer (&scene->spine, atlas_spine_layout_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

static int
compare_times (const void *a, const void *b)
{
  double first = *(const double *) a, second = *(const double *) b;
  return (first > second) - (first < second);
}

/* Of this thread, ms: what other programs take of the machine meanwhile is not in it. */
static double
get_processor_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static void
run_script (Subject *subject)
{
  g_auto (Scene) scene = { 0 };
  double times[FRAMES], processor_times[FRAMES];

  scene_init (&scene, subject->snapshot, subject->labels);
  for (guint i = 0; i < FRAMES; i++)
    {
      gint64 begin = g_get_monotonic_time ();
      double processor_begin = get_processor_time ();
      advance (&scene, i);
      paint_frame (&scene);
      times[i] = (double) (g_get_monotonic_time () - begin) / 1e3;
      processor_times[i] = get_processor_time () - processor_begin;
      if (g_getenv ("ATLAS_BENCH_FRAMES") != NULL)
        g_printerr ("%s %u zoom %.2f top %.0f: %.2f ms\n", subject->name, i, scene.zoom, scene.top,
                    processor_times[i]);
    }
  qsort (processor_times, FRAMES, sizeof *processor_times, compare_times);
  bench_series_add (subject->processor_p99, processor_times[FRAMES - 1 - FRAMES / 100]);
  qsort (times, FRAMES, sizeof *times, compare_times);
  bench_series_add (subject->median, times[FRAMES / 2]);
  bench_series_add (subject->p99, times[FRAMES - 1 - FRAMES / 100]);
  bench_series_add (subject->most, times[FRAMES - 1]);
  bench_series_add (subject->budget, BUDGET_MS);
}

/* --- putting it together --- */

static BenchSeries *
add_series (BenchReport *report, const Subject *subject, const char *suffix, const char *title)
{
  g_autofree char *name = g_strconcat (subject->name, "-", suffix, NULL);
  g_autofree char *full_title = g_strconcat (subject->name, ": ", title, NULL);

  return bench_report_series (report, name, full_title);
}

static void
add_figures (BenchReport *report, Subject *subject)
{
  g_autofree char *regions = g_strconcat ("regions in ", subject->name, NULL);
  g_autofree char *mib = g_strconcat ("MiB in ", subject->name, NULL);

  subject->median = add_series (report, subject, "frame-median", "a frame, median of 600");
  subject->p99 = add_series (report, subject, "frame-p99", "a frame, 99th percentile");
  subject->processor_p99 =
      add_series (report, subject, "frame-processor-p99", "the same in processor time");
  subject->most = add_series (report, subject, "frame-most", "the longest frame");
  subject->budget = add_series (report, subject, "frame-budget", "time for a frame");
  bench_report_ratio (report, subject->p99, subject->budget, 1);
  bench_report_fact (report, regions, atlas_snapshot_get_n_regions (subject->snapshot));
  bench_report_fact (report, mib, subject->bytes >> 20);
}

static void
clear_subjects (Subject *subjects, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_clear_pointer (&subjects[i].snapshot, atlas_snapshot_unref);
      g_clear_pointer (&subjects[i].labels, atlas_labels_unref);
    }
}

gboolean
bench_frames (BenchReport *report, const BenchOptions *options, GError **error)
{
  Subject subjects[] = {
    { .name = "frag", .map = map_frag, .bytes = MIN (DENSE_BYTES, get_free_bytes () / 2) },
    { .name = "named",
      .map = map_frag,
      .bytes = MIN (DENSE_BYTES, get_free_bytes () / 2),
      .named = TRUE },
    { .name = "dense", .map = map_dense, .bytes = MIN (DENSE_BYTES, get_free_bytes () / 2) },
  };
  gboolean ok = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (subjects) && ok; i++)
    {
      ok = take (&subjects[i], error);
      if (!ok)
        break;
      if (subjects[i].named)
        subjects[i].labels = name_all (subjects[i].snapshot);
      add_figures (report, &subjects[i]);
      for (guint j = 0; j < options->rounds; j++)
        run_script (&subjects[i]);
    }
  bench_report_fact (report, "rounds", options->rounds);
  clear_subjects (subjects, G_N_ELEMENTS (subjects));
  return ok;
}
