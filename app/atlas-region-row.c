/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Its cells are where the columns are and as high as a line, whatever they say, so another text
 * has nothing laid out anew. Those that already say it are left alone: a refresh that changed
 * nothing costs next to nothing. */

#include "atlas-config.h"

#include "atlas-region-row.h"

#include <string.h>

#include "atlas-age.h"
#include "atlas-appearance.h"
#include "atlas-page-bar.h"
#include "atlas-region-cell.h"
#include "atlas-tip.h"

/* Pixels. */
#define CELL_PADDING 8
#define LINE_PADDING 4
#define BAR_WIDTH 112

struct _AtlasRegionRow
{
  GtkWidget parent_instance;

  AtlasColumnWidths *widths;
  GtkWidget *cells[ATLAS_N_REGION_COLUMNS];
  int lefts[ATLAS_N_REGION_COLUMNS], tops[ATLAS_N_REGION_COLUMNS]; /* where they are, in pixels */
  guint number;
  AtlasRegion *region;     /* NULL: nothing is shown */
  AtlasSnapshot *snapshot; /* that it is of */
  AtlasLabels *labels;     /* what allocations are called; or NULL */
  char *age;               /* NULL unless its pages are old */
  char *label;
  AtlasTip tip;
};

G_DEFINE_FINAL_TYPE (AtlasRegionRow, atlas_region_row, GTK_TYPE_WIDGET)

static AtlasRegionCell *
get_text_cell (AtlasRegionRow *self, AtlasRegionColumn column)
{
  return ATLAS_REGION_CELL (self->cells[column]);
}

/* --- what it says ---------------------------------------------------------------------------- */

static char *
dup_text (AtlasRegionRow *self, AtlasRegionColumn column, const AtlasPageCounts *counts)
{
  guint64 page_size = atlas_snapshot_get_page_size (self->snapshot);

  if (column == ATLAS_REGION_COLUMN_NAME)
    return atlas_labels_dup_title (self->labels, self->region, page_size);
  return atlas_region_column_format (column, self->region, counts, page_size);
}

static void
say (AtlasRegionRow *self, AtlasRegionColumn column, const AtlasPageCounts *counts)
{
  g_autofree char *text = dup_text (self, column, counts);

  atlas_region_cell_set_text (get_text_cell (self, column), text);
}

/* The row is what assistive tools meet first: it gets the region's name and place. */
static void
update_label (AtlasRegionRow *self)
{
  const char *name = atlas_region_cell_get_text (get_text_cell (self, ATLAS_REGION_COLUMN_NAME));
  const char *range =
      atlas_region_cell_get_text (get_text_cell (self, ATLAS_REGION_COLUMN_ADDRESS));
  g_autofree char *label = self->age == NULL
                               ? g_strdup_printf ("%s, %s", name, range)
                               : g_strdup_printf ("%s, %s, %s", name, range, self->age);

  if (g_strcmp0 (label, self->label) == 0)
    return;
  g_free (self->label);
  self->label = g_steal_pointer (&label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->label,
                                  -1);
}

/* Whether they are others. */
static gboolean
set_labels (AtlasRegionRow *self, AtlasLabels *labels)
{
  if (self->labels == labels)
    return FALSE;
  if (labels != NULL)
    atlas_labels_ref (labels);
  g_clear_pointer (&self->labels, atlas_labels_unref);
  self->labels = labels;
  return TRUE;
}

static void
set_region (AtlasRegionRow *self, AtlasRegion *region, gboolean renamed)
{
  AtlasPageCounts counts;

  if (self->region == region && renamed)
    say (self, ATLAS_REGION_COLUMN_NAME, NULL);
  if (self->region == region)
    return;
  g_clear_pointer (&self->region, atlas_region_unref);
  self->region = atlas_region_ref (region);
  atlas_pages_count_all (region->pages, &counts);
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    if (column != ATLAS_REGION_COLUMN_PAGES)
      say (self, column, &counts);
  atlas_page_bar_set_region (ATLAS_PAGE_BAR (self->cells[ATLAS_REGION_COLUMN_PAGES]), region);
}

/* What is old is dimmed; how old it is, is said to whoever asks. */
static void
update_age (AtlasRegionRow *self)
{
  g_autofree char *age =
      atlas_age_describe_old (self->snapshot, self->region->start, self->region->end);

  if ((age == NULL) != (self->age == NULL))
    {
      gtk_widget_set_opacity (self->cells[ATLAS_REGION_COLUMN_PAGES], age != NULL ? 0.5 : 1.0);
      atlas_region_cell_set_old (get_text_cell (self, ATLAS_REGION_COLUMN_RESIDENT), age != NULL);
      atlas_region_cell_set_old (get_text_cell (self, ATLAS_REGION_COLUMN_SWAPPED), age != NULL);
    }
  g_free (self->age);
  self->age = g_steal_pointer (&age);
}

