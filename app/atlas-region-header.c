/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Buttons where the columns are. Each has its arrow all the time, seen or not, so that no title
 * moves when the rows are sorted by another. */

#include "atlas-config.h"

#include "atlas-region-header.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

/* Pixels to either side of an edge, at which it can be dragged. */
#define EDGE 5
#define KEY "atlas-region-column"

struct _AtlasRegionHeader
{
  GtkWidget parent_instance;

  AtlasColumnWidths *widths;
  GtkAdjustment *adjustment;
  GtkWidget *titles[ATLAS_N_REGION_COLUMNS];
  GtkWidget *arrows[ATLAS_N_REGION_COLUMNS]; /* NULL: it cannot be sorted by */
  AtlasRegionColumn dragged;
  int dragged_width; /* when the drag began */
};

enum
{
  SIGNAL_SORT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AtlasRegionHeader, atlas_region_header, GTK_TYPE_WIDGET)

static gboolean
is_mirrored (AtlasRegionHeader *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static int
get_offset (AtlasRegionHeader *self)
{
  return self->adjustment != NULL ? (int) gtk_adjustment_get_value (self->adjustment) : 0;
}

static int
get_total (AtlasRegionHeader *self)
{
  return MAX (atlas_column_widths_get_total (self->widths),
              gtk_widget_get_width (GTK_WIDGET (self)));
}

/* @x of the columns, as they are from the left, at @x of the widget. */
static int
to_columns (AtlasRegionHeader *self, double x)
{
  int place = (int) x + get_offset (self);

  return is_mirrored (self) ? get_total (self) - place : place;
}

/* --- sorting --------------------------------------------------------------------------------- */

static void
clicked_cb (AtlasRegionHeader *self, GtkWidget *title)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (title), KEY));

  g_signal_emit (self, signals[SIGNAL_SORT], 0, column);
}

void
atlas_region_header_set_sorted (AtlasRegionHeader *self,
                                AtlasRegionColumn column,
                                gboolean descending)
{
  g_return_if_fail (ATLAS_IS_REGION_HEADER (self) && column < ATLAS_N_REGION_COLUMNS);

  for (AtlasRegionColumn i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    {
      GtkAccessibleSort sort = GTK_ACCESSIBLE_SORT_NONE;

      if (self->arrows[i] == NULL)
        continue;
      if (i == column)
        sort = descending ? GTK_ACCESSIBLE_SORT_DESCENDING : GTK_ACCESSIBLE_SORT_ASCENDING;
      gtk_widget_set_opacity (self->arrows[i], i == column ? 1.0 : 0.0);
      gtk_image_set_from_icon_name (GTK_IMAGE (self->arrows[i]), i == column && descending
                                                                     ? "pan-down-symbolic"
                                                                     : "pan-up-symbolic");
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->titles[i]),
                                      GTK_ACCESSIBLE_PROPERTY_SORT, sort, -1);
    }
}

/* --- dragging edges -------------------------------------------------------------------------- */

/* The column whose end is at @x of the widget. */
static gboolean
find_edge (AtlasRegionHeader *self, double x, AtlasRegionColumn *column)
{
  int place = to_columns (self, x);

  for (AtlasRegionColumn i = 0; self->widths != NULL && i < ATLAS_N_REGION_COLUMNS; i++)
    if (abs (atlas_column_widths_get_left (self->widths, i)
             + atlas_column_widths_get_width (self->widths, i) - place)
        <= EDGE)
      {
        *column = i;
        return TRUE;
      }
  return FALSE;
}

static void
motion_cb (AtlasRegionHeader *self, double x, double y)
{
  AtlasRegionColumn column;

  gtk_widget_set_cursor_from_name (GTK_WIDGET (self),
                                   find_edge (self, x, &column) ? "col-resize" : NULL);
}

static void
drag_begin_cb (AtlasRegionHeader *self, double x, double y, GtkGesture *gesture)
{
  if (!find_edge (self, x, &self->dragged))
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  self->dragged_width = atlas_column_widths_get_width (self->widths, self->dragged);
}

static void
drag_update_cb (AtlasRegionHeader *self, double x, double y)
{
  int by = is_mirrored (self) ? -(int) x : (int) x;

  atlas_column_widths_choose (self->widths, self->dragged, self->dragged_width + by);
}

