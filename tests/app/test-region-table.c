/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The table in a window: few widgets for many regions, keys, what stays in place from one sample to
 * the next, and what is said to whom. */

#include "atlas-region-cell.h"
#include "atlas-region-header.h"
#include "atlas-region-row.h"
#include "atlas-region-rows.h"
#include "atlas-region-table.h"
#include "atlas-resources.h"
#include "widget-fixture.h"

#define WIDTH 1200
#define HEIGHT 420
#define HEAP G_GUINT64_CONSTANT (0x55f01c2e0000)
#define LOWEST G_GUINT64_CONSTANT (0x55f01c080000)
#define HIGHEST G_GUINT64_CONSTANT (0xffffffffff600000)
#define BASE G_GUINT64_CONSTANT (0x100000000)
#define STEP 0x10000u
#define N_SHELL 22
#define N_MANY 5000 /* more than are sorted at once */

typedef struct
{
  Fixture base;
  GtkWidget *table, *rows, *header, *entry;
} TableFixture;

static void
set_up (TableFixture *self, gconstpointer user_data)
{
  fixture_init (&self->base, TRUE);
  self->table = g_object_ref_sink (g_object_new (ATLAS_TYPE_REGION_TABLE, NULL));
  self->rows = fixture_find (self->table, ATLAS_TYPE_REGION_ROWS);
  self->header = fixture_find (self->table, ATLAS_TYPE_REGION_HEADER);
  self->entry = fixture_find (self->table, GTK_TYPE_SEARCH_ENTRY);
  atlas_region_table_set_session (ATLAS_REGION_TABLE (self->table), self->base.session);
}

static void
tear_down (TableFixture *self, gconstpointer user_data)
{
  fixture_close (&self->base);
  g_assert_finalize_object (self->table);
  fixture_clear (&self->base);
}

/* Regions of their own at every @STEP, named by their number; the first @skipped are left out. */
static void
record_many (TableFixture *self, guint skipped, guint resident)
{
  fixture_begin_maps (&self->base);
  for (guint i = skipped; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("/tmp/%05u", (i * 7) % N_MANY);

      recording_add (self->base.recording, BASE + (guint64) i * STEP, 8, "rw-p", 100 + i, name,
                     (i + resident) % 8);
    }
}

static void
show (TableFixture *self)
{
  fixture_refresh (&self->base);
  fixture_present (&self->base, self->table, WIDTH, HEIGHT);
  fixture_settle (&self->base);
}

static GtkAdjustment *
get_adjustment (TableFixture *self)
{
  return gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->rows));
}

static void
scroll_to (TableFixture *self, double value)
{
  gtk_adjustment_set_value (get_adjustment (self), value);
  fixture_settle (&self->base);
}

/* The row that shows @number, or NULL. */
static AtlasRegionRow *
get_row (TableFixture *self, guint number)
{
  for (GtkWidget *child = gtk_widget_get_first_child (self->rows); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (atlas_region_row_get_number (ATLAS_REGION_ROW (child)) == number)
      return ATLAS_REGION_ROW (child);
  return NULL;
}

static guint64
get_start (TableFixture *self, guint number)
{
  AtlasRegionRow *row = get_row (self, number);

  g_assert_nonnull (row);
  return atlas_region_row_get_region (row)->start;
}

/* The region in the first row that is seen whole or in part. */
static guint64
get_top_start (TableFixture *self)
{
  guint first, n_rows;

  g_assert_true (atlas_region_rows_get_seen (ATLAS_REGION_ROWS (self->rows), &first, &n_rows));
  return get_start (self, first);
}

static guint
count_row_widgets (TableFixture *self)
{
  guint n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->rows); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n++;
  return n;
}

static GtkWidget *
get_cell (GtkWidget *row, AtlasRegionColumn column)
{
  GtkWidget *cell = gtk_widget_get_first_child (row);

  for (guint i = 0; i < column; i++)
    cell = gtk_widget_get_next_sibling (cell);
  return cell;
}

/* The text of a cell, as it is told to assistive technology. */
static void
assert_cell (AtlasRegionRow *row, AtlasRegionColumn column, const char *text)
{
  GtkWidget *cell = get_cell (GTK_WIDGET (row), column);

  g_assert_cmpstr (atlas_region_cell_get_text (ATLAS_REGION_CELL (cell)), ==, text);
  fixture_assert_text (cell, GTK_ACCESSIBLE_PROPERTY_LABEL, text);
}