void
atlas_region_row_show (AtlasRegionRow *self, AtlasRegionOrder *order, guint row)
{
  AtlasSnapshot *snapshot;
  gboolean renamed;

  g_return_if_fail (ATLAS_IS_REGION_ROW (self) && order != NULL);

  snapshot = atlas_region_order_get_snapshot (order);
  if (self->snapshot != snapshot)
    {
      g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
      self->snapshot = atlas_snapshot_ref (snapshot);
    }
  if (self->number != row)
    gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_ROW_INDEX,
                                    (int) row + 1, -1);
  self->number = row;
  renamed = set_labels (self, atlas_region_order_get_wish (order)->labels);
  set_region (self, atlas_region_order_get_region (order, row), renamed);
  update_age (self);
  update_label (self);
}

void
atlas_region_row_clear (AtlasRegionRow *self)
{
  g_return_if_fail (ATLAS_IS_REGION_ROW (self));

  self->number = GTK_INVALID_LIST_POSITION;
  g_clear_pointer (&self->region, atlas_region_unref);
  g_clear_pointer (&self->snapshot, atlas_snapshot_unref);
  g_clear_pointer (&self->labels, atlas_labels_unref);
}

guint
atlas_region_row_get_number (AtlasRegionRow *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ROW (self), GTK_INVALID_LIST_POSITION);

  return self->number;
}

AtlasRegion *
atlas_region_row_get_region (AtlasRegionRow *self)
{
  g_return_val_if_fail (ATLAS_IS_REGION_ROW (self), NULL);

  return self->region;
}

void
atlas_region_row_set_highlight (AtlasRegionRow *self, AtlasCounter highlight)
{
  g_return_if_fail (ATLAS_IS_REGION_ROW (self));

  atlas_page_bar_set_highlight (ATLAS_PAGE_BAR (self->cells[ATLAS_REGION_COLUMN_PAGES]), highlight);
}

void
atlas_region_row_set_selected (AtlasRegionRow *self, gboolean selected)
{
  GtkWidget *widget = GTK_WIDGET (self);

  g_return_if_fail (ATLAS_IS_REGION_ROW (self));

  if (selected == ((gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_SELECTED) != 0))
    return;
  if (selected)
    gtk_widget_set_state_flags (widget, GTK_STATE_FLAG_SELECTED, FALSE);
  else
    gtk_widget_unset_state_flags (widget, GTK_STATE_FLAG_SELECTED);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, selected, -1);
}

/* What is called otherwise than the region itself, the whole name where there is more of it than
 * the table says, and how old the pages are. */
static GStrv
list_tip (AtlasRegionRow *self)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();
  g_autofree char *called = dup_text (self, ATLAS_REGION_COLUMN_NAME, NULL);
  g_autofree char *title = atlas_region_dup_title (self->region);
  g_autofree char *name = atlas_region_dup_full_name (self->region);
  gboolean renamed = strcmp (called, title) != 0;

  if (renamed)
    g_strv_builder_add (lines, called);
  if (*name != '\0' && strcmp (name, title) != 0)
    g_strv_builder_add (lines, name);
  else if (self->age != NULL && !renamed)
    g_strv_builder_add (lines, title);
  if (self->age != NULL)
    g_strv_builder_add (lines, self->age);
  return g_strv_builder_end (lines);
}

static gboolean
atlas_region_row_query_tooltip (GtkWidget *widget,
                                int x,
                                int y,
                                gboolean keyboard,
                                GtkTooltip *tooltip)
{
  AtlasRegionRow *self = ATLAS_REGION_ROW (widget);
  g_auto (GStrv) lines = NULL;

  if (self->region == NULL)
    return FALSE;
  lines = list_tip (self);
  if (lines[0] == NULL)
    return FALSE;
  atlas_tip_show (&self->tip, tooltip, (const char *const *) lines);
  return TRUE;
}

/* --- where it says it ------------------------------------------------------------------------ */

int
atlas_region_row_measure_column (AtlasRegionRow *self, AtlasRegionColumn column)
{
  g_auto (GStrv) samples = atlas_region_column_get_samples (column);
  int width = column == ATLAS_REGION_COLUMN_PAGES ? BAR_WIDTH : 0;

  g_return_val_if_fail (ATLAS_IS_REGION_ROW (self), 0);

  for (guint i = 0; samples[i] != NULL; i++)
    {
      g_autoptr (PangoLayout) layout =
          gtk_widget_create_pango_layout (self->cells[column], samples[i]);
      int sample_width;

      pango_layout_get_pixel_size (layout, &sample_width, NULL);
      width = MAX (width, sample_width);
    }
  return width + 2 * CELL_PADDING;
}

