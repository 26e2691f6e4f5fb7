/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Shows the widgets on a process, without the rest of the program: for working on them. Not
 * installed. */

#include <gtk/gtk.h>
#include <string.h>
#include <unistd.h>

#include "atlas-appearance.h"
#include "atlas-counter-bar.h"
#include "atlas-history-view.h"
#include "atlas-legend-view.h"
#include "atlas-map-view.h"
#include "atlas-page-bar.h"
#include "atlas-share-bar.h"
#include "atlas-spine-view.h"
#include "demo-labels.h"

typedef struct
{
  int pid, width, height, share, flash;
  gboolean dark, true_scale, still;
  char *palette, *highlight, *select, *labels;
  char **marks;
} Options;

static GtkWidget *
new_map (AtlasSession *session)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *map = atlas_map_view_new ();

  atlas_map_view_set_session (ATLAS_MAP_VIEW (map), session);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), map);
  gtk_widget_set_hexpand (scroller, TRUE);
  gtk_widget_set_vexpand (scroller, TRUE);
  return scroller;
}

static GtkWidget *
new_bars (AtlasSession *session, double share)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *page_bar = atlas_page_bar_new ();
  GtkWidget *share_bar = atlas_share_bar_new ();
  GtkWidget *kind_bar = atlas_share_bar_new ();

  g_object_bind_property (session, "highlight", page_bar, "highlight", G_BINDING_SYNC_CREATE);
  g_object_set_data (G_OBJECT (session), "page-bar", page_bar);
  gtk_widget_set_hexpand (page_bar, TRUE);
  atlas_share_bar_set_share (ATLAS_SHARE_BAR (share_bar), share);
  atlas_share_bar_set_share (ATLAS_SHARE_BAR (kind_bar), share);
  atlas_share_bar_set_kind (ATLAS_SHARE_BAR (kind_bar), ATLAS_KIND_HEAP);
  gtk_box_append (GTK_BOX (box), page_bar);
  gtk_box_append (GTK_BOX (box), share_bar);
  gtk_box_append (GTK_BOX (box), kind_bar);
  return box;
}

static void
selected_cb (AtlasSession *session)
{
  atlas_page_bar_set_region (g_object_get_data (G_OBJECT (session), "page-bar"),
                             atlas_session_get_selected_region (session));
}

/* Names as they are now, and something that was done. */
static void
sampled_cb (AtlasSession *session, const Options *options)
{
  g_autoptr (AtlasLabels) labels = NULL;
  guint n_marks;

  if (options->labels != NULL)
    labels = demo_labels_read (options->labels);
  atlas_session_set_labels (session, labels);
  atlas_session_get_marks (session, &n_marks);
  if (options->marks != NULL && n_marks < g_strv_length (options->marks))
    atlas_session_add_mark (session, g_get_monotonic_time (), options->marks[n_marks]);
}

static gboolean
flash_cb (gpointer session)
{
  atlas_session_flash (session, g_object_get_data (session, "before"));
  atlas_session_refresh (session);
  return G_SOURCE_REMOVE;
}

/* From the first sample on, what changes in some time is pointed out. */
static void
first_sample_cb (AtlasSession *session, const Options *options)
{
  guint n_points;

  atlas_session_get_history (session, &n_points);
  if (n_points != 1 || options->flash == 0)
    return;
  atlas_session_set_paused (session, TRUE);
  g_object_set_data_full (G_OBJECT (session), "before",
                          atlas_snapshot_ref (atlas_session_get_snapshot (session)),
                          (GDestroyNotify) atlas_snapshot_unref);
  g_timeout_add ((guint) options->flash, flash_cb, session);
}

static GtkWidget *
new_content (AtlasSession *session, const Options *options)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 8);
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *spine = atlas_spine_view_new ();
  GtkWidget *counters = g_object_new (ATLAS_TYPE_COUNTER_BAR, "session", session, NULL);
  GtkWidget *legend = g_object_new (ATLAS_TYPE_LEGEND_VIEW, "session", session, NULL);
  GtkWidget *history = g_object_new (ATLAS_TYPE_HISTORY_VIEW, "session", session, NULL);

  atlas_spine_view_set_session (ATLAS_SPINE_VIEW (spine), session);
  g_object_set (spine, "true-scale", options->true_scale, NULL);
  gtk_box_append (GTK_BOX (middle), spine);
  gtk_box_append (GTK_BOX (middle), new_map (session));
  gtk_box_append (GTK_BOX (content), counters);
  gtk_box_append (GTK_BOX (content), middle);
  gtk_box_append (GTK_BOX (content), legend);
  gtk_box_append (GTK_BOX (content), history);
  gtk_box_append (GTK_BOX (content), new_bars (session, options->share / 100.0));
  gtk_widget_set_margin_top (content, 10);
  gtk_widget_set_margin_bottom (content, 10);
  gtk_widget_set_margin_start (content, 10);
  gtk_widget_set_margin_end (content, 10);
  return content;
}