static void
add_input (AtlasRegionHeader *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  /* Before the buttons. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drag), GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

/* --- layout ---------------------------------------------------------------------------------- */

/* Before anything is laid out. */
static void
update_needs (AtlasRegionHeader *self)
{
  for (AtlasRegionColumn i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    {
      int natural;

      gtk_widget_measure (self->titles[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                          NULL);
      atlas_column_widths_need (self->widths, ATLAS_COLUMN_TITLE, i, natural);
    }
}

/* It is as wide as what is below it, and asks for nothing by itself. */
static void
atlas_region_header_measure (GtkWidget *widget,
                             GtkOrientation orientation,
                             int for_size,
                             int *minimum,
                             int *natural,
                             int *minimum_baseline,
                             int *natural_baseline)
{
  AtlasRegionHeader *self = ATLAS_REGION_HEADER (widget);

  update_needs (self);
  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;
  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    {
      int height;

      gtk_widget_measure (self->titles[i], orientation, -1, NULL, &height, NULL, NULL);
      *minimum = *natural = MAX (*natural, height);
    }
}

static void
atlas_region_header_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AtlasRegionHeader *self = ATLAS_REGION_HEADER (widget);

  atlas_column_widths_fit (self->widths, width);
  for (AtlasRegionColumn i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    {
      int title_width = atlas_column_widths_get_width (self->widths, i);
      int left = atlas_column_widths_get_left (self->widths, i);
      int least;
      GtkAllocation allocation;

      gtk_widget_measure (self->titles[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL,
                          NULL);
      title_width = MAX (title_width, least);
      if (is_mirrored (self))
        left = get_total (self) - left - title_width;
      allocation = (GtkAllocation){ left - get_offset (self), 0, title_width, height };
      gtk_widget_size_allocate (self->titles[i], &allocation, -1);
    }
}

/* --- the object ------------------------------------------------------------------------------ */

static void
atlas_region_header_dispose (GObject *object)
{
  AtlasRegionHeader *self = ATLAS_REGION_HEADER (object);

  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    g_clear_pointer (&self->titles[i], gtk_widget_unparent);
  g_clear_object (&self->widths);
  g_clear_object (&self->adjustment);
  G_OBJECT_CLASS (atlas_region_header_parent_class)->dispose (object);
}

static void
atlas_region_header_class_init (AtlasRegionHeaderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_header_dispose;
  widget_class->measure = atlas_region_header_measure;
  widget_class->size_allocate = atlas_region_header_size_allocate;
  signals[SIGNAL_SORT] = g_signal_new ("sort", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_css_name (widget_class, "tableheader");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ROW);
}

static GtkWidget *
new_title_label (AtlasRegionColumn column)
{
  GtkWidget *label = gtk_label_new (atlas_region_column_get_title (column));

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), 0);
  return label;
}

/* The arrow stands where the texts below do not begin. */
static GtkWidget *
new_title (AtlasRegionHeader *self, AtlasRegionColumn column)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 2);
  GtkWidget *label = new_title_label (column);
  GtkWidget *title = g_object_new (GTK_TYPE_BUTTON, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_COLUMN_HEADER, "child", box, NULL);
  gboolean number = atlas_region_column_is_number (column);

  gtk_box_append (GTK_BOX (box), label);
  gtk_widget_set_halign (box, number ? GTK_ALIGN_END : GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (title), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  atlas_region_column_get_title (column), -1);
  if (!atlas_region_column_can_sort (column))
    {
      gtk_widget_set_can_target (title, FALSE);
      gtk_widget_set_focusable (title, FALSE);
      return title;
    }
  self->arrows[column] = gtk_image_new_from_icon_name ("pan-up-symbolic");
  gtk_widget_set_opacity (self->arrows[column], 0.0);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->arrows[column]), GTK_ACCESSIBLE_STATE_HIDDEN,
                               TRUE, -1);
  if (number)
    gtk_box_prepend (GTK_BOX (box), self->arrows[column]);
  else
    gtk_box_append (GTK_BOX (box), self->arrows[column]);
  g_object_set_data (G_OBJECT (title), KEY, GUINT_TO_POINTER (column));
  g_signal_connect_swapped (title, "clicked", G_CALLBACK (clicked_cb), self);
  return title;
}

static void
atlas_region_header_init (AtlasRegionHeader *self)
{
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    {
      self->titles[column] = new_title (self, column);
      gtk_widget_set_parent (self->titles[column], GTK_WIDGET (self));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Columns"), -1);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  add_input (self);
}

void
atlas_region_header_set_widths (AtlasRegionHeader *self, AtlasColumnWidths *widths)
{
  g_return_if_fail (ATLAS_IS_REGION_HEADER (self) && self->widths == NULL);

  self->widths = g_object_ref (widths);
  g_signal_connect_object (widths, "changed", G_CALLBACK (gtk_widget_queue_allocate), self,
                           G_CONNECT_SWAPPED);
}

void
atlas_region_header_set_adjustment (AtlasRegionHeader *self, GtkAdjustment *adjustment)
{
  g_return_if_fail (ATLAS_IS_REGION_HEADER (self) && self->adjustment == NULL);

  self->adjustment = g_object_ref (adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (gtk_widget_queue_allocate),
                           self, G_CONNECT_SWAPPED);
}
