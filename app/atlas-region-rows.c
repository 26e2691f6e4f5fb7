/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Row widgets are handed from one region to the next. The one with the keyboard's focus is kept
 * although it is scrolled away, or the focus would be lost. Children are in the order of the rows,
 * as those see them who do not see the screen. */

#include "atlas-config.h"

#include "atlas-region-rows.h"

#include <math.h>

#include "atlas-region-row.h"

#define LEAST_HEIGHT 80
#define NATURAL_HEIGHT 400
#define NATURAL_WIDTH 600
#define NOWHERE GTK_INVALID_LIST_POSITION

struct _AtlasRegionRows
{
  GtkWidget parent_instance;

  AtlasColumnWidths *widths;
  GtkAdjustment *hadjustment, *vadjustment;
  GtkScrollablePolicy hscroll_policy, vscroll_policy;

  AtlasRegionOrder *order;
  GPtrArray *rows; /* AtlasRegionRow, our children; first those that are seen, by number. At least
                    * one, so that there is one to measure */
  int pitch;       /* pixels from row to row; 0: not known yet */
  guint serial;    /* of the fonts that it is of */
  guint widths_serial;
  guint64 cursor; /* start of the region whose row has, or gets, the focus; 0: none */
  guint64 selected;
  guint64 to_reveal; /* as soon as it is known where it is; 0: nothing */
  AtlasCounter highlight;
  guint first, n_seen; /* as last told */
};

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  SIGNAL_SELECTED,
  SIGNAL_ACTIVATED,
  SIGNAL_RANGE_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (AtlasRegionRows,
                               atlas_region_rows,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* --- place ----------------------------------------------------------------------------------- */

static guint
get_n_rows (AtlasRegionRows *self)
{
  return self->order != NULL ? atlas_region_order_get_n_rows (self->order) : 0;
}

/* On whole pixels, or the letters would blur. */
static int
get_offset (GtkAdjustment *adjustment)
{
  return adjustment != NULL ? (int) round (gtk_adjustment_get_value (adjustment)) : 0;
}

static AtlasRegionRow *
get_row (AtlasRegionRows *self, guint index)
{
  return ATLAS_REGION_ROW (g_ptr_array_index (self->rows, index));
}

static AtlasRegionRow *
new_row (AtlasRegionRows *self)
{
  GtkWidget *row = atlas_region_row_new (self->widths);

  gtk_widget_set_parent (row, GTK_WIDGET (self));
  return ATLAS_REGION_ROW (row);
}

/* Heights and widths are those of the fonts. Before anything is laid out. */
static void
follow_fonts (AtlasRegionRows *self)
{
  AtlasRegionRow *row = get_row (self, 0);
  guint serial = atlas_region_row_get_serial (row);

  if (self->pitch > 0 && self->serial == serial)
    return;
  self->serial = serial;
  self->pitch = atlas_region_row_get_height (row);
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    atlas_column_widths_need (self->widths, ATLAS_COLUMN_TEXTS, column,
                              atlas_region_row_measure_column (row, column));
}

static gboolean
find_row (AtlasRegionRows *self, guint64 address, guint *number)
{
  return address != 0 && self->order != NULL
         && atlas_region_order_find (self->order, address, number);
}

/* Rows from @first up to @end are seen, at least in part. */
static void
get_range (AtlasRegionRows *self, guint *first, guint *end)
{
  int top = get_offset (self->vadjustment);
  int bottom = top + gtk_widget_get_height (GTK_WIDGET (self));
  int pitch = MAX (self->pitch, 1);

  *end = (guint) MIN ((gint64) get_n_rows (self), (bottom + pitch - 1) / pitch);
  *first = (guint) MIN ((gint64) *end, top / pitch);
}

static void
configure_adjustments (AtlasRegionRows *self, double value)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));
  double all_width = MAX (atlas_column_widths_get_total (self->widths), width);
  double all_height = MAX ((double) get_n_rows (self) * self->pitch, height);

  if (self->hadjustment != NULL)
    gtk_adjustment_configure (
        self->hadjustment,
        CLAMP (gtk_adjustment_get_value (self->hadjustment), 0, all_width - width), 0, all_width,
        width * 0.1, width * 0.9, width);
  if (self->vadjustment != NULL)
    gtk_adjustment_configure (self->vadjustment, CLAMP (value, 0, all_height - height), 0,
                              all_height, self->pitch, MAX (height - self->pitch, self->pitch),
                              height);
}

/* --- the rows that are seen ------------------------------------------------------------------ */