/* By the beginning of a region's title, or by address. */
static void
select_first_cb (AtlasSession *session, GParamSpec *pspec, const char *wanted)
{
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (session);
  guint64 address = g_ascii_strtoull (wanted, NULL, 16);

  if (snapshot == NULL || atlas_session_get_selected (session) != 0)
    return;

  for (guint i = 0; i < atlas_snapshot_get_n_regions (snapshot); i++)
    {
      AtlasRegion *region = atlas_snapshot_get_region (snapshot, i);
      g_autofree char *title = atlas_region_dup_title (region);

      if (g_str_has_prefix (title, wanted))
        address = region->start + (region->end - region->start) / 8192 * 4096;
    }
  atlas_session_select (session, address);
  atlas_session_reveal (session, address);
}

static void
apply (AtlasSession *session, const Options *options)
{
  AtlasPaletteId palette;
  AtlasCounter highlight;

  g_object_set (gtk_settings_get_default (), "gtk-application-prefer-dark-theme", options->dark,
                NULL);
  atlas_appearance_set_dark (atlas_appearance_get_default (), options->dark);
  if (options->palette != NULL && atlas_palette_from_name (options->palette, &palette))
    atlas_appearance_set_palette (atlas_appearance_get_default (), palette);
  if (options->highlight != NULL)
    {
      highlight = atlas_counter_from_name (options->highlight, strlen (options->highlight));
      atlas_session_set_highlight (session, highlight);
    }
  if (options->still)
    g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  g_signal_connect (session, "sampled", G_CALLBACK (sampled_cb), (gpointer) options);
  g_signal_connect (session, "sampled", G_CALLBACK (first_sample_cb), (gpointer) options);
  if (options->select != NULL)
    g_signal_connect (session, "notify::snapshot", G_CALLBACK (select_first_cb), options->select);
}

static gboolean
parse (Options *options, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "pid", 'p', 0, G_OPTION_ARG_INT, &options->pid, "Process", "PID" },
    { "width", 0, 0, G_OPTION_ARG_INT, &options->width, "Of the window", "PIXELS" },
    { "height", 0, 0, G_OPTION_ARG_INT, &options->height, "Of the window", "PIXELS" },
    { "share", 0, 0, G_OPTION_ARG_INT, &options->share, "Shown by the share bars", "PERCENT" },
    { "dark", 0, 0, G_OPTION_ARG_NONE, &options->dark, "Dark", NULL },
    { "true-scale", 0, 0, G_OPTION_ARG_NONE, &options->true_scale, "Spine at true scale", NULL },
    { "palette", 0, 0, G_OPTION_ARG_STRING, &options->palette, "color, contrast, grey", "NAME" },
    { "highlight", 0, 0, G_OPTION_ARG_STRING, &options->highlight, "Counter to light", "NAME" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &options->labels, "Names of its memory", "FILE" },
    { "mark", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->marks, "Said to be done", "TEXT" },
    { "flash", 0, 0, G_OPTION_ARG_INT, &options->flash, "Point out what changes in", "MS" },
    { "still", 0, 0, G_OPTION_ARG_NONE, &options->still, "Without motion", NULL },
    { "select", 0, 0, G_OPTION_ARG_STRING, &options->select, "Region or address", "WHAT" },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    g_printerr ("%s\n", error->message);
  return error == NULL;
}

int
main (int argc, char *argv[])
{
  Options options = { .pid = getpid (), .width = 1100, .height = 900, .share = 40 };
  g_autoptr (AtlasProcfs) procfs = NULL;
  g_autoptr (AtlasSession) session = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *window;

  if (!parse (&options, &argc, &argv))
    return 2;

  gtk_init ();
  procfs = atlas_procfs_new ("/proc", &error);
  if (procfs == NULL)
    g_error ("%s", error->message);
  session = atlas_session_new (procfs);
  window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (window), options.width, options.height);
  gtk_window_set_child (GTK_WINDOW (window), new_content (session, &options));
  g_signal_connect (session, "notify::selected-address", G_CALLBACK (selected_cb), NULL);
  apply (session, &options);
  atlas_session_set_pid (session, options.pid);
  gtk_window_present (GTK_WINDOW (window));
  while (gtk_window_get_toplevels () != NULL
         && g_list_model_get_n_items (gtk_window_get_toplevels ()) > 0)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