static gboolean
is_selected (AtlasRegionRow *row)
{
  return (gtk_widget_get_state_flags (GTK_WIDGET (row)) & GTK_STATE_FLAG_SELECTED) != 0;
}

static void
sort_by (TableFixture *self, AtlasRegionColumn column)
{
  g_signal_emit_by_name (self->header, "sort", column);
}

static gboolean
watchdog_cb (gpointer data)
{
  g_error ("Waited in vain for %s", (const char *) data);
  return G_SOURCE_REMOVE;
}

/* Until the first row shows the region at @start. */
static void
wait_for_first (TableFixture *self, guint64 start)
{
  guint watchdog = g_timeout_add_seconds (60, watchdog_cb, (gpointer) "another first row");
  AtlasRegionRow *row;

  while ((row = get_row (self, 0)) == NULL || atlas_region_row_get_region (row)->start != start)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (watchdog);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void
test_shell (TableFixture *self, gconstpointer user_data)
{
  AtlasRegionRow *row;

  g_test_summary ("Every region of a small process, in words, from the lowest up");

  show (self);
  g_assert_cmphex (get_start (self, 0), ==, LOWEST);
  row = get_row (self, 6);
  assert_cell (row, ATLAS_REGION_COLUMN_ADDRESS, "55f01c2e0000–55f01c470000");
  assert_cell (row, ATLAS_REGION_COLUMN_NAME, "[heap]");
  assert_cell (row, ATLAS_REGION_COLUMN_RESIDENT, "1.3 MiB");
  assert_cell (row, ATLAS_REGION_COLUMN_SIZE, "1.6 MiB");
  assert_cell (row, ATLAS_REGION_COLUMN_PERMISSIONS, "rw-p");
  fixture_assert_text (GTK_WIDGET (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "[heap], 55f01c2e0000–55f01c470000");
  gtk_test_accessible_assert_role (GTK_WIDGET (row), GTK_ACCESSIBLE_ROLE_ROW);
  gtk_test_accessible_assert_role (self->rows, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
test_names (TableFixture *self, gconstpointer user_data)
{
  AtlasLabelsBuilder *builder = atlas_labels_builder_new ();
  g_autoptr (AtlasLabels) labels = NULL;
  g_auto (GStrv) lines = NULL;
  AtlasRegionRow *row;

  g_test_summary ("Allocations come and go in the names of rows that stay where they are");

  atlas_labels_builder_add (builder, HEAP + 16, HEAP + 5000, "a · malloc 4 KiB", "a");
  labels = atlas_labels_builder_end (builder);
  show (self);
  row = get_row (self, 6);
  assert_cell (row, ATLAS_REGION_COLUMN_NAME, "[heap]");
  atlas_session_set_labels (self->base.session, labels);
  g_assert_true (get_row (self, 6) == row);
  assert_cell (row, ATLAS_REGION_COLUMN_NAME, "[heap] · a");
  fixture_assert_text (GTK_WIDGET (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "[heap] · a, 55f01c2e0000–55f01c470000");
  lines = fixture_query_tooltip (GTK_WIDGET (row), 5, 5, FALSE);
  g_assert_cmpuint (g_strv_length (lines), ==, 1);
  g_assert_cmpstr (lines[0], ==, "[heap] · a");
  atlas_session_set_labels (self->base.session, NULL);
  assert_cell (row, ATLAS_REGION_COLUMN_NAME, "[heap]");
}

static void
test_many (TableFixture *self, gconstpointer user_data)
{
  guint n_widgets;

  g_test_summary ("However many regions, widgets for those that are seen; in their order");

  record_many (self, 0, 0);
  show (self);
  n_widgets = count_row_widgets (self);
  g_assert_cmpuint (n_widgets, <, 40);
  for (guint i = 0; i < 40; i++)
    scroll_to (self, i * i * 67.0);
  scroll_to (self, gtk_adjustment_get_upper (get_adjustment (self)));
  g_assert_cmphex (get_start (self, N_MANY - 1), ==, BASE + (guint64) (N_MANY - 1) * STEP);
  g_assert_cmpuint (count_row_widgets (self), <=, n_widgets + 2);
  for (GtkWidget *child = gtk_widget_get_first_child (self->rows); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *next = gtk_widget_get_next_sibling (child);
      guint number = atlas_region_row_get_number (ATLAS_REGION_ROW (child));

      if (next != NULL && gtk_widget_get_child_visible (next))
        g_assert_cmpuint (atlas_region_row_get_number (ATLAS_REGION_ROW (next)), ==, number + 1);
    }
}

static void
activated_cb (GtkWidget *table, guint64 address, guint64 *activated)
{
  *activated = address;
}

static void
test_keys (TableFixture *self, gconstpointer user_data)
{
  guint64 activated = 0;

  g_test_summary ("Keys go from row to row, select, and keep the row in view; Enter goes there");

  show (self);
  g_signal_connect (self->table, "region-activated", G_CALLBACK (activated_cb), &activated);
  gtk_widget_grab_focus (self->table);
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==, 0);
  for (guint i = 0; i < 6; i++)
    g_assert_true (fixture_press (self->rows, GDK_KEY_Down, 0));
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==, HEAP);
  g_assert_true (is_selected (get_row (self, 6)));
  g_assert_false (is_selected (get_row (self, 5)));
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_row (self, 6))));
  g_assert_true (fixture_press (self->rows, GDK_KEY_End, 0));
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==, HIGHEST);
  fixture_settle (&self->base);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_row (self, N_SHELL - 1))));
  g_assert_true (fixture_press (self->rows, GDK_KEY_Return, 0));
  g_assert_cmphex (activated, ==, HIGHEST);
  g_assert_true (fixture_press (self->rows, GDK_KEY_Home, 0));
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==, LOWEST);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), ==, 0.0);
}