/* The pitch of the rows: that of the higher of the two fonts. */
int
atlas_region_row_get_height (AtlasRegionRow *self)
{
  int height = 0;

  g_return_val_if_fail (ATLAS_IS_REGION_ROW (self), 0);

  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    {
      int minimum;

      gtk_widget_measure (self->cells[i], GTK_ORIENTATION_VERTICAL, -1, &minimum, NULL, NULL, NULL);
      height = MAX (height, minimum);
    }
  return height + 2 * LINE_PADDING;
}

guint
atlas_region_row_get_serial (AtlasRegionRow *self)
{
  GtkWidget *plain, *mono;

  g_return_val_if_fail (ATLAS_IS_REGION_ROW (self), 0);

  plain = self->cells[ATLAS_REGION_COLUMN_NAME];
  mono = self->cells[ATLAS_REGION_COLUMN_ADDRESS];
  return pango_context_get_serial (gtk_widget_get_pango_context (plain))
         + pango_context_get_serial (gtk_widget_get_pango_context (mono));
}

static void
atlas_region_row_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  AtlasRegionRow *self = ATLAS_REGION_ROW (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = *natural = 0;
  else
    *minimum = *natural = atlas_region_row_get_height (self);
}

static void
allocate_cell (AtlasRegionRow *self, AtlasRegionColumn column, int row_width, int row_height)
{
  GtkWidget *cell = self->cells[column];
  int left = atlas_column_widths_get_left (self->widths, column) + CELL_PADDING;
  int width = atlas_column_widths_get_width (self->widths, column) - 2 * CELL_PADDING;
  int least, height;
  GtkAllocation allocation;

  gtk_widget_measure (cell, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  gtk_widget_measure (cell, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  width = MAX (width, least);
  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    left = row_width - left - width;
  allocation = (GtkAllocation){ left, (row_height - height) / 2, width, height };
  self->lefts[column] = allocation.x;
  self->tops[column] = allocation.y;
  gtk_widget_size_allocate (cell, &allocation, -1);
}

static void
atlas_region_row_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    allocate_cell (ATLAS_REGION_ROW (widget), column, width, height);
}

static void
atlas_region_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AtlasRegionRow *self = ATLAS_REGION_ROW (widget);

  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    if (column == ATLAS_REGION_COLUMN_PAGES)
      gtk_widget_snapshot_child (widget, self->cells[column], snapshot);
    else
      atlas_region_cell_paint (get_text_cell (self, column), snapshot, self->lefts[column],
                               self->tops[column]);
}

/* --- the object ------------------------------------------------------------------------------ */

static void
atlas_region_row_dispose (GObject *object)
{
  AtlasRegionRow *self = ATLAS_REGION_ROW (object);

  atlas_region_row_clear (self);
  for (guint i = 0; i < ATLAS_N_REGION_COLUMNS; i++)
    g_clear_pointer (&self->cells[i], gtk_widget_unparent);
  g_clear_object (&self->widths);
  atlas_tip_clear (&self->tip);
  G_OBJECT_CLASS (atlas_region_row_parent_class)->dispose (object);
}

static void
atlas_region_row_finalize (GObject *object)
{
  AtlasRegionRow *self = ATLAS_REGION_ROW (object);

  g_free (self->age);
  g_free (self->label);
  G_OBJECT_CLASS (atlas_region_row_parent_class)->finalize (object);
}

static void
atlas_region_row_class_init (AtlasRegionRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = atlas_region_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = atlas_region_row_finalize;
  widget_class->measure = atlas_region_row_measure;
  widget_class->size_allocate = atlas_region_row_size_allocate;
  widget_class->snapshot = atlas_region_row_snapshot;
  widget_class->query_tooltip = atlas_region_row_query_tooltip;

  gtk_widget_class_set_css_name (widget_class, "row");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ROW);
}

static void
atlas_region_row_init (AtlasRegionRow *self)
{
  self->number = GTK_INVALID_LIST_POSITION;
  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    {
      self->cells[column] = column == ATLAS_REGION_COLUMN_PAGES
                                ? atlas_page_bar_new ()
                                : atlas_region_cell_new (atlas_region_column_is_number (column),
                                                         atlas_region_column_is_mono (column));
      gtk_widget_set_parent (self->cells[column], GTK_WIDGET (self));
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cells[ATLAS_REGION_COLUMN_PAGES]),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  atlas_region_column_get_title (ATLAS_REGION_COLUMN_PAGES), -1);
  /* names of files may be higher than a line */
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect_object (atlas_appearance_get_default (), "changed",
                           G_CALLBACK (gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
}

GtkWidget *
atlas_region_row_new (AtlasColumnWidths *widths)
{
  AtlasRegionRow *self = g_object_new (ATLAS_TYPE_REGION_ROW, NULL);

  self->widths = g_object_ref (widths);
  return GTK_WIDGET (self);
}