/* The row with the keyboard's focus, if it is one of ours. */
static AtlasRegionRow *
get_focused (AtlasRegionRows *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self));

  return row != NULL && gtk_widget_has_focus (row) ? ATLAS_REGION_ROW (row) : NULL;
}

static void
show_row (AtlasRegionRows *self, AtlasRegionRow *row, guint number)
{
  guint selected = NOWHERE;

  find_row (self, self->selected, &selected);
  atlas_region_row_show (row, self->order, number);
  atlas_region_row_set_highlight (row, self->highlight);
  atlas_region_row_set_selected (row, number == selected);
  gtk_widget_set_child_visible (GTK_WIDGET (row), TRUE);
}

/* Puts those of @before that show one of the rows from @first on at its place; the focused one
 * stands for the cursor's, which may have moved. */
static void
keep_rows (AtlasRegionRows *self, GPtrArray *before, guint first, guint cursor)
{
  AtlasRegionRow *focused = get_focused (self);

  for (guint i = before->len; i-- > 0;)
    {
      AtlasRegionRow *row = before->pdata[i];
      guint number = row == focused ? cursor : atlas_region_row_get_number (row);

      if (number == NOWHERE || number < first || number - first >= self->rows->len
          || (row != focused && number == cursor && focused != NULL))
        continue;
      self->rows->pdata[number - first] = row;
      g_ptr_array_remove_index (before, i);
    }
}

/* One that shows something else. */
static AtlasRegionRow *
take_spare (AtlasRegionRows *self, GPtrArray *before)
{
  AtlasRegionRow *focused = get_focused (self);

  for (guint i = before->len; i-- > 0;)
    if (before->pdata[i] != focused)
      return g_ptr_array_remove_index (before, i);
  return new_row (self);
}

/* What is not seen is not there, but for the row with the focus. */
static void
set_aside (AtlasRegionRows *self, GPtrArray *rest, guint cursor)
{
  AtlasRegionRow *focused = get_focused (self);

  for (guint i = 0; i < rest->len; i++)
    {
      AtlasRegionRow *row = rest->pdata[i];

      if (row == focused && cursor != NOWHERE)
        show_row (self, row, cursor);
      else
        {
          gtk_widget_set_child_visible (GTK_WIDGET (row), FALSE);
          atlas_region_row_clear (row);
        }
      g_ptr_array_add (self->rows, row);
    }
}

static void
put_in_order (AtlasRegionRows *self)
{
  GtkWidget *before = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (gtk_widget_get_prev_sibling (row) != before)
        gtk_widget_insert_after (row, GTK_WIDGET (self), before);
      before = row;
    }
}

static void
tell_range (AtlasRegionRows *self, guint first, guint n_seen)
{
  if (self->first == first && self->n_seen == n_seen)
    return;
  self->first = first;
  self->n_seen = n_seen;
  g_signal_emit (self, signals[SIGNAL_RANGE_CHANGED], 0);
}

/* Gives every row that is seen a widget. */
static void
update_rows (AtlasRegionRows *self)
{
  g_autoptr (GPtrArray) before = NULL;
  guint first, end, cursor = NOWHERE;

  if (self->pitch == 0 || gtk_widget_get_height (GTK_WIDGET (self)) <= 0)
    return;
  get_range (self, &first, &end);
  find_row (self, self->cursor, &cursor);
  before = self->rows;
  self->rows = g_ptr_array_sized_new (MAX (before->len, end - first));
  g_ptr_array_set_size (self->rows, (gint) (end - first));
  keep_rows (self, before, first, cursor);
  for (guint i = 0; i < end - first; i++)
    {
      if (self->rows->pdata[i] == NULL)
        self->rows->pdata[i] = take_spare (self, before);
      show_row (self, self->rows->pdata[i], first + i);
    }
  set_aside (self, before, cursor);
  put_in_order (self);
  tell_range (self, first, end - first);
}