/* A page in a region selects it; to choose its row again leaves the page selected. */
static void
test_selection (TableFixture *self, gconstpointer user_data)
{
  g_test_summary ("What is selected elsewhere is selected here, and comes into view");

  record_many (self, 0, 0);
  show (self);
  atlas_session_select (self->base.session, BASE + 3000 * (guint64) STEP + 0x2000);
  fixture_settle (&self->base);
  g_assert_true (is_selected (get_row (self, 3000)));
  g_signal_emit_by_name (self->rows, "selected", BASE + 3000 * (guint64) STEP);
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==,
                   BASE + 3000 * (guint64) STEP + 0x2000);
  g_signal_emit_by_name (self->rows, "selected", BASE + 3001 * (guint64) STEP);
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==,
                   BASE + 3001 * (guint64) STEP);
  g_assert_false (is_selected (get_row (self, 3000)));
  atlas_session_select (self->base.session, 0);
  g_assert_false (is_selected (get_row (self, 3001)));
}

static void
test_refresh (TableFixture *self, gconstpointer user_data)
{
  guint64 top;
  double value;

  g_test_summary ("A sample moves neither the selection nor what is at the top of the view");

  record_many (self, 0, 0);
  show (self);
  scroll_to (self, 30011.0);
  top = get_top_start (self);
  value = gtk_adjustment_get_value (get_adjustment (self));
  atlas_session_select (self->base.session, top + STEP);
  fixture_settle (&self->base);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), ==, value);

  record_many (self, 0, 3);
  fixture_refresh (&self->base);
  fixture_settle (&self->base);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), ==, value);
  g_assert_cmphex (get_top_start (self), ==, top);

  /* A hundred regions that were above it go. */
  record_many (self, 100, 3);
  fixture_refresh (&self->base);
  fixture_settle (&self->base);
  g_assert_cmphex (get_top_start (self), ==, top);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), <, value - 1000.0);
  for (guint number = 0; number < N_MANY; number++)
    {
      AtlasRegionRow *row = get_row (self, number);

      if (row != NULL)
        g_assert_cmpint (is_selected (row), ==,
                         atlas_region_row_get_region (row)->start == top + STEP);
    }
}

