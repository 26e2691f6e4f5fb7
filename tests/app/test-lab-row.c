/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The row of an allocation is up to date after each command, and is not worked out for each
 * property by itself. */

#include <adwaita.h>

#include "atlas-application.h"
#include "atlas-lab-row.h"
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
  return g_test_run ();
}