static void
value_changed_cb (AtlasRegionRows *self)
{
  update_rows (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- going from row to row ------------------------------------------------------------------- */

static void
reveal_row (AtlasRegionRows *self, guint number)
{
  double top = (double) number * self->pitch;

  if (self->vadjustment != NULL && self->pitch > 0)
    gtk_adjustment_clamp_page (self->vadjustment, top, top + self->pitch);
}

/* Before there are rows, and a height, nothing can be scrolled to. */
static void
reveal_pending (AtlasRegionRows *self)
{
  guint number;

  if (self->to_reveal == 0 || self->pitch == 0 || get_n_rows (self) == 0
      || gtk_widget_get_height (GTK_WIDGET (self)) <= 0)
    return;
  if (find_row (self, self->to_reveal, &number))
    reveal_row (self, number);
  self->to_reveal = 0;
}

static AtlasRegionRow *
find_shown (AtlasRegionRows *self, guint number)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (atlas_region_row_get_number (get_row (self, i)) == number)
      return get_row (self, i);
  return NULL;
}

/* The row that keys go from: the cursor's, the selected one, or the first that is seen. */
static guint
get_current (AtlasRegionRows *self)
{
  guint number, end;

  if (find_row (self, self->cursor, &number) || find_row (self, self->selected, &number))
    return number;
  get_range (self, &number, &end);
  return number < end ? number : NOWHERE;
}

static gboolean
focus_row (AtlasRegionRows *self, guint number)
{
  AtlasRegionRow *row;

  if (number == NOWHERE)
    return FALSE;
  self->cursor = atlas_region_order_get_region (self->order, number)->start;
  reveal_row (self, number);
  row = find_shown (self, number);
  return row != NULL && gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
choose_row (AtlasRegionRows *self, guint number)
{
  focus_row (self, number);
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0,
                 atlas_region_order_get_region (self->order, number)->start);
}

static gboolean
move_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (widget);
  gint64 n_rows = get_n_rows (self), current = get_current (self), target;
  gint32 lines, pages;

  g_variant_get (args, "(ii)", &lines, &pages);
  if (n_rows == 0 || current == NOWHERE)
    return FALSE;
  target = current + lines
           + (gint64) pages * MAX (gtk_widget_get_height (widget) / MAX (self->pitch, 1) - 1, 1);
  choose_row (self, (guint) CLAMP (target, 0, n_rows - 1));
  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (widget);
  guint number;

  if (!find_row (self, self->cursor, &number))
    return FALSE;
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, self->cursor);
  return TRUE;
}

/* The number of the row at @y of the widget. */
static gboolean
hit (AtlasRegionRows *self, double y, guint *number)
{
  double place = y + get_offset (self->vadjustment);

  if (self->pitch == 0 || place < 0 || place >= (double) get_n_rows (self) * self->pitch)
    return FALSE;
  *number = (guint) (place / self->pitch);
  return TRUE;
}

static void
pressed_cb (AtlasRegionRows *self, int n_press, double x, double y)
{
  guint number;

  if (n_press == 2 && hit (self, y, &number))
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0,
                   atlas_region_order_get_region (self->order, number)->start);
}

/* On release, so that a finger that scrolls selects nothing. */
static void
released_cb (AtlasRegionRows *self, int n_press, double x, double y)
{
  guint number;

  if (n_press == 1 && hit (self, y, &number))
    choose_row (self, number);
}

/* Until there are rows it has the focus itself, so that keys find it. */
static gboolean
atlas_region_rows_grab_focus (GtkWidget *widget)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (widget);

  return focus_row (self, get_current (self))
         || GTK_WIDGET_CLASS (atlas_region_rows_parent_class)->grab_focus (widget);
}

/* Into the rows, by whatever way, is to the cursor; and by Tab out of them again. */
static gboolean
atlas_region_rows_focus (GtkWidget *widget, GtkDirectionType direction)
{
  if (gtk_widget_get_focus_child (widget) != NULL || gtk_widget_has_focus (widget))
    return FALSE;
  return atlas_region_rows_grab_focus (widget);
}

/* A row may have got the focus by itself, from assistive technology. */
static void
focus_entered_cb (AtlasRegionRows *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self));
  AtlasRegion *region = row != NULL ? atlas_region_row_get_region (ATLAS_REGION_ROW (row)) : NULL;

  if (region != NULL)
    self->cursor = region->start;
}

/* --- layout ---------------------------------------------------------------------------------- */

static void
atlas_region_rows_measure (GtkWidget *widget,
                           GtkOrientation orientation,
                           int for_size,
                           int *minimum,
                           int *natural,
                           int *minimum_baseline,
                           int *natural_baseline)
{
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  follow_fonts (ATLAS_REGION_ROWS (widget));
  *minimum = horizontal ? 0 : LEAST_HEIGHT;
  *natural = horizontal ? NATURAL_WIDTH : NATURAL_HEIGHT;
}