static void
test_sort (TableFixture *self, gconstpointer user_data)
{
  AtlasRegionRow *first;

  g_test_summary ("Sorted in a thread; amounts the largest first; what changes is not run after");

  record_many (self, 0, 0);
  show (self);
  scroll_to (self, 5000.0);
  sort_by (self, ATLAS_REGION_COLUMN_NAME);
  wait_for_first (self, BASE);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (self)), ==, 0.0);
  assert_cell (get_row (self, 0), ATLAS_REGION_COLUMN_NAME, "00000");
  assert_cell (get_row (self, 1), ATLAS_REGION_COLUMN_NAME, "00001");
  sort_by (self, ATLAS_REGION_COLUMN_NAME);
  wait_for_first (self, BASE + (guint64) STEP * 7857 % ((guint64) STEP * N_MANY));

  sort_by (self, ATLAS_REGION_COLUMN_RESIDENT);
  wait_for_first (self, BASE + 7 * (guint64) STEP);
  assert_cell (get_row (self, 0), ATLAS_REGION_COLUMN_RESIDENT, "28 KiB");
  scroll_to (self, 5000.0);
  record_many (self, 0, 1);
  fixture_refresh (&self->base);
  scroll_to (self, 0.0);
  wait_for_first (self, BASE + 6 * (guint64) STEP);
  first = get_row (self, 0);
  assert_cell (first, ATLAS_REGION_COLUMN_RESIDENT, "28 KiB");
}

static void
test_filter (TableFixture *self, gconstpointer user_data)
{
  GtkWidget *stack = fixture_find (self->table, GTK_TYPE_STACK);

  g_test_summary ("A filter leaves what fits; where nothing does, that is said");

  show (self);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "HEAP");
  g_signal_emit_by_name (self->entry, "search-changed");
  g_assert_cmphex (get_start (self, 0), ==, HEAP);
  g_assert_null (get_row (self, 1));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "nothing like it");
  g_signal_emit_by_name (self->entry, "search-changed");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "empty");
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  g_signal_emit_by_name (self->entry, "search-changed");
  fixture_settle (&self->base);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==, "table");
  g_assert_cmphex (get_start (self, 0), ==, LOWEST);
}

static void
test_focus_stays (TableFixture *self, gconstpointer user_data)
{
  GtkWidget *focus;

  g_test_summary ("The row with the focus keeps it when it is scrolled away, or moves");

  record_many (self, 0, 0);
  show (self);
  gtk_widget_grab_focus (self->table);
  g_assert_true (fixture_press (self->rows, GDK_KEY_Down, 0));
  focus = gtk_root_get_focus (GTK_ROOT (self->base.window));
  scroll_to (self, 20000.0);
  g_assert_true (gtk_root_get_focus (GTK_ROOT (self->base.window)) == focus);
  g_assert_cmphex (atlas_region_row_get_region (ATLAS_REGION_ROW (focus))->start, ==, BASE + STEP);
  g_assert_true (fixture_press (self->rows, GDK_KEY_Down, 0));
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==, BASE + 2 * (guint64) STEP);
  fixture_settle (&self->base);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_row (self, 2))));

  record_many (self, 1, 0);
  fixture_refresh (&self->base);
  fixture_settle (&self->base);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_row (self, 1))));
  g_assert_cmphex (get_start (self, 1), ==, BASE + 2 * (guint64) STEP);

  /* It goes itself: the next one has it. */
  record_many (self, 3, 0);
  fixture_refresh (&self->base);
  fixture_settle (&self->base);
  g_assert_true (gtk_widget_has_focus (GTK_WIDGET (get_row (self, 1))));
  g_assert_cmphex (get_start (self, 1), ==, BASE + 4 * (guint64) STEP);
}

/* As in the window: the map was looked at before. */
static void
test_opened_late (TableFixture *self, gconstpointer user_data)
{
  g_test_summary ("It opens where the selection is, and keys find it from the beginning");

  record_many (self, 0, 0);
  fixture_refresh (&self->base);
  atlas_session_select (self->base.session, BASE + 3000 * (guint64) STEP);
  self->base.window = g_object_ref (gtk_window_new ());
  gtk_window_set_default_size (GTK_WINDOW (self->base.window), WIDTH, HEIGHT);
  gtk_window_set_child (GTK_WINDOW (self->base.window), self->table);
  gtk_window_present (GTK_WINDOW (self->base.window));
  gtk_widget_grab_focus (self->table);
  fixture_settle (&self->base);
  g_assert_true (is_selected (get_row (self, 3000)));
  g_assert_true (fixture_press (self->rows, GDK_KEY_Down, 0));
  g_assert_cmphex (atlas_session_get_selected (self->base.session), ==,
                   BASE + 3001 * (guint64) STEP);
}

