/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The history chart as a widget: painted by drawing, it adds the pointer, the keys and the cursor
 * that looks back in time: sample by sample, or from one thing that was done to the next. */

#include "atlas-config.h"

#include "atlas-history-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "atlas-appearance.h"
#include "atlas-chart.h"
#include "atlas-format.h"
#include "atlas-widget-canvas.h"

#define LEAST_WIDTH 240
#define HEIGHT 104
#define LEAST_SPAN G_USEC_PER_SEC * 60
#define MOST_SPAN G_USEC_PER_SEC * 600
/* Things done that are told of one sample. */
#define MOST_TOLD 5

struct _AtlasHistoryView
{
  GtkWidget parent_instance;

  AtlasSession *session;
  GSignalGroup *signals;
  AtlasWidgetCanvas canvas;
  GskRenderNode *node; /* NULL: to be painted */
  gboolean has_marks;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (AtlasHistoryView, atlas_history_view, GTK_TYPE_WIDGET)

/* The chart as it is now: the right edge is the newest sample, the left one a minute to ten ago. */
static gboolean
get_chart (AtlasHistoryView *self, AtlasChart *chart)
{
  AtlasCanvas *canvas = atlas_widget_canvas_get (&self->canvas, GTK_WIDGET (self));
  const AtlasHistoryPoint *points;
  guint n_points = 0;

  if (self->session == NULL)
    return FALSE;
  points = atlas_session_get_history (self->session, &n_points);
  if (n_points == 0)
    return FALSE;
  *chart = (AtlasChart){
    .points = points,
    .n_points = n_points,
    .now = points[n_points - 1].monotonic,
    .cursor = atlas_session_get_cursor (self->session),
    .width = gtk_widget_get_width (GTK_WIDGET (self)),
    .height = gtk_widget_get_height (GTK_WIDGET (self)),
  };
  chart->plot_width = atlas_chart_get_plot_width (canvas, chart->width);
  chart->marks = atlas_session_get_marks (self->session, &chart->n_marks);
  chart->span = CLAMP (chart->now - points[0].monotonic, LEAST_SPAN, MOST_SPAN);
  return TRUE;
}

static void
drop_node (AtlasHistoryView *self)
{
  g_clear_pointer (&self->node, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The point that is looked at, or the newest. */
static const AtlasHistoryPoint *
get_spoken (const AtlasChart *chart)
{
  if (chart->cursor == 0)
    return &chart->points[chart->n_points - 1];
  return atlas_chart_hit (chart, atlas_chart_get_x (chart, chart->cursor));
}

/* Index of the first mark after @monotonic. */
static guint
find_mark_after (const AtlasChart *chart, gint64 monotonic)
{
  guint i = 0;

  while (i < chart->n_marks && chart->marks[i].monotonic <= monotonic)
    i++;
  return i;
}

/* What was done, in the order of it; NULL if nothing was. */
static char *
join_marks (const AtlasHistoryMark *marks, guint n)
{
  GString *text;

  if (n == 0)
    return NULL;
  text = g_string_new (NULL);
  for (guint i = 0; i < MIN (n, MOST_TOLD); i++)
    {
      if (i > 0)
        /* Translators: between the parts of an enumeration. */
        g_string_append (text, _ (", "));
      g_string_append (text, marks[i].text);
    }
  if (n > MOST_TOLD)
    g_string_append_printf (text, _ (", and %u more"), n - MOST_TOLD);
  return g_string_free (text, FALSE);
}

/* What was done between the sample before @point and it, so that it is the first to show it. */
static char *
describe_done (const AtlasChart *chart, const AtlasHistoryPoint *point)
{
  guint first = point > chart->points ? find_mark_after (chart, (point - 1)->monotonic) : 0;
  guint end = find_mark_after (chart, point->monotonic);

  return join_marks (&chart->marks[first], end - first);
}

static char *
describe_point (const AtlasChart *chart, const AtlasHistoryPoint *point)
{
  g_autofree char *size = atlas_format_bytes (point->vm_size * 1024);
  g_autofree char *resident = atlas_format_bytes (point->vm_rss * 1024);
  g_autofree char *ago = atlas_format_duration (chart->now - point->monotonic);

  if (point->monotonic == chart->now)
    return g_strdup_printf (_ ("Now: VmSize %s, VmRSS %s"), size, resident);
  return g_strdup_printf (_ ("%s ago: VmSize %s, VmRSS %s"), ago, size, resident);
}

/* What was done last before @point, and how long before it. */
static char *
describe_last_done (const AtlasChart *chart, const AtlasHistoryPoint *point)
{
  guint n = find_mark_after (chart, point->monotonic);
  g_autofree char *ago = NULL;

  if (n == 0)
    return NULL;
  ago = atlas_format_duration (point->monotonic - chart->marks[n - 1].monotonic);
  /* Translators: a time, as "4 s", and what was done then: "4 s before: malloc 256 KiB → mmap". */
  return g_strdup_printf (_ ("%s before: %s"), ago, chart->marks[n - 1].text);
}

static char *
describe_with_marks (const AtlasChart *chart, const AtlasHistoryPoint *point)
{
  g_autofree char *values = describe_point (chart, point);
  g_autofree char *done = describe_done (chart, point);

  if (done != NULL)
    /* Translators: counters, and what was done just before: "… after malloc 256 KiB → mmap". */
    return g_strdup_printf (_ ("%s, after %s"), values, done);
  done = describe_last_done (chart, point);
  return done != NULL ? g_strdup_printf (_ ("%s; %s"), values, done) : g_steal_pointer (&values);
}

static void
update_description (AtlasHistoryView *self)
{
  AtlasChart chart;
  g_autofree char *text = NULL;

  if (get_chart (self, &chart))
    text = describe_with_marks (&chart, get_spoken (&chart));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

static void
changed_cb (AtlasHistoryView *self)
{
  update_description (self);
  drop_node (self);
}

/* The first mark makes room for the words of all. */
static void
marked_cb (AtlasHistoryView *self)
{
  guint n_marks = 0;

  if (self->session != NULL)
    atlas_session_get_marks (self->session, &n_marks);
  if (self->has_marks != (n_marks > 0))
    gtk_widget_queue_resize (GTK_WIDGET (self));
  self->has_marks = n_marks > 0;
  changed_cb (self);
}

static void
paint_chart (AtlasCanvas *canvas, const graphene_rect_t *area, gpointer user_data)
{
  atlas_chart_paint (canvas, user_data);
}

static void
atlas_history_view_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasHistoryView *self = ATLAS_HISTORY_VIEW (widget);
  AtlasChart chart;
  graphene_rect_t area;

  if (!get_chart (self, &chart) || chart.width < 1 || chart.height < 1)
    return;
  graphene_rect_init (&area, 0, 0, (float) chart.width, (float) chart.height);
  if (self->node == NULL)
    self->node = atlas_widget_canvas_record (&self->canvas, widget, &area, paint_chart, &chart);
  gtk_snapshot_append_node (snapshot, self->node);
}

static void
atlas_history_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  drop_node (ATLAS_HISTORY_VIEW (widget));
}

static void
atlas_history_view_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  AtlasHistoryView *self = ATLAS_HISTORY_VIEW (widget);
  AtlasCanvas *canvas = atlas_widget_canvas_get (&self->canvas, widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = LEAST_WIDTH;
  else
    *minimum = *natural =
        HEIGHT + (self->has_marks ? (int) ceil (atlas_chart_get_marks_height (canvas)) : 0);
}

/* What is at the pointer: the sample nearest to it, and what was done there. */
static char *
describe_place (AtlasHistoryView *self, const AtlasChart *chart, double x, double y)
{
  AtlasCanvas *canvas = atlas_widget_canvas_get (&self->canvas, GTK_WIDGET (self));
  guint n_marks;
  const AtlasHistoryMark *marks = atlas_chart_hit_marks (canvas, chart, x, y, &n_marks);
  g_autofree char *values = describe_point (chart, atlas_chart_hit (chart, x));
  g_autofree char *done = join_marks (marks, n_marks);

  return done != NULL ? g_strdup_printf ("%s\n%s", done, values) : g_steal_pointer (&values);
}

static gboolean
query_tooltip_cb (AtlasHistoryView *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  AtlasChart chart;
  g_autofree char *text = NULL;

  if (!get_chart (self, &chart))
    return FALSE;
  text = keyboard ? describe_with_marks (&chart, get_spoken (&chart))
                  : describe_place (self, &chart, x, y);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
look_at_point (AtlasHistoryView *self, const AtlasChart *chart, const AtlasHistoryPoint *point)
{
  atlas_session_set_cursor (self->session, point->monotonic == chart->now ? 0 : point->monotonic);
}

/* Looks at the sample nearest to @x; right of the newest is now. */
static void
look_at (AtlasHistoryView *self, double x)
{
  AtlasChart chart;
  const AtlasHistoryPoint *point;

  if (!get_chart (self, &chart))
    return;
  point = atlas_chart_hit (&chart, x);
  look_at_point (self, &chart, point);
}

static void
drag_begin_cb (AtlasHistoryView *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  look_at (self, x);
}

static void
drag_update_cb (AtlasHistoryView *self, double dx, double dy, GtkGestureDrag *gesture)
{
  double x, y;

  if (gtk_gesture_drag_get_start_point (gesture, &x, &y))
    look_at (self, x + dx);
}

/* One sample earlier or later. */
static void
step (AtlasHistoryView *self, int by)
{
  AtlasChart chart;
  gint64 index;

  if (!get_chart (self, &chart))
    return;
  index = get_spoken (&chart) - chart.points + by;
  if (index >= (gint64) chart.n_points - 1)
    atlas_session_set_cursor (self->session, 0);
  else if (index >= 0)
    atlas_session_set_cursor (self->session, chart.points[index].monotonic);
}

/* The first sample that shows what @mark did; NULL when there is none yet. */
static const AtlasHistoryPoint *
find_shown (const AtlasChart *chart, guint mark)
{
  for (guint i = 0; i < chart->n_points; i++)
    if (chart->points[i].monotonic >= chart->marks[mark].monotonic)
      return &chart->points[i];
  return NULL;
}

/* To what was done before, or after, what is looked at; after the last of it: now. */
static void
step_mark (AtlasHistoryView *self, int by)
{
  AtlasChart chart;
  const AtlasHistoryPoint *spoken, *shown;
  int first, end;

  if (!get_chart (self, &chart))
    return;
  spoken = get_spoken (&chart);
  first = by < 0 ? (int) chart.n_marks - 1 : 0;
  end = by < 0 ? -1 : (int) chart.n_marks;
  for (int i = first; i != end; i += by)
    {
      shown = find_shown (&chart, (guint) i);
      if (shown != NULL && (by < 0 ? shown < spoken : shown > spoken))
        {
          look_at_point (self, &chart, shown);
          return;
        }
    }
  if (by > 0)
    atlas_session_set_cursor (self->session, 0);
}

static gboolean
key_pressed_cb (AtlasHistoryView *self, guint keyval, guint keycode, GdkModifierType state)
{
  void (*go) (AtlasHistoryView *, int) = state & GDK_CONTROL_MASK ? step_mark : step;

  if (self->session == NULL)
    return FALSE;
  if (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left)
    go (self, -1);
  else if (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
    go (self, 1);
  else if (keyval == GDK_KEY_End
           || (keyval == GDK_KEY_Escape && atlas_session_get_cursor (self->session) != 0))
    atlas_session_set_cursor (self->session, 0);
  else
    return FALSE;
  return TRUE;
}

static void
atlas_history_view_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, ATLAS_HISTORY_VIEW (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_history_view_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    atlas_history_view_set_session (ATLAS_HISTORY_VIEW (object), g_value_get_object (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
atlas_history_view_dispose (GObject *object)
{
  AtlasHistoryView *self = ATLAS_HISTORY_VIEW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->session);
  g_clear_pointer (&self->node, gsk_render_node_unref);
  atlas_widget_canvas_clear (&self->canvas);

  G_OBJECT_CLASS (atlas_history_view_parent_class)->dispose (object);
}

static void
atlas_history_view_class_init (AtlasHistoryViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_history_view_dispose;
  object_class->get_property = atlas_history_view_get_property;
  object_class->set_property = atlas_history_view_set_property;
  widget_class->measure = atlas_history_view_measure;
  widget_class->size_allocate = atlas_history_view_size_allocate;
  widget_class->snapshot = atlas_history_view_snapshot;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, ATLAS_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_css_name (widget_class, "historyview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_input (AtlasHistoryView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
atlas_history_view_init (AtlasHistoryView *self)
{
  self->signals = g_signal_group_new (ATLAS_TYPE_SESSION);
  g_signal_group_connect_swapped (self->signals, "sampled", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "marked", G_CALLBACK (marked_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::pid", G_CALLBACK (marked_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::snapshot", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::cursor", G_CALLBACK (changed_cb), self);
  g_signal_connect_object (atlas_appearance_get_default (), "changed", G_CALLBACK (drop_node), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("History"), -1);
  add_input (self);
}

void
atlas_history_view_set_session (AtlasHistoryView *self, AtlasSession *session)
{
  g_return_if_fail (ATLAS_IS_HISTORY_VIEW (self));
  g_return_if_fail (session == NULL || ATLAS_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  g_signal_group_set_target (self->signals, session);
  marked_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