static void
allocate_row (AtlasRegionRows *self, AtlasRegionRow *row, int width)
{
  int offset = get_offset (self->hadjustment);
  GtkAllocation allocation = { -offset, 0, width, self->pitch };
  int least;

  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (row), GTK_ORIENTATION_VERTICAL, -1, &least, NULL, NULL, NULL);
  allocation.y = (int) ((gint64) atlas_region_row_get_number (row) * self->pitch
                        - get_offset (self->vadjustment));
  gtk_widget_size_allocate (GTK_WIDGET (row), &allocation, -1);
}

/* A row is not laid out anew just because its columns are elsewhere. */
static void
move_cells (AtlasRegionRows *self)
{
  guint serial = atlas_column_widths_get_serial (self->widths);

  for (guint i = 0; serial != self->widths_serial && i < self->rows->len; i++)
    gtk_widget_queue_allocate (g_ptr_array_index (self->rows, i));
  self->widths_serial = serial;
}

static void
atlas_region_rows_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (widget);
  int all_width;

  atlas_column_widths_fit (self->widths, width);
  configure_adjustments (
      self, self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0);
  reveal_pending (self);
  update_rows (self);
  move_cells (self);
  all_width = MAX (atlas_column_widths_get_total (self->widths), width);
  for (guint i = 0; i < self->rows->len; i++)
    if (atlas_region_row_get_number (get_row (self, i)) != NOWHERE)
      allocate_row (self, get_row (self, i), all_width);
}

/* --- the object ------------------------------------------------------------------------------ */

