/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of an allocation is up to date after each command, and is not worked out for each
 * property by itself. */

#include <adwaita.h>
#include <unistd.h>

#include "atlas-application.h"
#include "atlas-format.h"
#include "atlas-lab-row.h"
#include "lab-driver.h"
#include "laboratory.h"
#include "widget-fixture.h"

typedef struct
{
  Laboratory laboratory;
  AtlasLabAllocation *allocation;
  GtkWidget *row;   /* sunk */
  guint n_notified; /* properties of the allocation */
  guint n_changed;  /* the allocation in one go */
  guint n_updated;  /* the row */
} Pane;

static void
count_cb (guint *n)
{
  ++*n;
}

static GtkWidget *
get_part (Pane *self, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (self->row, ATLAS_TYPE_LAB_ROW, name));
}

/* The row sets the tooltip of its name each time it is worked out, whether it is another one or
 * not. */
static void
set_up (Pane *self, gconstpointer data)
{
  *self = (Pane){ 0 };
  laboratory_init (&self->laboratory);
  laboratory_run (&self->laboratory, "mmap a 4p");
  self->allocation = g_object_ref (atlas_lab_find_allocation (self->laboratory.lab, "a"));
  self->row = g_object_ref_sink (atlas_lab_row_new (self->allocation, self->laboratory.experiment));
  g_signal_connect_swapped (self->allocation, "notify", G_CALLBACK (count_cb), &self->n_notified);
  g_signal_connect_swapped (self->allocation, "changed", G_CALLBACK (count_cb), &self->n_changed);
  g_signal_connect_swapped (get_part (self, "name_label"), "notify::tooltip-text",
                            G_CALLBACK (count_cb), &self->n_updated);
}

static void
tear_down (Pane *self, gconstpointer data)
{
  g_assert_finalize_object (self->row);
  laboratory_clear (&self->laboratory);
  g_assert_finalize_object (self->allocation);
}

static void
run (Pane *self, const char *command)
{
  self->n_notified = self->n_changed = self->n_updated = 0;
  laboratory_run (&self->laboratory, command);
}

static void
assert_text (Pane *self, const char *part, const char *text)
{
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (get_part (self, part))), ==, text);
}

/* Its size, what may be used of it, and the pages it lies on change together. */
static void
test_resized (Pane *self, gconstpointer data)
{
  assert_text (self, "detail_label", "16,384 bytes usable · mincore 0");
  run (self, "mremap a 8p maymove");
  assert_text (self, "name_label", "a · mmap 32 KiB");
  assert_text (self, "detail_label", "32,768 bytes usable · mincore 0");
  g_assert_cmpuint (self->n_notified, >=, 4);
  g_assert_cmpuint (self->n_changed, ==, 1);
  g_assert_cmpuint (self->n_updated, ==, 1);
}

/* The pages that are in memory, and those that are locked, are two answers. */
static void
test_locked (Pane *self, gconstpointer data)
{
  g_assert_false (gtk_widget_get_visible (get_part (self, "lock_image")));
  run (self, "mlock a");
  assert_text (self, "detail_label", "16,384 bytes usable · mincore 4");
  g_assert_true (gtk_widget_get_visible (get_part (self, "lock_image")));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (get_part (self, "lock_button"))), ==,
                   "unlock");
  g_assert_cmpuint (self->n_notified, ==, 3);
  g_assert_cmpuint (self->n_changed, ==, 2);
  g_assert_cmpuint (self->n_updated, ==, 2);
}

static void
test_others (Pane *self, gconstpointer data)
{
  run (self, "mmap b 4p");
  g_assert_cmpuint (self->n_updated, ==, 0);
  run (self, "touch b write");
  g_assert_cmpuint (self->n_updated, ==, 0);
  run (self, "touch a write");
  g_assert_cmpuint (self->n_updated, ==, 1);
}

/* By moving the break down again: taken out of the heap by munmap, it would stay for good. */
static void
test_sbrk (Pane *self, gconstpointer data)
{
  AtlasLabAllocation *allocation;
  GtkWidget *row, *button;

  laboratory_run (&self->laboratory, "sbrk s 64K");
  allocation = atlas_lab_find_allocation (self->laboratory.lab, "s");
  row = g_object_ref_sink (atlas_lab_row_new (allocation, self->laboratory.experiment));
  button = GTK_WIDGET (gtk_widget_get_template_child (row, ATLAS_TYPE_LAB_ROW, "free_button"));
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (button)), ==, "give back");
  laboratory_run (&self->laboratory,
                  g_variant_get_string (
                      gtk_actionable_get_action_target_value (GTK_ACTIONABLE (button)), NULL));
  g_assert_null (atlas_lab_find_allocation (self->laboratory.lab, "s"));
  g_assert_finalize_object (row);
}