/* Pixels that are painted on by at least @least, in a part of a cell that is @from to @to of it. */
static guint
count_ink (GBytes *pixels, GtkWidget *cell, float from, float to, guint least)
{
  GtkWidget *row = gtk_widget_get_parent (cell);
  graphene_rect_t area;
  float width;

  g_assert_true (gtk_widget_compute_bounds (cell, row, &area));
  width = area.size.width;
  area.origin.x += from * width;
  area.size.width = (to - from) * width;
  return fixture_count_ink (row, pixels, &area, least);
}

/* Whether the number of resident pages in a row is dimmed. */
static gboolean
is_dimmed (TableFixture *self, guint number)
{
  GtkWidget *row = GTK_WIDGET (get_row (self, number));
  GtkWidget *cell = get_cell (row, ATLAS_REGION_COLUMN_RESIDENT);
  g_autoptr (GBytes) pixels = fixture_render (&self->base, row);

  g_assert_cmpuint (count_ink (pixels, cell, 0.0f, 1.0f, 1), >, 0);
  return count_ink (pixels, cell, 0.0f, 1.0f, 170) == 0;
}

static void
test_age (TableFixture *self, gconstpointer user_data)
{
  g_auto (GStrv) lines = NULL, none = NULL;

  g_test_summary ("A row says how old its pages are: dimmed, by its label, and when it is asked");

  show (self);
  recording_set_age (atlas_session_get_snapshot (self->base.session), HEAP, HEAP + 0x1000,
                     12 * G_USEC_PER_SEC);
  /* There and back, for the snapshot that is shown was changed behind its back. */
  sort_by (self, ATLAS_REGION_COLUMN_ADDRESS);
  sort_by (self, ATLAS_REGION_COLUMN_ADDRESS);
  fixture_settle (&self->base);
  fixture_assert_text (GTK_WIDGET (get_row (self, 6)), GTK_ACCESSIBLE_PROPERTY_LABEL,
                       "[heap], 55f01c2e0000–55f01c470000, pages read 12 s ago");
  lines = fixture_query_tooltip (GTK_WIDGET (get_row (self, 6)), 10, 5, FALSE);
  g_assert_true (g_strv_contains ((const char *const *) lines, "pages read 12 s ago"));
  none = fixture_query_tooltip (GTK_WIDGET (get_row (self, 5)), 10, 5, FALSE);
  g_assert_null (none);
  g_assert_true (is_dimmed (self, 6));
  g_assert_false (is_dimmed (self, 5));
}

/* @near: the part of a cell where a text begins that is read that way; @far: the other end. */
static void
check_painted (TableFixture *self, float near, float far)
{
  GtkWidget *row = GTK_WIDGET (get_row (self, 6));
  g_autoptr (GBytes) pixels = fixture_render (&self->base, row);

  for (AtlasRegionColumn column = 0; column < ATLAS_N_REGION_COLUMNS; column++)
    {
      GtkWidget *cell = get_cell (row, column);
      guint at_start = count_ink (pixels, cell, near, near + 0.2f, 1);
      guint at_end = count_ink (pixels, cell, far, far + 0.2f, 1);

      if (atlas_region_column_is_number (column))
        g_assert_cmpuint (at_end, >, at_start);
      else
        g_assert_cmpuint (at_start, >, 0);
    }
}