static void
set_adjustment (AtlasRegionRows *self,
                GtkAdjustment **current,
                GtkAdjustment *adjustment,
                GCallback callback)
{
  if (*current == adjustment)
    return;
  if (*current != NULL)
    g_signal_handlers_disconnect_by_data (*current, self);
  g_set_object (current, adjustment);
  if (adjustment == NULL)
    return;
  g_signal_connect_swapped (adjustment, "value-changed", callback, self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
atlas_region_rows_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_region_rows_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      set_adjustment (self, &self->hadjustment, g_value_get_object (value),
                      G_CALLBACK (gtk_widget_queue_allocate));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, &self->vadjustment, g_value_get_object (value),
                      G_CALLBACK (value_changed_cb));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = (GtkScrollablePolicy) g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
atlas_region_rows_dispose (GObject *object)
{
  AtlasRegionRows *self = ATLAS_REGION_ROWS (object);

  set_adjustment (self, &self->hadjustment, NULL, NULL);
  set_adjustment (self, &self->vadjustment, NULL, NULL);
  for (guint i = 0; i < self->rows->len; i++)
    gtk_widget_unparent (g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  g_clear_pointer (&self->order, atlas_region_order_unref);
  g_clear_object (&self->widths);
  G_OBJECT_CLASS (atlas_region_rows_parent_class)->dispose (object);
}

static void
atlas_region_rows_finalize (GObject *object)
{
  g_ptr_array_unref (ATLAS_REGION_ROWS (object)->rows);
  G_OBJECT_CLASS (atlas_region_rows_parent_class)->finalize (object);
}

static void
add_move (GtkWidgetClass *widget_class, guint keyval, guint keypad_keyval, int lines, int pages)
{
  gtk_widget_class_add_binding (widget_class, keyval, 0, move_cb, "(ii)", lines, pages);
  gtk_widget_class_add_binding (widget_class, keypad_keyval, 0, move_cb, "(ii)", lines, pages);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  add_move (widget_class, GDK_KEY_Up, GDK_KEY_KP_Up, -1, 0);
  add_move (widget_class, GDK_KEY_Down, GDK_KEY_KP_Down, 1, 0);
  add_move (widget_class, GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, 0, -1);
  add_move (widget_class, GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 0, 1);
  add_move (widget_class, GDK_KEY_Home, GDK_KEY_KP_Home, -G_MAXINT, 0);
  add_move (widget_class, GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT, 0);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_ISO_Enter, 0, activate_cb, NULL);
}

static guint
add_signal (AtlasRegionRowsClass *klass, const char *name, guint n_parameters)
{
  return g_signal_new (name, G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_parameters, G_TYPE_UINT64);
}

static void
atlas_region_rows_class_init (AtlasRegionRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = atlas_region_rows_dispose;
  object_class->finalize = atlas_region_rows_finalize;
  object_class->get_property = atlas_region_rows_get_property;
  object_class->set_property = atlas_region_rows_set_property;
  widget_class->measure = atlas_region_rows_measure;
  widget_class->size_allocate = atlas_region_rows_size_allocate;
  widget_class->focus = atlas_region_rows_focus;
  widget_class->grab_focus = atlas_region_rows_grab_focus;

  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[SIGNAL_SELECTED] = add_signal (klass, "selected", 1);
  signals[SIGNAL_ACTIVATED] = add_signal (klass, "activated", 1);
  signals[SIGNAL_RANGE_CHANGED] = add_signal (klass, "range-changed", 0);

  add_keys (widget_class);
  gtk_widget_class_set_css_name (widget_class, "tablerows");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
atlas_region_rows_init (AtlasRegionRows *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->rows = g_ptr_array_new ();
  self->highlight = ATLAS_COUNTER_NONE;
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect_swapped (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
  g_signal_connect_swapped (focus, "enter", G_CALLBACK (focus_entered_cb), self);
  gtk_widget_add_controller (widget, focus);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (widget, TRUE);
}

void
atlas_region_rows_set_widths (AtlasRegionRows *self, AtlasColumnWidths *widths)
{
  g_return_if_fail (ATLAS_IS_REGION_ROWS (self) && self->widths == NULL);

  self->widths = g_object_ref (widths);
  g_signal_connect_object (widths, "changed", G_CALLBACK (gtk_widget_queue_allocate), self,
                           G_CONNECT_SWAPPED);
  g_ptr_array_add (self->rows, new_row (self));
}

/* The value at which what is at the top now will be there in @order, too. */
static double
find_value (AtlasRegionRows *self, AtlasRegionOrder *order)
{
  const AtlasRegionWish *wish = atlas_region_order_get_wish (order);
  double value = self->vadjustment != NULL ? gtk_adjustment_get_value (self->vadjustment) : 0;
  guint first = (guint) (value / MAX (self->pitch, 1)), number;

  if (self->order == NULL || value <= 0 || first >= get_n_rows (self)
      || atlas_region_column_is_restless (wish->column))
    return value;
  if (!atlas_region_order_find (order, atlas_region_order_get_region (self->order, first)->start,
                                &number))
    return value;
  return value + ((double) number - first) * self->pitch;
}

/* Where the cursor's region is not in @order, its row is the next one's. */
static void
keep_cursor (AtlasRegionRows *self, AtlasRegionOrder *order)
{
  guint n_rows = atlas_region_order_get_n_rows (order), number;

  if (n_rows > 0 && find_row (self, self->cursor, &number)
      && !atlas_region_order_find (order, self->cursor, &(guint){ 0 }))
    self->cursor = atlas_region_order_get_region (order, MIN (number, n_rows - 1))->start;
}

void
atlas_region_rows_set_order (AtlasRegionRows *self, AtlasRegionOrder *order)
{
  gboolean alike;
  double value = 0;

  g_return_if_fail (ATLAS_IS_REGION_ROWS (self) && order != NULL);

  alike = self->order != NULL
          && atlas_region_wish_equal (atlas_region_order_get_wish (self->order),
                                      atlas_region_order_get_wish (order));
  if (alike)
    value = find_value (self, order);
  keep_cursor (self, order);
  atlas_region_order_ref (order);
  g_clear_pointer (&self->order, atlas_region_order_unref);
  self->order = order;
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_COUNT,
                                  (int) get_n_rows (self), -1);
  configure_adjustments (self, value);
  reveal_pending (self);
  update_rows (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
atlas_region_rows_select (AtlasRegionRows *self, guint64 address)
{
  guint number = NOWHERE;

  g_return_if_fail (ATLAS_IS_REGION_ROWS (self));

  self->selected = address;
  find_row (self, address, &number);
  for (guint i = 0; i < self->rows->len; i++)
    atlas_region_row_set_selected (
        get_row (self, i),
        number != NOWHERE && atlas_region_row_get_number (get_row (self, i)) == number);
}

void
atlas_region_rows_reveal (AtlasRegionRows *self, guint64 address)
{
  g_return_if_fail (ATLAS_IS_REGION_ROWS (self));

  self->to_reveal = address;
  reveal_pending (self);
}

void
atlas_region_rows_set_highlight (AtlasRegionRows *self, AtlasCounter highlight)
{
  g_return_if_fail (ATLAS_IS_REGION_ROWS (self));

  self->highlight = highlight;
  for (guint i = 0; i < self->rows->len; i++)
    atlas_region_row_set_highlight (get_row (self, i), highlight);
}

gboolean
atlas_region_rows_get_seen (AtlasRegionRows *self, guint *first, guint *n_rows)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ROWS (self), FALSE);

  *first = self->first;
  *n_rows = self->n_seen;
  return self->n_seen > 0;
}