/* The bytes that the kernel mapped in the last command: whole pages. */
static guint64
get_mapped (Pane *self)
{
  AtlasLabAction *action = atlas_experiment_get_action (self->laboratory.experiment);
  GPtrArray *calls = atlas_lab_event_get_calls (atlas_lab_action_get_events (action)->pdata[0]);
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  guint64 length = 0;

  for (guint i = 0; i < calls->len; i++)
    if (g_str_equal (((AtlasLabCall *) calls->pdata[i])->name, "mmap"))
      g_assert_true (atlas_lab_call_get_number (calls->pdata[i], "length", &length));
  g_assert_cmpuint (length, >, 0);
  return (length + page_size - 1) / page_size * page_size;
}

/* From the page of the first byte to that of the last that malloc_usable_size () allows. */
static guint64
get_usable_pages (Pane *self)
{
  guint64 page_size = (guint64) sysconf (_SC_PAGESIZE);
  AtlasLabAction *action = atlas_experiment_get_action (self->laboratory.experiment);
  AtlasLabEvent *event = atlas_lab_action_get_events (action)->pdata[0];
  guint64 address, usable;

  g_assert_true (atlas_lab_event_get_number (event, "address", &address));
  g_assert_true (atlas_lab_event_get_number (event, "usable", &usable));
  return (address + usable - 1) / page_size - address / page_size + 1;
}

static void
assert_extent (Pane *self, const char *id, guint64 bytes)
{
  AtlasLabAllocation *allocation = atlas_lab_find_allocation (self->laboratory.lab, id);
  GtkWidget *row = g_object_ref_sink (atlas_lab_row_new (allocation, self->laboratory.experiment));
  GObject *label = gtk_widget_get_template_child (row, ATLAS_TYPE_LAB_ROW, "how_label");
  g_autofree char *size = atlas_format_bytes (bytes);
  g_autofree char *end = g_strconcat (" ", size, NULL);

  g_test_message ("%s", id);
  if (!g_str_has_suffix (gtk_label_get_text (GTK_LABEL (label)), end))
    g_error ("%s is no %s", gtk_label_get_text (GTK_LABEL (label)), size);
  g_assert_finalize_object (row);
}

/* The size beside how it came about is that of whole pages, whatever call it came from. */
static void
test_extent (Pane *self, gconstpointer data)
{
  const char *const mapped[] = { "malloc m 256K",           "malloc n 262128",
                                 "calloc o 1 262128",       "calloc p 100 4K",
                                 "aligned_alloc q 64 256K", "aligned_alloc r 1K 262128",
                                 "mmap s 250001",           "memfd t 5p" };
  const char *const heap[] = { "malloc u 100K", "calloc v 1 4080", "aligned_alloc w 64 100",
                               "malloc x 8184", "malloc y 1" };

  for (guint i = 0; i < G_N_ELEMENTS (mapped); i++)
    {
      g_auto (GStrv) words = g_strsplit (mapped[i], " ", -1);

      laboratory_run (&self->laboratory, mapped[i]);
      assert_extent (self, words[1], get_mapped (self));
    }
  for (guint i = 0; i < G_N_ELEMENTS (heap); i++)
    {
      g_auto (GStrv) words = g_strsplit (heap[i], " ", -1);

      laboratory_run (&self->laboratory, heap[i]);
      assert_extent (self, words[1], get_usable_pages (self) * (guint64) sysconf (_SC_PAGESIZE));
    }
}

/* Whether the snapshot has the mapping cut behind its first page. */
static gboolean
is_split (gpointer data)
{
  Pane *self = data;
  AtlasSnapshot *snapshot = atlas_session_get_snapshot (self->laboratory.session);
  guint64 start = atlas_lab_allocation_get_start (self->allocation);
  guint index;

  return snapshot != NULL && atlas_snapshot_find (snapshot, start, &index)
         && atlas_snapshot_get_region (snapshot, index)->end
                == start + atlas_snapshot_get_page_size (snapshot);
}

/* What mprotect splits is one allocation still; mincore () is the oracle. */
static void
test_split (Pane *self, gconstpointer data)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_child (GTK_WINDOW (window), self->row);
  gtk_window_present (GTK_WINDOW (window));
  run (self, "touch a write from 0 to 3");
  run (self, "mprotect a none from 1 to 2");
  driver_wait (is_split, self);
  g_assert_cmpuint (atlas_lab_allocation_get_resident (self->allocation), ==, 3);
  assert_text (self, "resident_label", "3 of 4 resident");
  gtk_window_set_child (GTK_WINDOW (window), NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/app/lab-row/" name, Pane, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its class registers the templates. */
  g_type_class_unref (g_type_class_ref (ATLAS_TYPE_APPLICATION));
  ADD ("resized", test_resized);
  ADD ("locked", test_locked);
  ADD ("others", test_others);
  ADD ("sbrk", test_sbrk);
  ADD ("extent", test_extent);
  ADD ("split", test_split);
  return g_test_run ();
}