static void
test_paint (TableFixture *self, gconstpointer user_data)
{
  g_test_summary ("Every cell is painted, numbers at its end, whichever way one reads");

  show (self);
  check_painted (self, 0.0f, 0.8f);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  fixture_settle (&self->base);
  check_painted (self, 0.8f, 0.0f);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* The row of that name among those that are seen. */
static GtkWidget *
find_named (TableFixture *self, const char *name)
{
  for (guint i = 0;; i++)
    {
      AtlasRegionRow *row = get_row (self, i);

      g_assert_nonnull (row);
      if (g_str_has_suffix (atlas_region_row_get_region (row)->name, name))
        return GTK_WIDGET (row);
    }
}

/* All of it in its cell, none of it beside that. */
static guint
count_ink_of_name (TableFixture *self, const char *name)
{
  GtkWidget *row = find_named (self, name);
  GtkWidget *cell = get_cell (row, ATLAS_REGION_COLUMN_NAME);
  g_autoptr (GBytes) pixels = fixture_render (&self->base, row);

  g_assert_cmpuint (count_ink (pixels, cell, 1.0f, 1.05f, 1), ==, 0);
  return count_ink (pixels, cell, 0.0f, 1.0f, 1);
}

static void
test_cut (TableFixture *self, gconstpointer user_data)
{
  guint wide, narrow;

  g_test_summary ("A name is cut where there is no room for it, and whole again where there is");

  show (self);
  wide = count_ink_of_name (self, "ld-linux-x86-64.so.2");
  fixture_resize (&self->base, self->table, 500, HEIGHT);
  narrow = count_ink_of_name (self, "ld-linux-x86-64.so.2");
  g_assert_cmpuint (narrow, >, 0);
  g_assert_cmpuint (narrow, <, wide);
  fixture_resize (&self->base, self->table, WIDTH, HEIGHT);
  g_assert_cmpuint (count_ink_of_name (self, "ld-linux-x86-64.so.2"), ==, wide);
}

static void
test_focus_of_session (TableFixture *self, gconstpointer user_data)
{
  guint64 start, end;
  guint first, n_rows;

  g_test_summary ("What is seen is read first, as long as it is one range");

  record_many (self, 0, 0);
  show (self);
  scroll_to (self, 30011.0);
  g_assert_true (atlas_region_rows_get_seen (ATLAS_REGION_ROWS (self->rows), &first, &n_rows));
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (start, ==, BASE + (guint64) first * STEP);
  g_assert_cmphex (
      end, ==, BASE + (guint64) (first + n_rows - 1) * STEP + 8 * self->base.recording->page_size);
  sort_by (self, ATLAS_REGION_COLUMN_NAME);
  wait_for_first (self, BASE);
  scroll_to (self, 1000.0);
  atlas_session_get_focus (self->base.session, &start, &end);
  g_assert_cmphex (start, ==, BASE + (guint64) first * STEP);
}

static void
test_narrow (TableFixture *self, gconstpointer user_data)
{
  GtkAdjustment *across;

  g_test_summary ("In a narrow window it is scrolled across, and the titles with it");

  show (self);
  across = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->rows));
  fixture_resize (&self->base, self->table, 500, HEIGHT);
  fixture_settle (&self->base);
  g_assert_cmpfloat (gtk_adjustment_get_upper (across), >, gtk_adjustment_get_page_size (across));
  gtk_adjustment_set_value (across, 120.0);
  fixture_settle (&self->base);
  for (GtkWidget *title = gtk_widget_get_first_child (self->header),
                 *cell = gtk_widget_get_first_child (GTK_WIDGET (get_row (self, 0)));
       title != NULL;
       title = gtk_widget_get_next_sibling (title), cell = gtk_widget_get_next_sibling (cell))
    {
      graphene_rect_t above, below;

      g_assert_true (gtk_widget_compute_bounds (title, self->table, &above));
      g_assert_true (gtk_widget_compute_bounds (cell, self->table, &below));
      g_assert_cmpfloat (below.origin.x, >=, above.origin.x);
      g_assert_cmpfloat (below.origin.x + below.size.width, <=,
                         above.origin.x + above.size.width + 0.5);
    }
}

static void
add (const char *path, void (*test) (TableFixture *, gconstpointer))
{
  g_test_add (path, TableFixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  atlas_register_resource ();

  add ("/app/region-table/shell", test_shell);
  add ("/app/region-table/names", test_names);
  add ("/app/region-table/many", test_many);
  add ("/app/region-table/keys", test_keys);
  add ("/app/region-table/selection", test_selection);
  add ("/app/region-table/refresh", test_refresh);
  add ("/app/region-table/sort", test_sort);
  add ("/app/region-table/filter", test_filter);
  add ("/app/region-table/focus-stays", test_focus_stays);
  add ("/app/region-table/opened-late", test_opened_late);
  add ("/app/region-table/age", test_age);
  add ("/app/region-table/paint", test_paint);
  add ("/app/region-table/cut", test_cut);
  add ("/app/region-table/focus-of-session", test_focus_of_session);
  add ("/app/region-table/narrow", test_narrow);

  return g_test_run ();
}
